"""Sending what is owed: one delivery at a time, at least once, always under the same Message-ID."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import SYSTEM
from portal.db import Database
from portal.jobs import do_next
from portal.journal.actions import record
from portal.journal.letters import Composer
from portal.journal.models import Delivery
from portal.mail import Mailer


def deliver_one(
    database: Database, composer: Composer, mailer: Mailer, *, real: datetime, now: datetime
) -> str:
    """Send the next mail that is due; `now` is the time of the journal. See `jobs.do_next`."""

    def send(delivery_id: int) -> None:
        with database.session() as session:
            message = composer.message(session, session.get_one(Delivery, delivery_id))
        mailer.send(message)

    def failed(session: Session, row: Delivery) -> None:
        record(session, "letter.failed", row, {"kind": row.kind}, by=SYSTEM, now=now)

    return do_next(database, Delivery, send, done="sent", real=real, failed=failed)
