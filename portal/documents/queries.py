"""Named selects of documents. Who may see one is answered by the room that owns it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.documents.models import Document, Inspected, Place
from portal.jobs import Job, WorkState


def one(session: Session, document_id: int) -> Document | None:
    """The document with this id, whoever owns it: for the worker."""
    return session.get(Document, document_id)


def given_up(session: Session, kind: str) -> list[tuple[Job, Document]]:
    """Jobs of this kind that were given up, locked, with the document each was on; oldest first."""
    jobs = session.scalars(
        select(Job).filter_by(kind=kind, state=WorkState.FAILED).order_by(Job.id).with_for_update()
    ).all()
    wanted = select(Document).where(Document.id.in_([int(job.subject) for job in jobs]))
    found = {document.id: document for document in session.scalars(wanted)}
    return [(job, found[int(job.subject)]) for job in jobs if int(job.subject) in found]


def by_state(session: Session) -> dict[Inspected, tuple[int, datetime | None]]:
    """How many documents that stand with something are in each state, and when the oldest came in."""
    query = (
        select(Document.inspected, func.count(), func.min(Document.received_at))
        .where(Document.place == Place.ATTACHED)
        .group_by(Document.inspected)
    )
    return {state: (number, oldest) for state, number, oldest in session.execute(query)}


def known_keys(session: Session, keys: Iterable[str]) -> frozenset[str]:
    """Which of these keys a document points to."""
    return frozenset(session.scalars(select(Document.storage_key).where(Document.storage_key.in_(list(keys)))))


def all_stored(session: Session) -> list[tuple[str, int, str]]:
    """Storage key, size and SHA-256 of every document, for verification."""
    rows = session.execute(select(Document.storage_key, Document.size, Document.sha256).order_by(Document.id))
    return [(key, size, digest) for key, size, digest in rows]
