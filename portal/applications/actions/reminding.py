"""Reminding who still has a draft, or a change that was not submitted, when a round is about to close."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from portal.access import SYSTEM
from portal.applications import queries, rules
from portal.applications.lifecycle import Status
from portal.applications.models import Application
from portal.calls import queries as calls
from portal.db import Database
from portal.journal.actions import record


def remind(database: Database, now: datetime) -> int:
    """Owe a mail to the partners of every draft, and of every application with a change that does not count, a
    day and an hour before it closes for them; how many applications.

    Done by the worker. A draft that was begun later gets the reminders that are still to come.
    """
    with database.session() as session:
        if not _due(session, now):
            return 0
    with database.writing() as session:
        due = _due(session, now)
        for application, closes_at, hours in due:
            application.reminded_hours = hours
            data = {**queries.mail_facts(application), "until": closes_at.isoformat()}
            told = queries.contacts(session, application)
            if application.submissions:
                data["number"] = application.submissions[-1].number
                owed = [("change_not_sent", address, data) for address in told]
            else:
                owed = [("closing_soon", address, data) for address in told]
            record(
                session, "application.reminded", application, {"hours": hours}, by=SYSTEM, now=now, owed=owed
            )
        return len(due)


def _due(session: Session, now: datetime) -> list[tuple[Application, datetime, int]]:
    """Applications with a reminder to come, when each closes, and which one it is."""
    found = []
    for application in queries.unsent_before_closing(session, now, timedelta(hours=max(rules.REMINDERS))):
        closes_at = calls.closing(application.round, application.lead_organisation_id)
        hours, before = rules.reminder(closes_at, now), application.reminded_hours
        if hours is None or (before is not None and hours >= before):
            continue
        if application.status is Status.DRAFT or queries.unsent(application, now):
            found.append((application, closes_at, hours))
    return found
