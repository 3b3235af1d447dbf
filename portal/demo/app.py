"""The portal as the demo serves it: with its clock, its bar and its pages."""

from __future__ import annotations

from flask import Flask

from portal import create_app
from portal.db import Database
from portal.demo import routes
from portal.demo.clock import DemoClock
from portal.settings import Settings


def make(settings: Settings) -> Flask:
    """The portal with the demo's clock and pages."""
    made = create_app(settings, clock=DemoClock(Database(settings.database_url)))
    made.register_blueprint(routes.bp)
    made.context_processor(routes.bar)
    return made
