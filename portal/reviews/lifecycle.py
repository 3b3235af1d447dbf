"""The life of a review."""

from __future__ import annotations

from enum import StrEnum

from portal.lifecycle import Lifecycle, Transition
from portal.reviews import rules


class Status(StrEnum):
    """How far a review is.

    One that was handed in and whose reviewer turns out to be tied is set aside: kept, and out of every total.
    It holds deciding up until the desk takes it back. Nobody works on one that was taken back or is in conflict
    any more.
    """

    ASSIGNED = "assigned"
    CONFLICT = "conflict"
    DRAFT = "draft"
    HANDED_IN = "handed_in"
    SET_ASIDE = "set_aside"
    TAKEN_BACK = "taken_back"


S = Status
OVER = (S.CONFLICT, S.TAKEN_BACK)
OPEN = (rules.application_stands, rules.application_is_admissible, rules.reviewer_is_free)
LIFECYCLE = Lifecycle(
    "review",
    Status,
    Transition("declare_free", {S.ASSIGNED}, S.DRAFT, when=OPEN),
    Transition("declare_tie", {S.ASSIGNED, S.DRAFT}, S.CONFLICT),
    Transition("set_aside", {S.HANDED_IN}, S.SET_ASIDE),
    Transition(
        "take_back",
        {S.ASSIGNED, S.DRAFT, S.HANDED_IN, S.SET_ASIDE},
        S.TAKEN_BACK,
        when=(rules.reason_is_given, rules.application_is_admissible),
    ),
    Transition("score", {S.DRAFT}, S.DRAFT, when=(*OPEN, rules.levels_exist)),
    Transition(
        "hand_in",
        {S.DRAFT},
        S.HANDED_IN,
        when=(*OPEN, rules.levels_exist, rules.every_criterion_is_scored, rules.every_score_is_justified),
    ),
)
