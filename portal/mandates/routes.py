"""The public register and regions, coverage and reopening, releasing a region, a holder's own mandates."""

from __future__ import annotations

from flask import Blueprint, abort, g, request
from werkzeug.wrappers import Response

from portal import reading, web
from portal.applications import queries as applications
from portal.calls import queries as calls
from portal.calls.models import Round, RoundRegion
from portal.clock import brussels_day
from portal.decisions import queries as decision_queries
from portal.decisions.letters import written
from portal.decisions.lifecycle import Status as DecisionStatus
from portal.documents.sweeping import forget
from portal.gate import requires
from portal.i18n import _
from portal.journal.actions import record_reading
from portal.journal.models import File
from portal.lifecycle import Done
from portal.mandates import actions, forms, pages, queries
from portal.reviews import queries as reviews

bp = Blueprint("mandates", __name__)
Answer = str | Response | tuple[str, int]


@bp.get("/mandaten")
@requires("mandates.read")
def mandates() -> str:
    """The public register."""
    return web.page(lines=pages.register(g.session, g.now))


@bp.get("/mandaten/<number>")
@requires("mandates.read")
def mandate(number: str) -> str:
    """One mandate: who holds it, for which region, from when until when."""
    found = queries.by_number(g.session, number)
    if found is None:
        abort(404)
    return web.page(line=pages.one(found, g.now))


@bp.get("/regios/<region>")
@requires("mandates.read")
def region(region: str) -> str:
    """A region: its municipalities, its mandated consortium, and whether a call is open for it."""
    defined = web.parts().definitions
    area = defined.region(region)
    if area is None:
        abort(404)
    page = pages.region_page(g.session, area, defined.regions, calls.current(g.session), g.now)
    return web.page(page=page, note=defined.regions_note if not defined.regions_confirmed else "")


@bp.get("/mijn-mandaten")
@requires("mandates.own")
def my_mandates() -> str:
    """The mandates in which one's own organisations hold a seat."""
    return web.page(lines=[pages.one(m, g.now) for m in queries.all_held_by(g.session, g.person)])


@bp.get("/mijn-mandaten/<number>")
@requires("mandates.own")
def my_mandate(number: str) -> str:
    """A mandate as its holder sees it."""
    found = queries.held_by(g.session, g.person, number)
    if found is None:
        abort(404)
    application = found.decision.application if found.decision else None
    mine = applications.one_visible_to(g.session, g.person, application.reference) if application else None
    return web.page(line=pages.one(found, g.now), application=mine.reference if mine else "")


@bp.get("/beheer/dekking")
@requires("mandates.desk")
def coverage() -> str:
    """Which regions are uncovered, and why."""
    call = calls.current(g.session)
    found = pages.coverage(g.session, web.parts().definitions.regions, call, g.now, g.person)
    return web.page(coverage=found, call=call)


@bp.route("/beheer/dekking/heropenen", methods=["GET", "POST"])
@requires("mandates.reopen", fresh=True)
def reopen() -> Answer:
    """Propose a new round for uncovered regions; a second person confirms it."""
    call = calls.current(g.session)
    if call is None:
        abort(404)
    found = pages.coverage(g.session, web.parts().definitions.regions, call, g.now)
    offered = [line for line in found.gaps if not line.running and g.person.reaches(line.key)]
    form = forms.ReopenForm()
    form.regions.choices = [web.choice(line.key, f"{line.name}: {line.why}") for line in offered]
    if request.method == "GET":
        form.regions.data = [line.key for line in offered]
    if form.validate_on_submit():
        outcome = actions.propose_reopening(
            call,
            regions=list(dict.fromkeys(form.regions.data or [])),
            opens_on=reading.day(form.opens_on.data or ""),
            last_day=reading.day(form.last_day.data or ""),
            mandates_start_on=reading.day(form.mandates_start_on.data or ""),
            reason=form.reason.data or "",
            by=g.person,
            now=g.now,
        )
        if isinstance(outcome, Done):
            web.flash(_("De heropening wacht op een tweede persoon."))
            return web.see_other("home.desk")
        web.refused(form, outcome)
    ids = [r.id for r in calls.regions(g.session) if r.key in {line.key for line in offered}]
    mailed = len(applications.addresses_of_earlier(g.session, call.id, ids))
    today = brussels_day(g.now)
    status = 422 if request.method == "POST" else 200
    return web.page(form=form, offered=offered, mailed=mailed, today=today), status


def _place(region: str) -> tuple[Round, RoundRegion]:
    found = reviews.place_visible_to(g.session, g.person, region, request.args.get("ronde", ""))
    if found is None:
        abort(404)
    return found


@bp.get("/beheer/regios")
@requires("decisions.desk")
def desk_regions() -> str:
    """Regions of rounds whose closing is on record, each with the step it is at."""
    return web.page(lines=pages.region_lines(g.session, g.person, g.now))


@bp.get("/beheer/regios/<region>")
@requires("decisions.desk")
def desk_region(region: str) -> str:
    """A region of a round, whole: how far it is, what to do now, and what that rests on. A reading of all its
    files.
    """
    round, place = _place(region)
    page = pages.desk_page(g.session, g.person, round, place, g.now)
    if page.found:
        read = [File("application", row.reference) for row in page.found]
        told = {"page": "region"}
        record_reading(web.parts().database, "application.opened", read, told, by=g.person, now=g.now)
    return web.page(page=page, form=forms.ReleaseForm(formdata=None))


@bp.get("/beheer/beslissingen/regio/<region>")
@requires("decisions.desk")
def region_release(region: str) -> Response:
    """Where a region's decisions stood before they got their place on its own page."""
    return web.see_other("mandates.desk_region", region=region, ronde=request.args.get("ronde"))


@bp.post("/beheer/regios/<region>/vrijgeven")
@requires("decisions.prepare", fresh=True)
def release(region: str) -> Response:
    """Release the decisions of a region together: letters first, then one act that grants what was approved."""
    round, place = _place(region)
    decisions = decision_queries.of_region(g.session, round.id, place.region_id)
    parts = web.parts()
    letters = {
        d.id: written(g.session, d, parts.settings, parts.storage, g.now)
        for d in decisions
        if d.status is DecisionStatus.CONFIRMED
    }
    outcome = actions.release_region(round, region_id=place.region_id, letters=letters, by=g.person, now=g.now)
    if isinstance(outcome, Done):
        web.flash(_("De beslissingen zijn vrijgegeven en ter kennis gebracht."))
    else:
        for letter, _digest in letters.values():
            forget(web.parts().storage, letter.key)
        web.said_later(outcome)
    return web.see_other("mandates.desk_region", region=region, ronde=request.args.get("ronde"))
