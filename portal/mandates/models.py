"""A mandate: who holds a region from when until when. One per region, call type and slot at a time."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.calls.models import CallTypeRow, RegionRow
from portal.db import Base, guard, on_create
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


_OVERLAP = (
    "NOT NEW.is_test AND EXISTS (SELECT 1 FROM mandate m WHERE NOT m.is_test AND m.id <> coalesce(NEW.id, 0) "
    "AND m.region_id = NEW.region_id AND m.call_type_id = NEW.call_type_id AND m.slot = NEW.slot "
    "AND m.starts_on < coalesce(NEW.ended_early_on, date(NEW.ends_on, '+1 day')) "
    "AND NEW.starts_on < coalesce(m.ended_early_on, date(m.ends_on, '+1 day')))"
)
for _when in ("INSERT", "UPDATE"):
    guard(Mandate.__table__, "one_mandate_per_region", _when, _OVERLAP, only="sqlite")
on_create(
    Mandate.__table__,
    "ALTER TABLE mandate ADD CONSTRAINT one_mandate_per_region EXCLUDE USING gist ("
    "int4range(region_id, region_id, '[]') WITH &&, int4range(call_type_id, call_type_id, '[]') WITH &&, "
    "int4range(slot, slot, '[]') WITH &&, "
    "daterange(starts_on, greatest(starts_on, coalesce(ended_early_on, ends_on + 1))) WITH &&) WHERE (NOT "
    "is_test)",
    "postgresql",
)
guard(Mandate.__table__, "mandate_is_never_deleted", "DELETE")
