"""The department's queue of documents: how many are in which state, and since when. Never whose they are."""

from __future__ import annotations

from flask import Blueprint, g

from portal import web
from portal.documents import pages
from portal.gate import requires

bp = Blueprint("documents", __name__)


@bp.get("/beheer/documenten")
@requires("documents.desk")
def queue() -> str:
    """What waits to be looked at, what was refused, what could not be done."""
    return web.page(queue=pages.queue(g.session))
