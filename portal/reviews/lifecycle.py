"""The life of a review."""

from __future__ import annotations

from enum import StrEnum

from portal.lifecycle import Lifecycle, Transition
from portal.reviews import rules


class Status(StrEnum):
    """How far a review is."""

    ASSIGNED = "assigned"
    CONFLICT = "conflict"
    DRAFT = "draft"
    HANDED_IN = "handed_in"


S = Status
OPEN = (rules.application_is_admissible, rules.reviewer_is_free)
LIFECYCLE = Lifecycle(
    "review",
    Status,
    Transition("declare_free", {S.ASSIGNED}, S.DRAFT, when=OPEN),
    Transition("declare_tie", {S.ASSIGNED, S.DRAFT}, S.CONFLICT),
    Transition("score", {S.DRAFT}, S.DRAFT, when=(*OPEN, rules.levels_exist)),
    Transition(
        "hand_in",
        {S.DRAFT},
        S.HANDED_IN,
        when=(*OPEN, rules.levels_exist, rules.every_criterion_is_scored, rules.every_score_is_justified),
    ),
)
