"""Calls, their rounds, the regions a round names, and extensions. A closing moment is never updated."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.calls.lifecycle import CallStatus
from portal.db import Base, guard, status_column


class RegionRow(Base):
    """A region, loaded from `config/regions.toml`; the integer is what constraints stand on."""

    __tablename__ = "region"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(80))


class CallTypeRow(Base):
    """A kind of call over all its editions."""

    __tablename__ = "call_type"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(60), unique=True)


class Call(Base):
    """A mandaatoproep. `content` holds its public texts in both languages, as in `config/calls`."""

    __tablename__ = "call"
    JOURNAL_FILE = "call"
    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    call_type_id: Mapped[int] = mapped_column(ForeignKey("call_type.id"))
    content: Mapped[dict]
    status: Mapped[CallStatus] = mapped_column(status_column(CallStatus, "call_status"))
    revision: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime]
    published_at: Mapped[datetime | None]
    is_test: Mapped[bool] = mapped_column(default=False)
    call_type: Mapped[CallTypeRow] = relationship(lazy="joined")
    rounds: Mapped[list[Round]] = relationship(lazy="selectin", order_by="Round.number", back_populates="call")


class Round(Base):
    """One opening of a call: its regions, its half-open interval, and the exact bytes of the frozen
    definition.
    """

    __tablename__ = "round"
    __table_args__ = (
        UniqueConstraint("call_id", "number"),
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
    )
    JOURNAL_FILE = "call"
    id: Mapped[int] = mapped_column(primary_key=True)
    call_id: Mapped[int] = mapped_column(ForeignKey("call.id"))
    number: Mapped[int]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    mandates_start_on: Mapped[date]
    reason: Mapped[dict | None]
    definition: Mapped[bytes]
    definition_digest: Mapped[str] = mapped_column(String(64))
    call: Mapped[Call] = relationship(back_populates="rounds", lazy="joined")
    regions: Mapped[list[RoundRegion]] = relationship(lazy="selectin", order_by="RoundRegion.region_id")
    extensions: Mapped[list[Extension]] = relationship(lazy="selectin", order_by="Extension.id")

    @property
    def slug(self) -> str:
        """Its call's: acts on a round stand in the file of the call."""
        return self.call.slug


class RoundRegion(Base):
    """A region a round names.

    `closed_at` is when its closing was first recorded, and stays; `unsealed_at` is null while contents are
    sealed: before the closing, and again while a later extension runs.
    """

    __tablename__ = "round_region"
    __table_args__ = (UniqueConstraint("round_id", "region_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"))
    closed_at: Mapped[datetime | None]
    unsealed_at: Mapped[datetime | None]
    region: Mapped[RegionRow] = relationship(lazy="joined")


class Extension(Base):
    """A later closing, for all or for one organisation, with its reason.

    `after_closing`: made when the closing was on record already; only such a one opens what was closed for
    good.
    """

    __tablename__ = "extension"
    id: Mapped[int] = mapped_column(primary_key=True)
    round_id: Mapped[int] = mapped_column(ForeignKey("round.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    closes_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(1000))
    recorded_at: Mapped[datetime]
    after_closing: Mapped[bool]


guard(
    Round.__table__,
    "round_is_frozen",
    "UPDATE",
    "NEW.closes_at <> OLD.closes_at OR NEW.opens_at <> OLD.opens_at OR NEW.definition <> OLD.definition",
)
for _when in ("UPDATE", "DELETE"):
    guard(Extension.__table__, "extension_is_append_only", _when)
