"""The life of a call."""

from __future__ import annotations

from enum import StrEnum

from portal.calls import rules
from portal.lifecycle import Lifecycle, Transition


class CallStatus(StrEnum):
    """How far a call is; whether it is open is derived from its rounds and the time."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"


S = CallStatus
ROUND = (rules.regions_are_known, rules.dates_are_in_order, rules.reason_is_given)
LIFECYCLE = Lifecycle(
    "call",
    S,
    Transition("publish", {S.DRAFT}, S.PUBLISHED, when=ROUND),
    Transition("reopen", {S.PUBLISHED}, None, when=ROUND),
    Transition("extend", {S.PUBLISHED}, None),
    Transition("cancel", {S.PUBLISHED}, S.CANCELLED),
)
