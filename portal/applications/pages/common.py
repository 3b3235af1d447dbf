"""What every page of one application knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.access import Person
from portal.applications import access, labels, queries, rules
from portal.applications.facts import Facts
from portal.applications.lifecycle import LIFECYCLE, Status
from portal.applications.models import Application, Partner
from portal.definitions import CallType

LAST_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Frame:
    """What every page of one application knows; `edits`: whether the person may change what is common."""

    application: Application
    facts: Facts
    lead: bool
    my_seats: tuple[str, ...]
    tag: str
    status: str
    closed: bool
    edits: bool

    @property
    def reference(self) -> str:
        """Its public reference."""
        return self.application.reference

    @property
    def definition(self) -> CallType:
        """The definition frozen into its round."""
        return self.facts.definition

    @property
    def partners(self) -> dict[str, Partner]:
        """Who takes each seat."""
        return {p.seat: p for p in self.application.partners}

    @property
    def may_withdraw(self) -> bool:
        """Whether the person may take it back now."""
        return self.lead and not LIFECYCLE.refusals("withdraw", self.application.status)

    @property
    def hurry(self) -> bool:
        """Whether the last hour has begun and it was not submitted."""
        soon = self.facts.closes_at - self.facts.at <= LAST_HOUR
        return soon and not self.closed and self.application.status is Status.DRAFT

    @property
    def decided(self) -> bool:
        """Whether a decision was released."""
        return self.application.status in (Status.APPROVED, Status.REJECTED, Status.INADMISSIBLE)


def frame(application: Application, person: Person, now: datetime) -> Frame:
    """An application as `person` meets it at `now`."""
    facts = queries.facts(application, now)
    seats = {p.seat: p.number for p in application.partners}
    tag, status = status_words(application, facts.closes_at, now)
    return Frame(
        application=application,
        facts=facts,
        lead=access.is_lead(person, application.lead_organisation_id),
        my_seats=tuple(sorted(access.seats_of(person, seats))),
        tag=tag,
        status=status,
        closed=rules.round_is_open(facts) is not None,
        edits=queries.may_edit(application, None, person),
    )


def status_words(application: Application, closes_at: datetime, now: datetime) -> tuple[str, str]:
    """Tag and word of an application; a draft whose round closed reads 'niet ingediend'."""
    if application.status is Status.DRAFT and now >= closes_at:
        return "warn", str(labels.NOT_SUBMITTED)
    return labels.STATUS_TAG[application.status], str(labels.STATUS[application.status])
