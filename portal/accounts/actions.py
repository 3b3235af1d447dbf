"""The verbs of accounts: enrol, join an organisation, grant a role, end one, sign in."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from portal.access import Person, Role
from portal.accounts import passwords, queries
from portal.accounts.models import Account, Grant, Membership, Organisation, SignIn
from portal.accounts.rules import (
    GrantFacts,
    address_is_right,
    enterprise_number,
    grant_is_right,
    number_is_right,
)
from portal.clock import brussels_day
from portal.db import Database, act, session_of
from portal.journal.actions import record
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
    _changed(account)
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
    _changed(account)
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
    _changed(account)
    record(session_of(account), "account.disabled", account, {}, by=by, now=now, audience=Audience.DEPARTMENT)
    return Done(account)


@act
def change_password(account: Account, *, password_hash: str, by: Person, now: datetime) -> Done | Refused:
    """A new password ends every session of the account; the hash was made outside the transaction."""
    account.password = password_hash
    _changed(account)
    session = session_of(account)
    record(session, "account.password_changed", account, {}, by=by, now=now, audience=Audience.DEPARTMENT)
    return Done(account)


def _changed(account: Account) -> None:
    """Password, status or role changed: acts that began before are refused, and whoever was signed in is out."""
    account.epoch += 1
    for sign_in in queries.sign_ins(session_of(account), account.id):
        sign_in.ended = True


@act
def sign_in(
    account: Account, *, digest: str, device: str, real: datetime, by: Person, now: datetime
) -> Done | Refused:
    """Somebody proved to hold the account: from now on the token with this digest stands for them."""
    if not account.active:
        return Refused((Refusal("gone"),))
    session = session_of(account)
    made = SignIn(
        account=account, digest=digest, device=device, began_at=real, fresh_at=real, last_seen_at=real
    )
    session.add(made)
    payload = {"device": device}
    record(session, "account.signed_in", account, payload, by=by, now=now, audience=Audience.DEPARTMENT)
    return Done(made)


@act
def renew(sign_in: SignIn, *, digest: str, real: datetime, by: Person, now: datetime) -> Done | Refused:
    """Somebody who is signed in proved again who they are: a new token, the old one is worth nothing."""
    if sign_in.ended:
        return Refused((Refusal("gone"),))
    sign_in.digest, sign_in.fresh_at, sign_in.last_seen_at = digest, real, real
    session = session_of(sign_in)
    record(session, "account.proved", sign_in.account, {}, by=by, now=now, audience=Audience.DEPARTMENT)
    return Done(sign_in)


@act
def end_sign_in(sign_in: SignIn, *, by: Person, now: datetime) -> Done | Refused:
    """End one of one's own sign-ins: here, or on another device."""
    if sign_in.account_id != by.account_id:
        return Refused((Refusal("gone"),))
    if not sign_in.ended:
        sign_in.ended = True
        payload = {"device": sign_in.device}
        session = session_of(sign_in)
        account = sign_in.account
        record(session, "account.signed_out", account, payload, by=by, now=now, audience=Audience.DEPARTMENT)
    return Done(sign_in)


@act
def end_other_sign_ins(account: Account, *, keep: int | None, by: Person, now: datetime) -> Done | Refused:
    """End all sign-ins of an account but one (by id)."""
    session = session_of(account)
    ended = [s for s in queries.sign_ins(session, account.id) if s.id != keep]
    for one in ended:
        one.ended = True
    payload = {"count": len(ended)}
    record(session, "account.signed_out_others", account, payload, by=by, now=now, audience=Audience.DEPARTMENT)
    return Done(ended)


def touch(database: Database, sign_in_id: int, real: datetime) -> None:
    """Put down that somebody is still here, in a transaction of its own; one that ended meanwhile stays ended."""
    with database.writing() as session:
        session.execute(
            update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended.is_(False)).values(last_seen_at=real)
        )


def recognise(session: Session, email: str, password: str) -> Account | None:
    """The account with this address and password, if it is active; unknown ones take as long."""
    account = queries.by_email(session, email)
    right = passwords.matches(account.password if account else None, password)
    return account if right and account is not None and account.active else None
