"""What the page of an organisation shows: its people, and what later rooms say of it in panels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import Person
from portal.accounts import queries
from portal.accounts.models import MailedLink, Membership, MembershipRequest, Organisation


@dataclass(frozen=True)
class PanelRow:
    """Something of an organisation, where it stands, in which state (`tag` is its colour), and what it is to it."""

    label: str
    url: str
    what: str
    tag: str
    state: str


@dataclass(frozen=True)
class Panel:
    """What a later room shows of an organisation; `empty` is said where there is nothing."""

    title: str
    empty: str
    rows: tuple[PanelRow, ...]


PanelMaker = Callable[[Session, Person, datetime], Panel]
_makers: list[PanelMaker] = []


def panels_by(*makers: PanelMaker) -> None:
    """Name who makes the panels, in their order (filled by `create_app`); each is asked as a member of that one alone."""
    _makers[:] = makers


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
        panels=tuple(make(session, alone, now) for make in _makers),
    )
