"""The schema: every room's tables, made in an empty database."""

from __future__ import annotations

from portal.calls.actions import load
from portal.db import Base, Database
from portal.definitions import Definitions


def create(database: Database, definitions: Definitions) -> None:
    """Make tables, constraints and triggers that are not there yet, and load regions and call types."""
    with database.engine.begin() as connection:
        Base.metadata.create_all(connection)
    with database.session() as session:
        load(session, definitions)
