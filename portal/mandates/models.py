"""A mandate: who holds a region from when until when. One per region, call type and slot at a time."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.calls.models import CallTypeRow, RegionRow
from portal.db import Base
from portal.decisions.models import Decision


class Mandate(Base):
    """The present of a mandate; `ends_on` is the last day it holds. Overlap is refused by the database."""

    __tablename__ = "mandate"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="term_has_a_day"),)
    JOURNAL_FILE = "mandate"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(String(20), unique=True)
    region_id: Mapped[int] = mapped_column(ForeignKey("region.id"), index=True)
    call_type_id: Mapped[int] = mapped_column(ForeignKey("call_type.id"))
    slot: Mapped[int] = mapped_column(default=1)
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), unique=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    ended_early_on: Mapped[date | None]
    granted_at: Mapped[datetime]
    is_test: Mapped[bool] = mapped_column(default=False)
    region: Mapped[RegionRow] = relationship(lazy="joined")
    call_type: Mapped[CallTypeRow] = relationship(lazy="joined")
    decision: Mapped[Decision | None] = relationship(lazy="select")
    holders: Mapped[list[Holder]] = relationship(lazy="selectin", order_by="Holder.id")
    addenda: Mapped[list[Addendum]] = relationship(lazy="select", order_by="Addendum.id")

    @property
    def reference(self) -> str:
        """Its public number."""
        return self.number


class Holder(Base):
    """An organisation that holds a seat of the mandate."""

    __tablename__ = "holder"
    __table_args__ = (UniqueConstraint("mandate_id", "seat"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"))
    seat: Mapped[str] = mapped_column(String(40))
    number: Mapped[str] = mapped_column(String(10), index=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(60))


class Addendum(Base):
    """A change of a mandate: what, from which day, recorded when. Append-only; the grant is the first."""

    __tablename__ = "addendum"
    id: Mapped[int] = mapped_column(primary_key=True)
    mandate_id: Mapped[int] = mapped_column(ForeignKey("mandate.id"))
    verb: Mapped[str] = mapped_column(String(30))
    facts: Mapped[dict]
    reason: Mapped[str] = mapped_column(Text)
    effective_on: Mapped[date]
    recorded_at: Mapped[datetime]
