"""Where a mandate is in its term, whether a region is covered, and why not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Phase(StrEnum):
    """Where a mandate is: derived from its dates, never stored."""

    UPCOMING = "upcoming"
    ACTIVE = "active"
    ENDED = "ended"


def phase(starts_on: date, ends_on: date, ended_early_on: date | None, today: date) -> Phase:
    """Both the first and the last day are of the mandate; an early end is the first day it no longer holds."""
    if ended_early_on is not None and today >= ended_early_on:
        return Phase.ENDED
    if today < starts_on:
        return Phase.UPCOMING
    return Phase.ACTIVE if today <= ends_on else Phase.ENDED


class Why(StrEnum):
    """Why a region is not covered, from its last closed round and its last mandate."""

    NEVER_CALLED = "never_called"
    RUNNING = "running"
    NOBODY_APPLIED = "nobody_applied"
    BEING_JUDGED = "being_judged"
    NONE_ADMISSIBLE = "none_admissible"
    NONE_APPROVED = "none_approved"
    MANDATE_ENDED = "mandate_ended"


@dataclass(frozen=True)
class RegionFacts:
    """What is known of a region without a mandate; counts are of its last closed round."""

    called: bool
    closed_rounds: int
    submitted: int
    undecided: int
    inadmissible: int
    had_mandate: bool


def why_uncovered(facts: RegionFacts) -> Why:
    """The reason the department and the public are told."""
    if facts.had_mandate:
        return Why.MANDATE_ENDED
    if not facts.called:
        return Why.NEVER_CALLED
    if not facts.closed_rounds:
        return Why.RUNNING
    if not facts.submitted:
        return Why.NOBODY_APPLIED
    if facts.undecided:
        return Why.BEING_JUDGED
    return Why.NONE_ADMISSIBLE if facts.inadmissible == facts.submitted else Why.NONE_APPROVED
