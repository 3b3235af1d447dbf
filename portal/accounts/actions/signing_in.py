"""Signing in and out, and proving again who one is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.access import Person
from portal.accounts import passwords, queries
from portal.accounts.actions.common import note, tell_beside
from portal.accounts.models import Account, Failures, SignIn
from portal.accounts.rules.trying import FORGOTTEN, Tried
from portal.db import Database, act, session_of
from portal.journal.actions import Owed
from portal.lifecycle import Done, Refusal, Refused


def recognise(session: Session, email: str, password: str) -> Account | None:
    """The account with this address and password, if it is active; unknown ones take as long."""
    account = queries.by_email(session, email)
    right = passwords.matches(account.password if account else None, password)
    return account if right and account is not None and account.active else None


def failed(database: Database, email: str, source: str, real: datetime) -> None:
    """Count a failure to prove who one is, whether there is such an account or not; in a transaction of its
    own.
    """
    with database.writing() as session:
        kind = session.get_bind().dialect.name
        insert = postgresql.insert if kind == "postgresql" else sqlite.insert
        for key in sorted(
            queries.keys_of(email, source).values()
        ):  # in one order, so that two never wait for each other
            row = insert(Failures).values(key=key, count=1, last_at=real)
            fresh = Failures.last_at <= real - FORGOTTEN
            count = case((fresh, 1), else_=Failures.count + 1)
            session.execute(
                row.on_conflict_do_update(index_elements=["key"], set_={"count": count, "last_at": real})
            )


def succeeded(database: Database, email: str, source: str) -> None:
    """Forget the failures of this account at this source; others' count on."""
    with database.writing() as session:
        session.execute(delete(Failures).where(Failures.key == queries.keys_of(email, source)[Tried.PAIR]))


@dataclass(frozen=True)
class Came:
    """How somebody came by the government's provider: as whom and for which organisation (ids), with which
    roles, proved how and when; `number` is the organisation's, or empty.
    """

    identity_id: int
    organisation_id: int | None
    number: str
    roles: tuple[str, ...]
    strong: bool
    proved_at: datetime


@act
def sign_in(
    account: Account,
    *,
    digest: str,
    device: str,
    half: bool = False,
    came: Came | None = None,
    beside: bool = False,
    real: datetime,
    by: Person,
    now: datetime,
) -> Done | Refused:
    """Somebody proved to hold the account: from now on the token with this digest stands for them.

    A `half` one gave the password alone, and the second step still has to come. Who came by the provider says
    how they `came`; an administrator who came `beside` it, where there is one, is told to the others.
    """
    if not account.active:
        return Refused((Refusal("gone"),))
    session = session_of(account)
    owed: list[Owed] = []
    if queries.is_new_device(session, account.id, device):
        owed.append(("new_device", account.email, {"device": device, "at": real.isoformat()}))
    made = SignIn(
        account=account,
        digest=digest,
        device=device,
        half=half,
        began_at=real,
        fresh_at=came.proved_at if came else real,
        last_seen_at=real,
        identity_id=came.identity_id if came else None,
        organisation_id=came.organisation_id if came else None,
        claimed=list(came.roles) if came else [],
        strong=came is not None and came.strong,
    )
    session.add(made)
    payload = {"device": device}
    verb = "account.password_given" if half else "account.signed_in"
    if came is not None:
        verb = "account.came_by_government"
        payload |= {"organisation": came.number, "roles": ", ".join(came.roles)}
    note(account, verb, payload, by=by, now=now, owed=owed)
    if beside and not half and came is None:
        tell_beside(account, device, by=by, now=now)
    return Done(made)


@act
def renew(sign_in: SignIn, *, digest: str, real: datetime, by: Person, now: datetime) -> Done | Refused:
    """Somebody who is signed in proved again who they are: a new token, the old one is worth nothing."""
    if sign_in.ended:
        return Refused((Refusal("gone"),))
    sign_in.digest, sign_in.fresh_at, sign_in.last_seen_at = digest, real, real
    note(sign_in.account, "account.proved", {}, by=by, now=now)
    return Done(sign_in)


@act
def end_sign_in(sign_in: SignIn, *, by: Person, now: datetime) -> Done | Refused:
    """End one of one's own sign-ins: here, or on another device."""
    if sign_in.account_id != by.account_id:
        return Refused((Refusal("gone"),))
    if not sign_in.ended:
        sign_in.ended = True
        payload = {"device": sign_in.device}
        note(sign_in.account, "account.signed_out", payload, by=by, now=now)
    return Done(sign_in)


@act
def end_other_sign_ins(account: Account, *, keep: int | None, by: Person, now: datetime) -> Done | Refused:
    """End all sign-ins of an account but one (by id)."""
    session = session_of(account)
    ended = [s for s in queries.sign_ins(session, account.id) if s.id != keep]
    for one in ended:
        one.ended = True
    payload = {"count": len(ended)}
    note(account, "account.signed_out_others", payload, by=by, now=now)
    return Done(ended)


def touch(database: Database, sign_in_id: int, real: datetime) -> None:
    """Put down that somebody is still here, in a transaction of its own; one that ended meanwhile stays
    ended.
    """
    with database.writing() as session:
        session.execute(
            update(SignIn).where(SignIn.id == sign_in_id, SignIn.ended.is_(False)).values(last_seen_at=real)
        )
