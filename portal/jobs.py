"""Work to be done later: a row in `job`, taken by a worker under a lease, at least once.

`portal deliver` works the queue; handlers are registered by kind in `create_app`. A handler does its slow
work (a child process, storage) outside any transaction and ends with an act of its room.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import String, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.db import Base, Database

log = logging.getLogger("portal.jobs")
LEASE = timedelta(seconds=60)
ATTEMPTS = 5
Handler = Callable[[int], None]


class Job(Base):
    """One piece of work: its kind, the id of its subject, and how far it is."""

    __tablename__ = "job"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(30))
    subject_id: Mapped[int]
    state: Mapped[str] = mapped_column(String(10), default="ready")
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[datetime | None]
    error: Mapped[str | None] = mapped_column(String(500))


def enqueue(session: Session, kind: str, subject_id: int) -> None:
    """Ask for work in the same transaction as the change that needs it."""
    session.add(Job(kind=kind, subject_id=subject_id, state="ready", attempts=0))


def work(database: Database, handlers: dict[str, Handler], *, now: datetime, limit: int = 10) -> int:
    """Take up to `limit` jobs and do them; `now` is real time. Returns how many were tried."""
    with database.writing() as session:
        free = or_(Job.state == "ready", (Job.state == "leased") & (Job.leased_until < now))
        query = select(Job).where(free).order_by(Job.id).limit(limit)
        jobs = session.scalars(query.with_for_update(skip_locked=True)).all()
        taken = [(job.id, job.kind, job.subject_id, job.attempts + 1) for job in jobs]
        for job in jobs:
            job.state, job.leased_until, job.attempts = "leased", now + LEASE, job.attempts + 1
    for job_id, kind, subject_id, attempts in taken:
        state, error = "done", None
        try:
            handlers[kind](subject_id)
        except Exception as problem:  # a broken file or server must not stop the queue
            log.exception("job %s %s failed", kind, subject_id)
            state, error = ("failed" if attempts >= ATTEMPTS else "ready"), repr(problem)[:500]
        with database.writing() as session:
            session.execute(update(Job).where(Job.id == job_id).values(state=state, error=error))
    return len(taken)
