"""A kind of call: who sits in the consortium, what is asked, how it is judged, what a decision must cite."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from functools import cached_property
from typing import Literal

from pydantic import Field as Limits
from pydantic import model_validator

from portal.canonical import canonical
from portal.definitions.base import Key, Strict, Text

FieldKind = Literal["text", "longtext", "email", "phone", "integer", "amount", "date", "choice", "yesno"]


class Kind(Strict):
    """A kind of organisation that may take a seat."""

    key: Key
    label: Text


class Seat(Strict):
    """A typed place in the consortium."""

    key: Key
    label: Text
    can_lead: bool = True
    kinds: list[Kind] = Limits(min_length=1)


class Choice(Strict):
    """One answer of a field of kind `choice`."""

    key: Key
    label: Text


# What every form has of its own (WTForms; what `portal.given` knows is no answer): a field by such a name would
# stand in its place.
RESERVED = frozenset({"validate", "process", "data", "errors", "meta"}) | frozenset(
    {"revision", "seen", "onward", "kept", "type", "password", "current", "code", "credential"}
)


class Field(Strict):
    """One question. A change of a substantive field voids the sign-offs it touches."""

    key: Key
    label: Text
    hint: Text | None = None
    kind: FieldKind
    required: bool = True
    substantive: bool = True
    must_match: bool = False
    completable_after_closing: bool = False
    min_length: int | None = Limits(default=None, ge=1)
    max_length: int | None = Limits(default=None, ge=1, le=10_000)
    minimum: int | None = None
    maximum: int | None = None
    choices: list[Choice] = Limits(default_factory=list)

    @property
    def by_label(self) -> dict[str, str]:
        """Label to stored value of a field that is chosen; empty for one that is typed."""
        if self.kind == "yesno":
            return {"Ja": "yes", "Nee": "no"}
        return {c.label.nl: c.key for c in self.choices}

    @model_validator(mode="after")
    def _whole(self) -> Field:
        if self.key in RESERVED:
            raise ValueError(f"{self.key}: a form has something else by this name; choose another key")
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError(f"{self.key}: choices belong to kind 'choice', and only to it")
        if self.kind in ("text", "longtext") and self.max_length is None:
            raise ValueError(f"{self.key}: a text needs max_length")
        return self


class Section(Strict):
    """One page of the form; with `seat`, the part of that seat."""

    key: Key
    label: Text
    intro: Text
    seat: Key | None = None
    fields: list[Field] = Limits(min_length=1)

    def field(self, key: str) -> Field:
        """The field with this key.

        Raises:
            StopIteration: when there is none.
        """
        return next(f for f in self.fields if f.key == key)


class DocumentType(Strict):
    """A document an application carries; `schema_name` is its file in `uploads_schema/`."""

    key: Key
    label: Text
    hint: Text
    schema_name: Key
    required: bool = True
    maximum: int = Limits(default=1, ge=1, le=20)


class Check(Strict):
    """One question of the admissibility checklist."""

    key: Key
    label: Text


class Level(Strict):
    """A labelled score."""

    score: int = Limits(ge=0)
    label: Text


class Criterion(Strict):
    """What is judged, how heavily, and from which score it suffices."""

    key: Key
    label: Text
    question: Text
    weight: int = Limits(gt=0, le=100)
    threshold: int = Limits(ge=0)


class Appraisal(Strict):
    """How applications are judged (frozen with the round, public)."""

    kind: Literal["weighted"]
    ranking: bool
    tie_break: list[Key]
    total_threshold: int = Limits(ge=0, le=100)
    maximum_spread: int = Limits(ge=0)
    minimum_reason: int = Limits(ge=1)
    levels: list[Level] = Limits(min_length=2)
    criteria: list[Criterion] = Limits(min_length=1)
    note: Text
    confirmed: bool

    @property
    def highest(self) -> int:
        """The best score there is."""
        return max(level.score for level in self.levels)

    @model_validator(mode="after")
    def _whole(self) -> Appraisal:
        if sum(c.weight for c in self.criteria) != 100:
            raise ValueError("the weights do not add up to 100")
        if unknown := set(self.tie_break) - {c.key for c in self.criteria}:
            raise ValueError(f"tie_break names unknown criteria: {', '.join(sorted(unknown))}")
        if any(c.threshold > self.highest for c in self.criteria):
            raise ValueError("a threshold lies above the highest level")
        return self


class Term(Strict):
    """How long a mandate lasts: `years` from its start, to the day before."""

    rule: Literal["years_from_start"]
    years: int = Limits(ge=1, le=20)
    confirmed: bool


class Authority(Strict):
    """Who decides, on what ground, valid when."""

    key: Key
    name: Text
    ground: Text
    valid_from: date
    valid_until: date | None = None
    confirmed: bool


class Ground(Strict):
    """A legal ground a decision cites."""

    key: Key
    text: Text
    confirmed: bool


class Remedy(Strict):
    """What can be done against a decision: with whom, within which term, counted how, in which form."""

    key: Key
    body: Text
    term_days: int = Limits(ge=1)
    counting: Text
    form: Text
    confirmed: bool


class Planning(Strict):
    """When the department expects to be done with each step, in days after the closing; told to applicants as
    expected.
    """

    finding_days: int = Limits(ge=0)
    appraisal_days: int = Limits(ge=0)
    decision_days: int = Limits(ge=0)
    confirmed: bool

    @model_validator(mode="after")
    def _in_order(self) -> Planning:
        if not self.finding_days <= self.appraisal_days <= self.decision_days:
            raise ValueError("the days of the planning do not follow each other")
        return self


class CallType(Strict):
    """A kind of call, whole. Frozen into each round at publication."""

    key: Key
    name: Text
    prefix: str = Limits(pattern=r"^[A-Z]{2,4}$")
    mandate_prefix: str = Limits(pattern=r"^[A-Z]{2,4}$")
    slots: int = Limits(default=1, ge=1)
    late: Literal["refuse"] = "refuse"
    sign_off: Literal["portal", "signed_form", "either"] = "either"
    missing_sign_off: Literal["warn", "block"] = "warn"
    seats: list[Seat] = Limits(min_length=1)
    sections: list[Section] = Limits(min_length=1)
    documents: list[DocumentType]
    admissibility: list[Check] = Limits(min_length=1)
    appraisal: Appraisal
    term: Term
    planning: Planning | None = None
    authorities: list[Authority] = Limits(min_length=1)
    grounds: list[Ground] = Limits(min_length=1)
    remedies: list[Remedy] = Limits(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> CallType:
        seats = {s.key for s in self.seats}
        for section in self.sections:
            if section.seat is not None and section.seat not in seats:
                raise ValueError(f"section {section.key}: there is no seat {section.seat}")
        for what, keys in self._keyed():
            if len(keys) != len(set(keys)):
                raise ValueError(f"{what}: a key stands twice")
        return self

    def _keyed(self) -> Iterator[tuple[str, list[str]]]:
        yield "seats", [s.key for s in self.seats]
        yield "sections", [s.key for s in self.sections]
        yield "documents", [d.key for d in self.documents]
        yield "criteria", [c.key for c in self.appraisal.criteria]
        for section in self.sections:
            yield f"section {section.key}", [f.key for f in section.fields]

    def seat(self, key: str) -> Seat:
        """The seat with this key.

        Raises:
            StopIteration: when there is none.
        """
        return next(s for s in self.seats if s.key == key)

    def section(self, key: str) -> Section:
        """The section with this key.

        Raises:
            StopIteration: when there is none.
        """
        return next(s for s in self.sections if s.key == key)

    def document(self, key: str) -> DocumentType | None:
        """The document type with this key, if there is one."""
        return next((d for d in self.documents if d.key == key), None)

    def answers(self) -> Iterator[tuple[str, Field]]:
        """Every answer that is asked, as `section.field`."""
        for section in self.sections:
            for field in section.fields:
                yield f"{section.key}.{field.key}", field

    def unconfirmed(self) -> list[str]:
        """What the law's text could not tell: it is shown as such to everyone (rule 18)."""
        points = [] if self.appraisal.confirmed else ["criteria"]
        points += [] if self.term.confirmed else ["looptijd"]
        points += [] if self.planning is None or self.planning.confirmed else ["planning"]
        points += [] if all(a.confirmed for a in self.authorities) else ["beslissende overheid"]
        points += [] if all(g.confirmed for g in self.grounds) else ["rechtsgronden"]
        points += [] if all(r.confirmed for r in self.remedies) else ["beroep"]
        return points

    @cached_property
    def frozen(self) -> bytes:
        """The exact RFC 8785 bytes of the definition."""
        return canonical(self.model_dump(mode="json"))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the exact bytes."""
        return hashlib.sha256(self.frozen).hexdigest()

    @classmethod
    def thaw(cls, frozen: bytes) -> CallType:
        """Read back what was frozen."""
        return cls.model_validate_json(frozen)
