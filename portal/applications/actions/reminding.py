"""Reminding who still has a draft when a round is about to close."""

from __future__ import annotations

from datetime import datetime

from portal.access import SYSTEM
from portal.applications import queries, rules
from portal.applications.models import Application
from portal.calls import queries as calls
from portal.db import Database
from portal.journal.actions import record


def remind(database: Database, now: datetime) -> int:
    """Owe a mail to the partners of every draft, a day and an hour before it closes for them; how many drafts.

    Done by the worker. A draft that was begun later gets the reminders that are still to come.
    """
    with database.session() as session:
        if not any(_due(a, now) for a in queries.open_drafts(session, now)):
            return 0
    with database.writing() as session:
        due = [a for a in queries.open_drafts(session, now) if _due(a, now)]
        for application in due:
            closes_at = calls.closing(application.round, application.lead_organisation_id)
            application.reminded_hours = rules.reminder(closes_at, now)
            data = {**queries.mail_facts(application), "until": closes_at.isoformat()}
            owed = [("closing_soon", address, data) for address in queries.contacts(session, application)]
            payload = {"hours": application.reminded_hours}
            record(session, "application.reminded", application, payload, by=SYSTEM, now=now, owed=owed)
        return len(due)


def _due(application: Application, now: datetime) -> bool:
    hours = rules.reminder(calls.closing(application.round, application.lead_organisation_id), now)
    before = application.reminded_hours
    return hours is not None and (before is None or hours < before)
