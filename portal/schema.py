"""The schema: every room's tables, made in an empty database."""

from __future__ import annotations

from portal import proposals
from portal.accounts import models as accounts
from portal.applications import models as applications
from portal.calls import models as calls
from portal.calls.actions import load
from portal.db import Base, Database
from portal.decisions import models as decisions
from portal.definitions import Definitions
from portal.demo import models as demo
from portal.documents import models as documents
from portal.journal import models as journal
from portal.mandates import models as mandates
from portal.reviews import models as reviews

TABLES = (proposals, accounts, applications, calls, decisions, demo, documents, journal, mandates, reviews)


def create(database: Database, definitions: Definitions) -> None:
    """Make tables, constraints and triggers that are not there yet, and load regions and call types."""
    with database.engine.begin() as connection:
        Base.metadata.create_all(connection)
    with database.session() as session:
        load(session, definitions)
