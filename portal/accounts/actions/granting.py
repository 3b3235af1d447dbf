"""Accounts and what they may do: enrol, grant, end, disable, enable, change the password."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import proposals
from portal.access import Person, Role
from portal.accounts import queries
from portal.accounts.actions.common import changed, note
from portal.accounts.models import Account, Grant, MailedLink
from portal.accounts.rules.granting import GrantFacts, grant_is_right
from portal.addresses import address_is_right
from portal.clock import brussels_day
from portal.db import act, lock, session_of
from portal.hooks import Handler
from portal.journal.actions import Owed
from portal.lifecycle import Done, Refusal, Refused


@act
def enrol(
    session: Session,
    *,
    email: str,
    label: str,
    password_hash: str,
    way: str = "operator",
    by: Person,
    now: datetime,
) -> Done | Refused:
    """Make an account; `password_hash` was made outside the transaction. `way` is how its holder came: by a
    mailed `link`, an `invitation`, the `government`'s sign-in, or the portal's `operator`.
    """
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
    who = {"address": account.email, "label": label, "way": way}
    note(account, "account.enrolled", who, by=by, now=now)
    return Done(account)


def enrol_by(
    link: MailedLink, way: str, *, label: str, password_hash: str, by: Person, now: datetime
) -> Done | Refused:
    """Make the account of who holds a mailed link: it proved the address. Called within the act that spends
    it.
    """
    session, email = session_of(link), link.email
    return enrol(session, email=email, label=label, password_hash=password_hash, way=way, by=by, now=now)


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
    """Give a department's role, for regions or for all, with an end or without: the portal's operator alone. At
    the desk it takes two people (rule 15).
    """
    if by.signed_in:
        return Refused((Refusal("roles_by_two"),))
    facts = GrantFacts(role, regions, known, until, brussels_day(now))
    return _given(account, facts, given_by=None, by=by, now=now)


@act
def propose_grant(
    account: Account,
    *,
    role: Role,
    regions: tuple[str, ...] | None = None,
    known: frozenset[str] = frozenset(),
    until: date | None = None,
    by: Person,
    now: datetime,
) -> Done | Refused:
    """Prepare, for a second person, that somebody gets a department's role, or other limits to one."""
    facts = GrantFacts(role, regions, known, until, brussels_day(now), own=by.account_id == account.id)
    if refusals := _refusals(account, facts, by):
        return Refused(refusals)
    arguments: dict[str, Any] = {"account_id": account.id, "account": account.email, "role": role.value}
    if regions is not None:
        arguments["regions"] = list(regions)
    if until is not None:
        arguments["until"] = until.isoformat()
    subject = account.email[:120]
    outcome = proposals.propose(session_of(account), "grant", subject, arguments, by=by, now=now)
    if isinstance(outcome, Done):
        note(account, "account.role_proposed", {"role": role.value}, by=by, now=now)
    return outcome


def _grant_proposed(
    session: Session, arguments: dict[str, Any], *, proposed_by: int, by: Person, now: datetime
) -> Done | Refused:
    account = queries.one(session, arguments["account_id"])
    if account is None:
        return Refused((Refusal("gone"),))
    lock(account)
    regions = tuple(arguments["regions"]) if "regions" in arguments else None
    until = date.fromisoformat(arguments["until"]) if "until" in arguments else None
    role, known, own = Role(arguments["role"]), frozenset(regions or ()), by.account_id == account.id
    facts = GrantFacts(role, regions, known, until, brussels_day(now), own=own)
    return _given(account, facts, given_by=proposed_by, by=by, now=now)


CONFIRMS: dict[str, Handler] = {"grant": _grant_proposed}


def _held(account: Account, role: Role) -> Grant | None:
    return next((grant for grant in account.grants if grant.role is role), None)


def _refusals(account: Account, facts: GrantFacts, by: Person) -> tuple[Refusal, ...]:
    held = _held(account, facts.role)
    reached = _within(by, facts.regions) or (_within(by, held.regions) if held else [])
    return (*grant_is_right(facts), *reached)


def _given(
    account: Account, facts: GrantFacts, *, given_by: int | None, by: Person, now: datetime
) -> Done | Refused:
    if refusals := _refusals(account, facts, by):
        return Refused(refusals)
    role, until, held = facts.role, facts.until, _held(account, facts.role)
    limits = list(facts.regions) if facts.regions is not None else None
    if held is None:
        held = Grant(role=role, given_at=now)
        account.grants.append(held)
    held.regions, held.until, held.given_by, held.given_at = limits, until, given_by, now
    changed(account)
    payload = {"role": role.value, "regions": limits, "until": until.isoformat() if until else None}
    note(account, "account.role_granted", payload, by=by, now=now, owed=_access_changed(account, by))
    return Done(account)


def _within(by: Person, regions: Sequence[str] | None) -> list[Refusal]:
    """Nobody gives or takes what reaches further than their own role does."""
    reached = by.within is None if regions is None else by.reaches(*regions)
    return [] if reached else [Refusal("beyond_your_regions")]


def _access_changed(account: Account, by: Person) -> list[Owed]:
    """Whom somebody at the desk gave or took something is told so; what changed stands on their account's
    page.
    """
    return [("access_changed", account.email, {})] if by.signed_in else []


@act
def end_grant(account: Account, *, role: Role, by: Person, now: datetime) -> Done | Refused:
    """Take a role away; it counts from the next request."""
    held = _held(account, role)
    if held is None:
        return Refused((Refusal("gone"),))
    own = [Refusal("own_role")] if by.account_id == account.id else []
    if refusals := (*own, *_within(by, held.regions)):
        return Refused(refusals)
    account.grants.remove(held)
    session_of(account).delete(held)
    changed(account)
    note(account, "account.role_ended", {"role": role.value}, by=by, now=now, owed=_access_changed(account, by))
    return Done(account)


@act
def disable(account: Account, *, by: Person, now: datetime) -> Done | Refused:
    """Nobody signs in with it any more, and who was signed in is out."""
    return _switch(account, "account.disabled", active=False, by=by, now=now)


@act
def enable(account: Account, *, by: Person, now: datetime) -> Done | Refused:
    """It may sign in again, with what it had."""
    return _switch(account, "account.enabled", active=True, by=by, now=now)


def _switch(account: Account, verb: str, *, active: bool, by: Person, now: datetime) -> Done | Refused:
    own = [Refusal("own_account")] if by.account_id == account.id else []
    if refusals := (*own, *_within(by, None)):
        return Refused(refusals)
    if account.active is active:
        return Refused((Refusal("already_so"),))
    account.active = active
    changed(account)
    note(account, verb, {}, by=by, now=now, owed=_access_changed(account, by))
    return Done(account)


@act
def change_password(account: Account, *, password_hash: str, by: Person, now: datetime) -> Done | Refused:
    """A new password ends every session of the account; the hash was made outside the transaction."""
    account.password = password_hash
    changed(account)
    owed: list[Owed] = [("password_changed", account.email, {})]
    note(account, "account.password_changed", {}, by=by, now=now, owed=owed)
    return Done(account)
