"""The verbs of a document: receive, keep what was made here, inspect."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access import Person
from portal.clock import Clock
from portal.db import Database
from portal.documents import queries
from portal.documents.inspection import inspect
from portal.documents.models import Document, Inspected, Place
from portal.documents.rules import safe_name
from portal.documents.storage import Stored
from portal.jobs import enqueue

VERDICTS = {"readable": Inspected.READABLE, "unread": Inspected.UNREAD, "refused": Inspected.REFUSED}


def receive(
    session: Session, stored: Stored, *, name: str, schema: str, media_type: str, by: Person, now: datetime
) -> Document:
    """A file somebody sent: it stands as 'wordt nagekeken' until inspected. Called within an act."""
    document = Document(
        storage_key=stored.key, name=safe_name(name), schema=schema, media_type=media_type, size=stored.size,
        sha256=stored.sha256, inspected=Inspected.RECEIVED, place=Place.ATTACHED, result=None, received_at=now,
        received_from=by.account_id,
    )  # fmt: skip
    session.add(document)
    session.flush()
    enqueue(session, "inspect", document.id)
    return document


def keep_made(
    session: Session, stored: Stored, *, name: str, media_type: str, by: Person, now: datetime
) -> Document:
    """A document the portal made itself (a letter, a receipt): nothing to inspect. Called within an act."""
    document = Document(
        storage_key=stored.key, name=safe_name(name), schema="", media_type=media_type, size=stored.size,
        sha256=stored.sha256, inspected=Inspected.READABLE, place=Place.ARCHIVED, result=None, received_at=now,
        received_from=by.account_id,
    )  # fmt: skip
    session.add(document)
    session.flush()
    return document


def inspector(
    database: Database, storage: Any, scanner: Any, schemas: Mapping[str, dict], clock: Clock
) -> Callable[[int], None]:
    """The handler of `inspect` jobs: scan, then read in the fenced child, then put down what was found."""

    def handle(document_id: int) -> None:
        with database.session() as session:
            document = queries.one(session, document_id)
            if document is None:
                return
            key, size, schema = document.storage_key, document.size, schemas[document.schema]
        with storage.open(key) as stream:
            verdict = scanner.scan(stream)
        if verdict.clean:
            with storage.open(key) as stream:
                result = inspect(stream, size, schema)
            state, found = VERDICTS[result.verdict], {**result.to_json(), "scan": verdict.detail}
        else:
            state = Inspected.QUARANTINED
            found = {
                "verdict": "refused",
                "problems": [{"code": "infected", "facts": {}}],
                "scan": verdict.detail,
            }
        with database.writing() as session:
            document = queries.one(session, document_id)
            if document is not None:
                document.inspected, document.result = state, found

    return handle
