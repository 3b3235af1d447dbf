"""What a decision rests on: one frozen value of what the panel and the desk found in a region, and what a
letter says of it.

Made by a query, never typed; kept with the decision, with its digest; asked again at confirming and releasing
(rule 11). Pure. Numbers stand in it as letters show them, to two decimals, rounded down: below a threshold
never reads as reached.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from fractions import Fraction
from typing import Any

from portal.canonical import digest as digest_of
from portal.definitions import CallType


@dataclass(frozen=True)
class Scored:
    """One reviewer's levels, by criterion; `by` is the account, `at` when it was handed in."""

    by: int
    at: str
    revision: int
    levels: Mapping[str, int]


@dataclass(frozen=True)
class Judged:
    """One application of the region: the version that counts, the finding, and what its reviews come to.

    `admissible` is None before a finding; `rank` is None where a threshold was missed or nobody appraised.
    """

    reference: str
    lead: str
    submission: str
    admissible: bool | None
    checks: Mapping[str, bool]
    reviews: tuple[Scored, ...]
    averages: Mapping[str, str]
    points: Mapping[str, str]
    total: str
    rank: int | None
    below: tuple[str, ...]
    total_suffices: bool


@dataclass(frozen=True)
class Basis:
    """All of it. `applications` are those of the region and round that stand, or the one alone where
    admissibility is decided; `ties` the accounts that had a hand in it and turn out to be tied.
    """

    round: int
    region: str
    definition: str
    authority: str
    grounds: tuple[str, ...]
    applications: tuple[Judged, ...]
    ties: tuple[int, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over the canonical value."""
        return digest_of(self.to_json())

    def to_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @classmethod
    def from_json(cls, body: Mapping[str, Any]) -> Basis:
        """From what was kept."""
        judged = tuple(
            Judged(
                **{
                    **one,
                    "reviews": tuple(Scored(**review) for review in one["reviews"]),
                    "below": tuple(one["below"]),
                }
            )
            for one in body["applications"]
        )
        many = {"grounds": tuple(body["grounds"]), "ties": tuple(body["ties"])}
        return cls(**{**body, **many, "applications": judged})

    def of(self, reference: str) -> Judged:
        """One application in it.

        Raises:
            KeyError: when it is not in it.
        """
        return {one.reference: one for one in self.applications}[reference]

    @property
    def placed(self) -> list[Judged]:
        """Those with a rank, the first one first."""
        return sorted((one for one in self.applications if one.rank is not None), key=lambda one: one.rank or 0)


def two_decimals(value: Fraction) -> str:
    """As letters show it, rounded down."""
    hundredths = value.numerator * 100 // value.denominator
    return f"{hundredths // 100},{hundredths % 100:02d}"


@dataclass(frozen=True)
class Change:
    """One fact of a basis that differs: of which application (by its lead), which fact, and what it was and is
    ('' for nothing).
    """

    reference: str
    lead: str
    kind: str
    about: str
    before: str
    after: str


def changes(before: Basis, after: Basis) -> Iterator[Change]:
    """What differs between two, application by application; what follows from another fact comes after it."""
    was, now = ({one.reference: one for one in basis.applications} for basis in (before, after))
    for reference in dict.fromkeys((*was, *now)):
        old, new = was.get(reference), now.get(reference)
        if old and new:
            yield from _of_application(old, new)
        elif one := old or new:
            yield Change(reference, one.lead, "came" if new else "gone", "", "", "")
    facts = (
        ("authority", "", before.authority, after.authority),
        ("definition", "", before.definition, after.definition),
        ("grounds", "", "; ".join(before.grounds), "; ".join(after.grounds)),
    )
    yield from _differing("", "", facts)
    if before.ties != after.ties:
        yield Change("", "", "ties", "", str(len(before.ties)), str(len(after.ties)))


def _of_application(old: Judged, new: Judged) -> Iterator[Change]:
    told = (
        ("lead", "", old.lead, new.lead),
        ("submission", "", old.submission, new.submission),
        ("admissible", "", _word(old.admissible), _word(new.admissible)),
    )
    yield from _differing(new.reference, new.lead, told)
    yield from _of_reviews(old, new)
    keys = dict.fromkeys((*old.averages, *new.averages))
    follows = (
        *(("average", key, old.averages.get(key, ""), new.averages.get(key, "")) for key in keys),
        ("total", "", old.total, new.total),
        ("rank", "", str(old.rank or ""), str(new.rank or "")),
    )
    yield from _differing(new.reference, new.lead, follows)


def _differing(reference: str, lead: str, facts: Iterable[tuple[str, str, str, str]]) -> Iterator[Change]:
    """Those of the facts (kind, about, before, after) that are not the same."""
    return (Change(reference, lead, *fact) for fact in facts if fact[2] != fact[3])


def _of_reviews(old: Judged, new: Judged) -> Iterator[Change]:
    was, now = ({one.by: one.levels for one in judged.reviews} for judged in (old, new))
    for by in dict.fromkeys((*was, *now)):
        if by not in was or by not in now:
            yield Change(new.reference, new.lead, "review_came" if by in now else "review_gone", "", "", "")
            continue
        keys = dict.fromkeys((*was[by], *now[by]))
        levels = (("level", key, str(was[by].get(key)), str(now[by].get(key))) for key in keys)
        yield from _differing(new.reference, new.lead, levels)


def _word(value: bool | None) -> str:
    return {None: "", True: "yes", False: "no"}[value]


def grounds_of(basis: Basis, reference: str, definition: CallType) -> list[str]:
    """What the letter says of why, made from the basis: each fact that decides and no other, in Dutch.

    Each threshold that was missed, the total where it does not suffice, and the rank beside the first one's;
    for inadmissibility each check that failed.
    """
    own = basis.of(reference)
    if own.admissible is False:
        labels = {check.key: check.label.nl for check in definition.admissibility}
        return [
            f"Niet in orde: {labels[key]}."
            for key, outcome in own.checks.items()
            if not outcome and key in labels
        ]
    appraisal = definition.appraisal
    criteria = {c.key: c for c in appraisal.criteria}
    said = [
        f"Drempel {criteria[key].label.nl.lower()}: {own.averages[key]}, nodig {criteria[key].threshold}."
        for key in own.below
    ]
    if own.total and not own.total_suffices:
        said.append(f"Totaal: {own.total} procent, nodig {appraisal.total_threshold}.")
    placed = sorted((one for one in basis.applications if one.rank is not None), key=lambda one: one.rank or 0)
    if own.rank is None:
        return said
    shared = "Gedeelde plaats" if sum(one.rank == own.rank for one in placed) > 1 else "Plaats"
    sentence = f"{shared} {own.rank} van {len(placed)}, met {own.total} procent"
    if own.rank > 1:
        first = placed[0]
        return [*said, f"{sentence}. Eerste: {first.lead} met {first.total} procent."]
    return [*said, f"{sentence}. Elke drempel is gehaald."]
