"""Bringing a database of either kind to the schema of this program, and giving the portal's role its rights."""

from __future__ import annotations

import re

from alembic import command
from sqlalchemy.engine import URL, Connection, make_url

from portal import jobs, proposals
from portal.access import SYSTEM
from portal.accounts import models as accounts
from portal.applications import models as applications
from portal.calls import models as calls
from portal.calls.actions import load
from portal.clock import SystemClock
from portal.db import GUARDS, Base, Database
from portal.decisions import models as decisions
from portal.definitions import Definitions
from portal.demo import models as demo
from portal.documents import models as documents
from portal.government import models as government
from portal.helping import models as helping
from portal.journal import models as journal
from portal.mandates import models as mandates
from portal.migrations import SchemaError, config_for, known_revision
from portal.organisations import models as organisations
from portal.reviews import models as reviews
from portal.second_step import models as second_step

TABLES = (
    jobs,
    proposals,
    accounts,
    second_step,
    organisations,
    government,
    helping,
    applications,
    calls,
    decisions,
    demo,
    documents,
    journal,
    mandates,
    reviews,
)


def migrate(database_url: str | URL, definitions: Definitions, *, owner_url: str | URL | None = None) -> None:
    """Bring the schema to the newest revision, and load regions and call types that are not there yet.

    `owner_url` names the role that owns the tables (PostgreSQL); the role of `database_url` then gets no more
    than the portal needs: it cannot change or delete what is append-only.

    Raises:
        SchemaError: when the database holds a newer revision than this program knows.
    """
    owner = Database(owner_url or database_url)
    try:
        with owner.engine.begin() as connection:
            known_revision(connection)
            command.upgrade(config_for(connection), "head")
            if owner_url:
                _grant(connection, make_url(database_url).username or "")
    finally:
        owner.dispose()
    database = Database(database_url)
    with database.session() as session:
        load(session, definitions, by=SYSTEM, now=SystemClock().now())
    database.dispose()


def _grant(connection: Connection, role: str) -> None:
    """Give the portal's own role reading and writing, but no change where a guard refuses it for every row."""
    if not re.fullmatch(r"[a-z_][a-z0-9_]{0,62}", role):
        raise SchemaError(f"The role {role!r} of PORTAL_DATABASE_URL must be a plain name in small letters.")
    connection.exec_driver_sql(f"GRANT USAGE ON SCHEMA public TO {role}")
    connection.exec_driver_sql(f"GRANT SELECT ON alembic_version TO {role}")
    for table in Base.metadata.sorted_tables:
        refused = {g.when for g in GUARDS if g.table == table.name and not g.condition}
        rights = ", ".join(r for r in ("SELECT", "INSERT", "UPDATE", "DELETE") if r not in refused)
        connection.exec_driver_sql(f"REVOKE ALL ON {table.name} FROM {role}")
        connection.exec_driver_sql(f"GRANT {rights} ON {table.name} TO {role}")
    connection.exec_driver_sql(f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {role}")
