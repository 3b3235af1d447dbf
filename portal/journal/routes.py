"""Pages about the journal: its heads, for anybody to keep."""

from __future__ import annotations

from flask import Blueprint, abort, g
from werkzeug.wrappers import Response

from portal import reading, web
from portal.gate import requires
from portal.i18n import _
from portal.journal import destroying, log, pages
from portal.journal.forms import DestroyForm
from portal.lifecycle import Done

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


@bp.get("/beheer/journaal")
@requires("journal.desk")
def desk() -> str:
    """The journal as a whole, for the department: how large it is, what waits, what happened to the portal
    itself.
    """
    return web.page(page=pages.desk_page(g.session))


@bp.route("/beheer/journaal/vernietigen", methods=["GET", "POST"])
@requires("journal.destroy", fresh=True)
def destroy() -> str | Response | tuple[str, int]:
    """Propose that what a file's entries say is destroyed."""
    form = DestroyForm()
    until = reading.day(form.until.data or "")
    if form.validate_on_submit() and until is not None:
        outcome = destroying.propose_destruction(
            g.session,
            file=form.file.data or "",
            until=until,
            reason=form.reason.data or "",
            by=g.person,
            now=g.now,
        )
        if isinstance(outcome, Done):
            web.flash(_("Voorgesteld. Een tweede persoon moet het bevestigen."))
            return web.see_other("journal.desk")
        web.refused(form, outcome)
    return web.page(form=form), (422 if form.is_submitted() else 200)
