"""Attaching files and taking them out."""

from __future__ import annotations

from datetime import datetime

from portal.access import Person
from portal.applications import queries, rules
from portal.applications.actions.common import refused, touch
from portal.applications.models import Application, Attachment
from portal.calls import queries as calls
from portal.db import act, session_of
from portal.documents import actions as documents
from portal.documents.inspection import Inspection
from portal.documents.models import Place
from portal.documents.storage import Stored
from portal.journal.actions import record
from portal.lifecycle import Done, Refusal, Refused

REPLACED_TOO = 10


@act
def attach(
    application: Application,
    *,
    stored: Stored,
    inspection: Inspection | None,
    name: str,
    type: str,
    media_type: str,
    made_here: bool,
    limit: int,
    by: Person,
    now: datetime,
) -> Done | Refused:
    """Attach a stored and inspected file as a document of `type`; where one is the maximum it replaces the
    other.

    A file without inspection is looked at later, and stands as 'wordt nagekeken' until then. A file that
    inspection refused, or a form made for another call, round or region, is refused by name.
    """
    if no := refused(application, "edit", now):
        return no
    definition = calls.definition(application.round)
    wanted = next((d for d in definition.documents if d.key == type), None)
    if wanted is None:
        return Refused((Refusal("gone"),))
    if not queries.may_edit(application, None, by):
        return Refused((Refusal("seat_first"),))
    facts = queries.facts(application, now)
    inspection = inspection and inspection.of({path for path, _field in definition.answers()})
    if inspection and (wrong := (*inspection.refusals, *rules.stamp_refusals(facts, name, inspection.stamp))):
        return Refused(tuple(wrong))
    there = [f for f in queries.attached(application) if f.type == type]
    # Replaced files stay on record: they may not stop who works on the form again and again, nor fill the
    # store.
    replaced = there if wanted.maximum == 1 else []
    if len(application.files) >= REPLACED_TOO * limit:
        return Refused((Refusal("too_many_versions", {"limit": REPLACED_TOO * limit}, "file"),))
    if len(queries.attached(application)) - len(replaced) >= limit:
        return Refused((Refusal("too_many_files", {"limit": limit}, "file"),))
    for before in replaced:
        before.document.place = Place.REPLACED
    if wanted.maximum > 1 and len(there) >= wanted.maximum:
        return Refused((Refusal("too_many_documents", {"document": type, "maximum": wanted.maximum}, "file"),))
    session = session_of(application)
    document = documents.receive(
        session, stored, inspection, name=name, schema=wanted.schema_name, media_type=media_type, by=by, now=now
    )
    application.files.append(Attachment(document=document, type=type, made_here=made_here))
    touch(application)
    payload = {"document": type, "name": document.name, "size": stored.size, "sha256": stored.sha256}
    record(session, "application.document_attached", application, payload, by=by, now=now)
    return Done(document)


@act
def detach(application: Application, *, document_id: int, by: Person, now: datetime) -> Done | Refused:
    """Take a file out of the application; its bytes stay on record."""
    if no := refused(application, "edit", now):
        return no
    attachment = next((f for f in queries.attached(application) if f.document_id == document_id), None)
    if attachment is None:
        return Refused((Refusal("gone"),))
    if not queries.may_edit(application, None, by):
        return Refused((Refusal("seat_first"),))
    attachment.document.place = Place.WITHDRAWN
    touch(application)
    payload = {"name": attachment.document.name, "sha256": attachment.document.sha256}
    record(session_of(application), "application.document_detached", application, payload, by=by, now=now)
    return Done(attachment)
