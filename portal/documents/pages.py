"""What the department sees of documents: counts, since applications may still be sealed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal import jobs
from portal.documents import queries
from portal.documents.labels import INSPECTED
from portal.documents.models import Inspected


@dataclass(frozen=True)
class State:
    """How many documents stand in a state, and when the oldest of them came in."""

    label: str
    number: int
    oldest: datetime | None


@dataclass(frozen=True)
class Queue:
    """Every state in the order a document passes them, and how many jobs were given up."""

    states: tuple[State, ...]
    given_up: int


def queue(session: Session) -> Queue:
    """The documents that stand with something now."""
    found = queries.by_state(session)
    states = [State(str(INSPECTED[s]), *found.get(s, (0, None))) for s in Inspected]
    return Queue(tuple(states), jobs.counts(session, jobs.Job).get(jobs.WorkState.FAILED, 0))
