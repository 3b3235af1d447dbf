"""The verbs that end in a mandate or begin anew: release a region, grant, propose a reopening."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal import proposals
from portal.access import SYSTEM, Person
from portal.applications import queries as applications
from portal.applications.rules import reference
from portal.calls import actions as call_actions
from portal.calls import queries as calls
from portal.calls.models import Call, Round
from portal.db import act, lock, session_of
from portal.decisions import actions as decisions
from portal.decisions import queries as decision_queries
from portal.decisions.lifecycle import Status as DecisionStatus
from portal.decisions.models import Decision
from portal.decisions.rules import Outcome
from portal.documents.storage import Stored
from portal.hooks import Handler
from portal.journal.actions import record
from portal.lifecycle import Done, Refusal, Refused
from portal.mandates import queries
from portal.mandates.models import Holder, Mandate
from portal.reviews import queries as reviews

Letters = Mapping[int, tuple[Stored, str]]


@act
def release_region(
    round: Round, *, region_id: int, letters: Letters, by: Person, now: datetime
) -> Done | Refused:
    """Release the decisions of a region together, each with its letter, and grant what was approved (rule 11).

    `letters` holds, by decision id, the kept letter and the digest that stands on it. All or nothing.
    """
    session = session_of(round)
    calls.hold(session, round)
    calls.alone_in(session, round.id, region_id)
    found = decision_queries.of_region(session, round.id, region_id)
    decided = {d.application_id for d in found}
    waiting = [d for d in found if d.status not in decision_queries.OUT]
    refusals = [
        Refusal("region_not_decided", {"reference": a.reference})
        for a in reviews.admissible(session, round.id, region_id)
        if a.id not in decided
    ]
    refusals += [
        Refusal("decision_not_confirmed", {"reference": d.application.reference})
        for d in waiting
        if d.status is not DecisionStatus.CONFIRMED
    ]
    if not waiting and not refusals:
        refusals.append(Refusal("nothing_to_release"))
    if refusals:
        return Refused(tuple(refusals))
    granted = []
    for decision in waiting:
        letter, seen = letters.get(decision.id, (None, ""))
        outcome = decisions.release(decision, letter=letter, seen=seen, by=by, now=now)
        if isinstance(outcome, Refused):
            return outcome
        if decision.outcome is Outcome.APPROVED:
            outcome = grant(decision, by=by, now=now)
            if isinstance(outcome, Refused):
                return outcome
            granted.append(outcome.value)
    return Done(granted)


@act
def grant(decision: Decision, *, by: Person, now: datetime) -> Done | Refused:
    """A mandate from a released approval: its holders as they were submitted, its term as it was decided (rule
    12).
    """
    session = session_of(decision)
    if decision.outcome is not Outcome.APPROVED or decision.status not in decision_queries.OUT:
        return Refused((Refusal("not_released"),))
    application = decision.application
    definition = calls.definition(application.round)
    sent = applications.counting(session, application)
    if sent is None:
        return Refused((Refusal("gone"),))
    starts_on, ends_on = (date.fromisoformat(decision.body[k]) for k in ("starts_on", "ends_on"))
    mandate = Mandate(
        number=reference(definition.mandate_prefix, secrets.token_bytes(5)),
        region=application.region,
        call_type=application.round.call.call_type,
        slot=1,
        decision=decision,
        starts_on=starts_on,
        ends_on=ends_on,
        granted_at=now,
        is_test=application.is_test,
        holders=[Holder(seat=p.seat, number=p.number, name=p.name, kind=p.kind) for p in sent.partners],
    )
    taken = Refused((Refusal("region_has_a_mandate", {"region": application.region.name}),))
    session.add(mandate)
    try:
        session.flush()
    except IntegrityError:  # the database knows of another mandate for this region and time
        return taken
    payload = {
        "number": mandate.number,
        "region": application.region.key,
        "starts_on": starts_on.isoformat(),
        "ends_on": ends_on.isoformat(),
        "decision": decision.reference,
    }
    record(session, "mandate.granted", [mandate, application], payload, by=by, now=now)
    return Done(mandate)


@act
def propose_reopening(
    call: Call,
    *,
    regions: list[str],
    opens_on: date,
    last_day: date,
    mandates_start_on: date,
    reason: str,
    by: Person,
    now: datetime,
) -> Done | Refused:
    """Prepare a new round for chosen uncovered regions; a second person confirms it (rules 2 and 15)."""
    session = session_of(call)
    refusals = list(
        call_actions.reopening_refusals(
            call,
            regions=regions,
            opens_on=opens_on,
            last_day=last_day,
            mandates_start_on=mandates_start_on,
            reason={"nl": reason},
            now=now,
        )
    )
    refusals += _not_free(session, call, regions, mandates_start_on)
    if refusals:
        return Refused(tuple(refusals))
    arguments = {
        "call": call.slug,
        "regions": regions,
        "opens_on": opens_on.isoformat(),
        "last_day": last_day.isoformat(),
        "mandates_start_on": mandates_start_on.isoformat(),
        "reason": reason,
    }
    outcome = proposals.propose(session, "reopen", call.slug, arguments, by=by, now=now)
    if isinstance(outcome, Done):
        payload = {"regions": regions}
        record(session, "call.reopening_proposed", call, payload, by=by, now=now)
    return outcome


def _not_free(session: Session, call: Call, regions: list[str], starts_on: date) -> list[Refusal]:
    """Regions that have a mandate, or where an application may still get one: nobody is called there again."""
    covered, judged = _covered(session, regions, starts_on), applications.undecided_regions(session, call.id)
    return [
        *covered,
        *(Refusal("region_is_being_judged", {"region": judged[k]}, "regions") for k in regions if k in judged),
    ]


def _covered(session: Session, regions: list[str], starts_on: date) -> list[Refusal]:
    holding = queries.in_force(queries.register(session), starts_on)
    covered = {m.region.key: m for m in holding.values()}
    return [
        Refusal("region_is_covered", {"region": covered[key].region.name}, "regions")
        for key in regions
        if key in covered
    ]


def _reopen_proposed(
    session: Session, arguments: dict[str, Any], *, proposed_by: int, by: Person, now: datetime
) -> Done | Refused:
    """Confirm a proposed reopening: the round is added, and whoever applied there before is mailed."""
    call = calls.one_visible_to(session, SYSTEM, arguments["call"])
    if call is None:
        return Refused((Refusal("proposal_changed"),))
    lock(call)  # a region that is granted at this moment is before or after
    starts_on = date.fromisoformat(arguments["mandates_start_on"])
    if taken := _not_free(session, call, arguments["regions"], starts_on):
        return Refused(tuple(taken))
    ids = [r.id for r in calls.regions(session) if r.key in arguments["regions"]]
    names = [r.name for r in calls.regions(session) if r.key in arguments["regions"]]
    data = {
        "slug": call.slug,
        "call": call.content["title"]["nl"],
        "regions": names,
        "opens_on": arguments["opens_on"],
        "last_day": arguments["last_day"],
        "reason": arguments["reason"],
    }
    owed = [("reopened", a, data) for a in applications.addresses_of_earlier(session, call.id, ids)]
    return call_actions.reopen(
        call,
        regions=arguments["regions"],
        opens_on=date.fromisoformat(arguments["opens_on"]),
        last_day=date.fromisoformat(arguments["last_day"]),
        reason={"nl": arguments["reason"]},
        mandates_start_on=starts_on,
        owed=owed,
        by=by,
        now=now,
    )


CONFIRMS: dict[str, Handler] = {"reopen": _reopen_proposed}
