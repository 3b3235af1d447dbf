"""Who decides along for an organisation, and how one ends."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.lifecycle import Refusal


@dataclass(frozen=True)
class AdmissionFacts:
    """Somebody decides on a request to act for an organisation; `managed` when it has somebody who can
    decide.
    """

    own: bool
    managed: bool
    by_manager: bool
    at_desk: bool


def may_decide(facts: AdmissionFacts) -> Iterable[Refusal]:
    """Its managers decide; the department does where there are none. Nobody decides on their own request."""
    if facts.own:
        yield Refusal("own_request")
    if not (facts.by_manager or (facts.at_desk and not facts.managed)):
        yield Refusal("managers_decide")


@dataclass(frozen=True)
class MergerFacts:
    """An organisation that went into another, since a day."""

    same: bool
    known: bool
    into_stands: bool
    merged: bool
    on: date
    today: date


def merger_is_right(facts: MergerFacts) -> Iterable[Refusal]:
    """Into another that stands, once, and not before it happened."""
    if facts.same:
        yield Refusal("merged_into_itself", {}, "into")
    elif not facts.known:
        yield Refusal("unknown_organisation", {}, "into")
    elif not facts.into_stands:
        yield Refusal("merged_into_none", {}, "into")
    if facts.merged:
        yield Refusal("merged_already")
    if facts.on > facts.today:
        yield Refusal("merger_to_come", {}, "on")


def may_go(*, manager: bool, other_managers: int, others: int) -> Refusal | None:
    """The last manager does not leave, or step back, while there are people without one."""
    return Refusal("last_manager") if manager and others and not other_managers else None


MOST_INVITATIONS = 20  # of one organisation at a time
