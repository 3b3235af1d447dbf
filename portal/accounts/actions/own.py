"""One's own account: made, its password and address changed, each time by a link that was mailed."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import Person
from portal.accounts import links, queries
from portal.accounts.actions.common import changed, mailed_enough, new_link, note, spend
from portal.accounts.actions.granting import change_password, enrol_by
from portal.accounts.models import Account, MailedLink
from portal.accounts.rules.links import Purpose
from portal.addresses import address_is_right
from portal.db import act, session_of
from portal.journal.actions import Owed
from portal.lifecycle import Done, Refusal, Refused


@act
def ask_for_link(
    session: Session,
    *,
    purpose: Purpose,
    email: str,
    real: datetime,
    onward: str = "",
    by: Person,
    now: datetime,
) -> Done | Refused:
    """Mail a link to make an account or to choose a new password. Outside nothing shows whether there is an
    account.

    One mail goes out either way, with what this reader can do; after a few within an hour none does.
    """
    if refusal := address_is_right(email):
        return Refused((refusal,))
    address = email.strip().lower()
    if mailed_enough(session, address, real):
        return Done()
    account = queries.by_email(session, address)
    known = account if account is not None and account.active else None
    link = new_link(session, purpose, address, known if purpose is Purpose.RESET else None, real)
    kind = {
        (Purpose.ENROL, False): "account_link",
        (Purpose.ENROL, True): "account_is_there",
        (Purpose.RESET, True): "password_link",
        (Purpose.RESET, False): "no_account",
    }[purpose, known is not None]
    if kind in ("account_is_there", "no_account"):
        link.used_at = real  # it only counts how often this was asked
    owed = [(kind, address, {"link": links.facts_of(link, onward)})]
    payload = {"purpose": purpose.value}
    note(link, "account.link_asked", payload, by=by, now=now, owed=owed)
    return Done()


@act
def enrol_by_link(
    link: MailedLink, *, label: str, password_hash: str, real: datetime, by: Person, now: datetime
) -> Done | Refused:
    """Make one's own account: the link proved the address."""
    if no := spend(link, Purpose.ENROL, real):
        return no
    return enrol_by(link, "link", label=label, password_hash=password_hash, by=by, now=now)


@act
def reset_by_link(
    link: MailedLink, *, password_hash: str, real: datetime, by: Person, now: datetime
) -> Done | Refused:
    """A new password by a mailed link; everything else of the account stays, a second factor too."""
    if no := spend(link, Purpose.RESET, real):
        return no
    account: Account = link.account  # type: ignore[assignment]
    return change_password(account, password_hash=password_hash, by=by, now=now)


@act
def ask_for_address(
    account: Account, *, email: str, real: datetime, by: Person, now: datetime
) -> Done | Refused:
    """Ask to get mail at another address: a link goes there, word of it to the old one. Nothing changes yet."""
    refusals = [r for r in [address_is_right(email)] if r]
    address = email.strip().lower()
    if address == account.email:
        refusals.append(Refusal("address_is_yours", {}, "email"))
    if refusals:
        return Refused(tuple(refusals))
    session = session_of(account)
    if mailed_enough(session, address, real):
        return Done()
    link = new_link(session, Purpose.ADDRESS, address, account, real)
    owed = [("address_link", address, {"link": links.facts_of(link)}), ("address_asked", account.email, {})]
    note(account, "account.address_asked", {}, by=by, now=now, owed=owed)
    return Done()


@act
def change_address_by_link(link: MailedLink, *, real: datetime, by: Person, now: datetime) -> Done | Refused:
    """The new address is proved: mail goes there from now on, a last one to the old."""
    if no := spend(link, Purpose.ADDRESS, real):
        return no
    session, account = session_of(link), link.account
    if account is None or queries.by_email(session, link.email) is not None:
        return Refused((Refusal("address_taken"),))
    owed: list[Owed] = [("address_changed", account.email, {})]
    account.email = link.email
    changed(account)
    note(account, "account.address_changed", {}, by=by, now=now, owed=owed)
    return Done(account)
