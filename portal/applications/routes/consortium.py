"""Own applications, starting one, the task list, the consortium and its seats."""

from __future__ import annotations

from flask import abort, g, request
from werkzeug.wrappers import Response

from portal import web
from portal.applications import actions, forms, labels, pages
from portal.applications.routes.common import bp, frame, load, tell, tell_later
from portal.calls import queries as calls
from portal.calls.models import Round
from portal.calls.pages import round_line
from portal.calls.rules import Phase
from portal.gate import requires
from portal.i18n import _, words
from portal.journal import queries as journal
from portal.journal.queries import timeline as journal_timeline
from portal.journal.telling import Audience, read_by
from portal.lifecycle import Done, Refusal, Refused
from portal.organisations import queries as organisations

Answer = str | Response | tuple[str, int]


@bp.get("/aanvragen")
@requires("applications.read")
def applications() -> str:
    """Own applications, newest first, and the rounds that are open."""
    own = pages.lines(g.session, g.person, g.now)
    open_rounds = calls.open_rounds(calls.published(g.session), g.now)
    return web.page(rows=own, rounds=[(r.call, round_line(r, g.now)) for r in open_rounds])


@bp.route("/aanvragen/nieuw", methods=["GET", "POST"])
@requires("applications.write")
def start() -> Answer:
    """Start an application: region, organisation, seat."""
    known = [c for c in calls.published(g.session) if c.rounds]
    slug = request.args.get("oproep") or (known[-1].slug if known else "")
    call = next((c for c in known if c.slug == slug), None)
    if call is None:
        abort(404)
    running = [r for r in call.rounds if calls.phase_of(r, g.now) is Phase.OPEN]
    chosen = running[-1] if running else call.rounds[-1]
    definition = calls.definition(chosen)
    form = forms.StartForm()
    form.region.choices = [web.choice(p.region.key, p.region.name) for p in chosen.regions]
    mine = organisations.organisations_of(g.session, g.person)
    form.organisation.choices = [web.choice(o.id, o.name) for o in mine]
    form.seat_kind.choices = [
        web.choice(f"{s.key}:{k.key}", f"{words(k.label)} ({labels.inside(words(s.label))})")
        for s in definition.seats
        if s.can_lead
        for k in s.kinds
    ]
    if request.method == "GET" and (wanted := request.args.get("regio")):
        form.region.data = wanted
    if form.validate_on_submit():
        seat, _sep, kind = (form.seat_kind.data or "").partition(":")
        outcome = actions.start(
            chosen,
            region=form.region.data,
            seat=seat,
            kind=kind,
            organisation=next((o for o in mine if o.id == form.organisation.data), None),
            email=g.person.email,
            by=g.person,
            now=g.now,
        )
        if isinstance(outcome, Done):
            return web.see_other("applications.application", reference=outcome.value.reference)
        web.refused(form, labels.worded(outcome, definition))
    elif request.method == "GET" and not running:
        web.refused(form, labels.worded(_closed(chosen), definition))
    status = 422 if request.method == "POST" else 200
    return web.page(call=call, round=round_line(chosen, g.now), form=form), status


def _closed(round: Round) -> Refused:
    closes_at = calls.closing(round)
    if g.now < round.opens_at:
        return Refused((Refusal("round_not_open", {"opens_at": round.opens_at.isoformat()}),))
    return Refused((Refusal("round_is_over", {"closes_at": closes_at.isoformat()}),))


@bp.get("/aanvragen/<reference>")
@requires("applications.read")
def application(reference: str) -> str:
    """The task list; once something was submitted, what was received and what follows."""
    page = frame(load(reference))
    tasks = pages.tasks(page)
    done = sum(t.tag == "ok" for t in tasks)
    return web.page(page=page, tasks=tasks, done=done, dossier=pages.dossier(page))


@bp.get("/aanvragen/<reference>/consortium")
@requires("applications.read")
def consortium(reference: str) -> str:
    """The seats, and who takes them."""
    found = load(reference)
    unreached = journal.failed_addresses(g.session, found.JOURNAL_FILE, found.reference)
    return web.page(page=frame(found), unreached=unreached)


@bp.route("/aanvragen/<reference>/consortium/<seat>", methods=["GET", "POST"])
@requires("applications.write")
def partner(reference: str, seat: str) -> Answer:
    """Name who takes a seat."""
    found = load(reference)
    page = frame(found)
    chosen = next((s for s in page.definition.seats if s.key == seat), None)
    if chosen is None or not page.lead:
        abort(404)
    form = forms.PartnerForm(obj=page.partners.get(seat))
    form.kind.choices = [web.choice(k.key, words(k.label)) for k in chosen.kinds]
    if form.validate_on_submit():
        outcome = actions.name_partner(
            found,
            seat=seat,
            number=form.number.data,
            name=form.name.data,
            kind=form.kind.data,
            email=form.email.data,
            real=web.parts().real.now(),
            by=g.person,
            now=g.now,
        )
        if isinstance(outcome, Done):
            return web.see_other("applications.consortium", reference=reference)
        found = load(reference)
        tell(form, outcome, found)
    return web.page(page=frame(found), form=form, seat=chosen), (422 if request.method == "POST" else 200)


@bp.route("/aanvragen/<reference>/consortium/<seat>/bevestigen", methods=["GET", "POST"])
@requires("applications.write")
def confirm_seat(reference: str, seat: str) -> Answer:
    """A partner confirms its own seat."""
    found = load(reference)
    page = frame(found)
    if seat not in page.my_seats:
        abort(404)
    form = forms.EmptyForm()
    if form.validate_on_submit():
        outcome = actions.confirm_seat(found, seat=seat, by=g.person, now=g.now)
        if isinstance(outcome, Done):
            web.flash(_("Uw plaats is bevestigd."))
            return web.see_other("applications.application", reference=reference)
        found = load(reference)
        tell(form, outcome, found)
    status = 422 if request.method == "POST" else 200
    return web.page(page=frame(found), form=form, seat=page.definition.seat(seat)), status


@bp.post("/aanvragen/<reference>/kopieren")
@requires("applications.write")
def copy(reference: str) -> Response:
    """Copy an application into the round that is open now, if its region is named there."""
    found = load(reference)
    running = calls.open_rounds([found.round.call], g.now)
    region = request.form.get("region") or found.region.key
    outcome = (
        actions.copy(found, round=running[-1], region=region, by=g.person, now=g.now)
        if running
        else _closed(found.round.call.rounds[-1])
    )
    if isinstance(outcome, Refused):
        tell_later(outcome, load(reference))
        return web.see_other("applications.application", reference=reference)
    return web.see_other("applications.application", reference=outcome.value.reference)


@bp.get("/aanvragen/<reference>/tijdlijn")
@requires("applications.read")
def timeline(reference: str) -> str:
    """What happened, for those who take part."""
    page = frame(load(reference))
    known = journal_timeline(g.session, "application", page.reference)
    read = read_by(known, Audience.PARTIES, g.person.account_id)
    return web.page(page=page, lines=pages.told(read, page.definition, g.person))
