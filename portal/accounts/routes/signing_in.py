"""Signing in and out, and being asked again who one is; a form that was sent meanwhile comes along."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from datetime import timedelta

from flask import g, make_response, redirect, request, session, url_for
from flask_login import UserMixin, login_user, logout_user
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from portal import given, web
from portal.accounts import actions, queries
from portal.accounts.forms import KeptForm, ProveForm, SignInForm, SignOutForm
from portal.accounts.models import Account, SignIn
from portal.accounts.routes.common import Answer, bp, person_of
from portal.accounts.rules.sign_ins import device_of
from portal.accounts.rules.trying import source_of
from portal.gate import FORM, TONGUE, Ask, ask_again, requires, send_again
from portal.given import Kept
from portal.hooks import has_second_step, hooks_of
from portal.i18n import _, ngettext, speaking
from portal.lifecycle import Done, Refused

log = logging.getLogger("portal.accounts")


class SignedIn(UserMixin):
    """What Flask-Login keeps in the cookie: a random token that stands for one sign-in, never an account."""

    def __init__(self, token: str) -> None:
        self.id = token


def let_in(
    account: Account, onward: str, *, half: bool = False, begin: Callable[..., Done | Refused] = actions.sign_in
) -> Response:
    """Begin a sign-in with a token and a cookie of its own, and go on; a `half` one waits for the second step.

    `begin` is the verb: another one where somebody came by the government's provider.
    """
    token = secrets.token_urlsafe(32)
    outcome = begin(
        account,
        digest=queries.digest_of(token),
        device=device_here(),
        half=half,
        beside=beside(),
        real=web.parts().real.now(),
        by=person_of(account),
        now=g.now,
    )
    if not isinstance(outcome, Done):
        return web.see_other("accounts.sign_in")
    new_cookie(token)
    if not half:
        ask_again()  # a page of this very answer shows their menu
    return redirect(onward, 303)


def beside() -> bool:
    """Whether there is a provider of the government's that somebody with a password comes in beside."""
    return web.parts().government is not None


def forget() -> None:
    """Nothing in the cookie any more but the language that was chosen."""
    spoken = session.get(TONGUE)
    session.clear()
    if spoken:
        session[TONGUE] = spoken


def new_cookie(token: str) -> None:
    """A cookie of its own for the token of a sign-in: nothing of the one before stays."""
    forget()
    g.pop("csrf_token", None)  # Flask-WTF keeps the one made for the cookie that is gone
    _put_in_cookie(token)


def _put_in_cookie(token: str) -> None:
    login_user(SignedIn(token))
    session.pop("_id", None)  # Flask-Login's digest of address and browser: readable, and nobody's business


@speaking("nl")
def device_here() -> str:
    """The browser and system of this request, in words of ours: they are kept, and mailed."""
    browser, system = device_of(request.user_agent.string)
    words = [w for w in (browser, system) if w]
    return _(" op ").join(words) or _("een ander toestel")


def recognised(email: str, password: str) -> tuple[Account | None, str]:
    """The account that this address and password prove, or what to say; who guesses waits, known account or
    not.
    """
    parts, source = web.parts(), source_of(request.remote_addr or "")
    wait = queries.wait_of(g.session, email, source, parts.real.now())
    if wait > timedelta():
        seconds = -(-wait // timedelta(seconds=1))
        log.warning("waits", extra={"facts": {"seconds": seconds}})
        return None, ngettext(
            "U probeerde te vaak. Wacht %(num)s seconde en probeer opnieuw.",
            "U probeerde te vaak. Wacht %(num)s seconden en probeer opnieuw.",
            seconds,
        )
    account = actions.recognise(g.session, email, password)
    if account is None:
        actions.failed(parts.database, email, source, parts.real.now())
        log.warning("not recognised", extra={"facts": {"source": source}})
        return None, ""
    if not has_second_step(g.session, account.id):  # a password alone forgives no wrong codes
        actions.succeeded(parts.database, email, source)
    return account, ""


def onward_of(target: str) -> str:
    """A path of this site and of nowhere else."""
    inside = target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target
    return target if inside and target.isprintable() else "/"


def sign_in_first(what: Ask, kept: Kept | None) -> Response:
    """Ask who somebody is, or whether it is still them; the gate's answer where a route wants to know.

    What they sent stands in the page itself, sealed, and comes back when they are known: the server keeps
    nothing of visitors.
    """
    again, was_here = what is Ask.STILL, "_user_id" in session
    if what is Ask.SECOND_STEP:
        web.flash(_("Uw rol vraagt een tweede stap bij het aanmelden. Voeg ze eerst toe."))
        return web.see_other("second_step.second_step")
    if what is Ask.ORGANISATION:
        web.flash(_("Zeg eerst voor welke organisatie u handelt. Daarna gaat u verder waar u wilde zijn."))
        return web.see_other("organisations.ask_to_join", verder=request.full_path.rstrip("?"))
    if kept is None:
        if was_here and not again:
            web.flash(_("Uw aanmelding is verlopen. Meld u opnieuw aan."))
        target = request.full_path.rstrip("?")
        return web.see_other("accounts.prove" if again else "accounts.sign_in", verder=target)
    form = ProveForm(formdata=None) if again else SignInForm(formdata=None)
    form.onward.data = kept.target
    form.kept.data = kept.sealed()
    if not again:
        web.problem(_("Uw aanmelding is verlopen. Meld u opnieuw aan: wat u had ingevuld, gaat niet verloren."))
    view = "prove" if again else "sign_in"
    return make_response(web.render(f"accounts/{view}.html", form=form, typed=given.typed(kept.fields)), 403)


def go_on_with(form: FlaskForm, known: Response) -> Response:
    """Where somebody wanted to be; a form they had sent is shown to be sent again, with a token that counts."""
    kept = given.opened(form.kept.data or "")
    if kept is None:
        return known
    return send_again(kept)


@bp.route("/aanmelden", methods=["GET", "POST"])
@requires("accounts.sign_in", body=FORM)
def sign_in() -> Answer:
    """Sign in, and go on to where one wanted to be."""
    form = SignInForm()
    if request.method == "GET":
        form.onward.data = request.args.get("verder", "")
    if form.validate_on_submit():
        account, why_not = recognised(form.email.data or "", form.password.data or "")
        if account is not None:
            return _first_step_done(account, form)
        web.problem(why_not or _("Dit e-mailadres en dit wachtwoord horen niet samen. Kijk ze allebei na."))
    return web.page(form=form), (422 if request.method == "POST" else 200)


def _first_step_done(account: Account, form: SignInForm) -> Response:
    """The password was right: in, or to the second step; what came along goes along."""
    onward = onward_of(form.onward.data or "/")
    if not has_second_step(g.session, account.id):
        return go_on_with(form, let_in(account, onward))
    asked = let_in(account, url_for("second_step.code", verder=onward), half=True)
    if not form.kept.data:
        return asked
    half, page = half_here(), hooks_of(g.session).second_step_page
    return page(half, onward, form.kept.data) if half and page else asked


def half_here() -> SignIn | None:
    """The sign-in of this browser that waits for its second step."""
    return queries.half_with(g.session, session.get("_user_id", ""), web.parts().real.now())


@bp.route("/aanmelden/opnieuw", methods=["GET", "POST"])
@requires("accounts.own", body=FORM)
def prove() -> Answer:
    """Prove again who one is, before what cannot be undone."""
    form = ProveForm()
    if request.method == "GET":
        form.onward.data = request.args.get("verder", "")
    if form.validate_on_submit():
        found = queries.one_sign_in(g.session, g.person, g.person.sign_in_id or 0)
        account, why_not = recognised(g.person.email, form.password.data or "")
        if found is not None and account is not None:
            return go_on_with(form, _renewed(found, onward_of(form.onward.data or "/")))
        web.problem(why_not or _("Dit wachtwoord klopt niet. Kijk het na."))
    return web.page(form=form), (422 if request.method == "POST" else 200)


def _renewed(found: SignIn, onward: str) -> Response:
    token = secrets.token_urlsafe(32)
    real = web.parts().real.now()
    outcome = actions.renew(found, digest=queries.digest_of(token), real=real, by=g.person, now=g.now)
    if isinstance(outcome, Done):
        _put_in_cookie(token)
    return redirect(onward, 303)


@bp.route("/aanmelden/verder", methods=["GET", "POST"])
@requires("accounts.own", body=FORM)
def signed_in_elsewhere() -> Response:
    """One signed in in another tab: what one had sent is shown to be sent again. Nothing is done, so an old
    token will do.
    """
    form = KeptForm()
    return go_on_with(form, make_response(redirect(onward_of(form.onward.data or "/"), 303)))


@bp.post("/afmelden")
@requires("accounts.sign_in")
def sign_out() -> Response:
    """Leave: the sign-in ends at the server, and the browser forgets its pages."""
    found = queries.one_sign_in(g.session, g.person, g.person.sign_in_id or 0)
    if SignOutForm().validate_on_submit():
        if found is not None:
            actions.end_sign_in(found, by=g.person, now=g.now)
        logout_user()
        forget()
    answer = web.see_other("home.home")
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer
