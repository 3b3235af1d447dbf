"""What several verbs of accounts share."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access import Person
from portal.accounts import queries
from portal.accounts.models import Account, MailedLink
from portal.accounts.rules.links import Purpose, link_is_good
from portal.clock import brussels_day
from portal.db import alone, session_of
from portal.journal.actions import Owed, record
from portal.lifecycle import Refusal, Refused


def moved_on(account: Account) -> None:
    """What the account may do changed: acts that began before are refused. The database counts, so that no
    change is lost.
    """
    account.epoch = Account.epoch + 1


def changed(account: Account) -> None:
    """Password, status or role changed: acts that began before are refused, and whoever was signed in is
    out.
    """
    moved_on(account)
    for sign_in in queries.sign_ins(session_of(account), account.id):
        sign_in.ended = True


def note(
    subject: Any,
    verb: str,
    payload: Mapping[str, Any],
    *,
    by: Person,
    now: datetime,
    owed: Iterable[Owed] = (),
) -> None:
    """Put an act about accounts or organisations on record, for the department and the auditors to read."""
    session = session_of(subject[0] if isinstance(subject, list) else subject)
    record(session, verb, subject, payload, by=by, now=now, owed=owed)


def tell_beside(account: Account, device: str, *, by: Person, now: datetime) -> None:
    """An administrator came in beside the government's provider: on record, and told to all administrators."""
    administrators = queries.administrators(session_of(account), brussels_day(now))
    if account in administrators:
        told: list[Owed] = [("came_beside", a.email, {"device": device}) for a in administrators]
        note(account, "account.came_beside", {"device": device}, by=by, now=now, owed=told)


def mailed_enough(session: Session, address: str, real: datetime) -> bool:
    """Whether an address got as many links as it may; who asks at the same moment waits, and is counted."""
    alone(session, "mail", address)
    return queries.mailed_enough(session, address, real)


def new_link(
    session: Session,
    purpose: Purpose,
    email: str,
    account: Account | None,
    real: datetime,
    *,
    organisation_id: int | None = None,
    inviter: int | None = None,
    identity_id: int | None = None,
) -> MailedLink:
    """A link that is to be mailed; with an account it is worth something only while that stays as it is."""
    link = MailedLink(
        purpose=purpose,
        nonce=secrets.token_urlsafe(32),
        email=email,
        account=account,
        epoch=account.epoch if account else None,
        made_at=real,
        used_at=None,
        organisation_id=organisation_id,
        inviter_id=inviter,
        identity_id=identity_id,
    )
    session.add(link)
    session.flush()
    return link


def spend(link: MailedLink, purpose: Purpose, real: datetime, *, stands: bool | None = None) -> Refused | None:
    """Use a link up, or say that it is worth nothing; whether an invitation `stands`, its room says."""
    refusal = link_is_good(queries.link_facts(link, real, stands=stands))
    if refusal is not None or link.purpose is not purpose:
        return Refused((refusal or Refusal("link_is_spent"),))
    link.used_at = real
    return None


def may_confirm(by: Person, *known: object) -> Refused | None:
    """Neither an organisation nor an account is of a region; and what was there may be gone."""
    if any(one is None for one in known):
        return Refused((Refusal("proposal_changed"),))
    return Refused((Refusal("beyond_your_regions"),)) if by.within is not None else None
