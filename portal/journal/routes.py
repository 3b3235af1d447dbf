"""Pages about the journal: its heads, for anybody to keep."""

from __future__ import annotations

from flask import Blueprint, abort, g
from werkzeug.wrappers import Response

from portal import web
from portal.gate import requires
from portal.journal import log, pages

bp = Blueprint("journal", __name__)


@bp.get("/journaal/koppen")
@requires("journal.heads")
def heads() -> str:
    """The newest heads of the journal, and how to check with them."""
    return web.page(page=pages.heads_page(g.session, web.parts().settings))


@bp.get("/journaal/koppen/<int:size>")
@requires("journal.heads")
def head(size: int) -> Response:
    """One head, as it was signed."""
    found = log.head(g.session, size)
    if found is None:
        abort(404)
    return Response(found.note, mimetype="text/plain")
