"""For whom people act: organisations put down, requests to act for one asked and decided, managers, leaving."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import Person
from portal.accounts.actions.common import moved_on, note
from portal.accounts.models import Account
from portal.db import act, session_of
from portal.journal.actions import Owed
from portal.kbo import enterprise_number, number_is_right
from portal.lifecycle import Done, Refusal, Refused
from portal.organisations import queries
from portal.organisations.lifecycle import LIFECYCLE, Status
from portal.organisations.models import Membership, MembershipRequest, Organisation, PastMembership
from portal.organisations.rules import may_go


@act
def register(session: Session, *, number: str, name: str, by: Person, now: datetime) -> Done | Refused:
    """Put down an organisation by its enterprise number; one that is known stays as it is."""
    if refusal := number_is_right(number):
        return Refused((refusal,))
    digits, _problem = enterprise_number(number)
    found = queries.organisation(session, digits)
    if found is None:
        found = Organisation(number=digits, name=name)
        session.add(found)
        note(found, "organisation.registered", {"name": name}, by=by, now=now)
    return Done(found)


def came_for(
    account: Account, *, number: str, name: str, until: datetime, by: Person, now: datetime
) -> Done | Refused:
    """Put down for which organisation somebody came by the government's sign-in, and until when they can act
    for it so.

    Called within the act of signing in.
    """
    session = session_of(account)
    outcome = register(session, number=number, name=name, by=by, now=now)
    if isinstance(outcome, Done):
        session.flush()
        known = {"account_id": account.id, "organisation_id": outcome.value.id}
        session.add(PastMembership(**known, since=now, until=until))
    return outcome


@act
def join(account: Account, *, organisation: Organisation, by: Person, now: datetime) -> Done | Refused:
    """Let an account act for an organisation; where nobody decides for it yet, this account does."""
    session = session_of(account)
    if queries.membership(session, account.id, organisation.id) is None:
        managers = queries.managers(session, organisation)
        session.add(Membership(account=account, organisation=organisation, manager=not managers, since=now))
        moved_on(account)
        payload = {"organisation": organisation.number}
        others = [("member_joined", m.account.email, _naming(organisation)) for m in managers]
        owed: list[Owed] = [one for one in others if one[1] != by.email]
        note([account, organisation], "account.joined", payload, by=by, now=now, owed=owed)
    return Done(account)


def _naming(organisation: Organisation) -> dict[str, str]:
    return {"organisation": organisation.name}  # who it is, is shown to who signs in


@act
def ask_to_join(account: Account, *, number: str, name: str, by: Person, now: datetime) -> Done | Refused:
    """Ask to act for an organisation; its managers decide, or the department where it has none."""
    if refusal := number_is_right(number):
        return Refused((refusal,))
    session, (digits, _problem) = session_of(account), enterprise_number(number)
    known = queries.organisation(session, digits)
    if known is not None and known.merged_into is not None:
        into = {"name": known.merged_into.name, "number": known.merged_into.number}
        return Refused((Refusal("merged_since", into, "number"),))
    if known is not None and queries.membership(session, account.id, known.id) is not None:
        return Refused((Refusal("member_already", {}, "number"),))
    if queries.open_request(session, account.id, digits) is not None:
        return Refused((Refusal("join_asked_already", {}, "number"),))
    request = MembershipRequest(
        account=account, number=digits, name=name, status=Status.ASKED, asked_at=now
    )  # by the name that was typed: what is known here of others is not told
    session.add(request)
    owed: list[Owed] = []
    if known is not None:
        told = _naming(known)
        owed = [("membership_asked", m.account.email, told) for m in queries.managers(session, known)]
    note(account, "account.membership_asked", {"organisation": digits}, by=by, now=now, owed=owed)
    return Done(request)


@act
def withdraw_request(request: MembershipRequest, *, by: Person, now: datetime) -> Done | Refused:
    """Ask no longer; who asked does it."""
    if request.account_id != by.account_id:
        return Refused((Refusal("gone"),))
    if refusals := LIFECYCLE.refusals("withdraw_request", request.status):
        return Refused(refusals)
    request.status = Status.WITHDRAWN
    note(request, "account.membership_withdrawn", {"organisation": request.number}, by=by, now=now)
    return Done(request)


@act
def admit(request: MembershipRequest, *, by: Person, now: datetime) -> Done | Refused:
    """Let the asker act for the organisation, which is put down where it was not known."""
    session = session_of(request)
    if refusals := LIFECYCLE.refusals("admit", request.status, queries.admission_facts(session, request, by)):
        return Refused(refusals)
    registered = register(session, number=request.number, name=request.name, by=by, now=now)
    if isinstance(registered, Refused):
        return registered
    if not registered.value.stands:
        return Refused((Refusal("organisation_ended"),))
    joined = join(request.account, organisation=registered.value, by=by, now=now)
    if isinstance(joined, Refused):
        return joined
    return _decide(request, Status.ADMITTED, "", by=by, now=now)


@act
def refuse(request: MembershipRequest, *, reason: str, by: Person, now: datetime) -> Done | Refused:
    """Say no, and why: the asker reads it."""
    facts = queries.admission_facts(session_of(request), request, by)
    if refusals := LIFECYCLE.refusals("refuse", request.status, facts):
        return Refused(refusals)
    return _decide(request, Status.REFUSED, reason, by=by, now=now)


def _decide(request: MembershipRequest, status: Status, reason: str, *, by: Person, now: datetime) -> Done:
    request.status, request.reason = status, reason
    told = {"organisation": request.name, "admitted": status is Status.ADMITTED, "reason": reason}
    owed: list[Owed] = [("membership_decided", request.account.email, told)]
    payload = {"organisation": request.number, "reason": reason}
    note(request, f"account.membership_{status.value}", payload, by=by, now=now, owed=owed)
    return Done(request)


@act
def make_manager(organisation: Organisation, *, account: Account, by: Person, now: datetime) -> Done | Refused:
    """A member decides along who acts for the organisation; a manager says so."""
    return _manage(organisation, account, "organisation.manager_made", manager=True, by=by, now=now)


@act
def end_manager(organisation: Organisation, *, account: Account, by: Person, now: datetime) -> Done | Refused:
    """A manager is a member like others again."""
    return _manage(organisation, account, "organisation.manager_ended", manager=False, by=by, now=now)


def _manage(
    organisation: Organisation, account: Account, verb: str, *, manager: bool, by: Person, now: datetime
) -> Done | Refused:
    session = session_of(organisation)
    held = queries.membership(session, account.id, organisation.id)
    if held is None:
        return Refused((Refusal("gone"),))
    if organisation.id not in by.manages:
        return Refused((Refusal("managers_decide"),))
    if held.manager is manager:
        return Refused((Refusal("already_so"),))
    if refusal := _last(session, held) if not manager else None:
        return Refused((refusal,))
    held.manager = manager
    moved_on(account)
    owed: list[Owed] = [("access_changed", account.email, {})] if account.id != by.account_id else []
    note([organisation, account], verb, {"organisation": organisation.number}, by=by, now=now, owed=owed)
    return Done(held)


def _last(session: Session, held: Membership) -> Refusal | None:
    members = queries.members(session, held.organisation_id)
    managers = [m for m in members if m.manager and m.id != held.id and m.account.active]
    return may_go(manager=held.manager, other_managers=len(managers), others=len(members) - 1)


@act
def leave(organisation: Organisation, *, account: Account, by: Person, now: datetime) -> Done | Refused:
    """An account no longer acts for an organisation: by itself, by a manager, or by who runs the portal."""
    session = session_of(organisation)
    held = queries.membership(session, account.id, organisation.id)
    if held is None:
        return Refused((Refusal("gone"),))
    own = account.id == by.account_id
    if not own and by.signed_in and organisation.id not in by.manages:
        return Refused((Refusal("managers_decide"),))
    if refusal := _last(session, held):
        return Refused((refusal,))
    past = PastMembership(account_id=account.id, organisation_id=organisation.id, since=held.since, until=now)
    session.add(past)
    session.delete(held)
    moved_on(account)
    owed: list[Owed] = [("access_changed", account.email, {})] if by.signed_in and not own else []
    payload = {"organisation": organisation.number}
    note([organisation, account], "account.left", payload, by=by, now=now, owed=owed)
    return Done(account)
