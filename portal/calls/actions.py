"""The verbs of a call: draft, publish, reopen, extend; and recording that a round closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import proposals
from portal.access import SYSTEM, Person
from portal.calls import queries
from portal.calls.lifecycle import LIFECYCLE, CallStatus
from portal.calls.models import Call, CallTypeRow, Extension, RegionRow, Round, RoundRegion
from portal.calls.rules import SETTLING, Phase, RoundFacts
from portal.clock import brussels_day, end_of_day, start_of_day
from portal.db import Database, act, session_of
from portal.definitions import CallDefinition, CallType, Definitions
from portal.hooks import Handler
from portal.journal.actions import PORTAL, Owed, record
from portal.lifecycle import Done, Refusal, Refused


@act
def load(session: Session, definitions: Definitions, *, by: Person, now: datetime) -> Done | Refused:
    """Give every region and kind of call of the definitions its row; nothing is overwritten but a name.

    Called at every migration; what it adds or renames is on record in the file of the portal itself.
    """
    new: list[RegionRow | CallTypeRow] = []
    renamed = False
    for place in definitions.regions:
        row = queries.region(session, place.key)
        if row is None:
            new.append(RegionRow(key=place.key, name=place.name))
        elif row.name != place.name:
            row.name, renamed = place.name, True
    new.extend(CallTypeRow(key=k) for k in definitions.call_types if queries.call_type_row(session, k) is None)
    for one in new:  # each in its turn: rows are numbered in the order of the file
        session.add(one)
        session.flush()
    if new or renamed:
        told = {
            "regions": [place.key for place in definitions.regions],
            "call_types": {key: kind.digest for key, kind in definitions.call_types.items()},
        }
        record(session, "portal.definitions_loaded", PORTAL, told, by=by, now=now)
    return Done()


@act
def draft(session: Session, source: CallDefinition, *, by: Person, now: datetime) -> Done | Refused:
    """Start a call from `config/calls`: a draft that only the department sees."""
    call = Call(
        slug=source.slug,
        call_type_id=queries.call_type_row(session, source.call_type).id,  # type: ignore[union-attr]
        content={
            "title": _both(source.title),
            "summary": _both(source.summary),
            "body": _both(source.body),
            "note": _both(source.confirmed_note),
            "steps": [{"day": s.day.isoformat(), "label": _both(s.label)} for s in source.steps],
        },
        status=CallStatus.DRAFT,
        revision=1,
        created_at=now,
        is_test=False,
    )
    session.add(call)
    record(session, "call.drafted", call, {"slug": call.slug}, by=by, now=now)
    return Done(call)


def _both(text: Any) -> dict[str, str]:
    return {"nl": text.nl, "en": text.in_("en")}


@act
def publish(
    call: Call,
    *,
    call_type: CallType,
    regions: list[str],
    opens_on: date,
    last_day: date,
    mandates_start_on: date,
    unconfirmed_allowed: bool,
    by: Person,
    now: datetime,
) -> Done | Refused:
    """Make a draft public with its first round; the definition is frozen into it.

    Outside the demo nothing unconfirmed may be published (rule 18).
    """
    session = session_of(call)
    facts = _facts(session, call, regions, opens_on, last_day, mandates_start_on, {}, now, first=True)
    refusals = list(LIFECYCLE.refusals("publish", call.status, facts))
    if not unconfirmed_allowed and (open_points := call_type.unconfirmed()):
        refusals.append(Refusal("unconfirmed", {"points": ", ".join(open_points)}))
    if refusals:
        return Refused(tuple(refusals))
    call.status, call.published_at, call.revision = CallStatus.PUBLISHED, now, call.revision + 1
    round = _add_round(session, call, 1, facts, call_type.frozen, call_type.digest)
    record(
        session,
        "call.published",
        call,
        {
            "round": 1,
            "regions": list(regions),
            "closes_at": round.closes_at.isoformat(),
            "definition": call_type.digest,
        },
        by=by,
        now=now,
    )
    return Done(round)


def reopening_refusals(
    call: Call,
    *,
    regions: list[str],
    opens_on: date,
    last_day: date,
    mandates_start_on: date,
    reason: dict[str, str],
    now: datetime,
) -> tuple[Refusal, ...]:
    """Everything that stands against such a reopening now."""
    session = session_of(call)
    facts = _facts(session, call, regions, opens_on, last_day, mandates_start_on, reason, now, first=False)
    return LIFECYCLE.refusals("reopen", call.status, facts)


@act
def reopen(
    call: Call,
    *,
    regions: list[str],
    opens_on: date,
    last_day: date,
    reason: dict[str, str],
    mandates_start_on: date,
    owed: Iterable[Owed] = (),
    by: Person,
    now: datetime,
) -> Done | Refused:
    """Add a round for chosen regions, with its own dates and a reason; the definition is the last round's."""
    session = session_of(call)
    facts = _facts(session, call, regions, opens_on, last_day, mandates_start_on, reason, now, first=False)
    if refusals := LIFECYCLE.refusals("reopen", call.status, facts):
        return Refused(refusals)
    before = call.rounds[-1]
    round = _add_round(
        session, call, before.number + 1, facts, before.definition, before.definition_digest, reason
    )
    payload = {"round": round.number, "regions": list(regions), "closes_at": round.closes_at.isoformat()}
    record(
        session,
        "call.reopened",
        call,
        {**payload, "reason": reason},
        by=by,
        now=now,
        owed=owed,
    )
    return Done(round)


def _facts(
    session: Session,
    call: Call,
    regions: list[str],
    opens_on: date,
    last_day: date,
    start: date,
    reason: dict[str, str],
    now: datetime,
    *,
    first: bool,
) -> RoundFacts:
    running = [r for r in call.rounds if queries.phase_of(r, now) is not Phase.CLOSED]
    return RoundFacts(
        regions=tuple(regions),
        known=frozenset(r.key for r in queries.regions(session)),
        taken=frozenset(rr.region.key for r in running for rr in r.regions),
        opens_on=opens_on,
        last_day=last_day,
        mandates_start_on=start,
        reason=reason,
        today=brussels_day(now),
        first=first,
    )


def _add_round(
    session: Any,
    call: Call,
    number: int,
    facts: RoundFacts,
    frozen: bytes,
    digest: str,
    reason: dict[str, str] | None = None,
) -> Round:
    ids = {r.key: r.id for r in queries.regions(session)}
    round = Round(
        number=number,
        opens_at=start_of_day(facts.opens_on),
        closes_at=end_of_day(facts.last_day),
        mandates_start_on=facts.mandates_start_on,
        reason=reason,
        definition=frozen,
        definition_digest=digest,
        regions=[RoundRegion(region_id=ids[key]) for key in dict.fromkeys(facts.regions)],
        extensions=[],
    )
    call.rounds.append(round)
    session.flush()
    return round


@act
def extend(
    round: Round,
    *,
    closes_at: datetime,
    reason: str,
    organisation_id: int | None = None,
    by: Person,
    now: datetime,
) -> Done | Refused:
    """Let a round end later, for all or for one organisation; published, for one without its name (rule 2)."""
    session = session_of(round)
    refusals = list(LIFECYCLE.refusals("extend", round.call.status))
    if closes_at <= max(now, queries.closing(round, organisation_id)):
        refusals.append(Refusal("extension_is_not_later", {}, "closes_at"))
    if not reason.strip():
        refusals.append(Refusal("reason_missing", {}, "reason"))
    if refusals:
        return Refused(tuple(refusals))
    closed = any(place.closed_at is not None for place in round.regions)
    extension = Extension(
        organisation_id=organisation_id,
        closes_at=closes_at,
        reason=reason,
        recorded_at=now,
        after_closing=closed,
    )
    round.extensions.append(extension)
    for place in round.regions:
        place.unsealed_at = None  # sealed again until the last extension ends
    payload = {
        "round": round.number,
        "closes_at": closes_at.isoformat(),
        "for": "one" if organisation_id else "all",
    }
    record(
        session,
        "call.extended",
        round.call,
        {**payload, "reason": reason if organisation_id is None else ""},
        by=by,
        now=now,
    )
    return Done(round)


def record_closings(database: Database, now: datetime) -> int:
    """Record `round.closed` per round and region, 120 s after the last closing known for it; unseals them.

    Returns how many were recorded. Done by `portal deliver` or by the first unsafe request after it.
    """
    with database.session() as session:
        if not _due(session, now):
            return 0
    with database.writing() as session:
        due = _due(session, now)
        for round, place in due:
            place.closed_at, place.unsealed_at = place.closed_at or now, now
            closes_at = queries.sealed_until(round)
            payload = {
                "round": round.number,
                "region": place.region.key,
                "closes_at": closes_at.isoformat(),
            }
            record(session, "round.closed", round.call, payload, by=SYSTEM, now=now)
        return len(due)


def _due(session: Session, now: datetime) -> list[tuple[Round, RoundRegion]]:
    open_ones = queries.unrecorded_closings(session, now - SETTLING)
    return [(r, place) for r, place in open_ones if queries.sealed_until(r) <= now - SETTLING]


def confirming(definitions: Definitions, *, unconfirmed_allowed: bool) -> dict[str, Handler]:
    """What confirming a proposed publication does."""

    def publish_proposed(
        session: Session, arguments: dict, *, proposed_by: int, by: Person, now: datetime
    ) -> Done | Refused:
        call = queries.one_visible_to(session, SYSTEM, arguments["call"])
        call_type = definitions.call_types[arguments["call_type"]]
        if call is None or call_type.digest != arguments["definition"]:
            return Refused((Refusal("proposal_changed"),))
        return publish(
            call,
            call_type=call_type,
            regions=arguments["regions"],
            opens_on=date.fromisoformat(arguments["opens_on"]),
            last_day=date.fromisoformat(arguments["last_day"]),
            mandates_start_on=date.fromisoformat(arguments["mandates_start_on"]),
            unconfirmed_allowed=unconfirmed_allowed,
            by=by,
            now=now,
        )

    return {"publish": publish_proposed}


@act
def propose_publication(
    call: Call, *, source: CallDefinition, call_type: CallType, by: Person, now: datetime
) -> Done | Refused:
    """Prepare publication, with the first round of `config/calls`, for a second person (rule 15)."""
    if call.status is not CallStatus.DRAFT:
        return Refused(
            (Refusal("wrong_status", {"thing": "call", "verb": "publish", "status": str(call.status)}),)
        )
    first = source.first_round
    arguments = {
        "call": call.slug,
        "call_type": call_type.key,
        "definition": call_type.digest,
        "regions": list(first.regions),
        "opens_on": first.opens_on.isoformat(),
        "last_day": first.last_day.isoformat(),
        "mandates_start_on": first.mandates_start_on.isoformat(),
    }
    session = session_of(call)
    outcome = proposals.propose(session, "publish", call.slug, arguments, by=by, now=now)
    if isinstance(outcome, Done):
        record(session, "call.publication_proposed", call, {}, by=by, now=now)
    return outcome
