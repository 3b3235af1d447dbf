"""Sending what is owed: one delivery at a time, at least once, always under the same Message-ID."""

from __future__ import annotations

import logging
from datetime import datetime

from portal.access import SYSTEM
from portal.db import Database
from portal.jobs import GiveUp, Lease, TryLater, WorkState, finish, postpone, still_held, take
from portal.journal.actions import file_of_delivery, record
from portal.journal.letters import Composer
from portal.journal.models import Delivery
from portal.mail import Mailer

log = logging.getLogger("portal.deliver")


def deliver_one(
    database: Database, composer: Composer, mailer: Mailer, *, real: datetime, now: datetime
) -> str:
    """Send the next mail that is due; `real` is the time of leases and tries, `now` that of the journal.

    Returns "sent", "later" (not its fault: the server is in trouble), "postponed", "failed", or "" for nothing due.
    """
    lease = take(database, Delivery, real)
    if lease is None:
        return ""
    try:
        with database.session() as session:
            message = composer.message(session, session.get_one(Delivery, lease.id))
        mailer.send(message)
    except GiveUp as problem:
        return _give_up(database, lease, str(problem), now)
    except TryLater as trouble:
        log.warning("delivery %s: %s", lease.id, trouble)
        if not postpone(database, Delivery, lease, trouble, real):
            return _give_up(database, lease, str(trouble), now)
        return "later" if trouble.patient else "postponed"
    except Exception as problem:  # a mistake of ours must not stop the mails behind it
        log.exception("delivery %s", lease.id)
        if not postpone(database, Delivery, lease, TryLater(type(problem).__name__), real):
            return _give_up(database, lease, type(problem).__name__, now)
        return "postponed"
    finish(database, Delivery, lease, real)
    return "sent"


def _give_up(database: Database, lease: Lease, why: str, now: datetime) -> str:
    with database.writing() as session:
        row = still_held(session, Delivery, lease)
        if row is not None:
            row.state, row.error, row.leased_until = WorkState.FAILED, why[:500], None
            record(session, "letter.failed", file_of_delivery(row), {"kind": row.kind}, by=SYSTEM, now=now)
    return "failed"
