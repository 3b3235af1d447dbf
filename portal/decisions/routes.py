"""Pages of decisions: the desk, preparing, confirming, releasing what leaves alone, and the applicant's own."""

from __future__ import annotations

from flask import Blueprint, abort, g, request
from werkzeug.wrappers import Response

from portal import web
from portal.applications import queries as applications
from portal.applications.lifecycle import Status as ApplicationStatus
from portal.applications.models import Application
from portal.calls import queries as calls
from portal.decisions import actions, forms, letters, pages, queries
from portal.decisions.models import Decision
from portal.decisions.rules import Outcome
from portal.documents import serve
from portal.documents.storage import Stored
from portal.documents.sweeping import forget
from portal.gate import requires
from portal.i18n import _
from portal.journal.actions import record_reading
from portal.lifecycle import Done
from portal.reviews import queries as reviews

bp = Blueprint("decisions", __name__)
Answer = str | Response | tuple[str, int]


def _load(reference: str) -> Decision:
    found = queries.one(g.session, reference)
    if found is None or not reviews.is_open_to(g.session, g.person, found.application):
        abort(404)
    return found


@bp.get("/beheer/beslissingen")
@requires("decisions.desk")
def decisions() -> str:
    """Applications with how far their decision is."""
    return web.page(lines=pages.lines(g.session, g.person))


def _first_ones_own(application: Application) -> Response | None:
    """Nobody sees others' scores before handing in their own, whatever other roles they hold (rule 9)."""
    if not reviews.open_in_region(g.session, g.person, application.round_id, application.region_id):
        return None
    web.flash(
        _("Rond eerst uw eigen beoordelingen van deze regio af. Daarna ziet u die van de anderen."), "problem"
    )
    return web.see_other("reviews.reviews")


def _opened(application: Application, page: str) -> None:
    """Reading is an act, whatever the method: on record before the first byte goes out."""
    told = {"page": page}
    record_reading(web.parts().database, "application.opened", application, told, by=g.person, now=g.now)


@bp.route("/beheer/beslissingen/voorbereiden/<reference>", methods=["GET", "POST"])
@requires("decisions.prepare")
def prepare(reference: str) -> Answer:
    """Prepare the decision on one application."""
    application = applications.one_unsealed_to(g.session, g.person, reference)
    if application is None or not reviews.is_open_to(g.session, g.person, application):
        abort(404)
    if wait := _first_ones_own(application):
        return wait
    definition = calls.definition(application.round)
    merits = application.status is not ApplicationStatus.SUBMITTED
    finding = reviews.finding(g.session, application.id)
    data = {}
    if not merits:
        data = {"outcome": Outcome.INADMISSIBLE.value, "reason": finding.reason if finding else ""}
    form = forms.decision_form(definition, merits=merits)(data=data)
    if form.validate_on_submit() and form.outcome.data in {o.value for o in Outcome}:
        reasons = {c.key: form[f"reason_{c.key}"].data or "" for c in definition.appraisal.criteria if merits}
        outcome = actions.prepare(
            application,
            outcome=Outcome(form.outcome.data),
            reason=form.reason.data or "",
            reasons=reasons,
            deviation=(form.deviation.data or "") if merits else "",
            authority=form.authority.data or "",
            seen=form.seen.data or "",
            by=g.person,
            now=g.now,
        )
        if isinstance(outcome, Done):
            web.flash(_("De beslissing is voorbereid. Een tweede persoon moet ze bevestigen."))
            return web.see_other("decisions.decision", reference=outcome.value.reference)
        web.refused(form, outcome)
        application = applications.one_unsealed_to(g.session, g.person, reference) or abort(404)
    status = 422 if request.method == "POST" else 200
    basis = queries.basis(g.session, application, alone=not merits)
    form.seen.data = basis.digest
    _opened(application, "preparing")
    return web.page(
        application=application,
        definition=definition,
        merits=merits,
        card=pages.basis_card(basis, reference, definition),
        opinions=pages.opinions(g.session, g.person, application, definition),
        returned=queries.returned(g.session, application),
        form=form,
    ), status


@bp.get("/beheer/beslissingen/<reference>")
@requires("decisions.desk")
def decision(reference: str) -> Answer:
    """A decision, whole."""
    found = _load(reference)
    if wait := _first_ones_own(found.application):
        return wait
    _opened(found.application, "decision")
    beside = pages.handling(g.session, found)
    return web.page(
        page=pages.decision_page(found, g.person), beside=beside, form=forms.ConfirmForm(formdata=None)
    )


@bp.route("/beheer/beslissingen/<reference>/bevestigen", methods=["GET", "POST"])
@requires("decisions.confirm", fresh=True)
def confirm(reference: str) -> Answer:
    """Confirm as a second person exactly what is shown, or withdraw."""
    found = _load(reference)
    if wait := _first_ones_own(found.application):
        return wait
    form = forms.ConfirmForm()
    if form.validate_on_submit():
        outcome = (
            actions.withdraw(found, reason=form.reason.data or "", by=g.person, now=g.now)
            if form.withdraw.data
            else actions.confirm(found, seen=form.seen.data or "", by=g.person, now=g.now)
        )
        if isinstance(outcome, Done):
            withdrawn = form.withdraw.data
            web.flash(_("De beslissing is ingetrokken.") if withdrawn else _("De beslissing is bevestigd."))
            return web.see_other("decisions.decisions")
        web.refused(form, outcome)
        found = _load(reference)
    page = pages.decision_page(found, g.person)
    form.seen.data = page.digest
    _opened(found.application, "confirming")
    return web.page(page=page, beside=pages.handling(g.session, found), form=form), (
        422 if request.method == "POST" else 200
    )


def written(decision: Decision) -> tuple[Stored, str]:
    """The letter of a decision, kept, and the digest that stands on it; made outside any transaction."""
    parts = web.parts()
    return letters.written(g.session, decision, parts.settings, parts.storage, g.now)


@bp.post("/beheer/beslissingen/<reference>/vrijgeven")
@requires("decisions.prepare", fresh=True)
def release(reference: str) -> Response:
    """Release a decision that leaves on its own: inadmissibility. Those on the merits leave per region."""
    found = _load(reference)
    if found.outcome is not Outcome.INADMISSIBLE:
        abort(404)
    letter, digest = written(found)
    outcome = actions.release(found, letter=letter, seen=digest, by=g.person, now=g.now)
    if isinstance(outcome, Done):
        web.flash(_("De beslissing is vrijgegeven en ter kennis gebracht."))
    else:
        forget(web.parts().storage, letter.key)
        web.said_later(outcome)
    return web.see_other("decisions.decision", reference=reference)


@bp.get("/beheer/beslissingen/<reference>/brief")
@requires("decisions.desk")
def letter(reference: str) -> Response:
    """The letter of a released decision, on record."""
    found = _load(reference)
    if found.letter is None:
        abort(404)
    return serve.serve(found.letter, subject=found.application, by=g.person, now=g.now)


@bp.get("/beheer/beslissingen/<reference>/ontwerp")
@requires("decisions.desk")
def draft_letter(reference: str) -> Answer:
    """The letter as it would leave now, for who prepares and who confirms; nothing of it is kept."""
    found = _load(reference)
    if found.letter is not None:
        return web.see_other("decisions.letter", reference=reference)
    if wait := _first_ones_own(found.application):
        return wait
    _opened(found.application, "letter")
    body = letters.draft(g.session, found, web.parts().settings, g.now)
    return serve.made(body, f"ontwerp-{found.application.reference}.pdf")


@bp.get("/aanvragen/<reference>/beslissing")
@requires("applications.read")
def my_decision(reference: str) -> str:
    """The released decision on one's own application."""
    found = queries.released_to(g.session, g.person, reference)
    if found is None:
        abort(404)
    proved = queries.is_in_log(g.session, found)
    return web.page(page=pages.decision_page(found, g.person), proved=proved)


@bp.get("/aanvragen/<reference>/beslissing/bewijs")
@requires("applications.read")
def my_proof(reference: str) -> Response:
    """That the decision and its letter stand in the journal, for anybody's checker; 404 before it was taken
    in.
    """
    found = queries.released_to(g.session, g.person, reference)
    told = queries.proof(g.session, found) if found else None
    if told is None:
        abort(404)
    return serve.made(told.encode(), f"beslissing-{reference}.tlog-proof", "text/plain")


@bp.get("/aanvragen/<reference>/beslissing/brief")
@requires("applications.read")
def my_letter(reference: str) -> Response:
    """The letter of one's own decision."""
    found = queries.released_to(g.session, g.person, reference)
    if found is None or found.letter is None:
        abort(404)
    return serve.serve(found.letter, subject=None, by=g.person, now=g.now)
