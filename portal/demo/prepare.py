"""Making the demo: its folder, database, clock and application."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from flask import Flask

from portal import create_app, definitions, schema
from portal.db import Database
from portal.demo.clock import DemoClock
from portal.settings import Settings


def prepare(settings: Settings, at: datetime) -> None:
    """Make the demo's database and let its clock stand at `at`."""
    Path(settings.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    database = Database(settings.database_url)
    schema.create(database, definitions.load(settings.project_dir))
    DemoClock(database).put(at)
    database.dispose()


def app(settings: Settings) -> Flask:
    """The portal with the demo's clock and pages."""
    return create_app(settings, clock=DemoClock(Database(settings.database_url)))
