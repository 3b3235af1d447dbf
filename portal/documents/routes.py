"""The department's queue of documents: how many are in which state, and since when. Never whose they are."""

from __future__ import annotations

from flask import Blueprint, g
from werkzeug.wrappers import Response

from portal import web
from portal.documents import actions, pages
from portal.gate import requires
from portal.i18n import ngettext
from portal.lifecycle import Done

bp = Blueprint("documents", __name__)


@bp.get("/beheer/documenten")
@requires("documents.desk")
def queue() -> str:
    """What waits to be looked at, what was refused, what could not be done."""
    return web.page(queue=pages.queue(g.session))


@bp.post("/beheer/documenten/opnieuw")
@requires("documents.retry")
def inspect_again() -> Response:
    """Look again at what could not be looked at."""
    outcome = actions.inspect_again(g.session, by=g.person, now=g.now)
    if isinstance(outcome, Done):
        told = "%(num)s bestand wordt opnieuw nagekeken.", "%(num)s bestanden worden opnieuw nagekeken."
        web.flash(ngettext(*told, outcome.value))
    else:
        web.said_later(outcome)
    return web.see_other("documents.queue")
