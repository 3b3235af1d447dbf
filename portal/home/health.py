"""Whether each part works: asked seldom, told in one word; why not stands in the log."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from portal.clock import SystemClock, monotonic
from portal.documents.scanning import ScannerDown
from portal.documents.storage import Unavailable
from portal.journal import queries as journal
from portal.web import Parts

log = logging.getLogger("portal.health")
KEEP = 10.0  # seconds an answer of a part is believed
MOST_SKEW, MOST_WAIT = timedelta(seconds=1), timedelta(minutes=15)
_known: dict[tuple[int, str], tuple[float, str]] = {}


def health(session: Session, parts: Parts, now: datetime) -> dict[str, str]:
    """The state of each part: "ok", or in a word what is the matter. A database that is away is an error of its
    own.
    """
    return {
        "database": "ok" if session.execute(select(1)).scalar() else "down",
        "clock": _clock(session),
        "storage": _asked(parts, "storage", parts.storage.check, Unavailable),
        "scanner": _asked(parts, "scanner", parts.scanner.check, ScannerDown),
        "letters": _letters(session, now),
    }


def _asked(parts: Parts, name: str, check: Callable[[], Any], trouble: type[Exception]) -> str:
    """Ask a part, at most every ten seconds in this process: nobody can wear it out by asking."""
    key, tick = (id(parts), name), monotonic()
    at, told = _known.get(key, (0.0, ""))
    if told and tick - at < KEEP:
        return told
    try:
        check()
        told = "ok"
    except trouble as problem:
        log.error("%s: %s", name, problem)
        told = "down"
    _known[key] = (tick, told)
    return told


def _clock(session: Session) -> str:
    """Whether this server's clock agrees with the database's; the database's decides all the same."""
    if session.get_bind().dialect.name != "postgresql":
        return "ok"
    there = session.execute(select(func.clock_timestamp())).scalar_one()
    if (skew := abs(there - SystemClock().now())) > MOST_SKEW:
        log.error("clock: %s from the database's", skew)
        return "skewed"
    return "ok"


def _letters(session: Session, now: datetime) -> str:
    _number, since = journal.unsent(session)
    return "late" if since is not None and now - since > MOST_WAIT else "ok"
