"""A document: where its bytes lie, what they are, what inspection found. It knows no owner."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base, status_column


class Inspected(StrEnum):
    """What inspection found: answers, or nothing that could be read.

    A file that could not be looked at within its request is `received` until the worker did; only then can it
    be found `refused`. A file that is refused at once never becomes a document.
    """

    RECEIVED = "received"
    READABLE = "readable"
    UNREAD = "unread"
    REFUSED = "refused"


class Place(StrEnum):
    """Where a document stands."""

    ATTACHED = "attached"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"
    ARCHIVED = "archived"


class Document(Base):
    """Exact bytes in storage, with their SHA-256 and the name their owner gave them."""

    __tablename__ = "document"
    __table_args__ = (CheckConstraint("size >= 0", name="size_is_not_negative"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    storage_key: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    schema: Mapped[str] = mapped_column(String(80))
    media_type: Mapped[str] = mapped_column(String(80))
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    inspected: Mapped[Inspected] = mapped_column(status_column(Inspected, "document_inspected"))
    place: Mapped[Place] = mapped_column(status_column(Place, "document_place"))
    found: Mapped[dict]
    received_at: Mapped[datetime]
    received_from: Mapped[int | None] = mapped_column(ForeignKey("account.id"))

    @property
    def open(self) -> bool:
        """Whether anyone may open it: it was looked at, and nothing is wrong with it."""
        return self.inspected in (Inspected.READABLE, Inspected.UNREAD)
