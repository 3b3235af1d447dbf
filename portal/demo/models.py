"""The demo's clock: an offset to real time, or an instant it stands at. Forward only."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db import Base


class DemoClockRow(Base):
    """The one row of the demo's clock; in a production database the table stays empty."""

    __tablename__ = "demo_clock"
    PROVED = False
    __table_args__ = (CheckConstraint("id = 1", name="there_is_one_clock"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    offset_us: Mapped[int] = mapped_column(BigInteger)
    standing_at: Mapped[datetime | None]
    story_at: Mapped[datetime | None]
