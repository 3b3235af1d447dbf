"""Signing off, checking, the small request that counts, the receipt, withdrawing."""

from __future__ import annotations

from flask import abort, g, request
from werkzeug.wrappers import Response

from portal import clock, web
from portal.access import Person
from portal.applications import actions, forms, pages, queries
from portal.applications.letters import receipt_letter, receipt_name
from portal.applications.routes.common import bp, frame, load, tell, tell_later
from portal.applications.routes.consortium import Answer
from portal.applications.rules import ARRIVAL_KEPT_FOR
from portal.documents import serve
from portal.gate import requires
from portal.i18n import _, moment
from portal.lifecycle import Done


@bp.route("/aanvragen/<reference>/ondertekening", methods=["GET", "POST"])
@requires("applications.write")
def sign_off(reference: str) -> Answer:
    """Sign off for one's own seat on exactly what is shown."""
    found = load(reference)
    form = forms.SignForm()
    wanted = request.args.get("plaats", "")
    if form.validate_on_submit():
        seat = pages.signing(frame(found), wanted).seat
        outcome = actions.sign_off(found, seat=seat, seen=form.seen.data or "", by=g.person, now=g.now)
        if isinstance(outcome, Done):
            web.flash(_("Uw organisatie heeft ondertekend."))
            return web.see_other("applications.application", reference=reference)
        found = load(reference)
        tell(form, outcome, found)
    page = frame(found)
    part = pages.signing(page, wanted)
    form.seen.data = part.seen
    return web.page(page=page, form=form, part=part), (422 if request.method == "POST" else 200)


@bp.post("/aanvragen/<reference>/ondertekening/vragen")
@requires("applications.write")
def ask_to_sign(reference: str) -> Response:
    """Ask the partners by mail to sign."""
    outcome = actions.ask_to_sign(load(reference), by=g.person, now=g.now)
    if isinstance(outcome, Done):
        names = ", ".join(p.name for p in outcome.value)
        web.flash(_("Wij vragen %(names)s per mail om te ondertekenen.", names=names))
    else:
        tell_later(outcome, load(reference))
    return web.see_other("applications.sign_off", reference=reference)


@bp.get("/aanvragen/<reference>/controle")
@requires("applications.read")
def check(reference: str) -> str:
    """Check your answers: everything as it would be sent, what is still missing, and the button."""
    found = load(reference)
    page = frame(found)
    form = forms.SubmitForm(formdata=None, revision=found.revision)
    return web.page(page=page, check=pages.check(page), form=form)


def _met_ended(who: Person, reference: str) -> None:
    """A complete request to submit came from somebody whose sign-in had ended: its arrival is kept, and they
    are told.
    """
    received, revision = g.body_read_at, request.form.get("revision", "")
    found = queries.one_visible_to(g.session, who, reference)
    if found is None or not (revision.isascii() and revision.isdecimal() and len(revision) < 10):
        return
    outcome = actions.keep_arrival(
        found,
        revision=int(revision),
        clock=web.parts().clock,
        waited=lambda: clock.monotonic() - received,
        by=who,
        now=g.now,
    )
    if isinstance(outcome, Done) and outcome.value is not None:
        at = outcome.value.arrived_at
        web.problem(
            _(
                "Uw aanvraag is nog niet ingediend, maar wij kregen ze op %(at)s. Meld u aan en dien opnieuw "
                "in voor %(until)s: dan telt het ogenblik waarop wij ze kregen.",
                at=moment(at, precise=True),
                until=moment(at + ARRIVAL_KEPT_FOR),
            )
        )


@bp.post("/aanvragen/<reference>/indienen")
@requires("applications.write", ended=_met_ended)
def submit(reference: str) -> Answer:
    """The small request that counts."""
    found = load(reference)
    form = forms.SubmitForm()
    received = g.body_read_at
    if form.validate_on_submit():
        outcome = actions.submit(
            found,
            revision=form.revision.data or 0,
            clock=web.parts().clock,
            waited=lambda: clock.monotonic() - received,
            by=g.person,
            now=g.now,
        )
        if isinstance(outcome, Done):
            return web.see_other("applications.receipt", reference=reference)
        found = load(reference)
        tell(form, outcome, found)
    return web.page(page=frame(found), form=form), 422


@bp.get("/aanvragen/<reference>/ontvangstbewijs")
@requires("applications.read")
def receipt(reference: str) -> str:
    """Proof of the version that counts."""
    page = _submitted(reference)
    submissions, known = page.application.submissions, pages.readable(page)
    earlier = [s for s in submissions[:-1] if s.number in known]
    return web.page(page=page, submission=submissions[-1], earlier=earlier)


@bp.get("/aanvragen/<reference>/ontvangstbewijs/pdf")
@requires("applications.read")
def receipt_pdf(reference: str) -> Response:
    """The receipt as PDF."""
    submission = _submitted(reference).application.submissions[-1]
    return serve.made(receipt_letter(submission, web.parts().settings), receipt_name(reference))


def _submitted(reference: str) -> pages.Frame:
    page = frame(load(reference))
    if page.sent is None or not page.may_read(page.sent):
        abort(404)
    return page


@bp.route("/aanvragen/<reference>/intrekken", methods=["GET", "POST"])
@requires("applications.write")
def withdraw(reference: str) -> Answer:
    """Take the application back."""
    found = load(reference)
    form = forms.WithdrawForm()
    if form.validate_on_submit():
        outcome = actions.withdraw(found, reason=form.reason.data, by=g.person, now=g.now)
        if isinstance(outcome, Done):
            web.flash(_("De aanvraag is ingetrokken."))
            return web.see_other("applications.application", reference=reference)
        found = load(reference)
        tell(form, outcome, found)
    return web.page(page=frame(found), form=form), (422 if request.method == "POST" else 200)


@bp.get("/controleer")
@requires("receipts.check")
def check_receipt() -> str:
    """Whether a receipt is true: its number and digest against what is kept. A link can carry both."""
    form = forms.CheckForm(request.args)
    asked = bool(request.args) and form.validate()
    found = None
    if asked:
        digest = (form.digest.data or "").lower().replace(" ", "")
        found = queries.receipt_in_journal(g.session, (form.reference.data or "").upper(), digest)
    return web.page(form=form, found=found, asked=asked)
