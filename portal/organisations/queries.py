"""Named selects of organisations, of who acts for them, and of who asks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, exists, func, null, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, selectinload

from portal.access import VISITOR, Person, Role
from portal.accounts import access as account_access
from portal.accounts import queries as accounts
from portal.accounts.models import Account, Grant, MailedLink, SignIn
from portal.accounts.rules.granting import Known
from portal.accounts.rules.links import LIFETIMES, Purpose
from portal.accounts.rules.sign_ins import SignInFacts, asking_by
from portal.db import session_of
from portal.organisations.lifecycle import Status
from portal.organisations.models import Membership, MembershipRequest, Organisation, PastMembership
from portal.organisations.rules import AdmissionFacts
from portal.second_step.models import Authenticator, Passkey


def users(session: Session, text: str, first: int, most: int) -> tuple[list[Account], int]:
    """`most` accounts from `first` on by address, whose address, function or organisation has `text` in it; how
    many in all.
    """
    query = select(Account)
    if text:
        of = select(Membership.account_id).join(Organisation)
        named = of.where(
            or_(*(c.icontains(text, autoescape=True) for c in (Organisation.name, Organisation.number)))
        )
        own = (c.icontains(text, autoescape=True) for c in (Account.email, Account.label))
        query = query.where(or_(*own, Account.id.in_(named)))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    return list(session.scalars(query.order_by(Account.email).offset(first).limit(most))), total


def organisation(session: Session, number: str) -> Organisation | None:
    """The organisation with this enterprise number."""
    return session.scalars(select(Organisation).filter_by(number=number)).one_or_none()


def organisations(session: Session, text: str, first: int, most: int) -> tuple[list[Organisation], int]:
    """`most` organisations that somebody acts for, by name from `first` on, with `text` in name or number; how
    many in all.

    One without anybody may stand here because a sealed draft names it: it is not told.
    """
    query = select(Organisation).where(
        or_(Organisation.memberships.any(), Organisation.merged_into_id.is_not(None))
    )
    if text:
        columns = (Organisation.name, Organisation.number)
        query = query.where(or_(*(c.icontains(text, autoescape=True) for c in columns)))
    total = session.scalar(select(func.count()).select_from(query.subquery())) or 0
    query = query.order_by(Organisation.name, Organisation.id).offset(first).limit(most)
    people = selectinload(Organisation.memberships).joinedload(Membership.account)
    return list(session.scalars(query.options(people))), total


def membership(session: Session, account_id: int, organisation_id: int) -> Membership | None:
    """How an account acts for an organisation, as it is now."""
    query = select(Membership).filter_by(account_id=account_id, organisation_id=organisation_id)
    return session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def members(session: Session, organisation_id: int) -> list[Membership]:
    """Who acts for an organisation, by address."""
    query = select(Membership).filter_by(organisation_id=organisation_id).join(Account).order_by(Account.email)
    query = query.options(contains_eager(Membership.account))
    return list(session.scalars(query.execution_options(populate_existing=True)))


def memberships(session: Session, account_id: int) -> list[Membership]:
    """For which organisations an account acts, oldest first."""
    query = select(Membership).filter_by(account_id=account_id).order_by(Membership.id)
    return list(session.scalars(query))


def memberships_among(session: Session, account_ids: Iterable[int]) -> dict[int, list[Membership]]:
    """For which organisations accounts act, by account; one statement."""
    found: dict[int, list[Membership]] = {one: [] for one in account_ids}
    query = select(Membership).where(Membership.account_id.in_(sorted(found))).order_by(Membership.id)
    for one in session.scalars(query):
        found[one.account_id].append(one)
    return found


def managers(session: Session, organisation: Organisation) -> list[Membership]:
    """Who decides for an organisation, and can still sign in."""
    return [m for m in members(session, organisation.id) if m.manager and m.account.active]


def open_request(session: Session, account_id: int, number: str) -> MembershipRequest | None:
    """What the account asked of this organisation and nobody decided yet."""
    query = select(MembershipRequest).filter_by(account_id=account_id, number=number, status=Status.ASKED)
    return session.scalars(query).one_or_none()


def requests_of(session: Session, person: Person) -> list[MembershipRequest]:
    """What the person asks and nobody decided yet, oldest first."""
    query = select(MembershipRequest).filter_by(account_id=person.account_id, status=Status.ASKED)
    return list(session.scalars(query.order_by(MembershipRequest.id)))


def requests_open_to(session: Session, person: Person) -> list[MembershipRequest]:
    """Requests that the person may decide on, oldest first: as a manager, or at the desk where there is
    none.
    """
    managed = select(Organisation.number).join(Membership).join(Account)
    managed = managed.where(Membership.manager, Account.active)
    mine = select(Organisation.number).where(Organisation.id.in_(sorted(person.manages)))
    query = select(MembershipRequest).filter_by(status=Status.ASKED)
    if account_access.at_desk(person):
        query = query.where(or_(MembershipRequest.number.in_(mine), MembershipRequest.number.not_in(managed)))
    else:
        query = query.where(MembershipRequest.number.in_(mine))
    query = query.where(MembershipRequest.account_id != (person.account_id or 0))
    return list(session.scalars(query.order_by(MembershipRequest.id)))


def one_request_open_to(session: Session, person: Person, request_id: int) -> MembershipRequest | None:
    """The request with this id, if the person may decide on it."""
    return next((r for r in requests_open_to(session, person) if r.id == request_id), None)


def one_request_of(session: Session, person: Person, request_id: int) -> MembershipRequest | None:
    """The person's own request with this id."""
    query = select(MembershipRequest).filter_by(id=request_id, account_id=person.account_id)
    return session.scalars(query).one_or_none()


def admission_facts(session: Session, request: MembershipRequest, by: Person) -> AdmissionFacts:
    """A request and who decides on it, as the rules see them."""
    known = organisation(session, request.number)
    return AdmissionFacts(
        own=request.account_id == by.account_id,
        managed=known is not None and bool(managers(session, known)),
        by_manager=known is not None and known.id in by.manages,
        at_desk=account_access.at_desk(by),
    )


def families(session: Session, numbers: Iterable[str]) -> dict[str, frozenset[str]]:
    """Each of these enterprise numbers with those of what merged into one with it; one statement."""
    wanted = sorted(numbers)
    if not wanted:
        return {}
    root = func.coalesce(Organisation.merged_into_id, Organisation.id)
    roots = select(root).where(Organisation.number.in_(wanted))
    rows = list(session.execute(select(Organisation.number, root).where(root.in_(roots))))
    return {
        number: frozenset(other for other, other_root in rows if other_root == own_root)
        for number, own_root in rows
    }


def names(session: Session, numbers: Iterable[str]) -> dict[str, str]:
    """The names of organisations that are put down, by enterprise number."""
    query = select(Organisation.number, Organisation.name).where(Organisation.number.in_(sorted(numbers)))
    return {number: name for number, name in session.execute(query)}


def acting_for(account_ids: Iterable[int] | None) -> Any:
    """Accounts (all: None) with the enterprise numbers of the organisations they are members of, and no end."""
    query = select(Membership.account_id, Organisation.number, null().label("until")).join(Organisation)
    return query if account_ids is None else query.where(Membership.account_id.in_(list(account_ids)))


def acted_for(account_ids: Iterable[int] | None) -> Any:
    """Accounts (all: None) with the enterprise numbers of organisations they acted for, and until when."""
    query = select(PastMembership.account_id, Organisation.number, PastMembership.until).join(
        Organisation, Organisation.id == PastMembership.organisation_id
    )
    return query if account_ids is None else query.where(PastMembership.account_id.in_(list(account_ids)))


def absorbed_by(session: Session, organisation_id: int) -> list[Organisation]:
    """What merged into this organisation, whenever."""
    return list(session.scalars(select(Organisation).filter_by(merged_into_id=organisation_id)))


def organisations_of(session: Session, person: Person) -> list[Organisation]:
    """The organisations the person acts for as they are today, by name; none that went into another."""
    mine = Organisation.id.in_(sorted(person.organisations))
    query = select(Organisation).where(mine, Organisation.merged_into_id.is_(None))
    return list(session.scalars(query.order_by(Organisation.name)))


def person_of(account: Account | None, today: date, sign_in: SignIn | None = None) -> Person:
    """What an account may be today, and by this sign-in: a value, asked anew at every request."""
    if account is None:
        return VISITOR
    session = session_of(account)
    held = memberships(session, account.id)
    acting = [m.organisation for m in held]
    if sign_in is not None and sign_in.organisation_id is not None:
        acting.append(session.get_one(Organisation, sign_in.organisation_id))
    able = [one for one in acting if one.stands]
    return replace(
        accounts.known_of(account),
        acts_for=frozenset((one.id, one.number) for found in able for one in (found, *found.absorbed)),
        manages=frozenset(m.organisation_id for m in held if m.manager and m.organisation.stands),
        claimed=frozenset(Role(role) for role in sign_in.claimed) if sign_in else frozenset(),
    ).person(today)


_PROTECTED = or_(
    exists().where(Authenticator.account_id == Account.id, Authenticator.confirmed_at.is_not(None)),
    exists().where(Passkey.account_id == Account.id),
)


@cache
def _who_asks() -> Select[Any]:
    """Everything about who holds a token, in one statement: a row for each grant and organisation acted for."""
    root, acted = aliased(Organisation), aliased(Organisation)
    stands = and_(root.active, root.merged_into_id.is_(None))
    acts = root.id.in_([Membership.organisation_id, SignIn.organisation_id])
    return (
        select(
            SignIn.id,
            SignIn.half,
            SignIn.began_at,
            SignIn.fresh_at,
            SignIn.last_seen_at,
            SignIn.ended,
            SignIn.claimed,
            SignIn.strong,
            _PROTECTED.label("protected"),
            Account.id.label("account_id"),
            Account.email,
            Account.active,
            Account.epoch,
            Grant.role,
            Grant.regions,
            Grant.until,
            and_(Membership.manager, Membership.organisation_id == root.id).label("manager"),
            root.id.label("root_id"),
            acted.id.label("organisation_id"),
            acted.number,
        )
        .join(Account, Account.id == SignIn.account_id)
        .outerjoin(Grant, Grant.account_id == Account.id)
        .outerjoin(Membership, Membership.account_id == Account.id)
        .outerjoin(root, and_(acts, stands))
        .outerjoin(acted, or_(acted.id == root.id, acted.merged_into_id == root.id))
        .where(SignIn.digest == bindparam("digest"))
    )


def person_with(
    session: Session, token: str, today: date, real: datetime, *, second_step: bool
) -> tuple[Person, SignInFacts | None]:
    """Who holds this token of a cookie now, with the sign-in; a visitor where it ended or never was.

    With `second_step` the roles that must have one sleep until the account has it.
    """
    asked = {"digest": accounts.digest_of(token)}  # rows, of which the session keeps nothing
    rows = session.connection().execute(_who_asks(), asked).all()
    if not rows or rows[0].half:
        return VISITOR, None
    found = rows[0]
    person = Known(
        account_id=found.account_id,
        email=found.email,
        active=found.active,
        epoch=found.epoch,
        grants=accounts.granted_by(rows),
        acts_for=frozenset((r.organisation_id, r.number) for r in rows if r.organisation_id is not None),
        manages=frozenset(r.root_id for r in rows if r.manager and r.root_id is not None),
        claimed=frozenset(Role(role) for role in found.claimed),
    ).person(today)
    known = accounts.facts(found, person.roles, real)
    protected = found.strong or found.protected or not second_step
    asking = asking_by(person, known, sign_in_id=found.id, protected=protected)
    return asking, known if asking.signed_in else None


def person_whose_ended(session: Session, token: str, today: date) -> Person:
    """Who held this token of a cookie before their sign-in ended or ran out; a visitor where there was none, or
    it is half.
    """
    query = select(SignIn).filter_by(digest=accounts.digest_of(token), half=False)
    found = session.scalars(query).unique().one_or_none()
    return person_of(found.account, today, found) if found else VISITOR


def invitations(session: Session, organisation: Organisation, real: datetime) -> list[MailedLink]:
    """Invitations of an organisation that can still be taken, oldest first."""
    query = select(MailedLink).filter_by(organisation_id=organisation.id, used_at=None)
    query = query.where(MailedLink.made_at > real - LIFETIMES[Purpose.INVITE]).order_by(MailedLink.id)
    deciding = {m.account_id for m in managers(session, organisation)}
    return [link for link in session.scalars(query) if link.inviter_id in deciding]


def invited_to(link: MailedLink) -> Organisation | None:
    """The organisation that an invitation is to act for."""
    return session_of(link).get(Organisation, link.organisation_id or 0)


def invitation_stands(link: MailedLink) -> bool:
    """Whether an invitation is what it was: the organisation stands, and who invited still decides for it."""
    organisation = invited_to(link)
    if organisation is None or not organisation.stands:
        return False
    return any(m.account_id == link.inviter_id for m in managers(session_of(link), organisation))
