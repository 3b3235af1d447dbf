"""What the pages of appraisal show."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from portal.access import Person
from portal.accounts import queries as accounts
from portal.applications import queries as applications
from portal.applications.labels import STATUS as APPLICATION_STATUS
from portal.applications.labels import STATUS_TAG as APPLICATION_TAG
from portal.applications.lifecycle import Status as ApplicationStatus
from portal.applications.models import Application, KeptArrival
from portal.applications.queries import LateAttempt
from portal.calls import queries as calls
from portal.calls.models import Round, RoundRegion
from portal.clock import brussels_day
from portal.definitions import CallType
from portal.documents.labels import INSPECTED
from portal.i18n import _, left, moment, ngettext, number, until, words
from portal.reviews import queries
from portal.reviews.access import FREE, may_review
from portal.reviews.labels import GONE, STATUS, STATUS_TAG, WITHDRAWN
from portal.reviews.lifecycle import LIFECYCLE, OVER, Status
from portal.reviews.models import Finding, Review
from portal.reviews.rules import Ranked, rank


def percent(value: Fraction) -> str:
    """A total as people read it, to one decimal: *72,5 %*; rounded down, so that none reads as a threshold it
    is below.
    """
    return f"{_tenths(value)}\u00a0%"


def level(value: Fraction) -> str:
    """An average level to one decimal, rounded down."""
    return _tenths(value)


def _tenths(value: Fraction) -> str:
    return number(Decimal(value.numerator * 10 // value.denominator) / 10, 1)


@dataclass(frozen=True)
class FileRow:
    """A file of the frozen version; `state` says why it may not be opened (empty: it may)."""

    document_id: int
    name: str
    size: int
    sha256: str
    state: str


@dataclass(frozen=True)
class Content:
    """The version that counts, as it was submitted."""

    reference: str
    region: str
    round: int
    submitted_at: datetime
    sha256: str
    definition: CallType
    partners: tuple[tuple[str, str, str, str], ...]
    answers: Mapping[str, Mapping[str, Any]]
    files: tuple[FileRow, ...]
    sign_offs: Mapping[str, str]
    differences: int

    @property
    def title(self) -> str:
        """The consortium by name."""
        return ", ".join(name for _seat, _kind, name, _number in self.partners)


def content(session: Session, application: Application) -> Content:
    """What the valid submission of an unsealed application says."""
    sent = applications.counting(session, application)
    if sent is None:
        raise LookupError(f"{application.reference} has no submission")
    definition = calls.definition(application.round)
    shut = {
        a.document_id: str(INSPECTED[a.document.inspected]) for a in application.files if not a.document.open
    }
    partners = []
    for partner in sent.partners:
        seat = definition.seat(partner.seat)
        kind = next((words(k.label) for k in seat.kinds if k.key == partner.kind), partner.kind)
        partners.append((words(seat.label), kind, partner.name, partner.number))
    return Content(
        reference=application.reference,
        region=application.region.name,
        round=application.round.number,
        submitted_at=sent.at,
        sha256=sent.sha256,
        definition=definition,
        partners=tuple(partners),
        answers=sent.answers,
        files=tuple(
            FileRow(f.document, f.name, f.size, f.sha256, shut.get(f.document, "")) for f in sent.files
        ),
        sign_offs=sent.sign_offs,
        differences=sent.differences,
    )


@dataclass(frozen=True)
class Established:
    """What the portal itself can tell beside a check of the list."""

    key: str
    label: str
    told: str


def established(application: Application, said: Content) -> list[Established]:
    """The checklist, with what is on record beside each check that the portal knows."""
    closes_at = calls.closing(application.round, application.lead_organisation_id)
    states = list(said.sign_offs.values())
    told = {
        "op-tijd": _(
            "Ontvangen op %(at)s; indienen kon %(until)s.",
            at=moment(said.submitted_at, precise=True),
            until=until(closes_at),
        ),
        "drie-partners": "; ".join(f"{seat}: {kind}" for seat, kind, _name, _number in said.partners),
        "formulier": ngettext("%(num)s bestand", "%(num)s bestanden", len(said.files))
        + ngettext(
            ", %(num)s verschil met de antwoorden.",
            ", %(num)s verschillen met de antwoorden.",
            said.differences,
        ),
        "ondertekend": _(
            "%(signed)s van %(all)s partners tekenden.", signed=states.count("valid"), all=len(states)
        ),
    }
    return [Established(c.key, words(c.label), told.get(c.key, "")) for c in said.definition.admissibility]


@dataclass(frozen=True)
class ToJudge:
    """An application at the desk of admissibility."""

    reference: str
    region: str
    round: int
    lead: str
    submitted_at: datetime
    tag: str
    status: str
    open: bool


def to_judge(session: Session, person: Person) -> list[ToJudge]:
    """Unsealed applications that no tie hides, what waits for a finding first, what was taken back too."""
    found = queries.open_to(session, person, withdrawn=True)
    ids = [a.id for a in found]
    known, last = queries.findings(session, ids), queries.last_findings(session, ids)
    rows = [_to_judge(a, known.get(a.id), again=a.id in last) for a in found]
    return sorted(rows, key=lambda r: not r.open)


def _to_judge(one: Application, finding: Finding | None, *, again: bool) -> ToJudge:
    waits = one.status in queries.UNDECIDED and finding is None
    tag, status = APPLICATION_TAG[one.status], str(APPLICATION_STATUS[one.status])
    if waits:
        tag, status = "todo", _("Opnieuw na te kijken: er is een band") if again else _("Na te kijken")
    elif one.status is ApplicationStatus.SUBMITTED:
        tag, status = "bad", _("Niet ontvankelijk bevonden, beslissing volgt")
    submitted = one.submitted_at or one.started_at
    return ToJudge(
        one.reference,
        one.region.name,
        one.round.number,
        one.lead.name,
        submitted,
        tag,
        status,
        waits,
    )


@dataclass(frozen=True)
class Came:
    """What came for an application and was not submitted by it: of which one, when, and the digest of what it
    said.
    """

    application: str
    lead: str
    region: str
    round: int
    arrived: str
    sha256: str


@dataclass(frozen=True)
class LateLine:
    """A late attempt; `after` is how long after the closing it came, in words."""

    id: int
    came: Came
    closed: str
    after: str


def _came(one: LateAttempt | KeptArrival) -> Came:
    return Came(
        application=one.application.reference,
        lead=one.application.lead.name,
        region=one.application.region.name,
        round=one.application.round.number,
        arrived=moment(one.arrived_at, precise=True),
        sha256=one.sha256,
    )


def late_lines(session: Session, person: Person) -> list[LateLine]:
    """Late attempts, newest first."""
    return [
        LateLine(one.id, _came(one), until(one.closes_at), left(one.arrived_at, one.closes_at))
        for one in queries.late_attempts_open_to(session, person)
    ]


def arrival_lines(session: Session, person: Person) -> list[Came]:
    """Requests to submit that met an ended sign-in and that nobody sent again in time, newest first."""
    return [_came(one) for one in queries.arrivals_left_open_to(session, person)]


@dataclass(frozen=True)
class RegionLine:
    """A region of a round at the desk of assignment."""

    region_key: str
    region: str
    round: int
    applications: int
    admissible: int
    reviews: int
    handed_in: int

    @property
    def state(self) -> str:
        """What is the matter, in words."""
        if not self.applications:
            return _("Geen aanvragen")
        if not self.admissible:
            return _("Niets ontvankelijk")
        if not self.reviews:
            return _("Nog niet toegewezen")
        if self.handed_in < self.reviews:
            return _("%(done)s van %(all)s beoordelingen afgerond", done=self.handed_in, all=self.reviews)
        return _("Alle beoordelingen afgerond")

    @property
    def tag(self) -> str:
        """The state in colour."""
        if not self.admissible:
            return ""
        return "todo" if not self.reviews else "ok" if self.handed_in == self.reviews else "warn"


def region_lines(session: Session, person: Person) -> list[RegionLine]:
    """Every unsealed region that no tie hides, with how far appraisal is, in a fixed number of statements."""
    found, hidden = queries.open_to(session, person), queries.hidden_from(session, person)
    reviews = queries.of_applications(session, [a.id for a in found])
    states = queries.states(session, reviews)
    lines = []
    for round, place in queries.places_open_to(session, person):
        if (round.id, place.region_id) in hidden:
            continue
        here = [a for a in found if (a.round_id, a.region_id) == (round.id, place.region_id)]
        counted = [
            r
            for r in reviews
            if r.application_id in {a.id for a in here if a.status in queries.ADMITTED}
            and states[r.id] not in OVER
        ]
        judged = [a for a in here if a.status in queries.ADMITTED]
        lines.append(
            RegionLine(
                place.region.key,
                place.region.name,
                round.number,
                len(here),
                len(judged),
                len(counted),
                sum(states[r.id] is Status.HANDED_IN for r in counted),
            )
        )
    return lines


@dataclass(frozen=True)
class Own:
    """A review in the reviewer's queue."""

    reference: str
    region: str
    lead: str
    tag: str
    status: str
    open: bool


def own(session: Session, person: Person) -> list[Own]:
    """The reviewer's queue, what is open first."""
    return sorted((_own(r) for r in queries.own(session, person)), key=lambda row: not row.open)


def _own(review: Review) -> Own:
    found = review.application
    withdrawn = found.status is ApplicationStatus.WITHDRAWN
    tag, status = ("", WITHDRAWN) if withdrawn else (STATUS_TAG[review.status], STATUS[review.status])
    waits = review.status is not Status.HANDED_IN and not withdrawn
    return Own(found.reference, found.region.name, found.lead.name, tag, str(status), waits)


@dataclass(frozen=True)
class Assigned:
    """An assignment as the desk sees it; `why` says that its reviewer cannot go on."""

    id: int
    reference: str
    email: str
    tag: str
    status: str
    why: str
    can_take_back: bool


def assigned(session: Session, found: list[Application], now: datetime) -> list[Assigned]:
    """The assignments of these applications, and which can be taken back."""
    reviews = queries.of_applications(session, [a.id for a in found])
    stuck = queries.stuck(session, found, brussels_day(now))
    return assigned_rows(reviews, queries.states(session, reviews), stuck)


def assigned_rows(
    reviews: Iterable[Review], states: Mapping[int, Status], stuck: Iterable[Review]
) -> list[Assigned]:
    """The same, of what is known already."""
    left, rows = {one.id for one in stuck}, []
    for review in reviews:
        status, application = states[review.id], review.application
        gone = review.id in left and status is not Status.SET_ASIDE
        waits = application.status is ApplicationStatus.ADMISSIBLE and status in LIFECYCLE["take_back"].sources
        rows.append(
            Assigned(
                review.id,
                application.reference,
                review.reviewer.email,
                STATUS_TAG[status],
                str(STATUS[status]),
                str(GONE) if gone else "",
                waits,
            )
        )
    return rows


@dataclass(frozen=True)
class Candidate:
    """Somebody a region could be assigned to, and why not."""

    id: int
    label: str
    why_not: str


def candidates(session: Session, round: Round, place: RoundRegion, now: datetime) -> list[Candidate]:
    """Reviewers of the department for one region, tied ones with the reason."""
    around = queries.numbers_in(session, round.id, place.region_id)
    known = accounts.reviewers(session, brussels_day(now))
    ties, found = queries.ties_by_account(session, [account.id for account, _person in known]), []
    for account, person in known:
        why_not = ""
        if not may_review(person, place.region.key):
            why_not = _("geen beoordelaar voor deze regio")
        elif ties.get(account.id, FREE).binds(around, round.opens_at):
            why_not = _("heeft een band met een organisatie in deze regio")
        found.append(Candidate(account.id, f"{account.label} ({account.email})", why_not))
    return found


@dataclass(frozen=True)
class Side:
    """One application beside the others of its region."""

    reference: str
    lead: str
    rank: str
    total: str
    averages: dict[str, str]
    below: tuple[str, ...]
    total_suffices: bool
    wide: tuple[str, ...]
    reviews: tuple[tuple[str, dict[str, tuple[str, str]]], ...]


@dataclass(frozen=True)
class RegionPage:
    """A region side by side: every admissible application with its scores, totals and rank."""

    region: str
    region_key: str
    round: int
    definition: CallType
    sides: tuple[Side, ...]
    waiting: int


def region_page(session: Session, person: Person, round: Round, place: RoundRegion) -> RegionPage:
    """The comparison and ranking of one region in one round, as far as `person` may see it."""
    definition = calls.definition(round)
    found = queries.admissible(session, round.id, place.region_id)
    reviews = queries.of_applications(session, [a.id for a in found])
    states = queries.states(session, reviews)
    handed = queries.scores_shown_to(session, person, found)
    known = queries.appraised(found, handed)
    by_reference = {a.reference: a for a in found}
    sides = [_side(r, by_reference[r.appraised.reference], handed) for r in rank(definition.appraisal, known)]
    return RegionPage(
        region=place.region.name,
        region_key=place.region.key,
        round=round.number,
        definition=definition,
        sides=tuple(sides),
        waiting=sum(states[r.id] not in (Status.HANDED_IN, *OVER) for r in reviews),
    )


def _side(ranked: Ranked, application: Application, handed: Mapping[int, list[Review]]) -> Side:
    one = ranked.appraised
    shown = []
    for index, review in enumerate(handed[application.id], start=1):
        scores = {s.criterion: (str(s.score), s.reason) for s in review.scores}
        shown.append((_("Beoordelaar %(number)s", number=index), scores))
    return Side(
        reference=one.reference,
        lead=application.lead.name,
        rank=str(ranked.rank) if ranked.rank else _("niet gerangschikt"),
        total=percent(one.total),
        averages={k: level(v) for k, v in one.averages.items()},
        below=one.below,
        total_suffices=one.total_suffices,
        wide=one.wide,
        reviews=tuple(shown),
    )
