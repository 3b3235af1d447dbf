"""Accounts, what they may do and for whom: enrol, join, leave, grant, end, disable, change the password."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

from portal.access import Person, Role
from portal.accounts import queries
from portal.accounts.actions.common import changed
from portal.accounts.models import Account, Grant, Membership, Organisation
from portal.accounts.rules import (
    GrantFacts,
    address_is_right,
    enterprise_number,
    grant_is_right,
    number_is_right,
)
from portal.clock import brussels_day
from portal.db import act, session_of
from portal.journal.actions import Owed, record
from portal.journal.models import Audience
from portal.lifecycle import Done, Refusal, Refused


@act
def enrol(
    session: Session, *, email: str, label: str, password_hash: str, by: Person, now: datetime
) -> Done | Refused:
    """Make an account; `password_hash` was made outside the transaction."""
    refusals = [r for r in [address_is_right(email)] if r]
    if queries.by_email(session, email) is not None:
        refusals.append(Refusal("address_taken", {}, "email"))
    if refusals:
        return Refused(tuple(refusals))
    account = Account(
        email=email.strip().lower(),
        label=label,
        password=password_hash,
        active=True,
        created_at=now,
    )
    session.add(account)
    record(session, "account.enrolled", account, {}, by=by, now=now, audience=Audience.DEPARTMENT)
    return Done(account)


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
        payload = {"name": name}
        record(session, "organisation.registered", found, payload, by=by, now=now, audience=Audience.DEPARTMENT)
    return Done(found)


@act
def join(account: Account, *, organisation: Organisation, by: Person, now: datetime) -> Done | Refused:
    """Let an account act for an organisation."""
    if all(m.organisation_id != organisation.id for m in account.memberships):
        account.memberships.append(Membership(organisation=organisation))
        account.epoch += 1
        payload = {"organisation": organisation.number}
        session = session_of(account)
        record(session, "account.joined", account, payload, by=by, now=now, audience=Audience.DEPARTMENT)
    return Done(account)


@act
def grant(
    account: Account,
    *,
    role: Role,
    regions: tuple[str, ...] | None = None,
    known: frozenset[str] = frozenset(),
    until: date | None = None,
    by: Person,
    now: datetime,
) -> Done | Refused:
    """Give a department's role, for regions or for all, with an end or without."""
    facts = GrantFacts(role, regions, known, until, brussels_day(now))
    if refusals := tuple(grant_is_right(facts)):
        return Refused(refusals)
    limits = list(regions) if regions is not None else None
    held = next((g for g in account.grants if g.role is role), None)
    if held is None:
        account.grants.append(Grant(role=role, regions=limits, until=until))
    else:
        held.regions, held.until = limits, until
    changed(account)
    payload = {"role": role.value, "regions": limits, "until": until.isoformat() if until else None}
    session = session_of(account)
    record(session, "account.role_granted", account, payload, by=by, now=now, audience=Audience.DEPARTMENT)
    return Done(account)


@act
def end_grant(account: Account, *, role: Role, by: Person, now: datetime) -> Done | Refused:
    """Take a role away; it counts from the next request."""
    held = next((g for g in account.grants if g.role is role), None)
    if held is None:
        return Refused((Refusal("gone"),))
    account.grants.remove(held)
    session = session_of(account)
    session.delete(held)
    changed(account)
    payload = {"role": role.value}
    record(session, "account.role_ended", account, payload, by=by, now=now, audience=Audience.DEPARTMENT)
    return Done(account)


@act
def leave(account: Account, *, organisation: Organisation, by: Person, now: datetime) -> Done | Refused:
    """An account no longer acts for an organisation; what it does at this moment is before or after."""
    held = next((m for m in account.memberships if m.organisation_id == organisation.id), None)
    if held is None:
        return Refused((Refusal("gone"),))
    account.memberships.remove(held)
    account.epoch += 1
    session = session_of(account)
    session.delete(held)
    payload = {"organisation": organisation.number}
    record(session, "account.left", account, payload, by=by, now=now, audience=Audience.DEPARTMENT)
    return Done(account)


@act
def disable(account: Account, *, by: Person, now: datetime) -> Done | Refused:
    """Nobody signs in with it any more, and who was signed in is out."""
    account.active = False
    changed(account)
    record(session_of(account), "account.disabled", account, {}, by=by, now=now, audience=Audience.DEPARTMENT)
    return Done(account)


@act
def change_password(account: Account, *, password_hash: str, by: Person, now: datetime) -> Done | Refused:
    """A new password ends every session of the account; the hash was made outside the transaction."""
    account.password = password_hash
    changed(account)
    session = session_of(account)
    owed: list[Owed] = [("password_changed", account.email, {})]
    record(
        session,
        "account.password_changed",
        account,
        {},
        by=by,
        now=now,
        audience=Audience.DEPARTMENT,
        owed=owed,
    )
    return Done(account)
