"""What the page of an organisation shows: its people, and what later rooms say of it in panels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from sqlalchemy.orm import Session

from portal import web
from portal.access import Person
from portal.accounts.models import Account, MailedLink
from portal.accounts.pages import Panel, PanelRow
from portal.hooks import hooks_of
from portal.i18n import _
from portal.organisations import queries
from portal.organisations.models import Membership, MembershipRequest, Organisation


@dataclass(frozen=True)
class OrganisationPage:
    """An organisation as its members see it."""

    organisation: Organisation
    members: tuple[Membership, ...]
    manages: bool
    requests: tuple[MembershipRequest, ...]
    invitations: tuple[MailedLink, ...]
    panels: tuple[Panel, ...]


def organisation_page(
    session: Session, person: Person, organisation: Organisation, now: datetime, real: datetime
) -> OrganisationPage:
    """The page of an organisation that the person acts for; `real` is the time of mailed links."""
    manages = organisation.id in person.manages
    alone = person.acting_for({one.id: one.number for one in (organisation, *organisation.absorbed)})
    requests = [r for r in queries.requests_open_to(session, person) if r.number == organisation.number]
    return OrganisationPage(
        organisation=organisation,
        members=tuple(queries.members(session, organisation.id)),
        manages=manages,
        requests=tuple(requests),
        invitations=tuple(queries.invitations(session, organisation, real)) if manages else (),
        panels=tuple(make(session, alone, now) for make in hooks_of(session).organisation_panels),
    )


def account_panel(session: Session, account: Account, person: Person) -> Panel:
    """For which organisations an account acts, on its own page and on the desk's (a hook of accounts)."""
    own = account.id == person.account_id
    held = {m.organisation_id: m for m in queries.memberships(session, account.id)}
    acting = queries.organisations_of(session, person) if own else [m.organisation for m in held.values()]
    view = "organisations.organisation" if own else "organisations.organisation_desk"
    return Panel(
        title=_("Organisaties"),
        empty=_("U werkt in dit portaal voor geen organisatie.") if own else _("Geen."),
        rows=tuple(
            PanelRow(
                label=one.name,
                url=url_for(view, number=one.number),
                what=web.kbo(one.number),
                tag="blue" if one.id in held and held[one.id].manager else "grey",
                state=_("beheerder") if one.id in held and held[one.id].manager else _("lid"),
            )
            for one in acting
        ),
    )
