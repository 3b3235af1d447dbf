"""Named selects of documents. Who may see one is answered by the room that owns it."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.documents.models import Document


def one(session: Session, document_id: int) -> Document | None:
    """The document with this id, for a room that has already asked whether it may be seen."""
    return session.get(Document, document_id)


def all_stored(session: Session) -> list[tuple[str, int, str]]:
    """Storage key, size and SHA-256 of every document, for verification."""
    rows = session.execute(select(Document.storage_key, Document.size, Document.sha256).order_by(Document.id))
    return [(key, size, digest) for key, size, digest in rows]
