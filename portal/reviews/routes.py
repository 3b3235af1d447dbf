"""Pages of appraisal: the desk of admissibility and assignment, the reviewer's queue, a region side by side."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g, request
from werkzeug.wrappers import Response

from portal import web
from portal.access import may, scoped
from portal.accounts import queries as accounts
from portal.applications import pages as application_pages
from portal.applications import queries as applications
from portal.applications.lifecycle import Status as ApplicationStatus
from portal.applications.models import Application
from portal.calls.models import Round, RoundRegion
from portal.clock import brussels_day
from portal.documents import serve
from portal.gate import requires
from portal.i18n import _
from portal.journal.actions import record_reading
from portal.journal.queries import timeline
from portal.journal.telling import Audience, read_by
from portal.lifecycle import Done
from portal.merging import marks
from portal.reviews import actions, forms, pages, queries
from portal.reviews.labels import TIES
from portal.reviews.lifecycle import Status
from portal.reviews.models import Review

bp = Blueprint("reviews", __name__)
Answer = str | Response | tuple[str, int]


def _load(reference: str, *, withdrawn: bool = False) -> Application:
    """An unsealed application for the desk (`withdrawn`: also one that was taken back), unless a tie hides its
    region; else 404.
    """
    found = applications.one_unsealed_to(g.session, g.person, reference, withdrawn=withdrawn)
    if found is None or not queries.is_open_to(g.session, g.person, found):
        abort(404)
    return found


def _opened(application: Application) -> None:
    """Reading is an act: on record before the first byte goes out."""
    record_reading(web.parts().database, "application.opened", application, by=g.person, now=g.now)


@bp.get("/beheer/ontvankelijkheid")
@requires("reviews.desk")
def judging() -> str:
    """Unsealed applications, what waits for a finding first."""
    return web.page(rows=pages.to_judge(g.session, g.person))


@bp.get("/beheer/aanvragen/<reference>")
@requires("reviews.desk")
def file(reference: str) -> str:
    """The file of one unsealed application, to read."""
    found = _load(reference, withdrawn=True)
    _opened(found)
    content = pages.content(g.session, found)
    lines = read_by(timeline(g.session, "application", found.reference), Audience.DEPARTMENT)
    shown = application_pages.told(lines, content.definition, g.person, g.session)
    return web.page(content=content, finding=queries.finding(g.session, found.id), lines=shown)


@bp.get("/beheer/aanvragen/<reference>/documenten/<int:document_id>")
@requires("reviews.desk")
def file_document(reference: str, document_id: int) -> Response:
    """A file of an unsealed application, on record."""
    return _document(_load(reference, withdrawn=True), document_id)


@bp.get("/beheer/te-laat")
@requires("reviews.desk")
def late() -> str:
    """Attempts to submit after a closing: recorded, refused, and told to who sent them."""
    arrivals = pages.arrival_lines(g.session, g.person)
    return web.page(lines=pages.late_lines(g.session, g.person), arrivals=arrivals)


@bp.get("/beheer/te-laat/<int:entry_id>")
@requires("reviews.desk")
def late_bytes(entry_id: int) -> Response:
    """Exactly what a late attempt carried, on record."""
    found = next(iter(queries.late_attempts_open_to(g.session, g.person, entry_id)), None) or abort(404)
    told = {"page": "late", "sha256": found.sha256}
    record_reading(web.parts().database, "application.opened", found.application, told, by=g.person, now=g.now)
    return serve.made(found.content, f"te-laat-{found.application.reference}.json", "application/json")


def _document(found: Application, document_id: int) -> Response:
    sent = applications.counting(g.session, found)
    wanted = sent is not None and sent.file(document_id)
    attachment = applications.one_attachment(found, document_id) if wanted else None
    if attachment is None:
        abort(404)
    return serve.serve(attachment.document, subject=found, by=g.person, now=g.now)


@bp.route("/beheer/ontvankelijkheid/<reference>", methods=["GET", "POST"])
@requires("reviews.judge")
def judge(reference: str) -> Answer:
    """The checklist of admissibility, with what the portal established beside it."""
    found = _load(reference)
    content = pages.content(g.session, found)
    form = forms.finding_form(content.definition)()
    if form.validate_on_submit():
        outcome = actions.find(
            found,
            checks=forms.checks(form, content.definition),
            admissible=forms.YES_NO.get(form.admissible.data or ""),
            reason=form.reason.data or "",
            by=g.person,
            now=g.now,
        )
        if isinstance(outcome, Done):
            web.flash(_("Het oordeel over de ontvankelijkheid is bewaard."))
            return web.see_other("reviews.judging")
        web.refused(form, outcome)
        found = _load(reference)
    _opened(found)  # whatever the method: what is shown is read
    return web.page(
        content=content,
        checks=pages.established(found, content),
        finding=queries.finding(g.session, found.id),
        form=form,
    ), (422 if request.method == "POST" else 200)


@bp.get("/beheer/toewijzing")
@requires("reviews.desk")
def assignment() -> str:
    """Unsealed regions, and how far their appraisal is."""
    return web.page(lines=pages.region_lines(g.session, g.person))


def _place(region: str) -> tuple[Round, RoundRegion]:
    found = queries.place_visible_to(g.session, g.person, region, request.args.get("ronde", ""))
    if found is None:
        abort(404)
    return found


@bp.route("/beheer/toewijzing/<region>", methods=["GET", "POST"])
@requires("reviews.judge")
def assign(region: str) -> Answer:
    """Assign a region's admissible applications to reviewers."""
    round, place = _place(region)
    candidates = pages.candidates(g.session, round, place, g.now)
    form = forms.AssignForm()
    form.reviewers.choices = [web.choice(c.id, c.label) for c in candidates if not c.why_not]
    if form.validate_on_submit():
        chosen = set(form.reviewers.data or [])
        known = [(a, p) for a, p in accounts.reviewers(g.session, brussels_day(g.now)) if a.id in chosen]
        assigned = 0
        for application in queries.admissible(g.session, round.id, place.region_id):
            outcome = actions.assign(application, reviewers=known, by=g.person, now=g.now)
            if not isinstance(outcome, Done):
                web.refused(form, outcome)
                break
            assigned += len(outcome.value)
        else:
            web.flash(_("%(n)s beoordelingen toegewezen.", n=assigned))
            return web.see_other("reviews.assignment")
        round, place = _place(region)
    found = queries.admissible(g.session, round.id, place.region_id)
    return web.page(
        place=place,
        round=round,
        applications=found,
        reviews=pages.assigned(g.session, found, g.now),
        refused=[c for c in candidates if c.why_not],
        form=form,
    ), (422 if request.method == "POST" else 200)


@bp.route("/beheer/toewijzing/<region>/terugnemen/<int:review_id>", methods=["GET", "POST"])
@requires("reviews.judge")
def take_back(region: str, review_id: int) -> Answer:
    """Take an assignment back, with a reason: another can be assigned."""
    round, place = _place(region)
    review = queries.one_assigned(g.session, round.id, place.region_id, review_id)
    if review is None:
        abort(404)
    form = forms.TakeBackForm()
    if form.validate_on_submit():
        outcome = actions.take_back(
            review, reason=form.reason.data or "", seen=form.seen.data or "", by=g.person, now=g.now
        )
        if isinstance(outcome, Done):
            web.flash(_("De toewijzing is teruggenomen. Wijs de aanvraag zo nodig aan iemand anders toe."))
            return web.see_other("reviews.assign", region=region, ronde=round.number)
        web.refused(form, outcome)
        round, place = _place(region)
        review = queries.one_assigned(g.session, round.id, place.region_id, review_id) or abort(404)
    form.seen.data = queries.states(g.session, [review])[review.id].value
    handed_in = form.seen.data == Status.HANDED_IN
    return web.page(place=place, round=round, review=review, handed_in=handed_in, form=form), (
        422 if request.method == "POST" else 200
    )


@bp.get("/beoordeling")
@requires("reviews.read_own")
def reviews() -> str:
    """The reviewer's queue."""
    rows = pages.own(g.session, g.person)
    return web.page(rows=rows, left=sum(r.open for r in rows))


@bp.route("/beoordeling/belangen", methods=["GET", "POST"])
@requires("reviews.declare")
def ties() -> Answer:
    """One's ties to organisations; each hides the regions where that organisation takes part."""
    form = forms.TieForm()
    if request.method == "GET":
        form.number.data = request.args.get("nummer", "")
    if form.validate_on_submit():
        outcome = actions.declare_tie(
            g.session, number=form.number.data or "", kind=form.kind.data or "", by=g.person, now=g.now
        )
        if isinstance(outcome, Done):
            web.flash(_("De band is geregistreerd. De regio's van die organisatie ziet u niet meer."))
            return web.see_other("reviews.ties")
        web.refused(form, outcome)
    known = queries.ties(g.session, g.person.account_id)
    return web.page(form=form, ties=known, kinds=TIES), (422 if request.method == "POST" else 200)


@bp.post("/beoordeling/band/<int:tie_id>/einde")
@requires("reviews.declare")
def end_tie(tie_id: int) -> Response:
    """One's tie is over."""
    found = queries.one_own_tie(g.session, g.person, tie_id) or abort(404)
    outcome = actions.end_tie(found, by=g.person, now=g.now)
    web.said_later(outcome, _("De band is beëindigd. In rondes die al open waren, blijft hij tellen."))
    return web.see_other("reviews.ties")


def _own(reference: str) -> Review:
    found = queries.one_visible_to(g.session, g.person, reference)
    if found is None:
        abort(404)
    return found


@bp.post("/beoordeling/<reference>/geen-band")
@requires("reviews.write")
def declare_free(reference: str) -> Response:
    """Declare to have no tie, and begin."""
    review = _own(reference)
    outcome = actions.declare_free(review, by=g.person, now=g.now)
    if not isinstance(outcome, Done):
        web.said_later(outcome)
    return web.see_other("reviews.review", reference=reference)


@bp.route("/beoordeling/<reference>", methods=["GET", "POST"])
@requires("reviews.write")
def review(reference: str) -> Answer:
    """One application with the scoring form; before anything is shown, whether a tie binds."""
    found = _own(reference)
    application = applications.one_unsealed_to(g.session, g.person, reference, withdrawn=True)
    if application is None:
        abort(404)
    content = pages.content(g.session, application)
    withdrawn = application.status is ApplicationStatus.WITHDRAWN
    if found.status is Status.ASSIGNED and not withdrawn:
        return web.render("reviews/declare.html", content=content, form=forms.FreeForm())
    stands = _stands(found, content)
    form = forms.score_form(content.definition)(data={**stands, "revision": found.revision})
    done, others = found.status is Status.HANDED_IN or withdrawn, {}
    if request.method == "GET":
        form.seen.data = marks(stands)
    elif form.revision.data != found.revision and not done:
        others = _merged(form, stands, found)
    if not others and form.validate_on_submit():
        verb = actions.hand_in if "klaar" in request.form else actions.score
        given = forms.given(form, content.definition)
        outcome = verb(found, given=given, revision=form.revision.data or 0, by=g.person, now=g.now)
        if isinstance(outcome, Done):
            handed = verb is actions.hand_in
            web.flash(_("Uw beoordeling is afgerond.") if handed else _("Uw beoordeling is bewaard."))
            return (
                web.see_other("reviews.reviews")
                if handed
                else web.see_other("reviews.review", reference=reference)
            )
        web.refused(form, outcome)
        found = _own(reference)
        if form.revision.data != found.revision:
            stands = _stands(found, content)
            others = _merged(form, stands, found)
    scored = sum(1 for s in found.scores if s.score is not None)
    key = application.region.key
    _opened(application)
    return web.page(
        content=content,
        form=form,
        stands=stands,
        others=others,
        done=done,
        withdrawn=withdrawn,
        scored=scored,
        region_key=key,
    ), (422 if request.method == "POST" else 200)


def _stands(found: Review, content: pages.Content) -> dict[str, str]:
    """What the boxes of an appraisal show as it stands."""
    kept, stands = {s.criterion: s for s in found.scores}, {}
    for criterion in content.definition.appraisal.criteria:
        score = kept.get(criterion.key)
        level = score.score if score is not None else None
        stands[f"score_{criterion.key}"] = "" if level is None else str(level)
        stands[f"reason_{criterion.key}"] = score.reason if score is not None else ""
    return stands


def _merged(form: Any, stands: dict[str, str], found: Review) -> dict[str, str]:
    """What another tab saved first goes in; what both changed is asked, by the name of its box."""
    others, _taken = web.merged(form, stands, {name: form[name].data for name in stands}, found.revision)
    return others


@bp.get("/beoordeling/<reference>/documenten/<int:document_id>")
@requires("reviews.write")
def document(reference: str, document_id: int) -> Response:
    """A file of an application assigned to oneself, on record."""
    review = _own(reference)
    application = applications.one_unsealed_to(g.session, g.person, reference)
    if application is None or review.status is Status.ASSIGNED:
        abort(404)
    return _document(application, document_id)


@bp.get("/beoordeling/regio/<region>")
@requires("reviews.compare")
def region(region: str) -> str:
    """A region side by side, with its ranking: for the desk, and for reviewers once they handed in their
    own.
    """
    round, place = _place(region)
    waiting = queries.open_in_region(g.session, g.person, round.id, place.region_id)
    assigned = any(
        (r.application.round_id, r.application.region_id) == (round.id, place.region_id)
        for r in queries.own(g.session, g.person)
    )
    desk = may(g.person, "reviews.desk") and scoped(g.person, "reviews.desk").reaches(place.region.key)
    if not assigned and not desk:
        abort(404)
    page = None if waiting else pages.region_page(g.session, g.person, round, place)
    compared = queries.admissible(g.session, round.id, place.region_id) if page and page.sides else []
    if compared:
        told = {"page": "comparison"}
        record_reading(web.parts().database, "application.opened", compared, told, by=g.person, now=g.now)
    return web.page(place=place, page=page, waiting=waiting)
