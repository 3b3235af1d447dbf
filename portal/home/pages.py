"""What the home page and the information pages show."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from portal import jobs
from portal.access import Person, Role, may
from portal.accounts import access as account_access
from portal.accounts.labels import ROLES
from portal.calls import queries as calls
from portal.calls.pages import CallPage, call_page
from portal.clock import brussels_day
from portal.decisions.lifecycle import Status as DecisionStatus
from portal.decisions.queries import to_decide
from portal.definitions import Definitions
from portal.documents import queries as document_queries
from portal.documents.models import Inspected
from portal.home.labels import FACTS, PROPOSALS
from portal.i18n import _, language, weekday, words
from portal.journal import queries as journal
from portal.journal.labels import LETTERS, why
from portal.journal.models import Delivery
from portal.mandates.pages import Coverage, coverage
from portal.organisations import queries as organisations
from portal.proposals import Proposal
from portal.reviews.queries import stuck


@dataclass(frozen=True)
class Link:
    """A link of the main menu; `permission` says who sees it."""

    endpoint: str
    label: str
    permission: str


def menu(person: Person) -> tuple[Link, ...]:
    """The main menu of a person: their work first, then what is public."""
    return _menu(person.roles, language())


@lru_cache
def _menu(roles: frozenset[Role], _language: str) -> tuple[Link, ...]:
    person = Person(roles)
    links = [
        Link("home.desk", _("Bureau"), "home.desk"),
        Link("calls.desk", _("Oproepen"), "calls.desk"),
        Link("applications.applications", _("Mijn aanvragen"), "applications.read"),
        Link("reviews.reviews", _("Mijn beoordelingen"), "reviews.read_own"),
        Link("mandates.desk_regions", _("Regio's"), "decisions.desk"),
        Link("documents.queue", _("Documenten"), "documents.desk"),
        Link("mandates.coverage", _("Dekking"), "mandates.desk"),
        *(
            []
            if person.in_department
            else [Link("organisations.organisations", _("Organisatie"), "accounts.own")]
        ),
        Link("mandates.my_mandates", _("Mijn mandaten"), "mandates.own"),
        *([] if person.in_department else [Link("calls.calls", _("Oproepen"), "calls.read")]),
        Link("mandates.mandates", _("Mandaten"), "mandates.read"),
    ]
    return tuple(link for link in links if may(person, link.permission))


@dataclass(frozen=True)
class Fact:
    """A name and what stands there."""

    name: str
    value: str


@dataclass(frozen=True)
class Waiting:
    """A proposal that waits for a second person."""

    id: int
    title: str
    subject: str
    facts: tuple[Fact, ...]
    proposed_at: datetime
    own: bool


def waiting(proposal: Proposal, definitions: Definitions, person: Person) -> Waiting:
    """What somebody is asked to confirm, in words and days."""
    told = {k: v for k, v in proposal.arguments.items() if k in FACTS}
    if "role" in told:
        told["role"] = str(ROLES[Role(told["role"])])
    facts = [Fact(str(FACTS[k]), _shown(v, definitions)) for k, v in told.items()]
    return Waiting(
        id=proposal.id,
        title=str(PROPOSALS[proposal.verb]),
        subject=proposal.subject,
        facts=tuple(facts),
        proposed_at=proposal.proposed_at,
        own=proposal.proposed_by == person.account_id,
    )


def _shown(value: Any, definitions: Definitions) -> str:
    if isinstance(value, list):
        return ", ".join(_shown(item, definitions) for item in value)
    if isinstance(value, dict):
        return words(value)
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return weekday(date.fromisoformat(value))
    region = definitions.region(value) if isinstance(value, str) else None
    return region.name if region else str(value)


@dataclass(frozen=True)
class Todo:
    """A queue of the desk: where it stands, how many wait, in words."""

    endpoint: str
    label: str
    waits: int


def todo(session: Session, person: Person, now: datetime) -> list[Todo]:
    """What waits in each queue of the desk, in the order of the procedure."""
    found = to_decide(session, person)
    judge = sum(not one.judged for one in found)
    assign = len({(one.application.round_id, one.application.region_id) for one in found if not one.assigned})
    prepare = sum(one.ready for one in found)
    states = [one.decision.status for one in found if one.decision is not None]
    confirm = states.count(DecisionStatus.PREPARED)
    release = states.count(DecisionStatus.CONFIRMED)
    documents = document_queries.by_state(session)
    asked = len(organisations.requests_open_to(session, person)) if account_access.at_desk(person) else 0
    return [
        Todo("reviews.judging", _("Ontvankelijkheid na te kijken"), judge),
        Todo("reviews.assignment", _("Regio's toe te wijzen aan beoordelaars"), assign),
        Todo(
            "mandates.desk_regions",
            _("Beoordelingen terug te nemen: de beoordelaar heeft een band, of is er niet meer"),
            len(stuck(session, [one.application for one in found], brussels_day(now))),
        ),
        Todo("decisions.decisions", _("Beslissingen voor te bereiden"), prepare),
        Todo("decisions.decisions", _("Beslissingen te bevestigen door een tweede persoon"), confirm),
        Todo("decisions.decisions", _("Beslissingen vrij te geven"), release),
        Todo(
            "documents.queue",
            _("Documenten die nog nagekeken worden"),
            documents.get(Inspected.RECEIVED, (0, None))[0],
        ),
        Todo(
            "documents.queue",
            _("Bestanden die niet nagekeken konden worden"),
            jobs.counts(session, jobs.Job).get(jobs.WorkState.FAILED, 0),
        ),
        Todo("organisations.requests", _("Vragen om voor een organisatie te handelen"), asked),
        Todo(
            "home.letters",
            _("Berichten die niet aankwamen"),
            jobs.counts(session, Delivery).get(jobs.WorkState.FAILED, 0),
        ),
    ]


@dataclass(frozen=True)
class FailedLetter:
    """A mail that did not arrive. Neither address nor file: applications may still be sealed."""

    id: int
    kind: str
    owed_at: datetime
    why: str


@dataclass(frozen=True)
class Letters:
    """Mails in trouble: those given up, how many wait, and since when."""

    failed: tuple[FailedLetter, ...]
    unsent: int
    since: datetime | None


def letters(session: Session) -> Letters:
    """What became of the mails."""
    failed = [
        FailedLetter(d.id, str(LETTERS[d.kind]), d.owed_at, why(d.error)) for d in journal.failed(session)
    ]
    return Letters(tuple(failed), *journal.unsent(session))


@dataclass(frozen=True)
class Home:
    """The home page: what is open or coming, who is covered, who may apply."""

    call: CallPage | None
    coverage: Coverage
    seats: tuple[tuple[str, str], ...]

    @property
    def is_open(self) -> bool:
        """Whether a round takes applications now."""
        return self.call is not None and self.call.current.is_open


def home(session: Session, definitions: Definitions, now: datetime) -> Home:
    """What the home page shows at `now`."""
    call = calls.current(session)
    page = call_page(call, [], now) if call else None
    seats = []
    for seat in page.definition.seats if page else []:
        kinds = [words(k.label) for k in seat.kinds]
        seats.append(
            (words(seat.label), _(" of ").join([", ".join(kinds[:-1]), kinds[-1]] if kinds[1:] else kinds))
        )
    return Home(call=page, coverage=coverage(session, definitions.regions, call, now), seats=tuple(seats))


def information(project: Path, page: str) -> tuple[str, str] | None:
    """Title and text of `config/pages/<page>.md`; None where there is no such page."""
    path = project / "config" / "pages" / f"{page}.md"
    if not re.fullmatch(r"[a-z][a-z-]{0,60}", page) or not path.is_file():
        return None
    first, _newline, rest = path.read_text("utf-8").partition("\n")
    return first.removeprefix("# ").strip(), rest
