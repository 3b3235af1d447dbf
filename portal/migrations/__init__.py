"""The schema's history, oldest first, and whether a database is at the end of it.

Each revision in `versions/` stands by itself and is never edited once it was released.
"""

from __future__ import annotations

from pathlib import Path

from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from portal.db import Database

FOLDER = Path(__file__).parent


class SchemaError(Exception):
    """The database's schema is not the one this program needs; `str()` is a sentence that says what to do."""


def require(database: Database) -> None:
    """Do nothing when the schema is the one this program needs.

    Raises:
        SchemaError: when it is older, newer or missing.
    """
    with database.session() as session:
        current = known_revision(session.connection())
    if current != (needed := head()):
        raise SchemaError(
            f"The database is at schema {current or 'none'}, this portal needs {needed}: run `portal migrate`."
        )


def known_revision(connection: Connection) -> str | None:
    """The revision a database is at; None for an empty one.

    Raises:
        SchemaError: when it is one this program does not know: it is newer than the program.
    """
    current = MigrationContext.configure(connection).get_current_revision()
    if current is not None and current not in {script.revision for script in _scripts().walk_revisions()}:
        raise SchemaError(
            f"The database is at schema {current}, which this portal does not know: install the portal it "
            f"belongs to."
        )
    return current


def head() -> str:
    """The newest revision this program knows."""
    found = _scripts().get_current_head()
    assert found is not None  # noqa: S101 - there is a first migration
    return found


def config_for(connection: Connection) -> Config:
    """How alembic is told to work on this connection, in its transaction."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(FOLDER))
