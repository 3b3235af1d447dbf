"""The life of a request to act for an organisation."""

from __future__ import annotations

from enum import StrEnum

from portal.lifecycle import Lifecycle, Transition
from portal.organisations import rules


class Status(StrEnum):
    """How far a request is."""

    ASKED = "asked"
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


S = Status
LIFECYCLE = Lifecycle(
    "membership request",
    Status,
    Transition("admit", {S.ASKED}, S.ADMITTED, when=(rules.may_decide,)),
    Transition("refuse", {S.ASKED}, S.REFUSED, when=(rules.may_decide,)),
    Transition("withdraw_request", {S.ASKED}, S.WITHDRAWN),
)
