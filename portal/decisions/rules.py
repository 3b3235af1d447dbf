"""What a decision must hold before it may be confirmed and released."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.definitions import Appraisal
from portal.lifecycle import Refusal


class Outcome(StrEnum):
    """What was decided."""

    APPROVED = "approved"
    REJECTED = "rejected"
    INADMISSIBLE = "inadmissible"


@dataclass(frozen=True)
class DecisionFacts:
    """A decision as the rules see it. `advised` is what the panel's scores advise; None where nobody
    appraised.
    """

    outcome: Outcome
    reason: str
    reasons: Mapping[str, str]
    advised: Outcome | None
    deviation: str
    appraisal: Appraisal
    authority: Mapping[str, Any] | None
    grounds: tuple[Mapping[str, Any], ...]
    remedies: tuple[Mapping[str, Any], ...]
    today: date
    prepared_by: int | None
    acting: int | None
    tied: bool
    tied_before: bool = False
    moved: bool = False
    unjudged: tuple[str, ...] = ()
    sealed: bool = False
    has_letter: bool = False
    rival_approved: bool = False


def judge_is_free(facts: DecisionFacts) -> Refusal | None:
    """A tie binds everyone who prepares or confirms (rule 9)."""
    return Refusal("tied") if facts.tied else None


def nobody_before_was_tied(facts: DecisionFacts) -> Refusal | None:
    """What somebody prepared or confirmed falls when they turn out to be tied (rule 9)."""
    return Refusal("prepared_with_a_tie") if facts.tied_before else None


def basis_stands(facts: DecisionFacts) -> Refusal | None:
    """It rests on scores, total, rank and advice as they are now, not as they were (rule 11)."""
    return Refusal("basis_moved") if facts.moved else None


def region_is_judged(facts: DecisionFacts) -> Iterable[Refusal]:
    """Nothing is decided on the merits while somebody of the region waits for a finding or a review (rule
    11).
    """
    for reference in facts.unjudged if facts.outcome is not Outcome.INADMISSIBLE else ():
        yield Refusal("region_not_judged", {"reference": reference})


def region_is_open(facts: DecisionFacts) -> Refusal | None:
    """Nothing leaves while the region is sealed, again or still (rules 2 and 5)."""
    return Refusal("still_sealed") if facts.sealed else None


def reasons_are_given(facts: DecisionFacts) -> Iterable[Refusal]:
    """Reasons per criterion, and for inadmissibility its own (rule 11; wet van 29 juli 1991, artikelen 2 en
    3).
    """
    minimum = facts.appraisal.minimum_reason
    if len(facts.reason.strip()) < minimum:
        yield Refusal("decision_without_reason", {"minimum": minimum}, "reason")
    if facts.outcome is not Outcome.INADMISSIBLE:
        for criterion in facts.appraisal.criteria:
            if len(facts.reasons.get(criterion.key, "").strip()) < minimum:
                said = {"criterion": criterion.label.nl, "minimum": minimum}
                yield Refusal("criterion_without_reason", said, f"reason_{criterion.key}")


def deviation_is_reasoned(facts: DecisionFacts) -> Refusal | None:
    """Deciding otherwise than the panel advises has its own reason (rule 11)."""
    deviates = facts.advised is not None and facts.outcome is not facts.advised
    if deviates and len(facts.deviation.strip()) < facts.appraisal.minimum_reason:
        return Refusal("deviation_without_reason", {"minimum": facts.appraisal.minimum_reason}, "deviation")
    return None


def authority_is_valid(facts: DecisionFacts) -> Refusal | None:
    """The deciding authority and its ground are named, and valid on that date (rule 11)."""
    if facts.authority is None:
        return Refusal("authority_missing", {}, "authority")
    begins = date.fromisoformat(facts.authority["valid_from"])
    ends = facts.authority["valid_until"]
    if not begins <= facts.today or (ends and facts.today > date.fromisoformat(ends)):
        return Refusal("authority_not_valid", {"name": facts.authority["name"]}, "authority")
    return None if facts.authority["ground"] else Refusal("authority_missing", {}, "authority")


def grounds_are_cited(facts: DecisionFacts) -> Refusal | None:
    """The legal grounds stand in it (rule 11)."""
    return None if facts.grounds else Refusal("grounds_missing")


def remedies_are_cited(facts: DecisionFacts) -> Refusal | None:
    """Remedies with body, term and counting rule stand in it (rule 11; Bestuursdecreet artikel II.21)."""
    whole = all(r.get("body") and r.get("term_days") and r.get("counting") for r in facts.remedies)
    return None if facts.remedies and whole else Refusal("remedies_missing")


def nobody_else_is_approved(facts: DecisionFacts) -> Refusal | None:
    """A region gets one mandate for a call type at a time (rule 12)."""
    if facts.outcome is Outcome.APPROVED and facts.rival_approved:
        return Refusal("rival_approved", {}, "outcome")
    return None


def second_person(facts: DecisionFacts) -> Refusal | None:
    """Whoever prepared it does not confirm it (rules 11 and 15)."""
    return Refusal("same_person") if facts.acting == facts.prepared_by else None


def letter_exists(facts: DecisionFacts) -> Refusal | None:
    """It leaves with its letter, never without (rule 11)."""
    return None if facts.has_letter else Refusal("letter_missing")


COMPLETE = (
    region_is_open,
    region_is_judged,
    basis_stands,
    judge_is_free,
    nobody_before_was_tied,
    reasons_are_given,
    deviation_is_reasoned,
    authority_is_valid,
    grounds_are_cited,
    remedies_are_cited,
    nobody_else_is_approved,
)
