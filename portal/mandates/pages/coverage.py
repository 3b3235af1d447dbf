"""What coverage shows: each region with its state, as a table and as a map."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access import VISITOR, Person
from portal.applications import queries as applications
from portal.applications.lifecycle import Status as ApplicationStatus
from portal.calls import queries as calls
from portal.calls.models import Call, Round
from portal.clock import brussels_day
from portal.definitions import Region
from portal.i18n import _, ngettext, until
from portal.mandates import queries
from portal.mandates.labels import PHASE, PHASE_TAG, UNCOVERED, WHY
from portal.mandates.models import Mandate
from portal.mandates.rules import phase, why_uncovered
from portal.reviews import queries as reviews

NOT_LOADED = 0  # the id of a region that the files name and `portal migrate` has not loaded yet


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
    session: Session, areas: list[Region], call: Call | None, now: datetime, person: Person = VISITOR
) -> Coverage:
    """Coverage of a call's regions at `now`, in a fixed number of statements.

    Counts of a running round are for the department, but for who is a party there. (A declared tie hides a
    region once it is unsealed: before, hiding it would tell that the organisation applied, rule 5.)
    """
    today, mandates = brussels_day(now), queries.register(session)
    holding = queries.in_force(mandates, today)
    counted = applications.counts(session)
    known = {r.key: r.id for r in calls.regions(session)}
    ids = {area.key: known.get(area.key, NOT_LOADED) for area in areas}
    facts = queries.facts_by_region(call, known.values(), counted, mandates, now) if call else {}
    running = queries.running_rounds(call, now) if call else {}
    desk = person.in_department
    party_to = applications.places_of(session, person) | reviews.hidden_from(session, person) if desk else ()
    lines = []
    for area in sorted(areas, key=lambda p: (ids[p.key] in holding, p.name)):
        region_id = ids[area.key]
        round, counts = running.get(region_id), ""
        if round is not None and desk:
            tied = (round.id, region_id) in party_to
            counts = _("U hebt een band: geen aantallen") if tied else _counts(counted, round.id, region_id)
        lines.append(_cover(area, holding.get(region_id), facts.get(region_id), round, counts, today))
    gaps = {line.key for line in lines if not line.covered}
    tiles = tuple(_tile(p, p.key not in gaps) for p in areas)
    return Coverage(tuple(lines), tiles, width=WIDE * 7.6, height=312)


def _counts(counted: queries.Counts, round_id: int, region_id: int) -> str:
    drafts = counted.get((round_id, region_id, ApplicationStatus.DRAFT), 0)
    sent = counted.get((round_id, region_id, ApplicationStatus.SUBMITTED), 0)
    concepts = ngettext("%(num)s concept", "%(num)s concepten", drafts)
    return f"{concepts}, {ngettext('%(num)s ingediend', '%(num)s ingediend', sent)}"


def _cover(
    area: Region,
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
        key=area.key,
        name=area.name,
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


def _tile(area: Region, covered: bool) -> Tile:
    """A hexagon in a grid of columns and rows, drawn in SVG units."""
    x = area.column * WIDE + WIDE / 2
    y = area.row * TALL * 0.76 + TALL / 2 + 2
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
    parts = _broken(area.name.removeprefix("Regio "))
    top = y - (6 if len(parts) > 1 else 0) - (2 if not covered else -4)
    lines = tuple((top + 15 * index, part) for index, part in enumerate(parts))
    return Tile(area.key, area.name, points, x, lines, top + 15 * len(parts) + 1, covered)


def _broken(name: str) -> list[str]:
    """A name over two lines where it is long: at its last hyphen, or between words."""
    if len(name) <= 11:
        return [name]
    if " " in name:
        first, _space, rest = name.partition(" ")
        return [first, rest]
    first, hyphen, rest = name.rpartition("-")
    return [first + hyphen, rest] if hyphen else [name]
