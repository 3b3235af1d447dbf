"""What was submitted: the version that counts, what was changed since, and what happens next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.accounts import queries as accounts
from portal.applications import queries
from portal.applications.labels import SIGNATURE, SIGNATURE_TAG
from portal.applications.lifecycle import Status
from portal.applications.pages.common import Frame
from portal.applications.version import Change, Version, changes
from portal.clock import brussels_day
from portal.db import session_of
from portal.definitions import CallType
from portal.i18n import _, day, moment, ngettext, until, words


@dataclass(frozen=True)
class ChangeLine:
    """One thing that a version says otherwise than another, in words."""

    what: str
    was: str
    now: str


def change_lines(definition: CallType, found: Iterable[Change]) -> list[ChangeLine]:
    """Changes in words; signatures last, each as its state."""
    lines = []
    for change in found:
        what, was, now = _about(definition, change), change.was, change.now
        if change.kind == "signature":
            was, now = str(SIGNATURE[was]), str(SIGNATURE[now])
        if change.kind == "address":  # its owner's and the lead's: that it changed is told, not what it is
            was, now = _("het vorige adres"), _("een ander adres")
        lines.append(ChangeLine(what, was or _("(leeg)"), now or _("(leeg)")))
    return lines


def _about(definition: CallType, change: Change) -> str:
    if change.field is not None:
        return words(change.field.label)
    if change.kind == "file":
        wanted = definition.document(change.key)
        return words(wanted.label) if wanted else change.key
    seat = words(definition.seat(change.key).label)
    if change.kind == "address":
        return _("Adres voor mail: %(seat)s", seat=seat)
    return _("Handtekening: %(seat)s", seat=seat) if change.kind == "signature" else seat


@dataclass(frozen=True)
class Unsent:
    """What was changed since the version that counts: what does not count, and who must sign again."""

    number: int
    lines: tuple[ChangeLine, ...]
    again: tuple[str, ...]


def unsent(page: Frame) -> Unsent | None:
    """What the band on top of every page of the file says; None where everything was submitted."""
    if page.sent is None or not page.unsent:
        return None
    shown = [c for c in page.unsent if c.kind != "signature"] or page.unsent
    names = {p.seat: p.name for p in page.sent.partners}
    again = [names.get(c.key, "") for c in page.unsent if c.kind == "signature" and c.now == "void"]
    return Unsent(page.sent.number, tuple(change_lines(page.definition, shown)), tuple(filter(None, again)))


@dataclass(frozen=True)
class Step:
    """A step of what happens: `state` is `past`, `now` or empty; `when` is empty where no day is fixed or
    expected.
    """

    when: str
    what: str
    state: str


@dataclass(frozen=True)
class Signatory:
    """A partner of the version that counts: its state there, when it signed, and its state in the working
    copy.
    """

    name: str
    seat: str
    tag: str
    state: str
    at: datetime | None
    now_tag: str
    now: str


@dataclass(frozen=True)
class Earlier:
    """A version that was submitted and counts no more."""

    number: int
    at: datetime


@dataclass(frozen=True)
class Dossier:
    """The page of a submitted application: what was received, by whom, what follows, and its proof."""

    version: Version
    by: str
    contents: str
    steps: tuple[Step, ...]
    signatories: tuple[Signatory, ...]
    earlier: tuple[Earlier, ...]
    digest: tuple[str, ...]
    proof: bool


def dossier(page: Frame) -> Dossier | None:
    """What was submitted, for whom it is; None before anything was, or for who has no seat in it."""
    sent, found = page.sent, page.application
    if sent is None or not page.may_read(sent):
        return None
    account = accounts.one(session_of(found), found.submissions[-1].submitted_by) if page.lead else None
    return Dossier(
        version=sent,
        by=", ".join(dict.fromkeys([found.lead.name, *([account.label] if account else [])])),
        contents=_contents(sent),
        steps=tuple(_steps(page, sent)),
        signatories=tuple(_signatories(page, sent)),
        earlier=tuple(Earlier(v.number, v.at) for v in readable(page).values() if v.number != sent.number),
        digest=groups(sent.sha256),
        proof=queries.is_in_log(session_of(found), found.submissions[-1]),
    )


def groups(digest: str) -> tuple[str, ...]:
    """A digest in groups of eight, so that people can compare it."""
    return tuple(digest[i : i + 8] for i in range(0, len(digest), 8))


def _contents(sent: Version) -> str:
    answered = sum(value not in (None, "") for body in sent.answers.values() for value in body.values())
    return _(
        "%(answers)s en %(files)s",
        answers=ngettext("%(num)s antwoord", "%(num)s antwoorden", answered),
        files=ngettext("%(num)s bestand", "%(num)s bestanden", len(sent.files)),
    )


DECIDED = (Status.APPROVED, Status.REJECTED, Status.INADMISSIBLE)


def _steps(page: Frame, sent: Version) -> Iterable[Step]:
    """What happened and what follows, with the days that are fixed, and those that the department expects."""
    status, closed = page.application.status, page.closed
    judged, decided = status in (Status.ADMISSIBLE, *DECIDED), status in DECIDED
    yield Step(moment(sent.at), _("Wij ontvingen versie %(number)s.", number=sent.number), "past")
    if status is Status.WITHDRAWN:
        yield Step("", _("U trok de aanvraag in. Ze wordt niet beoordeeld."), "now")
        return
    told = until(page.facts.closes_at)
    yield Step(told, _("De ronde sluit. Daarna openen wij de aanvragen."), "past" if closed else "now")
    plan = page.definition.planning
    yield Step(
        _around(page, plan.finding_days if plan and not judged else None),
        _("Wij kijken na of uw aanvraag ontvankelijk is: op tijd en volledig."),
        "past" if judged else "now" if closed else "",
    )
    if status is not Status.INADMISSIBLE:
        yield Step(
            _around(page, plan.appraisal_days if plan and not decided else None),
            _("Beoordelaars geven elk hun oordeel."),
            "past" if decided else "now" if judged else "",
        )
    yield Step(
        _around(page, plan.decision_days if plan and not decided else None),
        _("U krijgt een mail zodra de beslissing er is."),
        "now" if decided else "",
    )
    if status not in (Status.REJECTED, Status.INADMISSIBLE):
        start = day(page.application.round.mandates_start_on)
        yield Step(start, _("Start, als u het mandaat krijgt."), "")


def _around(page: Frame, days: int | None) -> str:
    """The day that is expected, so many days after the closing; that it was not met is said."""
    if days is None:
        return ""
    expected = brussels_day(page.facts.closes_at - timedelta(microseconds=1)) + timedelta(days=days)
    told = _("rond %(day)s", day=day(expected, "d MMMM"))
    return _("later dan verwacht (%(told)s)", told=told) if expected < brussels_day(page.facts.at) else told


def _signatories(page: Frame, sent: Version) -> Iterable[Signatory]:
    later = {c.key: c.now for c in page.unsent if c.kind == "signature"}
    for partner in sent.partners:
        state = sent.sign_offs.get(partner.seat, "missing")
        signed = [
            s.at
            for s in page.application.sign_offs
            if (s.seat, s.number) == (partner.seat, partner.number) and s.at <= sent.at
        ]
        now = later.get(partner.seat, state)
        yield Signatory(
            name=partner.name,
            seat=words(page.definition.seat(partner.seat).label),
            tag=SIGNATURE_TAG[state],
            state=str(SIGNATURE[state]),
            at=signed[-1] if signed and state == "valid" else None,
            now_tag=SIGNATURE_TAG[now],
            now=str(SIGNATURE[now]),
        )


@dataclass(frozen=True)
class VersionPage:
    """One version, to be read whole: `counts` is whether it is the one that counts."""

    version: Version
    counts: bool
    partners: tuple[tuple[str, str, str], ...]
    digest: tuple[str, ...]


def version_page(page: Frame, found: Version) -> VersionPage:
    """A version as it was submitted."""
    partners = [(words(page.definition.seat(p.seat).label), p.name, p.number) for p in found.partners]
    counts = page.sent is not None and page.sent.number == found.number
    return VersionPage(found, counts, tuple(partners), groups(found.sha256))


@dataclass(frozen=True)
class Comparison:
    """Two versions beside each other; `later` is 0 for the working copy."""

    earlier: int
    later: int
    lines: tuple[ChangeLine, ...]


def comparison(page: Frame, earlier: Version, later: Version) -> Comparison:
    """What the later one says otherwise."""
    found = changes(page.definition, earlier, later)
    return Comparison(earlier.number, later.number, tuple(change_lines(page.definition, found)))


def readable(page: Frame) -> dict[int, Version]:
    """Versions that the person may read, by number: all for the lead, for a partner those it had a seat in."""
    found = (queries.version(s) for s in page.application.submissions)
    return {v.number: v for v in found if page.may_read(v)}
