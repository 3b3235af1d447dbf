"""The life of an application."""

from __future__ import annotations

from enum import StrEnum

from portal.applications import rules
from portal.lifecycle import Lifecycle, Transition


class Status(StrEnum):
    """How far an application is. A draft whose round closed is shown as 'niet ingediend'."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    ADMISSIBLE = "admissible"
    INADMISSIBLE = "inadmissible"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


S = Status
OPEN = (rules.call_is_not_cancelled, rules.round_is_open)
LIFECYCLE = Lifecycle(
    "application",
    Status,
    Transition("edit", {S.DRAFT, S.SUBMITTED}, None, when=OPEN),
    Transition("confirm_seat", {S.DRAFT, S.SUBMITTED}, None, when=OPEN),
    Transition("sign_off", {S.DRAFT, S.SUBMITTED}, None, when=(*OPEN, rules.consortium_is_complete)),
    Transition("ask_to_sign", {S.DRAFT, S.SUBMITTED}, None, when=(*OPEN, rules.consortium_is_complete)),
    Transition(
        "submit", {S.DRAFT, S.SUBMITTED}, S.SUBMITTED,
        when=(
            *OPEN, rules.region_is_in_round, rules.seats_are_filled, rules.answers_are_complete,
            rules.documents_are_in_order, rules.answers_match_the_form, rules.sign_offs_suffice,
        ),
    ),
    Transition("withdraw", {S.DRAFT, S.SUBMITTED, S.ADMISSIBLE}, S.WITHDRAWN),
    Transition("admit", {S.SUBMITTED}, S.ADMISSIBLE),
    Transition("reconsider", {S.ADMISSIBLE}, S.SUBMITTED),
    Transition("dismiss", {S.SUBMITTED}, S.INADMISSIBLE),
    Transition("approve", {S.ADMISSIBLE}, S.APPROVED),
    Transition("reject", {S.ADMISSIBLE}, S.REJECTED),
)  # fmt: skip
