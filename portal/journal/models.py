"""Tables of the journal. `entry` and `chain` are guarded by triggers: rows of `entry` never change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.db import Base, guard
from portal.jobs import Work


@dataclass(frozen=True)
class File:
    """A file of the journal by its name, to record in it without the thing itself."""

    JOURNAL_FILE: str
    reference: str


PORTAL = File("portal", "portal")
"""The file of what happens to the portal itself."""


class Chain(Base):
    """The head of one file's chain, locked while an entry is added."""

    __tablename__ = "chain"
    PROVED = False
    __table_args__ = (UniqueConstraint("file_kind", "file_key"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    file_kind: Mapped[str] = mapped_column(String(20))
    file_key: Mapped[str] = mapped_column(String(120))
    length: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(String(64))


class Entry(Base):
    """One act on one file; `rows` is the digest over what it wrote (`Written`)."""

    __tablename__ = "entry"
    PROVED = False
    __table_args__ = (UniqueConstraint("chain_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(ForeignKey("chain.id"))
    number: Mapped[int]
    act_id: Mapped[str] = mapped_column(String(32), index=True)
    verb: Mapped[str] = mapped_column(String(60))
    at: Mapped[datetime]
    actor: Mapped[str] = mapped_column(String(120))
    payload_digest: Mapped[str] = mapped_column(String(64))
    rows: Mapped[str] = mapped_column(String(64))
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
    chain: Mapped[Chain] = relationship(lazy="joined")

    @property
    def columns(self) -> dict[str, Any]:
        """What its digest is taken over, beside the digest before it."""
        return {
            "file": f"{self.chain.file_kind}/{self.chain.file_key}",
            "number": self.number,
            "act_id": self.act_id,
            "verb": self.verb,
            "at": self.at.isoformat(timespec="microseconds"),
            "actor": self.actor,
            "payload_digest": self.payload_digest,
            "rows": self.rows,
        }


class Payload(Base):
    """What an entry says, with its salt; can be destroyed under a list, then both are null."""

    __tablename__ = "payload"
    PROVED = False
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), primary_key=True)
    salt: Mapped[bytes | None]
    body: Mapped[bytes | None]


class Written(Base):
    """A row of any table as an act left it: its digest, salted as the entry's payload is; null where the act
    took it away.

    `row_key` is the primary key, its parts parted by a slash. The newest of a row says what it must be now.
    """

    __tablename__ = "written"
    __table_args__ = (Index("ix_written_row", "table_name", "row_key"),)
    PROVED = False
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), index=True)
    table_name: Mapped[str] = mapped_column(String(40))
    row_key: Mapped[str] = mapped_column(String(80))
    digest: Mapped[str | None] = mapped_column(String(64))


class Leaf(Base):
    """An entry in the log over the whole journal: its place, from 0."""

    __tablename__ = "log_leaf"
    PROVED = False
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    entry_id: Mapped[int] = mapped_column(ForeignKey("entry.id"), unique=True)


class Node(Base):
    """The hash of a full subtree of the log: of 2**level leaves, `number` from the left. Level 0 are the
    leaves' own.
    """

    __tablename__ = "log_node"
    PROVED = False
    level: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[bytes]


class Head(Base):
    """The log at one size: a signed note (C2SP checkpoint) that anybody may keep."""

    __tablename__ = "log_head"
    PROVED = False
    size: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    note: Mapped[str] = mapped_column(Text)


class Delivery(Work, Base):
    """A mail owed to an address by an act on a file; `key` is its Message-ID, the same however often it is
    sent.
    """

    __tablename__ = "delivery"
    JOURNAL_FILE = "letter"
    UNPROVED = ("state", "attempts", "due_at", "leased_until", "done_at", "error")
    id: Mapped[int] = mapped_column(primary_key=True)
    chain_id: Mapped[int] = mapped_column(ForeignKey("chain.id"), index=True)
    act_id: Mapped[str] = mapped_column(String(32))
    kind: Mapped[str] = mapped_column(String(60))
    address: Mapped[str] = mapped_column(String(254), index=True)
    data: Mapped[dict]
    key: Mapped[str] = mapped_column(String(32), unique=True)
    owed_at: Mapped[datetime]
    chain: Mapped[Chain] = relationship(lazy="select")

    @property
    def journal_subject(self) -> Any:
        """What happens to it stands in the file it became owed in."""
        return File(self.chain.file_kind, self.chain.file_key)


for _when in ("UPDATE", "DELETE"):
    guard(Entry.__table__, "entry_is_append_only", _when)
    guard(Written.__table__, "written_is_append_only", _when)
    for _table in (Leaf, Node, Head):
        guard(_table.__table__, f"{_table.__tablename__}_is_append_only", _when)
guard(Payload.__table__, "payload_is_never_deleted", "DELETE")
guard(
    Payload.__table__,
    "payload_is_kept_or_destroyed",
    "UPDATE",
    "NEW.body IS NOT NULL OR NEW.salt IS NOT NULL OR NEW.entry_id <> OLD.entry_id",
)
