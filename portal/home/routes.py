"""The home page, information pages and health."""

from __future__ import annotations

from flask import Blueprint, abort, g, jsonify, request
from werkzeug.wrappers import Response

from portal import proposals, regions, web
from portal.gate import requires
from portal.home import health as health_of
from portal.home import pages
from portal.home.forms import ProposalForm
from portal.i18n import _
from portal.journal import actions as journal_actions
from portal.journal import queries as journal
from portal.lifecycle import Done

bp = Blueprint("home", __name__)


@bp.get("/")
@requires("home.read")
def home() -> str:
    """What is open and coming; one's own work for who is signed in."""
    return web.page(home=pages.home(g.session, web.parts().definitions, g.now))


@bp.get("/zoek")
@requires("home.read")
def find() -> str | Response:
    """The region of a municipality: straight to it where there is one."""
    asked = request.args.get("gemeente", "")[:100]
    found = regions.find(web.parts().definitions.regions, asked)
    keys = {region.key for region, _name in found}
    if len(keys) == 1:
        return web.see_other("mandates.region", region=keys.pop())
    return web.page(asked=asked, found=found)


@bp.get("/beheer")
@requires("home.desk")
def desk() -> str:
    """What waits at the department's desk."""
    definitions = web.parts().definitions
    waiting = [pages.waiting(p, definitions, g.person) for p in proposals.open_to(g.session, g.person)]
    return web.page(waiting=waiting, todo=pages.todo(g.session, g.person, g.now))


@bp.route("/beheer/voorstellen/<int:proposal_id>", methods=["GET", "POST"])
@requires("proposals.confirm", fresh=True)
def proposal(proposal_id: int) -> str | Response | tuple[str, int]:
    """Confirm or withdraw what somebody prepared."""
    found = proposals.one_open_to(g.session, g.person, proposal_id)
    if found is None:
        abort(404)
    form = ProposalForm()
    shown = pages.waiting(found, web.parts().definitions, g.person)
    if form.validate_on_submit():
        verb = proposals.withdraw if form.withdraw.data else proposals.confirm
        outcome = verb(found, by=g.person, now=g.now)
        if isinstance(outcome, Done):
            withdrawn = form.withdraw.data
            web.flash(_("Het voorstel is ingetrokken.") if withdrawn else _("Bevestigd: het is gebeurd."))
            return web.see_other("home.desk")
        web.refused(form, outcome)
    return web.page(waiting=shown, form=form), (422 if request.method == "POST" else 200)


@bp.get("/beheer/berichten")
@requires("home.desk")
def letters() -> str:
    """Mails that did not arrive, and how many still wait."""
    return web.page(letters=pages.letters(g.session))


@bp.post("/beheer/berichten/<int:delivery_id>/opnieuw")
@requires("letters.retry")
def retry_letter(delivery_id: int) -> Response:
    """Send one again."""
    found = journal.one_failed(g.session, delivery_id)
    if found is None:
        abort(404)
    if isinstance(journal_actions.retry(found, by=g.person, now=g.now), Done):
        web.flash(_("Het bericht wordt opnieuw verstuurd."))
    return web.see_other("home.letters")


@bp.get("/gezond")
@requires("home.read")
def health() -> Response:
    """Whether the portal can answer, and how each part is; 503 only without the database, which the error page
    tells.
    """
    found = health_of.health(g.session, web.parts(), g.now)
    return jsonify(status="ok" if set(found.values()) == {"ok"} else "degraded", parts=found)


@bp.get("/informatie/<page>")
@requires("home.read")
def information(page: str) -> str:
    """A public information page of `config/pages`."""
    found = pages.information(web.parts().settings.project_dir, page)
    if found is None:
        abort(404)
    return web.page(title=found[0], body=found[1])


@bp.get("/contact")
@requires("home.read")
def contact() -> str:
    """How people reach the service."""
    return web.page()


@bp.get("/toegankelijkheid")
@requires("home.read")
def accessibility() -> str:
    """The accessibility statement."""
    return information_page("toegankelijkheid")


@bp.get("/privacy")
@requires("home.read")
def privacy() -> str:
    """The privacy statement."""
    return information_page("privacy")


def information_page(page: str) -> str:
    """The information page that stands at an address of its own."""
    found = pages.information(web.parts().settings.project_dir, page)
    if found is None:
        abort(404)
    return web.render("home/information.html", title=found[0], body=found[1])
