"""The demo's clock: an offset in the database, running or standing still, forward only."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import SystemClock
from portal.db import Database
from portal.demo.models import DemoClockRow

MICROSECOND = timedelta(microseconds=1)


class DemoClock:
    """Reads its one row at every question, so that all processes agree."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.real = SystemClock()

    def now(self) -> datetime:
        """Where the clock stands, or real time moved by the offset."""
        with self.database.session() as session:
            return self._at(session, self.real.now())

    def arrival(self, session: Session, waited: float) -> datetime:
        """A standing clock is itself the arrival; a running one less the time waited."""
        row = _row(session)
        if row is not None and row.standing_at is not None:
            return row.standing_at
        return self._at(session, self.real.arrival(session, waited))

    def _at(self, session: Session, real: datetime) -> datetime:
        row = _row(session)
        if row is None:
            return real
        return row.standing_at or real + row.offset_us * MICROSECOND

    def stands_still(self) -> bool:
        """Whether the clock stands still."""
        with self.database.session() as session:
            row = _row(session)
            return row is not None and row.standing_at is not None

    def story_at(self) -> datetime | None:
        """How far the story was played."""
        with self.database.session() as session:
            row = _row(session)
            return row.story_at if row is not None else None

    def put(self, moment: datetime, *, still: bool = True, story_at: datetime | None = None) -> bool:
        """Put the clock forward; False (and nothing done) when `moment` lies behind it."""
        real = self.real.now()
        with self.database.writing() as session:
            row = _row(session)
            if row is not None and moment < self._at(session, real):
                return False
            if row is None:
                row = DemoClockRow(id=1, offset_us=0)
                session.add(row)
            row.offset_us = (moment.astimezone(UTC) - real) // MICROSECOND
            row.standing_at = moment if still else None
            row.story_at = story_at or row.story_at
            return True

    def stop(self) -> None:
        """Let it stand where it is."""
        self._set(still=True)

    def run(self) -> None:
        """Let it run on from where it is."""
        self._set(still=False)

    def _set(self, *, still: bool) -> None:
        with self.database.writing() as session:
            row, real = _row(session), self.real.now()
            if row is not None:
                here = self._at(session, real)
                row.offset_us = (here - real) // MICROSECOND
                row.standing_at = here if still else None


def _row(session: Session) -> DemoClockRow | None:
    return session.scalars(select(DemoClockRow).execution_options(populate_existing=True)).one_or_none()
