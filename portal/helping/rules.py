"""How long a shared page is open, and to whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.lifecycle import Refusal

SHARED_FOR = timedelta(hours=1)
MOST_SHARED = 5  # pages of one account at a time


@dataclass(frozen=True)
class SharedFacts:
    """A shared page at a moment of real time, and who opens it."""

    shared_at: datetime
    emptied: bool
    opened_by: int | None
    by: int | None
    own: bool
    now: datetime


def may_open(facts: SharedFacts) -> Refusal | None:
    """Within the hour, by the one person who opened it first; never by who shared it, who would learn
    nothing.
    """
    late = facts.emptied or facts.now >= facts.shared_at + SHARED_FOR
    taken = facts.opened_by is not None and facts.opened_by != facts.by
    return Refusal("wrong_shared_code", {}, "code") if late or taken or facts.own else None
