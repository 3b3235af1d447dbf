"""Named selects of calls. Lists take a fixed number of statements."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, contains_eager

from portal.access import Person
from portal.calls.access import sees_drafts
from portal.calls.lifecycle import CallStatus
from portal.calls.models import Call, CallTypeRow, RegionRow, Round, RoundRegion
from portal.calls.rules import Phase, effective_closing, last_closing, phase
from portal.definitions import CallType


def visible_to(person: Person) -> Select[Call]:
    """Published and cancelled calls for everyone, drafts for the department; never a test call."""
    query = select(Call).where(Call.is_test.is_(False)).order_by(Call.id)
    return query if sees_drafts(person) else query.where(Call.status != CallStatus.DRAFT)


def one_visible_to(session: Session, person: Person, slug: str) -> Call | None:
    """The call with this slug, if the person may see it."""
    return session.scalars(visible_to(person).where(Call.slug == slug)).one_or_none()


def listed(session: Session, person: Person) -> list[Call]:
    """All calls the person may see, newest first."""
    return list(session.scalars(visible_to(person).order_by(None).order_by(Call.id.desc())))


def published(session: Session) -> list[Call]:
    """Calls that are out, oldest first."""
    query = select(Call).where(Call.status == CallStatus.PUBLISHED, Call.is_test.is_(False))
    return list(session.scalars(query.order_by(Call.id)))


def current(session: Session) -> Call | None:
    """The newest call that is out and has rounds: what the home page, coverage and reopening are about."""
    return next((c for c in reversed(published(session)) if c.rounds), None)


def one_round(session: Session, slug: str, number: int) -> Round | None:
    """A round by its call's slug and its number."""
    return session.scalars(
        select(Round).join(Call).where(Call.slug == slug, Round.number == number)
    ).one_or_none()


def regions(session: Session) -> list[RegionRow]:
    """All regions, in the order of the definition."""
    return list(session.scalars(select(RegionRow).order_by(RegionRow.id)))


def region(session: Session, key: str) -> RegionRow | None:
    """A region by its key."""
    return session.scalars(select(RegionRow).filter_by(key=key)).one_or_none()


def call_type_row(session: Session, key: str) -> CallTypeRow | None:
    """The kind of call by its key."""
    return session.scalars(select(CallTypeRow).filter_by(key=key)).one_or_none()


def unrecorded_closings(session: Session, before: datetime) -> list[tuple[Round, RoundRegion]]:
    """Sealed regions of rounds that closed, but for extensions, before a moment.

    Within a writing transaction rounds and places are locked: who extends or submits meanwhile is before or
    after.
    """
    query = select(Round, RoundRegion).join(RoundRegion, RoundRegion.round_id == Round.id)
    query = query.where(RoundRegion.unsealed_at.is_(None), Round.closes_at <= before)
    query = query.order_by(Round.id, RoundRegion.id).execution_options(populate_existing=True)
    if session.info.get("acting"):
        query = query.with_for_update(of=[Round, RoundRegion])
    return [(r, rr) for r, rr in session.execute(query)]


def hold(session: Session, round: Round) -> None:
    """Hold a round and its call as they are until this transaction ends: nobody extends, closes or cancels
    meanwhile.

    What was read of them before is read again. Many may hold at once.
    """
    query = select(Round).join(Round.call).options(contains_eager(Round.call)).where(Round.id == round.id)
    query = query.with_for_update(read=True, of=[Round, Call]).execution_options(populate_existing=True)
    session.expire(round)
    session.scalars(query).one()


def alone_in(session: Session, round_id: int, region_id: int) -> None:
    """Hold a region of a round for this transaction alone: findings, reviews, ties and decisions of it change
    one after the other, so that what a decision rests on stands still while it is asked. What was read before
    is read again.
    """
    session.flush()
    session.expire_all()
    query = (
        select(RoundRegion).filter_by(round_id=round_id, region_id=region_id).with_for_update(of=RoundRegion)
    )
    session.scalars(query.execution_options(populate_existing=True)).one_or_none()


_definitions: dict[str, CallType] = {}


def definition(round: Round) -> CallType:
    """The frozen definition of a round (parsed once per digest)."""
    key = round.definition_digest
    if key not in _definitions:
        _definitions[key] = CallType.thaw(round.definition)
    return _definitions[key]


def closings(round: Round) -> list[tuple[int | None, datetime]]:
    """The extensions of a round as the rules want them."""
    return [(e.organisation_id, e.closes_at) for e in round.extensions]


def closing(round: Round, organisation_id: int | None = None) -> datetime:
    """When the round closes, for everyone or for one organisation."""
    return effective_closing(round.closes_at, closings(round), organisation_id)


def sealed_until(round: Round) -> datetime:
    """The last closing of the round, for the last of all."""
    return last_closing(round.closes_at, closings(round))


def phase_of(round: Round, now: datetime, organisation_id: int | None = None) -> Phase:
    """Where the round is now."""
    return phase(round.opens_at, closing(round, organisation_id), now)


def open_rounds(calls: Iterable[Call], now: datetime) -> list[Round]:
    """The rounds of `calls` that take applications now."""
    return [r for c in calls for r in c.rounds if phase_of(r, now) is Phase.OPEN]
