"""Named selects of accounts and organisations."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import VISITOR, Person, Role
from portal.accounts.models import Account, Grant, Organisation
from portal.accounts.rules import holds
from portal.lifecycle import Done, Refusal, Refused


def by_email(session: Session, email: str) -> Account | None:
    """The account with this address."""
    return session.scalars(select(Account).filter_by(email=email.strip().lower())).one_or_none()


def by_uniquifier(session: Session, uniquifier: str) -> Account | None:
    """The account whose cookie this is."""
    return session.scalars(select(Account).filter_by(fs_uniquifier=uniquifier)).one_or_none()


def one(session: Session, account_id: int) -> Account | None:
    """The account with this id."""
    return session.get(Account, account_id)


def all_accounts(session: Session) -> list[Account]:
    """Every account, by address."""
    return list(session.scalars(select(Account).order_by(Account.email)))


def organisation(session: Session, number: str) -> Organisation | None:
    """The organisation with this enterprise number."""
    return session.scalars(select(Organisation).filter_by(number=number)).one_or_none()


def organisations_of(session: Session, person: Person) -> list[Organisation]:
    """The organisations the person acts for, by name."""
    query = select(Organisation).where(Organisation.id.in_(sorted(person.organisations)))
    return list(session.scalars(query.order_by(Organisation.name)))


def person_of(account: Account | None, today: date) -> Person:
    """What an account may be today: a value, asked anew at every request."""
    if account is None or not account.active:
        return VISITOR
    grants = [g for g in account.grants if holds(g.until, today)]
    roles = {g.role for g in grants}
    if account.memberships:
        roles.add(Role.APPLICANT)
    return Person(
        roles=frozenset(roles),
        account_id=account.id,
        email=account.email,
        organisations=frozenset(m.organisation_id for m in account.memberships),
        numbers=frozenset(m.organisation.number for m in account.memberships),
        regions=tuple((g.role, frozenset(g.regions)) for g in grants if g.regions is not None),
        epoch=account.epoch,
    )


def still_stands(session: Session, by: Person) -> Done | Refused:
    """Whether an account is still what the request found; held so until this transaction ends."""
    if not by.signed_in:
        return Done()
    query = select(Account.epoch).filter_by(id=by.account_id).with_for_update(read=True)
    return Done() if session.scalar(query) == by.epoch else Refused((Refusal("access_changed"),))


def reviewers(session: Session, today: date) -> list[tuple[Account, Person]]:
    """Accounts that hold the role of reviewer today, by address."""
    query = select(Account).join(Grant).where(Grant.role == Role.REVIEWER).order_by(Account.email)
    found = [(a, person_of(a, today)) for a in session.scalars(query)]
    return [(a, p) for a, p in found if p.has(Role.REVIEWER)]
