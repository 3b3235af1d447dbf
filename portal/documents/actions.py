"""The verbs of a document: receive what somebody sent, keep what was made here. Called within a room's act."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import Person
from portal.documents.inspection import Inspection
from portal.documents.models import Document, Inspected, Place
from portal.documents.rules import safe_name
from portal.documents.storage import Stored


def receive(
    session: Session,
    stored: Stored,
    inspection: Inspection,
    *,
    name: str,
    schema: str,
    media_type: str,
    by: Person,
    now: datetime,
) -> Document:
    """A file that was inspected and not refused."""
    return _keep(
        session,
        Document(
            storage_key=stored.key,
            name=safe_name(name),
            schema=schema,
            media_type=media_type,
            size=stored.size,
            sha256=stored.sha256,
            inspected=Inspected.READABLE if inspection.read else Inspected.UNREAD,
            place=Place.ATTACHED,
            found=inspection.to_json(),
            received_at=now,
            received_from=by.account_id,
        ),
    )


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
