"""Organisations that end: merged into another, or disabled; prepared by one person, confirmed by another."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from portal import proposals
from portal.access import Person
from portal.accounts import access as account_access
from portal.accounts.actions.common import moved_on, note
from portal.clock import brussels_day
from portal.db import act, lock, session_of
from portal.journal.actions import Owed
from portal.kbo import enterprise_number
from portal.lifecycle import Done, Refusal, Refused
from portal.organisations import queries
from portal.organisations.actions.members import join
from portal.organisations.models import Organisation
from portal.organisations.rules import MergerFacts, merger_is_right


def _refusals(organisation: Organisation, into: Organisation | None, on: date, now: datetime) -> list[Refusal]:
    facts = MergerFacts(
        same=into is organisation,
        known=into is not None,
        into_stands=into is not None and into.stands,
        merged=organisation.merged_into_id is not None,
        on=on,
        today=brussels_day(now),
    )
    return list(merger_is_right(facts))


@act
def propose_merger(
    organisation: Organisation, *, into: str, on: date, reason: str, by: Person, now: datetime
) -> Done | Refused:
    """Prepare, for a second person, that an organisation went into the one with the number `into`."""
    session, (number, _problem) = session_of(organisation), enterprise_number(into)
    found = queries.organisation(session, number)
    refusals = _refusals(organisation, found, on, now)
    if not account_access.at_desk(by):
        refusals.append(Refusal("beyond_your_regions"))
    if refusals:
        return Refused(tuple(refusals))
    arguments = {"organisation": organisation.number, "into": number, "on": on.isoformat(), "reason": reason}
    return _propose(organisation, "merge", arguments, by=by, now=now)


@act
def propose_switch(
    organisation: Organisation, *, enable: bool, reason: str, by: Person, now: datetime
) -> Done | Refused:
    """Prepare, for a second person, that nobody acts for an organisation any more, or that people do again."""
    if not account_access.at_desk(by):
        return Refused((Refusal("beyond_your_regions"),))
    if organisation.active is enable:
        return Refused((Refusal("already_so"),))
    arguments = {"organisation": organisation.number, "enable": enable, "reason": reason}
    verb = "enable_organisation" if enable else "disable_organisation"
    return _propose(organisation, verb, arguments, by=by, now=now)


def _propose(
    organisation: Organisation, verb: str, arguments: dict[str, Any], *, by: Person, now: datetime
) -> Done | Refused:
    subject = f"{organisation.name} ({organisation.number})"[:120]
    outcome = proposals.propose(session_of(organisation), verb, subject, arguments, by=by, now=now)
    if isinstance(outcome, Done):
        note(organisation, "organisation.change_proposed", {"verb": verb}, by=by, now=now)
    return outcome


@act
def merge(
    organisation: Organisation, *, into: Organisation, on: date, reason: str, by: Person, now: datetime
) -> Done | Refused:
    """An organisation went into another: its members act for that one from now on, which acts for what it did.

    Nothing that was submitted, signed or granted changes: there it keeps its name and number.
    """
    session = session_of(organisation)
    lock(into)
    if refusals := _refusals(organisation, into, on, now):
        return Refused(tuple(refusals))
    for earlier in queries.absorbed_by(session, organisation.id):
        earlier.merged_into_id = into.id
    organisation.merged_into_id, organisation.merged_on = into.id, on
    told = {"organisation": organisation.name, "into": into.name, "on": on.isoformat()}
    people = {m.account for one in (organisation, into) for m in queries.members(session, one.id)}
    owed: list[Owed] = [("organisation_merged", a.email, told) for a in sorted(people, key=lambda a: a.id)]
    for member in queries.members(session, organisation.id):
        joined = join(member.account, organisation=into, by=by, now=now)
        if isinstance(joined, Refused):
            return joined
    for account in people:
        moved_on(account)
    payload = {"into": into.number, "on": on.isoformat(), "reason": reason}
    note([organisation, into], "organisation.merged", payload, by=by, now=now, owed=owed)
    return Done(into)


@act
def disable_organisation(
    organisation: Organisation, *, reason: str, by: Person, now: datetime
) -> Done | Refused:
    """Nobody acts for it any more; what it did stays."""
    return _switch(organisation, "organisation.disabled", reason, active=False, by=by, now=now)


@act
def enable_organisation(
    organisation: Organisation, *, reason: str, by: Person, now: datetime
) -> Done | Refused:
    """Its members act for it again."""
    return _switch(organisation, "organisation.enabled", reason, active=True, by=by, now=now)


def _switch(
    organisation: Organisation, verb: str, reason: str, *, active: bool, by: Person, now: datetime
) -> Done | Refused:
    if organisation.active is active:
        return Refused((Refusal("already_so"),))
    organisation.active = active
    people = [m.account for m in queries.members(session_of(organisation), organisation.id)]
    for account in people:
        moved_on(account)
    told = {"organisation": organisation.name, "active": active, "reason": reason}
    owed: list[Owed] = [("organisation_switched", account.email, told) for account in people]
    note(organisation, verb, {"reason": reason}, by=by, now=now, owed=owed)
    return Done(organisation)
