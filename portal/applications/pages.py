"""What the pages of an application show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from portal.access import Person
from portal.applications import access, labels, queries, rules
from portal.applications.content import Difference, differences, digest, shown, sign_off_state, what_to_sign
from portal.applications.facts import Facts
from portal.applications.forms import box, value
from portal.applications.lifecycle import LIFECYCLE, Status
from portal.applications.models import Application, Attachment, Partner, Submission
from portal.calls import queries as calls
from portal.definitions import CallType, Section
from portal.documents.labels import INSPECTED
from portal.documents.models import Inspected
from portal.i18n import _, moment, words


@dataclass(frozen=True)
class Line:
    """An application in a list; `tag` and `status` are its state in colour and word."""

    reference: str
    region: str
    lead: str
    closes_at: datetime
    tag: str
    status: str


def status_words(application: Application, closes_at: datetime, now: datetime) -> tuple[str, str]:
    """Tag and word of an application; a draft whose round closed reads 'niet ingediend'."""
    if application.status is Status.DRAFT and now >= closes_at:
        return "warn", str(labels.NOT_SUBMITTED)
    return labels.STATUS_TAG[application.status], str(labels.STATUS[application.status])


def lines(applications: Iterable[Application], now: datetime) -> list[Line]:
    """Applications as a list shows them."""
    found = []
    for one in applications:
        closes_at = calls.closing(one.round, one.lead_organisation_id)
        tag, status = status_words(one, closes_at, now)
        found.append(Line(one.reference, one.region.name, one.lead.name, closes_at, tag, status))
    return found


@dataclass(frozen=True)
class Frame:
    """What every page of one application knows."""

    application: Application
    facts: Facts
    lead: bool
    my_seats: tuple[str, ...]
    tag: str
    status: str
    closed: bool

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
    )


@dataclass(frozen=True)
class Task:
    """One line of the task list: what, what is the matter, how far."""

    name: str
    hint: str
    tag: str
    url: str

    @property
    def word(self) -> str:
        """The state in a word."""
        return {"ok": _("Klaar"), "warn": _("Bezig"), "todo": _("Te doen"), "": _("Nog niet")}[self.tag]


def tasks(page: Frame) -> list[Task]:
    """The task list, in the order one would do it."""
    return [_consortium(page), *_sections(page), _documents(page), _signing(page), _submitting(page)]


def _url(page: Frame, view: str, **more: Any) -> str:
    return url_for(f"applications.{view}", reference=page.reference, **more)


def _consortium(page: Frame) -> Task:
    confirmed, seats = sum(p.confirmed for p in page.facts.partners), len(page.definition.seats)
    hint = _("%(confirmed)s van %(seats)s partners bevestigd", confirmed=confirmed, seats=seats)
    tag = "todo" if list(rules.seats_are_filled(page.facts)) else "ok"
    return Task(_("Het samenwerkingsverband"), hint, tag, _url(page, "consortium"))


def _sections(page: Frame) -> Iterable[Task]:
    incomplete = {r.facts["section"] for r in rules.answers_are_complete(page.facts)}
    for section in page.definition.sections:
        begun = bool(page.facts.answers.get(section.key))
        tag = "ok" if section.key not in incomplete else "warn" if begun else "todo"
        by = next((p.name for p in page.facts.partners if p.seat == section.seat), None)
        hint = _("In te vullen door %(name)s", name=by) if by else words(section.intro)
        yield Task(words(section.label), hint, tag, _url(page, "section", section=section.key))


def _documents(page: Frame) -> Task:
    wrong = [*rules.documents_are_in_order(page.facts), *rules.answers_match_the_form(page.facts)]
    hint = ", ".join(f.name for f in page.facts.files) or _("Nog geen bestanden")
    if page.facts.files and wrong:
        hint += ": " + _("er is iets na te kijken")
    return Task(_("Documenten"), hint, "todo" if wrong else "ok", _url(page, "documents"))


def _signing(page: Frame) -> Task:
    states = [sign_off_state(page.facts, p) for p in page.facts.partners]
    signed, seats = states.count("valid"), len(page.definition.seats)
    hint = _("%(signed)s van %(seats)s partners tekenden", signed=signed, seats=seats)
    if again := states.count("void"):
        hint += "; " + _("%(again)s opnieuw nodig na een wijziging", again=again)
    return Task(_("Ondertekening"), hint, "ok" if signed == seats else "todo", _url(page, "sign_off"))


def _submitting(page: Frame) -> Task:
    found = page.application
    ready = not LIFECYCLE.refusals("submit", found.status, page.facts)
    name, url = _("Controleren en indienen"), _url(page, "check")
    if found.status is not Status.DRAFT:
        return Task(name, _("Ingediend op %(moment)s", moment=moment(found.submitted_at)), "ok", url)
    hint = _("Alles is klaar om in te dienen") if ready else _("Kan zodra alles klaar is")
    return Task(name, hint, "todo" if ready else "", url)


@dataclass(frozen=True)
class FileLine:
    """An attached file: what inspection made of it, and whether its answers can be taken over."""

    id: int
    type: str
    name: str
    size: int
    tag: str
    state: str
    unread: bool


def files(application: Application) -> list[FileLine]:
    """The files that stand with the application."""
    return [_file(attachment) for attachment in queries.attached(application)]


def _file(attachment: Attachment) -> FileLine:
    document = attachment.document
    unread = document.inspected is Inspected.UNREAD
    state = str(INSPECTED[document.inspected])
    return FileLine(
        document.id, attachment.type, document.name, document.size, "warn" if unread else "ok", state, unread
    )


@dataclass(frozen=True)
class SectionPage:
    """One section: whether it can be filled in, what is still missing, and what somebody else saved meanwhile."""

    section: Section
    editable: bool
    missing: tuple[str, ...]
    others: dict[str, str]


def section_page(page: Frame, section: Section, editable: bool) -> SectionPage:
    """The page of a section as it stands."""
    given = page.facts.answers.get(section.key, {})
    missing = tuple(words(f.label) for f in section.fields if rules.field_problem(f, given.get(f.key)))
    return SectionPage(section, editable, missing if given else (), {})


def stale_section(page: Frame, section: Section, form: Any) -> SectionPage:
    """The page after somebody else saved first: beside each typed answer what stands there now."""
    given = page.facts.answers.get(section.key, {})
    others = {
        box(f): shown(f, given.get(f.key)) or _("(leeg)")
        for f in section.fields
        if value(form, f) != given.get(f.key)
    }
    return SectionPage(section, True, (), others)


@dataclass(frozen=True)
class Signing:
    """Signing off: each partner's state, and what the person would sign for `seat` (digest: `seen`)."""

    seat: str
    states: dict[str, str]
    sections: tuple[Section, ...]
    seen: str

    @property
    def open(self) -> bool:
        """Whether there is something to sign for this seat."""
        return bool(self.seat) and self.states.get(self.seat) != "valid"


def signing(page: Frame, seat: str) -> Signing:
    """What concerns `seat`, or the person's first seat."""
    chosen = seat if seat in page.my_seats else next(iter(page.my_seats), "")
    return Signing(
        seat=chosen,
        states={p.seat: sign_off_state(page.facts, p) for p in page.facts.partners},
        sections=tuple(s for s in page.definition.sections if s.seat in (None, chosen)),
        seen=digest(what_to_sign(page.facts, chosen)),
    )


@dataclass(frozen=True)
class Check:
    """Check your answers: what blocks submitting, what only warns, and whether there is anything new to submit."""

    refusals: tuple[str, ...]
    unsigned: tuple[str, ...]
    unread: tuple[str, ...]
    last: Submission | None
    changed: bool


def check(page: Frame) -> Check:
    """What submitting now would meet."""
    found = page.application
    last = found.submissions[-1] if found.submissions else None
    refusals = LIFECYCLE.refusals("submit", found.status, page.facts)
    return Check(
        refusals=tuple(labels.sentence(r, page.definition) for r in refusals),
        unsigned=tuple(p.name for p in page.facts.partners if sign_off_state(page.facts, p) != "valid"),
        unread=tuple(f.name for f in page.facts.files if f.state == Inspected.UNREAD),
        last=last,
        changed=last is None or last.idempotency_key != f"revision-{found.revision}",
    )


def differing(page: Frame) -> list[Difference]:
    """Every answer that the attached form says otherwise."""
    return list(differences(page.facts))
