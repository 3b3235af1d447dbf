"""An organisation's own page: who acts for it, who asks to, who decides; what it has in the portal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import abort, g, redirect, request
from werkzeug.wrappers import Response

from portal import web
from portal.accounts import passwords
from portal.accounts import queries as accounts
from portal.accounts.forms import AddressForm, NewAccountForm, SignOutForm
from portal.accounts.models import Account, MailedLink
from portal.accounts.routes.common import Answer, own_account
from portal.accounts.routes.own import mailed, spent
from portal.accounts.routes.signing_in import let_in, onward_of
from portal.accounts.rules.links import Purpose
from portal.gate import requires
from portal.i18n import _
from portal.kbo import enterprise_number
from portal.lifecycle import Done, Refusal, Refused
from portal.organisations import actions, pages, queries
from portal.organisations.forms import JoinForm, RefuseForm
from portal.organisations.models import MembershipRequest, Organisation
from portal.organisations.routes.common import bp


@bp.get("/organisatie")
@requires("accounts.own")
def organisations() -> Answer:
    """The organisations one acts for, and those one asked to act for; the only one opens at once."""
    found, asked = queries.organisations_of(g.session, g.person), queries.requests_of(g.session, g.person)
    if len(found) == 1 and not asked:
        return web.render("organisations/organisation.html", page=_page(found[0]))
    return web.page(organisations=found, asked=asked)


def _own(number: str) -> Organisation:
    """An organisation of the person's own."""
    found = queries.organisation(g.session, number) if number in g.person.numbers else None
    if found is None:
        abort(404)
    return found


@bp.get("/organisatie/<number>")
@requires("organisations.own")
def organisation(number: str) -> str:
    """People, requests, applications, seats and mandates of one organisation."""
    return web.page(page=_page(_own(number)))


def _page(one: Organisation) -> pages.OrganisationPage:
    return pages.organisation_page(g.session, g.person, one, g.now, web.parts().real.now())


@bp.route("/organisatie/lid-worden", methods=["GET", "POST"])
@requires("accounts.own")
def ask_to_join() -> Answer:
    """Ask to act for an organisation; who was on the way somewhere (`verder`), for one that somebody else named
    (`nummer`, `naam`), finds it filled in, and goes on where they act for it already.
    """
    onward, number = onward_of(request.args.get("verder", "")), request.args.get("nummer", "")
    if request.method == "GET" and enterprise_number(number)[0] in g.person.numbers:
        return redirect(onward, 303)
    form = JoinForm(data={"number": number, "name": request.args.get("naam", "")})
    if form.validate_on_submit():
        outcome = actions.ask_to_join(
            own_account(), number=form.number.data or "", name=form.name.data or "", by=g.person, now=g.now
        )
        if isinstance(outcome, Done):
            days = web.parts().settings.approval_days
            web.flash(_("Uw vraag is verstuurd. U krijgt een mail zodra iemand beslist."))
            web.flash(_("Kijkt het departement ze na, dan streeft het naar %(days)s werkdagen.", days=days))
            return web.see_other("organisations.organisations")
        web.refused(form, outcome)
    asked = queries.requests_of(g.session, g.person)
    return web.page(form=form, asked=asked), (422 if form.is_submitted() else 200)


@bp.post("/organisatie/vragen/<int:request_id>/intrekken")
@requires("accounts.own")
def withdraw_request(request_id: int) -> Response:
    """Ask no longer."""
    found = queries.one_request_of(g.session, g.person, request_id)
    if found is None:
        abort(404)
    web.said_later(actions.withdraw_request(found, by=g.person, now=g.now), _("Uw vraag is ingetrokken."))
    return web.see_other("organisations.organisations")


def _asked(request_id: int) -> MembershipRequest:
    """A request that the person decides on."""
    found = queries.one_request_open_to(g.session, g.person, request_id)
    if found is None:
        abort(404)
    return found


def _after(number: str) -> Response:
    """Where one goes on after deciding: one's organisation, or the desk."""
    if number in g.person.numbers:
        return web.see_other("organisations.organisation", number=number)
    return web.see_other("organisations.requests")


@bp.get("/organisatie/vragen/<int:request_id>")
@requires("accounts.own")
def membership_request(request_id: int) -> str:
    """Who asks to act for which organisation: to be decided."""
    found = _asked(request_id)
    known = queries.organisation(g.session, found.number)
    return web.page(asked=found, known=known, form=RefuseForm())


@bp.post("/organisatie/vragen/<int:request_id>/aanvaarden")
@requires("accounts.own", fresh=True)
def admit(request_id: int) -> Response:
    """Let somebody act for the organisation."""
    found = _asked(request_id)
    number = found.number
    web.said_later(actions.admit(found, by=g.person, now=g.now), _("Aanvaard. De aanvrager krijgt een mail."))
    return _after(number)


@bp.post("/organisatie/vragen/<int:request_id>/weigeren")
@requires("accounts.own", fresh=True)
def refuse(request_id: int) -> Answer:
    """Say no to somebody, with the reason."""
    found, form = _asked(request_id), RefuseForm()
    number = found.number
    if not form.validate_on_submit():
        known = queries.organisation(g.session, number)
        return web.render("organisations/membership_request.html", asked=found, known=known, form=form), 422
    outcome = actions.refuse(found, reason=form.reason.data or "", by=g.person, now=g.now)
    web.said_later(outcome, _("Geweigerd. De aanvrager krijgt een mail met uw reden."))
    return _after(number)


def _member(number: str, account_id: int) -> tuple[Organisation, Account]:
    found = _own(number)
    account = accounts.one(g.session, account_id)
    if account is None or queries.membership(g.session, account_id, found.id) is None:
        abort(404)
    return found, account


@bp.post("/organisatie/<number>/leden/<int:account_id>/beheerder-maken")
@requires("organisations.own", fresh=True)
def make_manager(number: str, account_id: int) -> Response:
    """A member decides along from now on."""
    return _of_member(actions.make_manager, number, account_id, _("Dit lid is nu ook beheerder."))


@bp.post("/organisatie/<number>/leden/<int:account_id>/beheerder-af")
@requires("organisations.own", fresh=True)
def end_manager(number: str, account_id: int) -> Response:
    """A manager is a member like others again."""
    return _of_member(actions.end_manager, number, account_id, _("Dit lid is geen beheerder meer."))


@bp.route("/organisatie/<number>/leden/<int:account_id>/verwijderen", methods=["GET", "POST"])
@requires("organisations.own", fresh=True)
def leave(number: str, account_id: int) -> Answer:
    """Leave an organisation, or let a member go: asked once more, since one may not come back by oneself."""
    organisation, account = _member(number, account_id)
    own, form = account_id == g.person.account_id, SignOutForm()
    if not own and organisation.id not in g.person.manages:
        abort(404)
    if form.validate_on_submit():
        outcome = actions.leave(organisation, account=account, by=g.person, now=g.now)
        told = _("U handelt niet meer voor deze organisatie.") if own else _("Dit lid is verwijderd.")
        web.said_later(outcome, told)
        gone = own and isinstance(outcome, Done)
        return web.see_other("organisations.organisations") if gone else _after(number)
    return web.page(organisation=organisation, account=account, own=own, form=form), (
        422 if form.is_submitted() else 200
    )


def _of_member(verb: Any, number: str, account_id: int, words: str) -> Response:
    organisation, account = _member(number, account_id)
    web.said_later(verb(organisation, account=account, by=g.person, now=g.now), words)
    return web.see_other("organisations.organisation", number=number)


@bp.route("/organisatie/<number>/uitnodigen", methods=["GET", "POST"])
@requires("organisations.own", fresh=True)
def invite(number: str) -> Answer:
    """Invite somebody by mail."""
    one, form = _managed(number), AddressForm()
    if form.validate_on_submit():
        email, real = form.email.data or "", web.parts().real.now()
        outcome = actions.invite(one, email=email, real=real, by=g.person, now=g.now)
        if isinstance(outcome, Done):
            web.flash(_("De uitnodiging is onderweg. Ze kan een week lang aangenomen worden."))
            return web.see_other("organisations.organisation", number=number)
        web.refused(form, outcome)
    return web.page(organisation=one, form=form), (422 if form.is_submitted() else 200)


def _managed(number: str) -> Organisation:
    """An organisation that the person decides for."""
    found = _own(number)
    if found.id not in g.person.manages:
        abort(404)
    return found


@bp.post("/organisatie/<number>/uitnodigingen/<int:link_id>/intrekken")
@requires("organisations.own")
def withdraw_invitation(number: str, link_id: int) -> Response:
    """An invitation is worth nothing any more."""
    real = web.parts().real.now()
    waiting = queries.invitations(g.session, _managed(number), real)
    found = next((link for link in waiting if link.id == link_id), None)
    if found is None:
        abort(404)
    outcome = actions.withdraw_invitation(found, real=real, by=g.person, now=g.now)
    web.said_later(outcome, _("De uitnodiging is ingetrokken."))
    return web.see_other("organisations.organisation", number=number)


@bp.route("/organisatie/uitnodiging/<token>", methods=["GET", "POST"])
@requires("accounts.sign_in")
def invitation(token: str) -> Answer:
    """Take an invitation: with one's account, or making one. Looking at it uses nothing up."""
    link, real = mailed(Purpose.INVITE, token, queries.invitation_stands), web.parts().real.now()
    to = queries.invited_to(link) if link is not None else None
    if link is None or to is None:
        return spent(Purpose.INVITE)
    email, name = link.email, to.name
    known = accounts.by_email(g.session, email) is not None
    form = SignOutForm() if known or g.person.signed_in else NewAccountForm(email)
    if form.validate_on_submit():
        outcome = _taken(link, form, real)
        if isinstance(outcome, Done):
            new = isinstance(form, NewAccountForm)
            answer = (
                let_in(outcome.value, "/organisatie") if new else web.see_other("organisations.organisations")
            )
            web.flash(_("U handelt nu voor %(organisation)s.", organisation=name))
            return answer
        web.refused(form, outcome)
    return web.page(form=form, email=email, organisation=name, known=known), (
        422 if form.is_submitted() else 200
    )


def _taken(link: MailedLink, form: SignOutForm | NewAccountForm, real: datetime) -> Done | Refused:
    if isinstance(form, NewAccountForm):
        hashed = passwords.hash_of(form.password.data or "")
        return actions.enrol_by_invitation(
            link, label=form.label.data or "", password_hash=hashed, real=real, by=g.person, now=g.now
        )
    if not g.person.signed_in:
        return Refused((Refusal("invitation_of_another"),))
    return actions.join_by_link(link, account=own_account(), real=real, by=g.person, now=g.now)
