"""Named selects of mandates; the room's only `select()`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from portal.access import Person
from portal.applications.lifecycle import Status as ApplicationStatus
from portal.calls import queries as calls
from portal.calls.models import Call, Round
from portal.calls.rules import Phase as RoundPhase
from portal.decisions.models import Decision
from portal.mandates.models import Holder, Mandate
from portal.mandates.rules import Phase, RegionFacts, phase

UNDECIDED = (ApplicationStatus.SUBMITTED, ApplicationStatus.ADMISSIBLE)


def public() -> Select[Mandate]:
    """The public register, by region and start."""
    query = select(Mandate).where(Mandate.is_test.is_(False)).order_by(Mandate.region_id, Mandate.starts_on)
    return query.options(joinedload(Mandate.decision).joinedload(Decision.application))


def register(session: Session) -> list[Mandate]:
    """Every mandate."""
    return list(session.scalars(public()).unique())


def by_number(session: Session, number: str) -> Mandate | None:
    """The mandate with this number."""
    return session.scalars(public().where(Mandate.number == number)).unique().one_or_none()


def held_by(session: Session, person: Person, number: str) -> Mandate | None:
    """The mandate with this number, if an organisation of the person holds a seat in it."""
    found = by_number(session, number)
    return found if found is not None and any(h.number in person.numbers for h in found.holders) else None


def all_held_by(session: Session, person: Person) -> list[Mandate]:
    """The mandates in which the person's organisations hold a seat."""
    ids = select(Holder.mandate_id).where(Holder.number.in_(sorted(person.numbers)))
    return list(session.scalars(public().where(Mandate.id.in_(ids))).unique())


def of_region(session: Session, region_id: int) -> list[Mandate]:
    """The mandates of a region, oldest first."""
    return list(session.scalars(public().where(Mandate.region_id == region_id)).unique())


def in_force(mandates: list[Mandate], today: date) -> dict[int, Mandate]:
    """The upcoming or active mandate of each region that has one."""
    return {
        m.region_id: m
        for m in mandates
        if phase(m.starts_on, m.ends_on, m.ended_early_on, today) is not Phase.ENDED
    }


Counts = dict[tuple[int, int, ApplicationStatus], int]


def facts_by_region(
    call: Call, region_ids: Iterable[int], counted: Counts, mandates: list[Mandate], now: datetime
) -> dict[int, RegionFacts]:
    """What is known of each region in a call, from counts alone."""
    had = {m.region_id for m in mandates}
    found = {}
    for region_id in region_ids:
        rounds = [r for r in call.rounds if any(p.region_id == region_id for p in r.regions)]
        closed = [r for r in rounds if calls.phase_of(r, now) is RoundPhase.CLOSED]
        numbers = {s: counted.get((closed[-1].id, region_id, s), 0) if closed else 0 for s in ApplicationStatus}
        submitted = sum(
            n for s, n in numbers.items() if s not in (ApplicationStatus.DRAFT, ApplicationStatus.WITHDRAWN)
        )
        found[region_id] = RegionFacts(
            called=bool(rounds),
            closed_rounds=len(closed),
            submitted=submitted,
            undecided=sum(numbers[s] for s in UNDECIDED),
            inadmissible=numbers[ApplicationStatus.INADMISSIBLE],
            had_mandate=region_id in had,
        )
    return found


def running_rounds(call: Call, now: datetime) -> dict[int, Round]:
    """The round that runs or is announced, by the id of each region it names."""
    return {
        p.region_id: r
        for r in call.rounds
        if calls.phase_of(r, now) is not RoundPhase.CLOSED
        for p in r.regions
    }
