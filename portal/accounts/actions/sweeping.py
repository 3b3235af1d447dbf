"""Taking away what is kept of ways in no longer than it serves. What happened stays in the journal."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CursorResult

from portal.accounts import queries
from portal.db import Database


def sweep(database: Database, real: datetime) -> int:
    """Old sign-ins, mailed links and counts of failures go; how many rows went. Work of the portal's own."""
    gone = 0
    with database.writing() as session:
        for statement in queries.outdated(real):
            done = session.execute(statement)
            gone += done.rowcount if isinstance(done, CursorResult) else 0
    return gone
