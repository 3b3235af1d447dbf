"""Pages of calls: the public list and page, and the department's desk."""

from __future__ import annotations

from flask import Blueprint, abort, g, request
from werkzeug.wrappers import Response

from portal import web
from portal.calls import actions, pages, queries
from portal.calls.forms import PublishForm
from portal.calls.labels import STATUS
from portal.documents import serve
from portal.documents.pdf_form import FormFor, blank
from portal.gate import requires
from portal.i18n import _
from portal.journal.queries import timeline
from portal.journal.telling import Audience, read_by
from portal.lifecycle import Done

bp = Blueprint("calls", __name__)


@bp.get("/oproepen")
@requires("calls.read")
def calls() -> str:
    """All calls that are out, what is open first."""
    return web.page(calls=pages.call_lines(queries.listed(g.session, g.person), g.now))


@bp.get("/oproepen/<slug>")
@requires("calls.read")
def call(slug: str) -> str:
    """One call: rounds, who may apply, criteria, grounds, documents, history."""
    found = queries.one_visible_to(g.session, g.person, slug)
    if found is None or not found.rounds:
        abort(404)
    lines = read_by(timeline(g.session, "call", found.slug), Audience.PUBLIC)
    return web.page(page=pages.call_page(found, lines, g.now))


@bp.get("/oproepen/<slug>/rondes/<int:number>/<region>/aanmeldingsformulier.pdf")
@requires("calls.read")
def blank_form(slug: str, number: int, region: str) -> Response:
    """The blank aanmeldingsformulier of a round for one of its regions: it says itself what it is for."""
    found = queries.one_visible_to(g.session, g.person, slug)
    round = next((r for r in found.rounds if r.number == number), None) if found else None
    place = next((p for p in round.regions if p.region.key == region), None) if round else None
    if found is None or round is None or place is None:
        abort(404)
    subject = FormFor(
        call=slug,
        call_title=found.content["title"]["nl"],
        round=number,
        region=region,
        region_name=place.region.name,
        definition=queries.definition(round),
    )
    schema = web.parts().definitions.schemas["aanmeldingsformulier"]
    return serve.made(blank(subject, schema), f"aanmeldingsformulier-ronde-{number}-{region}.pdf")


@bp.get("/beheer/oproepen")
@requires("calls.desk")
def desk() -> str:
    """The department's calls, drafts too."""
    return web.page(calls=queries.listed(g.session, g.person), statuses=STATUS)


@bp.route("/beheer/oproepen/<slug>", methods=["GET", "POST"])
@requires("calls.prepare")
def publish(slug: str) -> str | Response | tuple[str, int]:
    """Propose publication of a draft; a second person confirms it."""
    found = queries.one_visible_to(g.session, g.person, slug)
    if found is None:
        abort(404)
    definitions = web.parts().definitions
    source = definitions.calls.get(slug)
    call_type = definitions.call_types.get(found.call_type.key)
    form = PublishForm()
    if form.validate_on_submit() and source and call_type:
        outcome = actions.propose_publication(found, source=source, call_type=call_type, by=g.person, now=g.now)
        if isinstance(outcome, Done):
            web.flash(_("De bekendmaking wacht op een tweede persoon."))
            return web.see_other("home.desk")
        web.refused(form, outcome)
        found = queries.one_visible_to(g.session, g.person, slug)
    status = 422 if request.method == "POST" else 200
    return web.page(call=found, source=source, call_type=call_type, form=form, statuses=STATUS), status
