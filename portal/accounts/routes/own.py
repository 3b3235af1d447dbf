"""One's own account: what the portal knows, where one is signed in, made and changed by mailed links."""

from __future__ import annotations

from collections.abc import Callable

from flask import abort, g, make_response, request, url_for
from werkzeug.wrappers import Response

from portal import web
from portal.access import Role
from portal.accounts import actions, links, passwords, queries
from portal.accounts.forms import AddressForm, ChangePasswordForm, NewAccountForm, NewPasswordForm, SignOutForm
from portal.accounts.labels import ROLES
from portal.accounts.models import MailedLink, SignIn
from portal.accounts.routes.common import Answer, bp, own_account, panels_of
from portal.accounts.routes.signing_in import let_in, onward_of, recognised
from portal.accounts.rules.links import Purpose, link_is_good
from portal.accounts.rules.sign_ins import lasts
from portal.gate import requires
from portal.i18n import _
from portal.lifecycle import Done, Refusal


@bp.get("/account")
@requires("accounts.own")
def account() -> str:
    """What the portal knows of oneself: address, organisations, roles with their end."""
    return web.page(
        account=own_account(),
        panels=panels_of(own_account()),
        roles=ROLES,
        sign_ins=_sign_ins(),
        claimed=_claimed(),
    )


def _claimed() -> list[str]:
    """The roles that the government's provider gave for this sign-in, in words."""
    found = queries.one_sign_in(g.session, g.person, g.person.sign_in_id or 0)
    return [str(ROLES[Role(role)]) for role in found.claimed] if found else []


def _sign_ins() -> list[SignIn]:
    """The person's sign-ins that last."""
    real, roles = web.parts().real.now(), g.person.roles
    found = queries.sign_ins(g.session, g.person.account_id)
    return [s for s in found if lasts(queries.facts(s, roles, real))]


@bp.post("/account/aanmeldingen/<int:sign_in_id>/beeindigen")
@requires("accounts.own")
def end_sign_in(sign_in_id: int) -> Response:
    """End one of one's own sign-ins."""
    found = queries.one_sign_in(g.session, g.person, sign_in_id)
    if found is None:
        abort(404)
    if isinstance(actions.end_sign_in(found, by=g.person, now=g.now), Done):
        web.flash(_("De aanmelding is beëindigd."))
    return web.see_other("accounts.account")


@bp.post("/account/aanmeldingen/andere-beeindigen")
@requires("accounts.own")
def end_others() -> Response:
    """End all of one's sign-ins but this one."""
    account = own_account()
    outcome = actions.end_other_sign_ins(account, keep=g.person.sign_in_id, by=g.person, now=g.now)
    if isinstance(outcome, Done):
        web.flash(_("U bent overal afgemeld, behalve hier."))
    return web.see_other("accounts.account")


def _ask(purpose: Purpose) -> Answer:
    """Ask for a link by mail; the answer is the same whether there is an account or not."""
    form = AddressForm()
    if form.validate_on_submit():
        outcome = actions.ask_for_link(
            g.session,
            purpose=purpose,
            email=form.email.data or "",
            real=web.parts().real.now(),
            onward=_onward(""),
            by=g.person,
            now=g.now,
        )
        if isinstance(outcome, Done):
            return web.see_other("accounts.look_in_mailbox")
        web.refused(form, outcome)
    return web.page(form=form), (422 if form.is_submitted() else 200)


def _onward(otherwise: str) -> str:
    """Where somebody wanted to go when they came to make an account."""
    asked = request.args.get("verder", "")
    return onward_of(asked) if asked else otherwise


@bp.get("/account/kijk-in-uw-mailbox")
@requires("accounts.sign_in")
def look_in_mailbox() -> str:
    """A link is under way, or this was asked too often."""
    return web.page()


def mailed(
    purpose: Purpose, token: str, stands: Callable[[MailedLink], bool] | None = None
) -> MailedLink | None:
    """The row of a link that still counts. Looking at it uses nothing up: scanners of mail look first."""
    found = links.read(g.session, web.parts().settings, purpose, token)
    if found is None:
        return None
    holds = stands(found) if stands is not None else None
    facts = queries.link_facts(found, web.parts().real.now(), stands=holds)
    return found if link_is_good(facts) is None else None


def spent(purpose: Purpose) -> Response:
    """The page of a link that is worth nothing any more, with what one can do."""
    again = {
        Purpose.ENROL: "accounts.ask_account",
        Purpose.RESET: "accounts.forgot",
        Purpose.ADDRESS: "accounts.account",
        Purpose.INVITE: "organisations.ask_to_join",
        Purpose.IDENTITY: "government.leave_for_government",
    }
    return make_response(web.render("accounts/spent.html", again=again[purpose], purpose=purpose.value), 410)


@bp.route("/account/nieuw", methods=["GET", "POST"])
@requires("accounts.sign_in")
def ask_account() -> Answer:
    """Begin an account of one's own: the address first."""
    return _ask(Purpose.ENROL)


@bp.route("/account/nieuw/<token>", methods=["GET", "POST"])
@requires("accounts.sign_in")
def new_account(token: str) -> Answer:
    """The address is proved: the rest of the account."""
    link = mailed(Purpose.ENROL, token)
    if link is None:
        return spent(Purpose.ENROL)
    email = link.email
    form = NewAccountForm(email)
    if form.validate_on_submit():
        hashed = passwords.hash_of(form.password.data or "")
        outcome = actions.enrol_by_link(
            link,
            label=form.label.data or "",
            password_hash=hashed,
            real=web.parts().real.now(),
            by=g.person,
            now=g.now,
        )
        if isinstance(outcome, Done):
            answer = let_in(outcome.value, _onward(url_for("organisations.ask_to_join")))
            web.flash(_("Uw account is gemaakt."))
            return answer
        web.refused(form, outcome)
    return web.page(form=form, email=email), (422 if form.is_submitted() else 200)


@bp.route("/wachtwoord-vergeten", methods=["GET", "POST"])
@requires("accounts.sign_in")
def forgot() -> Answer:
    """Ask for a link to choose a new password."""
    return _ask(Purpose.RESET)


@bp.route("/wachtwoord-vergeten/<token>", methods=["GET", "POST"])
@requires("accounts.sign_in")
def reset(token: str) -> Answer:
    """A new password by a mailed link; then one signs in as always."""
    link = mailed(Purpose.RESET, token)
    if link is None:
        return spent(Purpose.RESET)
    form = NewPasswordForm(link.email)
    if form.validate_on_submit():
        hashed = passwords.hash_of(form.password.data or "")
        real = web.parts().real.now()
        outcome = actions.reset_by_link(link, password_hash=hashed, real=real, by=g.person, now=g.now)
        if isinstance(outcome, Done):
            web.flash(_("Uw wachtwoord is gewijzigd. Meld u aan met het nieuwe."))
            return web.see_other("accounts.sign_in")
        web.refused(form, outcome)
    return web.page(form=form), (422 if form.is_submitted() else 200)


@bp.route("/account/wachtwoord", methods=["GET", "POST"])
@requires("accounts.own")
def password() -> Answer:
    """Change one's password, knowing the old one; every other device is signed out."""
    form = ChangePasswordForm(g.person.email)
    account = own_account()
    if form.validate_on_submit():
        known, why_not = recognised(g.person.email, form.current.data or "")
        if known is None:
            form.current.errors = [why_not or web.sentence(Refusal("wrong_password"))]
        else:
            hashed = passwords.hash_of(form.password.data or "")
            outcome = actions.change_password(account, password_hash=hashed, by=g.person, now=g.now)
            if isinstance(outcome, Done):
                answer = let_in(outcome.value, "/account")
                web.flash(_("Uw wachtwoord is gewijzigd. Op andere toestellen bent u afgemeld."))
                return answer
            web.refused(form, outcome)
    return web.page(form=form), (422 if form.is_submitted() else 200)


@bp.route("/account/adres", methods=["GET", "POST"])
@requires("accounts.own", fresh=True)
def address() -> Answer:
    """Ask to use another address: it is proved first."""
    form = AddressForm()
    if form.validate_on_submit():
        outcome = actions.ask_for_address(
            own_account(),
            email=form.email.data or "",
            real=web.parts().real.now(),
            by=g.person,
            now=g.now,
        )
        if isinstance(outcome, Done):
            return web.see_other("accounts.look_in_mailbox")
        web.refused(form, outcome)
    return web.page(form=form), (422 if form.is_submitted() else 200)


@bp.route("/account/adres/<token>", methods=["GET", "POST"])
@requires("accounts.sign_in")
def new_address(token: str) -> Answer:
    """The new address is proved by its link, and one button."""
    link = mailed(Purpose.ADDRESS, token)
    if link is None:
        return spent(Purpose.ADDRESS)
    if not g.person.signed_in:
        web.flash(_("Meld u aan met uw huidige adres: dan weten wij dat u dit zelf vroeg."))
        return web.see_other("accounts.sign_in", verder=request.path)
    if g.person.account_id != link.account_id:
        web.flash(_("Deze link is van een ander account dan waarmee u aangemeld bent."), "problem")
        return web.see_other("accounts.account")
    form = SignOutForm()
    if form.validate_on_submit():
        outcome = actions.change_address_by_link(link, real=web.parts().real.now(), by=g.person, now=g.now)
        if isinstance(outcome, Done):
            web.flash(_("Uw adres is gewijzigd. Meld u aan met het nieuwe."))
            return web.see_other("accounts.sign_in")
        web.refused(form, outcome)
    return web.page(form=form, email=link.email), (422 if form.is_submitted() else 200)
