"""What the verbs of an application share."""

from __future__ import annotations

from datetime import datetime

from portal.applications import queries
from portal.applications.lifecycle import LIFECYCLE
from portal.applications.models import Application
from portal.lifecycle import Refused


def refused(application: Application, verb: str, at: datetime) -> Refused | None:
    """What the lifecycle table says against `verb` at `at`; None for nothing."""
    refusals = LIFECYCLE.refusals(verb, application.status, queries.facts(application, at))
    return Refused(refusals) if refusals else None


def touch(application: Application) -> None:
    """Something of the working copy changed: what was checked before is not what would be submitted."""
    application.revision += 1
