"""Making the demo: its folder, database and clock, the story so far."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from typing import Any

from portal import compose, definitions, schema
from portal.db import Database
from portal.decisions import letters
from portal.demo import stage, story
from portal.demo.clock import DemoClock
from portal.documents.stores import from_settings
from portal.settings import Settings


def database_file(settings: Settings) -> Path:
    """The demo's database."""
    return Path(settings.database_url.removeprefix("sqlite:///"))


def prepare(settings: Settings, at: datetime) -> list[str]:
    """Make the demo's database, play the story up to `at` and let the clock stand there; keep a copy to start
    over.

    Returns what was skipped: nothing, in a story nobody touched.
    """
    file = database_file(settings)
    file.parent.mkdir(parents=True, exist_ok=True)
    defined = definitions.load(settings.project_dir)
    database = Database(settings.database_url, compose.hooks(settings, defined))
    schema.migrate(settings.database_url, defined)
    skipped = play(settings, database, defined, None, at)
    DemoClock(database).put(at, story_at=at)
    database.dispose()
    copy(file, file.with_suffix(".start"))
    return skipped


def play(
    settings: Settings,
    database: Database,
    defined: definitions.Definitions,
    after: datetime | None,
    up_to: datetime,
) -> list[str]:
    """Play the story from where it is; what was skipped, in codes."""
    storage = from_settings(settings)

    def letter(decision: Any, session: Any, now: datetime) -> Any:
        return letters.written(session, decision, settings, storage, now)

    with database.session() as session:
        on = stage.Stage(session, database, storage, defined, letter, up_to)
        return story.play(on, after, up_to)


def copy(source: Path, target: Path) -> None:
    """Copy a database whole, also while it is in use."""
    with sqlite3.connect(source) as one, sqlite3.connect(target) as other:
        one.backup(other)
    one.close()
    other.close()
