"""The life of a decision."""

from __future__ import annotations

from enum import StrEnum

from portal.decisions.rules import COMPLETE, letter_exists, second_person
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
    Transition("confirm", {S.PREPARED}, S.CONFIRMED, when=(second_person, *COMPLETE)),
    Transition("withdraw", {S.PREPARED, S.CONFIRMED}, S.WITHDRAWN),
    Transition("release", {S.CONFIRMED}, S.RELEASED, when=(*COMPLETE, letter_exists)),
    Transition("notify", {S.RELEASED}, S.NOTIFIED),
)
