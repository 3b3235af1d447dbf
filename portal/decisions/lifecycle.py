"""The life of a decision."""

from __future__ import annotations

from enum import StrEnum

from portal.decisions import rules
from portal.lifecycle import Lifecycle, Transition


class Status(StrEnum):
    """How far a decision is."""

    PREPARED = "prepared"
    CONFIRMED = "confirmed"
    RELEASED = "released"
    NOTIFIED = "notified"
    WITHDRAWN = "withdrawn"


S = Status
LIFECYCLE = Lifecycle(
    "decision",
    Status,
    Transition("confirm", {S.PREPARED}, S.CONFIRMED, when=(rules.second_person, rules.decision_is_complete)),
    Transition("withdraw", {S.PREPARED, S.CONFIRMED}, S.WITHDRAWN),
    Transition("release", {S.CONFIRMED}, S.RELEASED, when=(rules.decision_is_complete, rules.letter_exists)),
    Transition("notify", {S.RELEASED}, S.NOTIFIED),
)  # fmt: skip
