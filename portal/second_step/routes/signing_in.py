"""Signing in with the second step."""

from __future__ import annotations

import secrets
from typing import Any

from flask import g, make_response, redirect, request
from werkzeug.wrappers import Response

from portal import given, web
from portal.accounts import actions as account_actions
from portal.accounts import queries as accounts
from portal.accounts.models import SignIn
from portal.accounts.routes.common import Answer, person_of
from portal.accounts.routes.signing_in import (
    beside,
    go_on_with,
    half_here,
    new_cookie,
    onward_of,
    sign_in_first,
)
from portal.accounts.rules.trying import source_of
from portal.gate import FORM, Ask, ask_again, requires
from portal.i18n import _
from portal.lifecycle import Done, Refusal
from portal.second_step import actions, factors, passkeys, queries
from portal.second_step.forms import CodeForm, PasskeyForm
from portal.second_step.routes.common import bp


def code_page(half: SignIn, onward: str, kept: str | None, form: CodeForm | None = None) -> Response:
    """The page of the second step, with what the account has for it."""
    settings, known = web.parts().settings, queries.passkeys(g.session, half.account_id)
    site = passkeys.site_of(settings, request.host_url)
    challenge = passkeys.challenge_to_sign_in(settings, half)
    code, passkey = form or CodeForm(formdata=None), PasskeyForm(formdata=None)
    for one in (code, passkey):
        one.onward.data, one.kept.data = onward, kept
    page = web.render(
        "second_step/code.html",
        form=code,
        passkey=passkey,
        options=passkeys.to_sign_in(site, challenge, known) if known and site.possible else "",
        app=queries.has_authenticator(g.session, half.account_id),
    )
    return make_response(page, 422 if form is not None else 200)


def _password_first(form: CodeForm | PasskeyForm | None = None) -> Response:
    if g.person.signed_in:
        return web.see_other("home.home")
    if form is not None and (kept := given.opened(form.kept.data or "")):
        return sign_in_first(Ask.WHO, kept)
    web.flash(_("Meld u aan met uw wachtwoord: voor de tweede stap kreeg u tien minuten."))
    return web.see_other("accounts.sign_in")


@bp.route("/aanmelden/code", methods=["GET", "POST"])
@requires("accounts.sign_in", body=FORM)
def code() -> Answer:
    """The second step: a code of the app, or one from paper."""
    half, form = half_here(), CodeForm()
    if half is None:
        return _password_first(form)
    if request.method == "GET":
        return code_page(half, request.args.get("verder", ""), None)
    if form.validate_on_submit():
        parts, given = web.parts(), form.code.data or ""
        app = queries.authenticator(g.session, half.account_id)
        confirmed = app is not None and app.confirmed_at is not None
        step = (
            factors.step_of(parts.settings, app.sealed, given, parts.real.now()) if app and confirmed else None
        )
        recovery = factors.digest_of_code(given) if step is None else None
        if done := _completed(half, form, step=step, recovery=recovery):
            return done
    return code_page(half, form.onward.data or "", form.kept.data, form)


@bp.post("/aanmelden/passkey")
@requires("accounts.sign_in", body=FORM)
def with_passkey() -> Answer:
    """The second step: a passkey answered."""
    half, form = half_here(), PasskeyForm()
    if half is None:
        return _password_first(form)
    settings = web.parts().settings
    if form.validate_on_submit():
        known, site = queries.passkeys(g.session, half.account_id), passkeys.site_of(settings, request.host_url)
        challenge = passkeys.challenge_to_sign_in(settings, half)
        right = passkeys.answered(site, form.credential.data or "", challenge, known)
        if done := _completed(half, form, passkey=right):
            return done
    return code_page(half, form.onward.data or "", form.kept.data, CodeForm(formdata=None))


def _completed(half: SignIn, form: CodeForm | PasskeyForm, **proof: Any) -> Response | None:
    """In with a new token, to where one wanted to be; None, counted and told, where the proof is wrong."""
    token, by = secrets.token_urlsafe(32), person_of(half.account, half)
    parts, email, source = web.parts(), half.account.email, source_of(request.remote_addr or "")
    outcome = actions.complete_sign_in(
        half,
        **proof,
        digest=accounts.digest_of(token),
        beside=beside(),
        real=parts.real.now(),
        by=by,
        now=g.now,
    )
    if isinstance(outcome, Done):
        account_actions.succeeded(parts.database, email, source)
        new_cookie(token)
        ask_again()
        return go_on_with(form, redirect(onward_of(form.onward.data or "/"), 303))
    actions.count_try(half, by=by, now=g.now)
    account_actions.failed(parts.database, email, source, parts.real.now())
    if isinstance(form, CodeForm):
        web.refused(form, outcome)
    else:
        web.problem(web.sentence(Refusal("passkey_fails")))
    return None
