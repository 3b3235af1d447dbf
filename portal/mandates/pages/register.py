"""What the public register, a region of it and an organisation's own mandates show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from sqlalchemy.orm import Session

from portal.access import Person
from portal.accounts.pages import Panel, PanelRow
from portal.calls import queries as calls
from portal.calls.models import Call
from portal.clock import brussels_day
from portal.definitions import CallType, Region
from portal.i18n import _, words
from portal.mandates import queries
from portal.mandates.labels import PHASE, PHASE_TAG
from portal.mandates.models import Mandate
from portal.mandates.pages.coverage import CoverLine, coverage
from portal.mandates.rules import phase


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
    session: Session, area: Region, areas: list[Region], call: Call | None, now: datetime
) -> RegionPage:
    """One region at `now`."""
    region = calls.region(session, area.key)
    mandates = queries.of_region(session, region.id) if region else []
    cover = next(line for line in coverage(session, areas, call, now).lines if line.key == area.key)
    running = queries.running_rounds(call, now).get(region.id) if call and region else None
    return RegionPage(
        key=area.key,
        name=area.name,
        province=area.province,
        municipalities=tuple(sorted(m.name for m in area.municipalities)),
        mandates=tuple(one(m, now) for m in mandates),
        cover=cover,
        call=call.slug if call else "",
        is_open=running is not None and running.opens_at <= now,
    )
