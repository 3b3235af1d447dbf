"""Own applications in a list, and the task list of one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from portal.access import Person
from portal.accounts.pages import Panel, PanelRow
from portal.applications import queries, rules
from portal.applications.content import sign_off_state
from portal.applications.lifecycle import LIFECYCLE, Status
from portal.applications.pages.common import Frame, status_words
from portal.calls import queries as calls
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


def lines(session: Session, person: Person, now: datetime) -> list[Line]:
    """The person's applications as a list shows them."""
    applications = list(session.scalars(queries.visible_to(person)))
    open_ones = [a for a in applications if now < calls.closing(a.round, a.lead_organisation_id)]
    unsent = queries.with_unsent(session, person, [a.id for a in open_ones], now)
    found = []
    for one in applications:
        closes_at = calls.closing(one.round, one.lead_organisation_id)
        tag, status = status_words(one, closes_at, now, unsent=one.id in unsent)
        found.append(Line(one.reference, one.region.name, one.lead.name, closes_at, tag, status))
    return found


def panel(session: Session, person: Person, now: datetime) -> Panel:
    """Applications of an organisation, as its own page shows them; `person` acts for it alone."""
    rows = []
    applications = list(session.scalars(queries.visible_to(person)))
    unsent = queries.with_unsent(session, person, [a.id for a in applications], now)
    for one in applications:
        closes_at = calls.closing(one.round, one.lead_organisation_id)
        leads = one.lead_organisation_id in person.organisations
        url = url_for("applications.application", reference=one.reference)
        what = str(_("als penhouder") if leads else _("als partner"))
        rows.append(
            PanelRow(
                f"{one.region.name}, {one.reference}",
                url,
                what,
                *status_words(one, closes_at, now, unsent=one.id in unsent),
            )
        )
    return Panel(_("Aanvragen"), _("Uw organisatie heeft nog geen aanvragen."), tuple(rows))


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
        if page.unsent and not page.frozen:
            return Task(name, _("Uw wijziging telt nog niet. Dien opnieuw in."), "warn", url)
        return Task(name, _("Ingediend op %(moment)s", moment=moment(found.submitted_at)), "ok", url)
    hint = _("Alles is klaar om in te dienen") if ready else _("Kan zodra alles klaar is")
    return Task(name, hint, "todo" if ready else "", url)
