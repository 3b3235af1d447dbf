"""Tables of the journal. `entry` and `chain` are guarded by triggers: rows of `entry` never change."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, guard, words
from portal.jobs import Work


class Audience(StrEnum):
    """Who may read an entry besides auditors and administrators."""

    PUBLIC = "public"
    PARTIES = "parties"
    DEPARTMENT = "department"


class Chain(Base):
    """The head of one file's chain, locked while an entry is added."""

    __tablename__ = "chain"
    __table_args__ = (UniqueConstraint("file_kind", "file_key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    file_kind: Mapped[str] = mapped_column(String(20))
    file_key: Mapped[str] = mapped_column(String(120))
    length: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(String(64))


class Entry(Base):
    """One act on one file."""

    __tablename__ = "entry"
    __table_args__ = (UniqueConstraint("chain_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(ForeignKey("chain.id"))
    number: Mapped[int]
    act_id: Mapped[str] = mapped_column(String(32), index=True)
    verb: Mapped[str] = mapped_column(String(60))
    audience: Mapped[Audience] = mapped_column(words(Audience, "entry_audience"))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(40))
    payload_digest: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    chain: Mapped[Chain] = relationship(lazy="joined")


class Payload(Base):
    """What an entry says, with its salt; can be destroyed, then `body` is null."""

    __tablename__ = "payload"
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    salt: Mapped[bytes]
    body: Mapped[bytes | None]


class Delivery(Work, Base):
    """A mail owed to an address; `key` is its Message-ID, the same however often it is sent."""

    __tablename__ = "delivery"
    JOURNAL_FILE = "delivery"
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("entry.id"))
    kind: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(254))
    data: Mapped[dict]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    owed_at: Mapped[datetime]
    entry: Mapped[Entry | None] = relationship(lazy="select")


for _when in ("UPDATE", "DELETE"):
    guard(Entry.__table__, "entry_is_append_only", _when)
guard(Payload.__table__, "payload_is_never_deleted", "DELETE")
guard(
    Payload.__table__, "payload_is_kept_or_destroyed", "UPDATE", "NEW.body IS NOT NULL OR NEW.salt <> OLD.salt"
)
