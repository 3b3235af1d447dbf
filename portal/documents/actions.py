"""The verbs of a document: receive what somebody sent, keep what was made here. Called within a room's act."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import jobs
from portal.access import SYSTEM, Person
from portal.db import act, session_of
from portal.documents import queries
from portal.documents.inspection import Inspection
from portal.documents.models import Document, Inspected, Place
from portal.documents.rules import kept_name, safe_name
from portal.documents.storage import Stored
from portal.hooks import Owner, hooks_of
from portal.journal.actions import PORTAL, record
from portal.lifecycle import Done, Refusal, Refused

INSPECT = "inspect"  # the job of the worker


def receive(
    session: Session,
    stored: Stored,
    inspection: Inspection | None,
    *,
    name: str,
    schema: str,
    media_type: str,
    by: Person,
    now: datetime,
) -> Document:
    """A file that was inspected and not refused; without an inspection the worker looks at it later."""
    document = _keep(
        session,
        Document(
            storage_key=stored.key,
            name=kept_name(name, media_type),
            schema=schema,
            media_type=media_type,
            size=stored.size,
            sha256=stored.sha256,
            inspected=_state(inspection),
            place=Place.ATTACHED,
            found=(inspection or Inspection()).to_json(),
            received_at=now,
            received_from=by.account_id,
        ),
    )
    if inspection is None:
        jobs.later(session, INSPECT, str(document.id), now=now)
    return document


@act
def settle(document: Document, *, inspection: Inspection, by: Person, now: datetime) -> Done | Refused:
    """Put down what a later inspection found. A refusal is told to whoever the document is of."""
    if document.inspected is not Inspected.RECEIVED:
        return Done(document)  # another worker was first
    session = session_of(document)
    owner = _owner(session, document)
    inspection = inspection.of(owner.answers)
    document.inspected, document.found = _state(inspection), inspection.to_json()
    payload = {"document": document.name, "sha256": document.sha256}
    codes = [r.code for r in inspection.refusals]
    told = {**owner.facts, "name": document.name, "refusals": [_told(r, owner) for r in inspection.refusals]}
    owed = [("file_refused", address, told) for address in owner.addresses if codes]
    verb = "document.refused" if codes else "document.inspected"
    record(session, verb, owner.subject, {**payload, "refusals": codes}, by=by, now=now, owed=owed)
    return Done(document)


def _owner(session: Session, document: Document) -> Owner:
    """Whose a document is; nobody's is the portal's own."""
    owner_of = hooks_of(session).owner_of
    return (owner_of and owner_of(session, document)) or Owner(PORTAL, [], {}, {})


def _told(refusal: Refusal, owner: Owner) -> dict[str, Any]:
    """A refusal as a mail tells it, its field by the label that people know."""
    answer = owner.answers.get(f"{refusal.facts.get('section')}.{refusal.facts.get('field')}")
    return {"code": refusal.code, "facts": {**refusal.facts, **({"field": answer} if answer else {})}}


def give_up(session: Session, job: jobs.Job, *, now: datetime) -> None:
    """Put down, in the file it is of, that a document could not be looked at; called where its job is given
    up.
    """
    document = queries.one(session, int(job.subject)) if job.kind == INSPECT else None
    if document is not None:
        _note(session, document, "document.given_up", by=SYSTEM, now=now)


@act
def inspect_again(session: Session, *, by: Person, now: datetime) -> Done | Refused:
    """Look again at every document that could not be looked at, with all its tries."""
    known = queries.given_up(session, INSPECT)
    if not known:
        return Refused((Refusal("nothing_given_up"),))
    for job, document in known:
        job.again()
        _note(session, document, "document.retried", by=by, now=now)
    return Done(len(known))


def _note(session: Session, document: Document, verb: str, *, by: Person, now: datetime) -> None:
    record(
        session,
        verb,
        _owner(session, document).subject,
        {"document": document.name, "sha256": document.sha256},
        by=by,
        now=now,
    )


def _state(inspection: Inspection | None) -> Inspected:
    if inspection is None:
        return Inspected.RECEIVED
    if inspection.refusals:
        return Inspected.REFUSED
    return Inspected.READABLE if inspection.read else Inspected.UNREAD


def keep_made(
    session: Session, stored: Stored, *, name: str, media_type: str, by: Person, now: datetime
) -> Document:
    """A document the portal made itself (a letter): nothing to inspect."""
    return _keep(
        session,
        Document(
            storage_key=stored.key,
            name=safe_name(name),
            schema="",
            media_type=media_type,
            size=stored.size,
            sha256=stored.sha256,
            inspected=Inspected.READABLE,
            place=Place.ARCHIVED,
            found=Inspection().to_json(),
            received_at=now,
            received_from=by.account_id,
        ),
    )


def _keep(session: Session, document: Document) -> Document:
    session.add(document)
    session.flush()
    return document
