"""The clock: the only place that asks the time. Aware UTC datetimes; legal days are `date`.

Two questions. `now()`, the server's own, once per request for what is only shown. `arrival()`, the database's,
for whatever decides: the moment a request that changes something was complete, and what the worker finds due;
wall clocks of servers decide nothing.
"""

from __future__ import annotations

import time
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, ClassVar, Protocol
from weakref import WeakValueDictionary
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    from portal.db import Database

BRUSSELS = ZoneInfo("Europe/Brussels")


class Clock(Protocol):
    """What the portal asks of a clock."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        ...

    def arrival(self, session: Session, waited: float) -> datetime:
        """The instant a request was complete that has since waited `waited` seconds (monotonic)."""
        ...


class SystemClock:
    """Real time."""

    def now(self) -> datetime:
        """The host's clock."""
        return datetime.now(UTC)

    def arrival(self, session: Session, waited: float) -> datetime:
        """The database's clock less the time waited; on SQLite database and host are one."""
        if session.get_bind().dialect.name == "postgresql":
            moment: datetime = session.execute(select(func.clock_timestamp())).scalar_one().astimezone(UTC)
        else:
            moment = datetime.now(UTC)
        return moment - timedelta(seconds=waited)


class StandingClock:
    """A clock that stands where it is put: tests and the playing of the demo's story.

    A server and its database stand at one time; where two servers share a database, the first that asked it
    stands for the database's clock, whatever the other's says.
    """

    _databases: ClassVar[WeakValueDictionary[str, StandingClock]] = WeakValueDictionary()

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        """Where it stands."""
        return self.at

    def arrival(self, session: Session, waited: float) -> datetime:
        """A standing clock is itself the arrival."""
        return self._databases.setdefault(str(session.get_bind().engine.url), self).at


def database_time(clock: Clock, database: Database) -> datetime:
    """What the database's clock says: for work that no request asks for."""
    with database.session() as session:
        return clock.arrival(session, 0.0)


def monotonic() -> float:
    """Seconds that never step back, for measuring how long something waited."""
    return time.monotonic()


def end_of_day(day: date) -> datetime:
    """*Tot en met* `day`: the first instant after it in Europe/Brussels, in UTC; compare with `<`."""
    return datetime.combine(day + timedelta(days=1), datetime.min.time(), BRUSSELS).astimezone(UTC)


def start_of_day(day: date) -> datetime:
    """The first instant of `day` in Europe/Brussels, in UTC."""
    return datetime.combine(day, datetime.min.time(), BRUSSELS).astimezone(UTC)


def brussels_day(moment: datetime) -> date:
    """The day it is in Brussels at `moment`."""
    return moment.astimezone(BRUSSELS).date()


def parse_local(text: str) -> datetime:
    """Read a Brussels wall-clock time such as `2023-05-10T09:00` (to the microsecond) as UTC.

    Raises:
        ValueError: when it is no such time.
    """
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=BRUSSELS)).astimezone(UTC)
