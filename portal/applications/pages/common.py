"""What every page of one application knows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.access import Person
from portal.applications import access, labels, queries, rules
from portal.applications.facts import Facts, Seated
from portal.applications.lifecycle import LIFECYCLE, Status
from portal.applications.models import Application
from portal.applications.version import Change, Version
from portal.applications.version import unsent as unsent_of
from portal.definitions import CallType

LAST_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Frame:
    """What every page of one application knows.

    `facts` are those of the version that counts where nothing else does any more (`frozen`), else of the
    working copy. `sent` is the version that counts and `unsent` what was changed since, for who `works` on it;
    `edits`: whether the person may change what is common; `numbers` the enterprise numbers the person acts for.
    """

    application: Application
    facts: Facts
    sent: Version | None
    unsent: tuple[Change, ...]
    frozen: bool
    works: bool
    lead: bool
    my_seats: tuple[str, ...]
    numbers: frozenset[str]
    tag: str
    status: str
    closed: bool
    edits: bool

    @property
    def reference(self) -> str:
        """Its public reference."""
        return self.application.reference

    @property
    def revisions(self) -> dict[str, int]:
        """How often each section was saved."""
        return {answers.section: answers.revision for answers in self.application.answers}

    @property
    def definition(self) -> CallType:
        """The definition frozen into its round."""
        return self.facts.definition

    @property
    def partners(self) -> dict[str, Seated]:
        """Who takes each seat."""
        return {p.seat: p for p in self.facts.partners}

    @property
    def replaced(self) -> bool:
        """Whether the person has a seat in what counts, and none in the working copy that may replace it."""
        return self.frozen and not self.closed

    def may_read(self, version: Version) -> bool:
        """A version is the lead's, and whose seat it names."""
        return self.lead or not self.numbers.isdisjoint(version.numbers)

    @property
    def may_withdraw(self) -> bool:
        """Whether the person may take it back now."""
        return self.lead and not LIFECYCLE.refusals("withdraw", self.application.status)

    @property
    def hurry(self) -> bool:
        """Whether the last hour has begun and something was not submitted."""
        soon = self.facts.closes_at - self.facts.at <= LAST_HOUR
        waits = self.application.status is Status.DRAFT or (bool(self.unsent) and not self.frozen)
        return soon and not self.closed and waits

    @property
    def decided(self) -> bool:
        """Whether a decision was released."""
        return self.application.status in (Status.APPROVED, Status.REJECTED, Status.INADMISSIBLE)


def frame(application: Application, person: Person, now: datetime) -> Frame:
    """An application as `person` meets it at `now`."""
    facts = queries.facts(application, now)
    sent = queries.version(application.submissions[-1]) if application.submissions else None
    closed = rules.round_is_open(facts) is not None
    lead = access.is_lead(person, application.lead_organisation_id)
    works = lead or bool(access.seats_of(person, {p.seat: p.number for p in facts.partners}))
    frozen = sent is not None and (closed or not works)
    unsent = unsent_of(sent, facts) if sent is not None and works else ()
    if application.status is Status.WITHDRAWN:
        unsent = ()
    shown = queries.facts_as_sent(application, sent, facts) if frozen and sent is not None else facts
    tag, status = status_words(application, facts.closes_at, now, unsent=bool(unsent) and not closed)
    return Frame(
        application=application,
        facts=shown,
        sent=sent,
        unsent=unsent,
        frozen=frozen,
        works=works,
        lead=lead,
        my_seats=tuple(sorted(access.seats_of(person, {p.seat: p.number for p in shown.partners}))),
        numbers=person.numbers,
        tag=tag,
        status=status,
        closed=closed,
        edits=not frozen and queries.may_edit(application, None, person),
    )


def status_words(
    application: Application, closes_at: datetime, now: datetime, *, unsent: bool = False
) -> tuple[str, str]:
    """Tag and word of an application; a draft whose round closed reads 'niet ingediend'."""
    if application.status is Status.DRAFT and now >= closes_at:
        return "warn", str(labels.NOT_SUBMITTED)
    if application.status is Status.SUBMITTED and unsent:
        return "warn", str(labels.CHANGE_NOT_SUBMITTED)
    return labels.STATUS_TAG[application.status], str(labels.STATUS[application.status])
