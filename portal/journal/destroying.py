"""Destroying what entries say, under a list: two people, and an entry of its own. That something was done stays
for ever.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import proposals
from portal.access import Person
from portal.clock import brussels_day, end_of_day
from portal.db import act
from portal.hooks import Handler
from portal.journal import queries
from portal.journal.actions import PORTAL, record
from portal.journal.rules import DESTROYED
from portal.lifecycle import Done, Refusal, Refused

VERB = "destroy_payloads"


@act
def propose_destruction(
    session: Session, *, file: str, until: date, reason: str, by: Person, now: datetime
) -> Done | Refused:
    """Prepare, for a second person, that what the entries of a file say is destroyed, up to and including a
    day.

    `file` is its kind and key, such as `account/12`; `reason` names the list it stands on.
    """
    if by.within is not None:
        return Refused((Refusal("beyond_your_regions"),))
    kind, _, key = file.partition("/")
    found = queries.payloads_of(session, kind, key, end_of_day(until))
    refusals = [] if found else [Refusal("nothing_to_destroy", {}, "file")]
    if until >= brussels_day(now):
        refusals.append(Refusal("destruction_not_past", {}, "until"))
    if not reason.strip():
        refusals.append(Refusal("reason_missing", {}, "reason"))
    if refusals:
        return Refused(tuple(refusals))
    arguments = {
        "file": file,
        "until": until.isoformat(),
        "reason": reason.strip(),
        "number": str(len(found)),
        "entries": [entry.digest for entry, _ in found],
    }
    outcome = proposals.propose(session, VERB, file[:120], arguments, by=by, now=now)
    if isinstance(outcome, Done):
        told = {"file": file, "entries": len(found)}
        record(session, "portal.destruction_proposed", PORTAL, told, by=by, now=now)
    return outcome


def _destroy_proposed(
    session: Session, arguments: dict[str, Any], *, proposed_by: int, by: Person, now: datetime
) -> Done | Refused:
    return destroy(session, arguments=arguments, by=by, now=now)


CONFIRMS: dict[str, Handler] = {VERB: _destroy_proposed}


@act
def destroy(session: Session, *, arguments: dict[str, Any], by: Person, now: datetime) -> Done | Refused:
    """Destroy what these entries say, salt included: then nobody can compute it back from a digest. Exactly
    those proposed.
    """
    if by.within is not None:
        return Refused((Refusal("beyond_your_regions"),))
    kind, _, key = arguments["file"].partition("/")
    found = queries.payloads_of(session, kind, key, end_of_day(date.fromisoformat(arguments["until"])))
    if [entry.digest for entry, _ in found] != arguments["entries"]:
        return Refused((Refusal("proposal_changed"),))
    for _entry, payload in found:
        payload.body = payload.salt = None
    told = {k: arguments[k] for k in ("file", "until", "reason", "entries")}
    record(session, DESTROYED, PORTAL, told, by=by, now=now)
    return Done(len(found))
