"""The life of a review."""

from __future__ import annotations

from enum import StrEnum

from portal.lifecycle import Lifecycle, Transition
from portal.reviews import rules


class Status(StrEnum):
    """How far a review is."""

    ASSIGNED = "assigned"
    DECLINED = "declined"
    CONFLICT = "conflict"
    DRAFT = "draft"
    HANDED_IN = "handed_in"


S = Status
LIFECYCLE = Lifecycle(
    "review",
    Status,
    Transition("decline", {S.ASSIGNED, S.DRAFT}, S.DECLINED),
    Transition("declare_conflict", {S.ASSIGNED, S.DRAFT}, S.CONFLICT),
    Transition("score", {S.ASSIGNED, S.DRAFT}, S.DRAFT, when=(rules.application_is_admissible,)),
    Transition(
        "hand_in", {S.DRAFT}, S.HANDED_IN,
        when=(rules.application_is_admissible, rules.every_criterion_is_scored, rules.every_score_is_justified),
    ),
)  # fmt: skip
