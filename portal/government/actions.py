"""People as the government's provider knows them: met, tied to an account, untied."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access import Person
from portal.accounts import links
from portal.accounts import queries as accounts
from portal.accounts.actions import Came, sign_in
from portal.accounts.actions.common import changed, mailed_enough, new_link, note, spend
from portal.accounts.actions.granting import enrol_by
from portal.accounts.models import Account, MailedLink
from portal.accounts.rules.links import Purpose
from portal.accounts.rules.sign_ins import AT_HOME
from portal.addresses import address_is_right
from portal.db import act, session_of
from portal.government import queries
from portal.government.models import Identity
from portal.government.rules import Rights
from portal.journal.actions import Owed
from portal.lifecycle import Done, Refusal, Refused
from portal.organisations.actions import came_for


@act
def meet(session: Session, *, issuer: str, known_as: str, by: Person, now: datetime) -> Done | Refused:
    """Put down somebody whom the provider vouched for; one who came before stays as they were."""
    found = queries.identity(session, issuer, known_as)
    if found is None:
        found = Identity(issuer=issuer, subject=known_as, met_at=now)
        session.add(found)
        note(found, "identity.met", {"issuer": issuer}, by=by, now=now)
    return Done(found)


@act
def tie_identity(identity: Identity, *, by: Person, now: datetime) -> Done | Refused:
    """From now on one signs in to one's own account by the provider too."""
    account = accounts.one(session_of(identity), by.account_id or 0)
    if account is None or identity.account_id is not None:
        return Refused((Refusal("identity_taken"),))
    identity.account_id = account.id
    owed: list[Owed] = [("identity_tied", account.email, {})]
    note([account, identity], "account.identity_tied", {}, by=by, now=now, owed=owed)
    return Done(account)


@act
def untie_identity(identity: Identity, *, by: Person, now: datetime) -> Done | Refused:
    """One signs in by the provider no more; whoever was signed in is out."""
    if identity.account is None or identity.account_id != by.account_id:
        return Refused((Refusal("gone"),))
    account, identity.account_id = identity.account, None
    changed(account)
    owed: list[Owed] = [("identity_untied", account.email, {})]
    note([account, identity], "account.identity_untied", {}, by=by, now=now, owed=owed)
    return Done(account)


@act
def ask_for_identity_address(
    identity: Identity, *, email: str, real: datetime, by: Person, now: datetime
) -> Done | Refused:
    """Mail a link to somebody whom the provider vouched for, to make an account: what it says of their mail
    proves nothing.

    Who has an account with this address gets a mail that says how to tie the two.
    """
    if identity.account_id is not None:
        return Refused((Refusal("identity_taken"),))
    if refusal := address_is_right(email):
        return Refused((refusal,))
    session, address = session_of(identity), email.strip().lower()
    if mailed_enough(session, address, real):
        return Done()
    link = new_link(session, Purpose.IDENTITY, address, None, real, identity_id=identity.id)
    owed: list[Owed] = [("identity_link", address, {"link": links.facts_of(link)})]
    if accounts.by_email(session, address) is not None:
        owed, link.used_at = [("identity_to_tie", address, {})], real
    note(identity, "identity.address_asked", {}, by=by, now=now, owed=owed)
    return Done()


@act
def enrol_by_identity(
    link: MailedLink, *, label: str, password_hash: str, real: datetime, by: Person, now: datetime
) -> Done | Refused:
    """Make the account of somebody the provider vouched for: the link proved the address. `password_hash` is of
    none they know.
    """
    if no := spend(link, Purpose.IDENTITY, real):
        return no
    identity = queries.one_identity(session_of(link), link.identity_id or 0)
    if identity is None or identity.account_id is not None:
        return Refused((Refusal("identity_taken"),))
    made = enrol_by(link, "government", label=label, password_hash=password_hash, by=by, now=now)
    if isinstance(made, Refused):
        return made
    session_of(link).flush()
    identity.account_id = made.value.id
    owed: list[Owed] = [("identity_tied", made.value.email, {})]
    note([made.value, identity], "account.identity_tied", {}, by=by, now=now, owed=owed)
    return made


@act
def arrive(
    account: Account,
    *,
    identity: Identity,
    rights: Rights,
    proved_at: datetime,
    by: Person,
    now: datetime,
    **signing_in: Any,
) -> Done | Refused:
    """Sign in (`signing_in`: what `accounts.actions.sign_in` asks of everybody) as the provider said: for which
    organisation, which is put down where it was not known, with which roles.
    """
    if identity.account_id != account.id:
        return Refused((Refusal("gone"),))
    organisation = None
    if rights.organisation:
        until = now + AT_HOME.most
        put_down = came_for(
            account, number=rights.organisation, name=rights.organisation_name, until=until, by=by, now=now
        )
        if isinstance(put_down, Refused):
            return put_down
        organisation = put_down.value
    came = Came(
        identity_id=identity.id,
        organisation_id=organisation.id if organisation else None,
        number=organisation.number if organisation else "",
        roles=tuple(role.value for role in rights.roles),
        strong=rights.strong,
        proved_at=proved_at,
    )
    return sign_in(account, came=came, by=by, now=now, **signing_in)
