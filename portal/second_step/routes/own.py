"""One's second step of signing in: added, its recovery codes renewed, taken away."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import abort, g, make_response, request
from werkzeug.wrappers import Response

from portal import web
from portal.accounts import queries as accounts
from portal.accounts.models import Account
from portal.accounts.routes.common import Answer, own_account
from portal.accounts.routes.signing_in import device_here
from portal.accounts.rules.sign_ins import must_have_second_step
from portal.gate import requires
from portal.i18n import _
from portal.lifecycle import Done, Refusal, Refused
from portal.second_step import actions, factors, passkeys, queries
from portal.second_step.forms import CodeForm, PasskeyForm
from portal.second_step.models import Passkey
from portal.second_step.routes.common import bp


def _page(form: CodeForm, status: int = 200) -> Response:
    account = own_account()
    found = queries.authenticator(g.session, account.id)
    begun = found is not None and found.confirmed_at is None
    shown = factors.shown(web.parts().settings, found.sealed, account.email) if found and begun else None
    page = web.render(
        "second_step/second_step.html",
        form=form,
        added=found is not None and not begun,
        shown=shown,
        left=queries.codes_left(g.session, account.id),
        required=must_have_second_step(g.person.roles | g.person.dormant),
        **_passkeys(account),
    )
    return make_response(page, status)


def _site() -> passkeys.Site:
    return passkeys.site_of(web.parts().settings, request.host_url)


def _challenge(account: Account, known: Sequence[Passkey]) -> bytes:
    found = accounts.one_sign_in(g.session, g.person, g.person.sign_in_id or 0)
    return passkeys.challenge_to_add(web.parts().settings, found.digest if found else "", known)


def _passkeys(account: Account) -> dict[str, Any]:
    """The account's passkeys, and what a browser needs to add one."""
    known, site = queries.passkeys(g.session, account.id), _site()
    challenge = _challenge(account, known)
    options = passkeys.to_add(web.parts().settings, site, account, challenge, known) if site.possible else ""
    return {"passkeys": known, "options": options, "add": PasskeyForm(formdata=None)}


@bp.get("/account/tweede-stap")
@requires("accounts.own", fresh=True)
def second_step() -> Answer:
    """Whether there is a second step, and what one can do with it."""
    return _page(CodeForm(formdata=None))


@bp.post("/account/tweede-stap/begin")
@requires("accounts.own", fresh=True)
def begin_second_step() -> Response:
    """Make a secret ready, to be shown on the page."""
    sealed = factors.new_secret(web.parts().settings)
    outcome = actions.begin_authenticator(own_account(), sealed=sealed, by=g.person, now=g.now)
    if isinstance(outcome, Refused):
        web.said_later(outcome)
    return web.see_other("second_step.second_step")


@bp.post("/account/tweede-stap/bevestigen")
@requires("accounts.own", fresh=True)
def confirm_second_step() -> Response:
    """The first right code switches it on; the recovery codes are shown this once."""
    form, account, settings = CodeForm(), own_account(), web.parts().settings
    found = queries.authenticator(g.session, account.id)
    if not form.validate_on_submit() or found is None:
        return _page(form, 422)
    sealed = found.sealed
    step = factors.step_of(settings, sealed, form.code.data or "", web.parts().real.now())
    if step is None:
        web.refused(form, Refused((Refusal("wrong_code", {}, "code"),)))
        return _page(form, 422)
    codes, digests = factors.new_codes()
    outcome = actions.confirm_authenticator(
        account, sealed=sealed, step=step, codes=digests, by=g.person, now=g.now
    )
    if isinstance(outcome, Refused):
        web.refused(form, outcome)
        return _page(form, 422)
    return make_response(web.render("second_step/codes.html", codes=codes, new=True))


@bp.post("/account/tweede-stap/passkeys")
@requires("accounts.own", fresh=True)
def add_passkey() -> Response:
    """Keep the passkey that a device just made."""
    form, account = PasskeyForm(), own_account()
    known = queries.passkeys(g.session, account.id)
    first = not queries.has_second_step(g.session, account.id)
    if not form.validate_on_submit():
        return _page(CodeForm(formdata=None), 422)
    made = passkeys.added(_site(), form.credential.data or "", _challenge(account, known))
    if made is None:
        web.problem(web.sentence(Refusal("passkey_fails")))
        return _page(CodeForm(formdata=None), 422)
    codes, digests = factors.new_codes()
    outcome = actions.add_passkey(
        account,
        credential=made[0],
        public_key=made[1],
        sign_count=made[2],
        device=device_here(),
        codes=digests,
        by=g.person,
        now=g.now,
    )
    if isinstance(outcome, Refused):
        web.refused(None, outcome)
        return _page(CodeForm(formdata=None), 422)
    if first:
        return make_response(web.render("second_step/codes.html", codes=codes, new=True))
    web.flash(_("De passkey is toegevoegd."))
    return web.see_other("second_step.second_step")


@bp.post("/account/tweede-stap/passkeys/<int:passkey_id>/verwijderen")
@requires("accounts.own", fresh=True)
def remove_passkey(passkey_id: int) -> Response:
    """Take a passkey away: the device is lost, or somebody else's."""
    account = own_account()
    if all(k.id != passkey_id for k in queries.passkeys(g.session, account.id)):
        abort(404)
    outcome = actions.remove_passkey(account, passkey_id=passkey_id, by=g.person, now=g.now)
    if isinstance(outcome, Refused):
        web.said_later(outcome)
        return web.see_other("second_step.second_step")
    web.flash(_("De passkey is weg. Meld u opnieuw aan."))
    return web.see_other("accounts.sign_in")


@bp.post("/account/tweede-stap/codes")
@requires("accounts.own", fresh=True)
def renew_codes() -> Response:
    """New recovery codes, shown this once."""
    codes, digests = factors.new_codes()
    outcome = actions.renew_codes(own_account(), codes=digests, by=g.person, now=g.now)
    if not isinstance(outcome, Done):
        abort(404)
    return make_response(web.render("second_step/codes.html", codes=codes, new=False))


@bp.post("/account/tweede-stap/verwijderen")
@requires("accounts.own", fresh=True)
def remove_second_step() -> Response:
    """Sign in with a password alone again, where no role wants more."""
    outcome = actions.remove_authenticator(own_account(), by=g.person, now=g.now)
    if isinstance(outcome, Refused):
        web.said_later(outcome)
        return web.see_other("second_step.second_step")
    web.flash(_("De tweede stap is weg. Meld u opnieuw aan."))
    return web.see_other("accounts.sign_in")
