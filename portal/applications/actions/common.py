"""What the verbs of an application share."""

from __future__ import annotations

from datetime import datetime

from portal.access import Person
from portal.applications import access, queries
from portal.applications.lifecycle import LIFECYCLE
from portal.applications.models import Application
from portal.lifecycle import Refused


def refused(application: Application, verb: str, at: datetime) -> Refused | None:
    """What the lifecycle table says against `verb` at `at`; None for nothing."""
    refusals = LIFECYCLE.refusals(verb, application.status, queries.facts(application, at))
    return Refused(refusals) if refusals else None


def touch(application: Application) -> None:
    """Something of the working copy changed: what was checked before is not what would be submitted."""
    application.revision += 1


def may_edit(application: Application, seat: str | None, by: Person) -> bool:
    """Whether the person may change what is common (no seat), or the part of `seat`."""
    seats = {p.seat: p.number for p in application.partners}
    confirmed = frozenset(p.seat for p in application.partners if p.confirmed_at is not None)
    return access.may_edit_section(by, application.lead_organisation_id, seat, seats, confirmed)


def takes_part(application: Application, by: Person) -> bool:
    """Whether the person is of the lead or of a named partner."""
    seats = {p.seat: p.number for p in application.partners}
    return access.is_lead(by, application.lead_organisation_id) or bool(access.seats_of(by, seats))
