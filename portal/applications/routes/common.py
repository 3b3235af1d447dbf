"""What the routes of an application share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g

from portal import web
from portal.applications import labels, pages, queries
from portal.applications.models import Application
from portal.calls import queries as calls
from portal.lifecycle import Refused

bp = Blueprint("applications", __name__)


def load(reference: str) -> Application:
    """The application with this reference, if it is the person's to see; else 404."""
    found = queries.one_visible_to(g.session, g.person, reference)
    if found is None:
        abort(404)
    return found


def frame(application: Application) -> pages.Frame:
    """The application as the person meets it now."""
    return pages.frame(application, g.person, g.now)


def tell(form: Any, refused: Refused, application: Application) -> None:
    """Put refusals beside their fields or at the head of this page."""
    web.refused(form, labels.worded(refused, calls.definition(application.round)))


def tell_later(refused: Refused, application: Application) -> None:
    """Refusals of a page of one button: said on the page one returns to."""
    definition = calls.definition(application.round)
    for refusal in refused.refusals:
        web.flash(labels.sentence(refusal, definition), "problem")
