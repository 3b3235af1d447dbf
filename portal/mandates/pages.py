"""What the register, a region, coverage and the release of a region show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask import url_for
from sqlalchemy.orm import Session

from portal.access import VISITOR, Person
from portal.accounts.pages import Panel, PanelRow
from portal.applications import queries as applications
from portal.applications.lifecycle import Status as ApplicationStatus
from portal.calls import queries as calls
from portal.calls.models import Call, Round, RoundRegion
from portal.clock import brussels_day
from portal.decisions import queries as decision_queries
from portal.decisions.labels import OUTCOME, STATUS, STATUS_TAG
from portal.decisions.lifecycle import Status as DecisionStatus
from portal.definitions import CallType, Region
from portal.i18n import _, ngettext, until, words
from portal.mandates import queries
from portal.mandates.labels import PHASE, PHASE_TAG, UNCOVERED, WHY
from portal.mandates.models import Mandate
from portal.mandates.rules import phase, why_uncovered
from portal.reviews import queries as reviews


@dataclass(frozen=True)
class MandateLine:
    """A mandate as the register shows it."""

    number: str
    region: str
    region_key: str
    holders: tuple[tuple[str, str, str], ...]
    starts_on: date
    ends_on: date
    tag: str
    state: str
    decision: str


def mandate_line(mandate: Mandate, definition: CallType | None, today: date) -> MandateLine:
    """A mandate with its seats in words."""
    where = phase(mandate.starts_on, mandate.ends_on, mandate.ended_early_on, today)
    seats = {s.key: words(s.label) for s in definition.seats} if definition else {}
    return MandateLine(
        number=mandate.number,
        region=mandate.region.name,
        region_key=mandate.region.key,
        holders=tuple((seats.get(h.seat, h.seat), h.name, h.number) for h in mandate.holders),
        starts_on=mandate.starts_on,
        ends_on=mandate.ends_on,
        tag=PHASE_TAG[where],
        state=str(PHASE[where]),
        decision=mandate.decision.reference if mandate.decision else "",
    )


def _definition(mandate: Mandate) -> CallType | None:
    return calls.definition(mandate.decision.application.round) if mandate.decision else None


def register(session: Session, now: datetime) -> list[MandateLine]:
    """The public register."""
    today = brussels_day(now)
    return [mandate_line(m, _definition(m), today) for m in queries.register(session)]


def one(mandate: Mandate, now: datetime) -> MandateLine:
    """One mandate."""
    return mandate_line(mandate, _definition(mandate), brussels_day(now))


def panel(session: Session, person: Person, now: datetime) -> Panel:
    """Mandates of an organisation, as its own page shows them; `person` acts for it alone."""
    lines = [one(mandate, now) for mandate in queries.all_held_by(session, person)]
    rows = []
    for line in lines:
        url = url_for("mandates.my_mandate", number=line.number)
        seats = [seat for seat, _name, number in line.holders if number in person.numbers]
        rows.append(PanelRow(f"{line.region}, {line.number}", url, ", ".join(seats), line.tag, line.state))
    return Panel(_("Mandaten"), _("Uw organisatie heeft nog geen mandaat."), tuple(rows))


@dataclass(frozen=True)
class Tile:
    """A hexagon of the schematic map (its corners as SVG points), with the lines of its name."""

    key: str
    name: str
    points: str
    x: float
    lines: tuple[tuple[float, str], ...]
    note_y: float
    covered: bool


@dataclass(frozen=True)
class CoverLine:
    """A region: covered or not, why, and what happens in the round that runs."""

    key: str
    name: str
    covered: bool
    tag: str
    state: str
    why: str
    running: str
    counts: str
    mandate: str
    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True)
class Coverage:
    """Every region of a call, on one screen; `tiles` is the map, `lines` its table."""

    lines: tuple[CoverLine, ...]
    tiles: tuple[Tile, ...]
    width: float
    height: float

    @property
    def covered(self) -> int:
        """How many regions have a mandate."""
        return sum(line.covered for line in self.lines)

    @property
    def gaps(self) -> tuple[CoverLine, ...]:
        """The regions without one."""
        return tuple(line for line in self.lines if not line.covered)

    @property
    def told(self) -> str:
        """The map in a sentence, for who does not see it."""
        names = ", ".join(line.name for line in self.gaps)
        if not names:
            return _("Schematische kaart: alle regio's hebben een mandaat.")
        return _(
            "Schematische kaart: %(n)s regio's hebben een mandaat; niet gedekt: %(names)s.",
            n=self.covered,
            names=names,
        )


def coverage(
    session: Session, places: list[Region], call: Call | None, now: datetime, person: Person = VISITOR
) -> Coverage:
    """Coverage of a call's regions at `now`, in a fixed number of statements.

    Counts of a running round are for the department, but for who is a party there. (A declared tie hides a region once it
    is unsealed: before, hiding it would tell that the organisation applied, rule 5.)
    """
    today, mandates = brussels_day(now), queries.register(session)
    standing = queries.standing(mandates, today)
    counted = applications.counts(session)
    ids = {r.key: r.id for r in calls.regions(session)}
    facts = queries.facts_by_region(call, ids.values(), counted, mandates, now) if call else {}
    running = queries.running_rounds(call, now) if call else {}
    desk = person.in_department
    party_to = applications.places_of(session, person) | reviews.hidden_from(session, person) if desk else ()
    lines = []
    for place in sorted(places, key=lambda p: (ids[p.key] in standing, p.name)):
        region_id = ids[place.key]
        round, counts = running.get(region_id), ""
        if round is not None and desk:
            tied = (round.id, region_id) in party_to
            counts = _("U hebt een band: geen aantallen") if tied else _counts(counted, round.id, region_id)
        lines.append(_cover(place, standing.get(region_id), facts.get(region_id), round, counts, today))
    gaps = {line.key for line in lines if not line.covered}
    tiles = tuple(_tile(p, p.key not in gaps) for p in places)
    return Coverage(tuple(lines), tiles, width=WIDE * 7.6, height=312)


def _counts(counted: queries.Counts, round_id: int, region_id: int) -> str:
    drafts = counted.get((round_id, region_id, ApplicationStatus.DRAFT), 0)
    sent = counted.get((round_id, region_id, ApplicationStatus.SUBMITTED), 0)
    concepts = ngettext("%(num)s concept", "%(num)s concepten", drafts)
    return f"{concepts}, {ngettext('%(num)s ingediend', '%(num)s ingediend', sent)}"


def _cover(
    place: Region,
    mandate: Mandate | None,
    facts: Any,
    round: Round | None,
    counts: str,
    today: date,
) -> CoverLine:
    if mandate is not None:
        where = phase(mandate.starts_on, mandate.ends_on, mandate.ended_early_on, today)
        tag, state, why = PHASE_TAG[where], str(PHASE[where]), ""
    else:
        tag, state = "gap", str(UNCOVERED)
        why = str(WHY[why_uncovered(facts)]) if facts else ""
    return CoverLine(
        key=place.key,
        name=place.name,
        covered=mandate is not None,
        tag=tag,
        state=state,
        why=why,
        running=until(calls.closing(round)) if round else "",
        counts=counts,
        mandate=mandate.number if mandate else "",
        starts_on=mandate.starts_on if mandate else None,
        ends_on=mandate.ends_on if mandate else None,
    )


WIDE, TALL, RADIUS = 104.0, 118.0, 56.0


def _tile(place: Region, covered: bool) -> Tile:
    """A hexagon in a grid of columns and rows, drawn in SVG units."""
    x = place.column * WIDE + WIDE / 2
    y = place.row * TALL * 0.76 + TALL / 2 + 2
    half = WIDE / 2 - 4
    corners = (
        (0, -RADIUS),
        (half, -RADIUS / 2),
        (half, RADIUS / 2),
        (0, RADIUS),
        (-half, RADIUS / 2),
        (-half, -RADIUS / 2),
    )
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    parts = _broken(place.name.removeprefix("Regio "))
    top = y - (6 if len(parts) > 1 else 0) - (2 if not covered else -4)
    lines = tuple((top + 15 * index, part) for index, part in enumerate(parts))
    return Tile(place.key, place.name, points, x, lines, top + 15 * len(parts) + 1, covered)


def _broken(name: str) -> list[str]:
    """A name over two lines where it is long: at its last hyphen, or between words."""
    if len(name) <= 11:
        return [name]
    if " " in name:
        first, _space, rest = name.partition(" ")
        return [first, rest]
    first, hyphen, rest = name.rpartition("-")
    return [first + hyphen, rest] if hyphen else [name]


@dataclass(frozen=True)
class ReleaseLine:
    """An application of the region that is to be released, with how far its decision is."""

    application: str
    lead: str
    decision: str
    outcome: str
    tag: str
    state: str


@dataclass(frozen=True)
class ReleasePage:
    """The decisions of a region, to be released together."""

    region: str
    region_key: str
    round: int
    lines: tuple[ReleaseLine, ...]
    ready: bool
    released: bool


def release_page(session: Session, round: Round, place: RoundRegion) -> ReleasePage:
    """Whether the decisions of a region can leave."""
    found = reviews.admissible(session, round.id, place.region_id)
    known = {d.application_id: d for d in decision_queries.of_region(session, round.id, place.region_id)}
    lines = []
    for application in found:
        decision = known.get(application.id)
        lines.append(
            ReleaseLine(
                application=application.reference,
                lead=application.lead.name,
                decision=decision.reference if decision else "",
                outcome=str(OUTCOME[decision.outcome]) if decision else "–",
                tag=STATUS_TAG[decision.status] if decision else "todo",
                state=str(STATUS[decision.status]) if decision else _("Nog te beslissen"),
            )
        )
    states = {known[a.id].status if a.id in known else None for a in found}
    return ReleasePage(
        region=place.region.name,
        region_key=place.region.key,
        round=round.number,
        lines=tuple(lines),
        ready=bool(states)
        and states <= {DecisionStatus.CONFIRMED, *decision_queries.OUT}
        and DecisionStatus.CONFIRMED in states,
        released=bool(states) and states <= set(decision_queries.OUT),
    )


@dataclass(frozen=True)
class RegionPage:
    """A region for the public: its municipalities, who is mandated, whether a call is open for it."""

    key: str
    name: str
    province: str
    municipalities: tuple[str, ...]
    mandates: tuple[MandateLine, ...]
    cover: CoverLine
    call: str
    is_open: bool


def region_page(
    session: Session, place: Region, places: list[Region], call: Call | None, now: datetime
) -> RegionPage:
    """One region at `now`."""
    region = calls.region(session, place.key)
    mandates = queries.of_region(session, region.id) if region else []
    cover = next(line for line in coverage(session, places, call, now).lines if line.key == place.key)
    running = queries.running_rounds(call, now).get(region.id) if call and region else None
    return RegionPage(
        key=place.key,
        name=place.name,
        province=place.province,
        municipalities=tuple(sorted(m.name for m in place.municipalities)),
        mandates=tuple(one(m, now) for m in mandates),
        cover=cover,
        call=call.slug if call else "",
        is_open=running is not None and running.opens_at <= now,
    )
