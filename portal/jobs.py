"""Work for later: rows that a worker takes one at a time, does, and marks as done.

A worker leases a row, does the work outside any transaction, and finishes it (`do_next`). A worker that dies
loses its lease and another does the work again: everything is done at least once. Leases and new tries use real
time, also in the demo. On PostgreSQL workers pass over each other's rows (`SKIP LOCKED`), on SQLite they queue
for the one writer.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import String, and_, func, or_, select
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from portal.db import Base, Database, status_column

log = logging.getLogger("portal.deliver")
Handler = Callable[..., None]
Failed = Callable[[Session, Any], None]
LEASE = timedelta(minutes=5)
FIRST_WAIT, LONGEST_WAIT, PATIENT_WAIT = timedelta(minutes=1), timedelta(hours=1), timedelta(minutes=5)
PATIENCE = 30  # tries: a day


class WorkState(StrEnum):
    """How far a piece of work is."""

    OWED = "owed"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"


class Work:
    """The columns of a table whose rows are work. `due_at` null means at once."""

    @declared_attr
    @classmethod
    def state(cls) -> Mapped[WorkState]:
        """Checked by the database under a name of each table's own."""
        name = f"{cls.__tablename__}_state"  # type: ignore[attr-defined]
        return mapped_column(status_column(WorkState, name), default=WorkState.OWED, index=True)

    attempts: Mapped[int] = mapped_column(default=0)
    due_at: Mapped[datetime | None]
    leased_until: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(500))

    def again(self) -> None:
        """To be done from the start, with all its tries."""
        self.state, self.attempts, self.due_at, self.error = WorkState.OWED, 0, None, None


class Job(Work, Base):
    """A piece of work: which handler does it, and on what."""

    __tablename__ = "job"
    PROVED = False
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime]


def later(session: Session, kind: str, subject: str, *, now: datetime) -> None:
    """Put down a piece of work, in the transaction it comes from."""
    session.add(Job(kind=kind, subject=subject, made_at=now))


class TryLater(Exception):
    """It could not be done now; `patient` when that is nothing the work itself can help (a server is down)."""

    def __init__(self, reason: str, *, patient: bool = False) -> None:
        super().__init__(reason)
        self.patient = patient


class GiveUp(Exception):
    """It can never be done; `str()` says why."""


@dataclass(frozen=True)
class Lease:
    """A row taken: only who holds the newest lease may finish it."""

    id: int
    attempts: int


def wait(attempts: int, *, patient: bool = False) -> timedelta:
    """How long to wait after so many tries: a minute, two, four, at most an hour (five minutes while a server
    is down).
    """
    return min(FIRST_WAIT * (1 << min(attempts - 1, 10)), PATIENT_WAIT if patient else LONGEST_WAIT)


def take(database: Database, table: Any, now: datetime) -> Lease | None:
    """Lease the oldest row of `table` that is due, or whose worker died; None when there is nothing to do."""
    due = or_(
        and_(table.state == WorkState.OWED, or_(table.due_at.is_(None), table.due_at <= now)),
        and_(table.state == WorkState.LEASED, table.leased_until <= now),
    )
    with database.session() as session:  # most of the time there is nothing, and a question locks nobody out
        if session.scalar(select(table.id).where(due).limit(1)) is None:
            return None
    with database.writing() as session:
        # Two statements: as a subquery of the update PostgreSQL may run it again for each row, and lease them
        # all.
        oldest = select(table).where(due).order_by(table.id).limit(1).with_for_update(skip_locked=True)
        row = session.scalars(oldest).one_or_none()
        if row is None:
            return None
        row.state, row.leased_until, row.attempts = WorkState.LEASED, now + LEASE, row.attempts + 1
        return Lease(row.id, row.attempts)


def do_next(
    database: Database,
    table: Any,
    do: Callable[[int], None],
    *,
    done: str,
    real: datetime,
    failed: Failed | None = None,
) -> str:
    """Take the next row of `table` that is due, do it by its id, and put down what came of it.

    `real` is the time of leases and tries; `failed(session, row)` is told of a row that is given up, in the
    transaction that does so. Returns `done`, "later" (something it needs is away), "postponed", "failed", or ""
    for nothing due.
    """
    lease = take(database, table, real)
    if lease is None:
        return ""
    try:
        do(lease.id)
    except GiveUp as problem:
        why = str(problem)
    except TryLater as trouble:
        why = str(trouble)
        log.warning("%s %s: %s", table.__tablename__, lease.id, why)
        if _postpone(database, table, lease, trouble, real):
            return "later" if trouble.patient else "postponed"
    except Exception as problem:  # a mistake of ours must not stop the work behind it
        why = type(problem).__name__
        log.exception("%s %s", table.__tablename__, lease.id)
        if _postpone(database, table, lease, TryLater(why), real):
            return "postponed"
    else:
        _put(database, table, lease, state=WorkState.DONE, done_at=real, error=None)
        return done
    _put(database, table, lease, state=WorkState.FAILED, error=why[:500], told=failed)
    return "failed"


def _postpone(database: Database, table: Any, lease: Lease, trouble: TryLater, now: datetime) -> bool:
    """Try again later; False when this was the last try, and it must be given up."""
    if not trouble.patient and lease.attempts >= PATIENCE:
        return False
    later = now + wait(lease.attempts, patient=trouble.patient)
    _put(database, table, lease, state=WorkState.OWED, due_at=later, error=str(trouble)[:500])
    return True


def _put(database: Database, table: Any, lease: Lease, *, told: Failed | None = None, **values: Any) -> None:
    """End a lease with these values, unless another worker took the row over meanwhile."""
    query = select(table).filter_by(id=lease.id, attempts=lease.attempts, state=WorkState.LEASED)
    with database.writing() as session:
        row = session.scalars(query.with_for_update()).one_or_none()
        if row is None:
            return
        for name, value in {**values, "leased_until": None}.items():
            setattr(row, name, value)
        if told is not None:
            told(session, row)


def counts(session: Any, table: Any) -> dict[WorkState, int]:
    """How many rows are in each state."""
    rows = session.execute(select(table.state, func.count()).group_by(table.state))
    return {state: number for state, number in rows}


def work_one(
    database: Database,
    handlers: Mapping[str, Handler],
    *,
    real: datetime,
    now: datetime,
    failed: Callable[..., None] | None = None,
) -> str:
    """Do the next job that is due, by the handler of its kind; `now` is the portal's time. See `do_next`.

    `failed(session, job, now=)` is told of one that is given up.
    """

    def do(job_id: int) -> None:
        with database.session() as session:
            job = session.get_one(Job, job_id)
            kind, subject = job.kind, job.subject
        handlers[kind](subject, now=now)

    told = partial(failed, now=now) if failed else None
    return do_next(database, Job, do, done="worked", real=real, failed=told)
