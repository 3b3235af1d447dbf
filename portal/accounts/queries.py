"""Named selects of accounts: how people prove who they are, what the department granted them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Delete, delete, func, select
from sqlalchemy.orm import Session

from portal.access import Person, Role
from portal.accounts.models import Account, Failures, Grant, MailedLink, SignIn
from portal.accounts.rules.granting import Known, holds
from portal.accounts.rules.links import LIFETIMES, MAILS_PER_HOUR, LinkFacts, Purpose
from portal.accounts.rules.sign_ins import HALF, REMEMBERED_DEVICE, SignInFacts
from portal.accounts.rules.trying import FORGOTTEN, Tried, wait_after
from portal.lifecycle import Done, Refusal, Refused


def by_email(session: Session, email: str) -> Account | None:
    """The account with this address."""
    return session.scalars(select(Account).filter_by(email=email.strip().lower())).one_or_none()


def one(session: Session, account_id: int) -> Account | None:
    """The account with this id."""
    return session.get(Account, account_id)


def sign_ins(session: Session, account_id: int | None) -> list[SignIn]:
    """Sign-ins of an account that nobody ended, the last seen first; some may have run out."""
    query = select(SignIn).where(SignIn.account_id == account_id, SignIn.ended.is_(False))
    return list(session.scalars(query.order_by(SignIn.last_seen_at.desc(), SignIn.id.desc())).unique())


def is_new_device(session: Session, account_id: int, device: str) -> bool:
    """Whether the account was used before, and never on such a device."""
    devices = set(session.scalars(select(SignIn.device).where(SignIn.account_id == account_id).distinct()))
    return bool(devices) and device not in devices


def one_sign_in(session: Session, person: Person, sign_in_id: int) -> SignIn | None:
    """One of the person's own sign-ins."""
    query = select(SignIn).where(SignIn.id == sign_in_id, SignIn.account_id == person.account_id)
    return session.scalars(query).unique().one_or_none()


def facts(sign_in: Any, roles: frozenset[Role], real: datetime) -> SignInFacts:
    """A sign-in as the rules see it."""
    return SignInFacts(
        roles=roles,
        began_at=sign_in.began_at,
        fresh_at=sign_in.fresh_at,
        last_seen_at=sign_in.last_seen_at,
        ended=sign_in.ended,
        now=real,
    )


def half_with(session: Session, token: str, real: datetime) -> SignIn | None:
    """The sign-in with this token that waits for its second step."""
    found = session.scalars(select(SignIn).filter_by(digest=digest_of(token), half=True)).unique().one_or_none()
    waits = found is not None and not found.ended and found.account.active and real < found.began_at + HALF
    return found if waits else None


def administrators(session: Session, today: date) -> list[Account]:
    """Accounts that hold the role of administrator today, by address."""
    return holding(session, Role.ADMINISTRATOR, today)


def functions(session: Session, account_ids: Iterable[int | None]) -> dict[int, str]:
    """What accounts are called, by id: a function, no name."""
    query = select(Account.id, Account.label).where(
        Account.id.in_({one for one in account_ids if one is not None})
    )
    return {account_id: label for account_id, label in session.execute(query)}


def granted(account: Account, today: date) -> Person:
    """An account by what the department granted it, whomever it acts for (`organisations.queries.person_of`
    knows that).
    """
    return known_of(account).person(today)


def known_of(account: Account) -> Known:
    """What is on record of an account itself."""
    return Known(
        account_id=account.id,
        email=account.email,
        active=account.active,
        epoch=account.epoch,
        grants=granted_by(account.grants),
    )


def granted_by(rows: Iterable[Any]) -> frozenset[tuple[Role, frozenset[str] | None, date | None]]:
    """Grants as `Known` holds them, from rows with role, regions and last day; a row without a role is none."""
    held = [r for r in rows if r.role is not None]
    return frozenset((r.role, None if r.regions is None else frozenset(r.regions), r.until) for r in held)


def holding(session: Session, role: Role, today: date) -> list[Account]:
    """Accounts that hold this role today, by address."""
    query = select(Account).join(Grant, Grant.account_id == Account.id).where(Account.active)
    found = session.scalars(query.where(Grant.role == role).order_by(Account.email)).unique()
    return [a for a in found if any(g.role is role and holds(g.until, today) for g in a.grants)]


def holding_in(session: Session, role: Role, region: str, today: date) -> list[Account]:
    """Accounts that hold this role today for the region with this key, by address."""
    return [a for a in holding(session, role, today) if granted(a, today).covers(role, region)]


def digest_of(token: str) -> str:
    """What the database keeps of a token: SHA-256, which is enough for 256 random bits."""
    return hashlib.sha256(token.encode()).hexdigest()


def one_link(session: Session, link_id: int) -> MailedLink | None:
    """The mailed link with this id."""
    return session.get(MailedLink, link_id)


def links_since(session: Session, email: str, since: datetime) -> int:
    """How many links were mailed to an address since then."""
    query = select(func.count()).where(MailedLink.email == email, MailedLink.made_at > since)
    return session.scalar(query.select_from(MailedLink)) or 0


def mailed_enough(session: Session, email: str, real: datetime) -> bool:
    """Whether an address got as many links within the hour as it may."""
    return links_since(session, email, real - timedelta(hours=1)) >= MAILS_PER_HOUR


def link_facts(link: MailedLink, real: datetime, *, stands: bool | None = None) -> LinkFacts:
    """A mailed link as the rules see it; whether an invitation `stands`, its room says."""
    return LinkFacts(
        purpose=link.purpose,
        made_at=link.made_at,
        used_at=link.used_at,
        epoch=link.epoch,
        epoch_now=link.account.epoch if link.account else None,
        stands=_stands(link) if stands is None else stands,
        now=real,
    )


def _stands(link: MailedLink) -> bool:
    return link.account.active if link.account else link.purpose is not Purpose.INVITE


def keys_of(email: str, source: str) -> dict[Tried, str]:
    """Under what the failures of an account at a source are counted."""
    address = email.strip().lower()
    named = {
        Tried.PAIR: f"{address} {source}",
        Tried.ACCOUNT: address,
        Tried.SOURCE: source,
    }
    return {tried: digest_of(f"{tried.value} {name}") for tried, name in named.items()}


def wait_of(session: Session, email: str, source: str, real: datetime) -> timedelta:
    """How long somebody must still wait before they may try again."""
    keys = {key: tried for tried, key in keys_of(email, source).items()}
    found = session.scalars(select(Failures).where(Failures.key.in_(keys)))
    waits = [wait_after(keys[f.key], f.count, f.last_at, real) for f in found]
    return max(waits, default=timedelta())


def still_stands(session: Session, by: Person) -> Done | Refused:
    """Whether an account is still what the request found; held so until this transaction ends."""
    if not by.signed_in:
        return Done()
    query = select(Account.epoch).filter_by(id=by.account_id).with_for_update(read=True)
    return Done() if session.scalar(query) == by.epoch else Refused((Refusal("access_changed"),))


def reviewers(session: Session, today: date) -> list[tuple[Account, Person]]:
    """Accounts that hold the role of reviewer today, by address."""
    query = (
        select(Account)
        .join(Grant, Grant.account_id == Account.id)
        .where(Grant.role == Role.REVIEWER)
        .order_by(Account.email)
    )
    found = [(a, granted(a, today)) for a in session.scalars(query)]
    return [(a, p) for a, p in found if p.has(Role.REVIEWER)]


def outdated(real: datetime) -> list[Delete]:
    """What is kept of ways in no longer than it serves: the statements that take it away, in an order that keys
    allow.
    """
    old, week, day = real - REMEMBERED_DEVICE, real - timedelta(days=7), real - FORGOTTEN
    return [
        delete(MailedLink).where(MailedLink.made_at <= week - max(LIFETIMES.values())),
        delete(SignIn).where(SignIn.last_seen_at <= old),
        delete(Failures).where(Failures.last_at <= day),
    ]
