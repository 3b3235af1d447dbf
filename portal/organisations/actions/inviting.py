"""Inviting people to act for an organisation: a link to their address, taken once."""

from __future__ import annotations

from datetime import datetime

from portal.access import Person
from portal.accounts import links
from portal.accounts.actions.common import mailed_enough, new_link, note, spend
from portal.accounts.actions.granting import enrol_by
from portal.accounts.models import Account, MailedLink
from portal.accounts.rules.links import Purpose
from portal.addresses import address_is_right
from portal.db import act, session_of
from portal.journal.actions import Owed
from portal.lifecycle import Done, Refusal, Refused
from portal.organisations import queries
from portal.organisations.actions.members import join
from portal.organisations.models import Organisation
from portal.organisations.rules import MOST_INVITATIONS


@act
def invite(
    organisation: Organisation, *, email: str, real: datetime, by: Person, now: datetime
) -> Done | Refused:
    """Mail somebody a link to act for the organisation; a newer one takes the place of an older."""
    session, address = session_of(organisation), email.strip().lower()
    if organisation.id not in by.manages:
        return Refused((Refusal("managers_decide"),))
    refusals = [r for r in [address_is_right(email)] if r]
    if any(m.account.email == address for m in queries.members(session, organisation.id)):
        refusals.append(Refusal("invited_member", {}, "email"))
    waiting = queries.invitations(session, organisation, real)
    older = [link for link in waiting if link.email == address]
    if len(waiting) - len(older) >= MOST_INVITATIONS:
        refusals.append(Refusal("too_many_invitations", {"most": MOST_INVITATIONS}))
    if mailed_enough(session, address, real):
        refusals.append(Refusal("mailed_too_often", {}, "email"))
    if refusals:
        return Refused(tuple(refusals))
    for link in older:
        link.used_at = real
    made = new_link(
        session, Purpose.INVITE, address, None, real, organisation_id=organisation.id, inviter=by.account_id
    )
    told = {"organisation": organisation.name, "link": links.facts_of(made)}
    owed: list[Owed] = [("member_invited", address, told)]
    note(organisation, "organisation.invited", {"email": address}, by=by, now=now, owed=owed)
    return Done(made)


def _spend(link: MailedLink, real: datetime) -> Refused | None:
    return spend(link, Purpose.INVITE, real, stands=queries.invitation_stands(link))


@act
def withdraw_invitation(link: MailedLink, *, real: datetime, by: Person, now: datetime) -> Done | Refused:
    """An invitation is worth nothing any more."""
    organisation = queries.invited_to(link)
    if organisation is None or organisation.id not in by.manages:
        return Refused((Refusal("managers_decide"),))
    if no := _spend(link, real):
        return no
    payload = {"email": link.email}
    note(organisation, "organisation.invitation_withdrawn", payload, by=by, now=now)
    return Done(link)


@act
def join_by_link(
    link: MailedLink, *, account: Account, real: datetime, by: Person, now: datetime
) -> Done | Refused:
    """Take an invitation with the account that has its address."""
    if account.email != link.email or account.id != by.account_id:
        return Refused((Refusal("invitation_of_another"),))
    if no := _spend(link, real):
        return no
    organisation: Organisation = queries.invited_to(link)  # type: ignore[assignment]
    return join(account, organisation=organisation, by=by, now=now)


@act
def enrol_by_invitation(
    link: MailedLink, *, label: str, password_hash: str, real: datetime, by: Person, now: datetime
) -> Done | Refused:
    """Take an invitation and make the account it wants: the link proved the address."""
    if no := _spend(link, real):
        return no
    made = enrol_by(link, "invitation", label=label, password_hash=password_hash, by=by, now=now)
    if isinstance(made, Refused):
        return made
    organisation: Organisation = queries.invited_to(link)  # type: ignore[assignment]
    return join(made.value, organisation=organisation, by=by, now=now)
