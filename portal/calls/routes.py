"""Pages of calls: the public list and page, and the department's desk."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, abort, g
from portal.gate import requires

from portal import web
from portal.calls import actions, queries
from portal.calls.forms import PublishForm
from portal.calls.labels import PHASE, STATUS
from portal.calls.rules import Phase, days_left
from portal.clock import brussels_day
from portal.i18n import _
from portal.journal.models import Audience
from portal.journal.queries import timeline
from portal.lifecycle import Refused

bp = Blueprint("calls", __name__)


def round_line(round):
    """What a page says of a round: its phase, closing and days left."""
    closes_at = queries.closing(round)
    last_day = brussels_day(closes_at - timedelta(microseconds=1))
    return {
        "round": round,
        "phase": queries.phase_of(round, g.now),
        "closes_at": closes_at,
        "days": days_left(closes_at, g.now, last_day, brussels_day(g.now)),
        "extended": len(round.extensions),
    }


@bp.get("/oproepen")
@requires("calls.read")
def calls():
    """All calls that are out, what is open first."""
    rows = [
        {"call": call, "rounds": [round_line(r) for r in call.rounds]}
        for call in queries.listed(g.session, g.person)
        if call.rounds
    ]
    return web.page(rows=rows, Phase=Phase, phases=PHASE)


@bp.get("/oproepen/<slug>")
@requires("calls.read")
def call(slug: str):
    """One call: rounds, who may apply, criteria, grounds, documents, history."""
    found = queries.one_visible_to(g.session, g.person, slug)
    if found is None or not found.rounds:
        abort(404)
    rounds = [round_line(r) for r in found.rounds]
    definition = queries.definition(found.rounds[-1])
    return web.page(
        call=found, rounds=rounds, current=rounds[-1], definition=definition, Phase=Phase, phases=PHASE,
        unconfirmed=definition.unconfirmed(),
        lines=timeline(g.session, "call", found.slug, (Audience.PUBLIC,)),
    )  # fmt: skip


@bp.get("/beheer/oproepen")
@requires("calls.desk")
def desk():
    """The department's calls, drafts too."""
    return web.page(calls=queries.listed(g.session, g.person), statuses=STATUS)


@bp.route("/beheer/oproepen/<slug>", methods=["GET", "POST"])
@requires("calls.prepare")
def publish(slug: str):
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
        if not isinstance(outcome, Refused):
            web.flash(_("De bekendmaking wacht op een tweede persoon."))
            return web.see_other("home.desk")
        web.refused(form, outcome)
        found = queries.one_visible_to(g.session, g.person, slug)
        return web.page(call=found, source=source, call_type=call_type, form=form, statuses=STATUS), 422
    return web.page(call=found, source=source, call_type=call_type, form=form, statuses=STATUS)
