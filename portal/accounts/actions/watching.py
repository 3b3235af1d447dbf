"""The head of the journal leaves the house: to every auditor, once a day."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import SYSTEM, Role
from portal.accounts import queries
from portal.clock import brussels_day
from portal.db import Database
from portal.journal import log
from portal.journal.actions import PORTAL, record
from portal.journal.models import Head
from portal.journal.queries import last_of

SENT = "portal.head_sent"


def tell_auditors(database: Database, now: datetime) -> int:
    """Owe the newest head to the auditors of today, unless it was today already; how many mails. Done by the
    worker.

    Whoever keeps that mail can prove later what the journal was then, also against whoever runs the portal.
    """
    with database.session() as session:
        if not _due(session, now):
            return 0
    with database.writing() as session:
        log.alone(session)
        newest = _due(session, now)
        auditors = queries.holding(session, Role.AUDITOR, brussels_day(now))
        if newest is None or not auditors:
            return 0
        data = {"size": newest.size, "note": newest.note}
        owed = [("journal_head", account.email, data) for account in auditors]
        record(session, SENT, PORTAL, {"size": newest.size}, by=SYSTEM, now=now, owed=owed)
        return len(owed)


def _due(session: Session, now: datetime) -> Head | None:
    """The newest head, unless one was sent today already."""
    last = last_of(session, SENT, PORTAL)
    if last is not None and brussels_day(last.at) >= brussels_day(now):
        return None
    return next(iter(log.heads(session, 1)), None)
