"""Named selects of accounts and organisations."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Delete, Select, and_, bindparam, delete, func, null, or_, select
from sqlalchemy.orm import Session, aliased, contains_eager, selectinload

from portal.access import VISITOR, Person, Role, may, scoped
from portal.accounts.lifecycle import Status
from portal.accounts.models import (
    Account,
    Authenticator,
    Failures,
    Grant,
    Identity,
    MailedLink,
    Membership,
    MembershipRequest,
    Organisation,
    Passkey,
    PastMembership,
    RecoveryCode,
    SharedPage,
    SignIn,
)
from portal.accounts.rules import (
    FORGOTTEN,
    GRANTABLE,
    HALF,
    LIFETIMES,
    MAILS_PER_HOUR,
    REMEMBERED_DEVICE,
    SHARED_FOR,
    AdmissionFacts,
    Known,
    LinkFacts,
    Purpose,
    SharedFacts,
    SignInFacts,
    Tried,
    holds,
    is_fresh,
    lasts,
    must_have_second_step,
    wait_after,
)
from portal.db import session_of
from portal.lifecycle import Done, Refusal, Refused


def by_email(session: Session, email: str) -> Account | None:
    """The account with this address."""
    return session.scalars(select(Account).filter_by(email=email.strip().lower())).one_or_none()


def one(session: Session, account_id: int) -> Account | None:
    """The account with this id."""
    return session.get(Account, account_id)


def accounts(session: Session, text: str, first: int, most: int) -> tuple[list[Account], int]:
    """`most` accounts from `first` on by address, whose address, function or organisation has `text` in it; how many in all."""
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
    """`most` organisations that somebody acts for, by name from `first` on, with `text` in name or number; how many in all.

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


def at_desk(person: Person) -> bool:
    """Whether the person decides about accounts for the department, in every region: an organisation is of no region."""
    return may(person, "accounts.manage") and scoped(person, "accounts.manage").within is None


def requests_open_to(session: Session, person: Person) -> list[MembershipRequest]:
    """Requests that the person may decide on, oldest first: as a manager, or at the desk where there is none."""
    managed = select(Organisation.number).join(Membership).join(Account)
    managed = managed.where(Membership.manager, Account.active)
    mine = select(Organisation.number).where(Organisation.id.in_(sorted(person.manages)))
    query = select(MembershipRequest).filter_by(status=Status.ASKED)
    if at_desk(person):
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
        at_desk=at_desk(by),
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
    memberships = [m for m in account.memberships if m.organisation.stands]
    standing = [m.organisation for m in memberships]
    if sign_in and sign_in.organisation is not None and sign_in.organisation.stands:
        standing.append(sign_in.organisation)
    return Known(
        account_id=account.id,
        email=account.email,
        active=account.active,
        epoch=account.epoch,
        grants=frozenset(
            (g.role, None if g.regions is None else frozenset(g.regions), g.until) for g in account.grants
        ),
        acts_for=frozenset((one.id, one.number) for found in standing for one in (found, *found.absorbed)),
        manages=frozenset(m.organisation_id for m in memberships if m.manager),
        claimed=frozenset(Role(role) for role in sign_in.claimed) if sign_in else frozenset(),
    ).person(today)


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


@cache
def _who_asks() -> Select[Any]:
    """Everything about who holds a token, in one statement: a row for each grant and organisation acted for."""
    root, acted = aliased(Organisation), aliased(Organisation)
    stands = and_(root.active, root.merged_into_id.is_(None))
    acts = or_(root.id == Membership.organisation_id, root.id == SignIn.organisation_id)
    return (
        select(
            SignIn.id, SignIn.half, SignIn.began_at, SignIn.fresh_at, SignIn.last_seen_at, SignIn.ended,
            SignIn.claimed, SignIn.strong, Account.id.label("account_id"), Account.email, Account.active,
            Account.epoch, Grant.role, Grant.regions, Grant.until,
            and_(Membership.manager, Membership.organisation_id == root.id).label("manager"),
            root.id.label("root_id"), acted.id.label("organisation_id"), acted.number,
        )
        .join(Account, Account.id == SignIn.account_id)
        .outerjoin(Grant, Grant.account_id == Account.id)
        .outerjoin(Membership, Membership.account_id == Account.id)
        .outerjoin(root, and_(acts, stands))
        .outerjoin(acted, func.coalesce(acted.merged_into_id, acted.id) == root.id)
        .where(SignIn.digest == bindparam("digest"))
    )  # fmt: skip


def person_with(
    session: Session, token: str, today: date, real: datetime, *, second_step: bool
) -> tuple[Person, SignInFacts | None]:
    """Who holds this token of a cookie now, with the sign-in; a visitor where it ended or never was.

    With `second_step` the roles that must have one sleep until the account has it.
    """
    rows = session.execute(_who_asks(), {"digest": digest_of(token)}).all()
    if not rows or rows[0].half:
        return VISITOR, None
    found = rows[0]
    person = Known(
        account_id=found.account_id,
        email=found.email,
        active=found.active,
        epoch=found.epoch,
        grants=frozenset(
            (r.role, None if r.regions is None else frozenset(r.regions), r.until)
            for r in rows
            if r.role is not None
        ),
        acts_for=frozenset((r.organisation_id, r.number) for r in rows if r.organisation_id is not None),
        manages=frozenset(r.root_id for r in rows if r.manager and r.root_id is not None),
        claimed=frozenset(Role(role) for role in found.claimed),
    ).person(today)
    known = facts(found, person.roles, real)
    if not person.signed_in or not lasts(known):
        return VISITOR, None
    person = replace(person, sign_in_id=found.id, fresh=is_fresh(known))
    sleeps = (
        second_step
        and not found.strong
        and must_have_second_step(person.roles)
        and not has_second_step(session, person.account_id)
    )
    if sleeps:
        person = replace(person, roles=person.roles - GRANTABLE, dormant=person.roles & GRANTABLE)
    return person, known


def person_whose_ended(session: Session, token: str, today: date) -> Person:
    """Who held this token of a cookie before their sign-in ended or ran out; a visitor where there was none, or it is half."""
    query = select(SignIn).filter_by(digest=digest_of(token), half=False)
    found = session.scalars(query).unique().one_or_none()
    return person_of(found.account, today, found) if found else VISITOR


def half_with(session: Session, token: str, real: datetime) -> SignIn | None:
    """The sign-in with this token that waits for its second step."""
    found = session.scalars(select(SignIn).filter_by(digest=digest_of(token), half=True)).unique().one_or_none()
    waits = found is not None and not found.ended and found.account.active and real < found.began_at + HALF
    return found if waits else None


def identity(session: Session, issuer: str, subject: str) -> Identity | None:
    """Somebody as the government's provider knows them."""
    return session.scalars(select(Identity).filter_by(issuer=issuer, subject=subject)).one_or_none()


def one_identity(session: Session, identity_id: int) -> Identity | None:
    """The identity with this id."""
    return session.get(Identity, identity_id)


def identities(session: Session, account_id: int | None) -> list[Identity]:
    """By which identities somebody signs in to an account."""
    return list(session.scalars(select(Identity).filter_by(account_id=account_id).order_by(Identity.id)))


def administrators(session: Session, today: date) -> list[Account]:
    """Accounts that hold the role of administrator today, by address."""
    return holding(session, Role.ADMINISTRATOR, today)


def functions(session: Session, account_ids: Iterable[int | None]) -> dict[int, str]:
    """What accounts are called, by id: a function, no name."""
    query = select(Account.id, Account.label).where(
        Account.id.in_({one for one in account_ids if one is not None})
    )
    return {account_id: label for account_id, label in session.execute(query)}


def holding(session: Session, role: Role, today: date) -> list[Account]:
    """Accounts that hold this role today, by address."""
    query = select(Account).join(Grant, Grant.account_id == Account.id).where(Account.active)
    found = session.scalars(query.where(Grant.role == role).order_by(Account.email)).unique()
    return [a for a in found if any(g.role is role and holds(g.until, today) for g in a.grants)]


def holding_in(session: Session, role: Role, region: str, today: date) -> list[Account]:
    """Accounts that hold this role today for the region with this key, by address."""
    return [a for a in holding(session, role, today) if person_of(a, today).covers(role, region)]


def authenticator(session: Session, account_id: int | None) -> Authenticator | None:
    """The app of an account, confirmed or not."""
    return session.get(Authenticator, account_id or 0)


def has_second_step(session: Session, account_id: int | None) -> bool:
    """Whether signing in asks for more than a password."""
    return has_authenticator(session, account_id) or bool(passkeys(session, account_id))


def has_authenticator(session: Session, account_id: int | None) -> bool:
    """Whether an app was confirmed."""
    found = authenticator(session, account_id)
    return found is not None and found.confirmed_at is not None


def passkeys(session: Session, account_id: int | None) -> list[Passkey]:
    """The passkeys of an account, oldest first."""
    return list(session.scalars(select(Passkey).filter_by(account_id=account_id).order_by(Passkey.id)))


def passkey_with(session: Session, credential: str) -> Passkey | None:
    """The passkey with this id, whoever's."""
    return session.scalars(select(Passkey).filter_by(credential=credential)).one_or_none()


def codes_left(session: Session, account_id: int | None) -> int:
    """How many recovery codes were not used."""
    query = select(func.count()).select_from(RecoveryCode)
    return session.scalar(query.filter_by(account_id=account_id, used_at=None)) or 0


def recovery_code(session: Session, account_id: int, digest: str) -> RecoveryCode | None:
    """A recovery code of the account that was not used."""
    query = select(RecoveryCode).filter_by(account_id=account_id, digest=digest, used_at=None)
    return session.scalars(query.with_for_update()).one_or_none()


def all_recovery_codes(session: Session, account_id: int) -> list[RecoveryCode]:
    """Every recovery code of the account."""
    return list(session.scalars(select(RecoveryCode).filter_by(account_id=account_id)))


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


def link_facts(link: MailedLink, real: datetime) -> LinkFacts:
    """A mailed link as the rules see it."""
    return LinkFacts(
        purpose=link.purpose,
        made_at=link.made_at,
        used_at=link.used_at,
        epoch=link.epoch,
        epoch_now=link.account.epoch if link.account else None,
        stands=_stands(link),
        now=real,
    )


def _stands(link: MailedLink) -> bool:
    if link.organisation is not None:
        deciding = managers(session_of(link), link.organisation)
        return link.organisation.stands and any(m.account_id == link.inviter_id for m in deciding)
    return link.account.active if link.account else True


def invitations(session: Session, organisation: Organisation, real: datetime) -> list[MailedLink]:
    """Invitations of an organisation that can still be taken, oldest first."""
    query = select(MailedLink).filter_by(organisation_id=organisation.id, used_at=None)
    query = query.where(MailedLink.made_at > real - LIFETIMES[Purpose.INVITE]).order_by(MailedLink.id)
    deciding = {m.account_id for m in managers(session, organisation)}
    return [link for link in session.scalars(query) if link.inviter_id in deciding]


def keys_of(email: str, place: str) -> dict[Tried, str]:
    """Under what the failures of an account at a place are counted."""
    address = email.strip().lower()
    named = {
        Tried.PAIR: f"{address} {place}",
        Tried.ACCOUNT: address,
        Tried.PLACE: place,
    }
    return {tried: digest_of(f"{tried.value} {name}") for tried, name in named.items()}


def wait_of(session: Session, email: str, place: str, real: datetime) -> timedelta:
    """How long somebody must still wait before they may try again."""
    keys = {key: tried for tried, key in keys_of(email, place).items()}
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
    found = [(a, person_of(a, today)) for a in session.scalars(query)]
    return [(a, p) for a, p in found if p.has(Role.REVIEWER)]


def shared_page_with(session: Session, digest: str) -> SharedPage | None:
    """The shared page whose code has this digest."""
    return session.scalars(select(SharedPage).filter_by(digest=digest)).one_or_none()


def one_shared_page(session: Session, page_id: int) -> SharedPage | None:
    """The shared page with this id."""
    return session.get(SharedPage, page_id)


def shared_pages_of(session: Session, person: Person, real: datetime) -> list[SharedPage]:
    """What the person shares at this moment, newest first."""
    query = select(SharedPage).where(SharedPage.account_id == person.account_id, SharedPage.body != "")
    query = query.where(SharedPage.shared_at > real - SHARED_FOR)
    return list(session.scalars(query.order_by(SharedPage.id.desc())))


def shared_pages_over(session: Session, real: datetime) -> list[SharedPage]:
    """Shared pages whose hour is over, and that still hold something."""
    query = select(SharedPage).where(SharedPage.body != "", SharedPage.shared_at <= real - SHARED_FOR)
    return list(session.scalars(query.with_for_update(of=SharedPage)))


def shared_facts(page: SharedPage, by: Person, real: datetime) -> SharedFacts:
    """A shared page as the rules see it."""
    return SharedFacts(
        shared_at=page.shared_at,
        emptied=not page.body,
        opened_by=page.opened_by,
        by=by.account_id,
        own=page.account_id == by.account_id,
        now=real,
    )


def outdated(real: datetime) -> list[Delete]:
    """What is kept of ways in no longer than it serves: the statements that take it away, in an order that keys allow."""
    old, week, day = real - REMEMBERED_DEVICE, real - timedelta(days=7), real - FORGOTTEN
    return [
        delete(SharedPage).where(SharedPage.shared_at <= week),
        delete(MailedLink).where(MailedLink.made_at <= week - max(LIFETIMES.values())),
        delete(SignIn).where(SignIn.last_seen_at <= old),
        delete(Failures).where(Failures.last_at <= day),
    ]
