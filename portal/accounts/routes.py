"""Signing in and out, one's own account, and the department's list of users."""

from __future__ import annotations

from flask import Blueprint, g, redirect, request
from flask_login import UserMixin, login_user, logout_user
from werkzeug.wrappers import Response

from portal import web
from portal.accounts import queries
from portal.accounts.actions import recognise
from portal.accounts.forms import SignInForm, SignOutForm
from portal.accounts.labels import ROLES
from portal.accounts.models import Account
from portal.gate import requires
from portal.i18n import _

bp = Blueprint("accounts", __name__)


class SignedIn(UserMixin):
    """What Flask-Login keeps of an account: its uniquifier, never its id."""

    def __init__(self, uniquifier: str) -> None:
        self.id = uniquifier


def let_in(account: Account) -> None:
    """Put the account in the cookie."""
    login_user(SignedIn(account.fs_uniquifier))


def _onward(target: str) -> str:
    """A path of this site and of nowhere else."""
    inside = target.startswith("/") and not target.startswith(("//", "/\\")) and "\\" not in target
    return target if inside and target.isprintable() else "/"


@bp.route("/aanmelden", methods=["GET", "POST"])
@requires("accounts.sign_in")
def sign_in() -> str | Response | tuple[str, int]:
    """Sign in, and go on to where one wanted to be."""
    form = SignInForm()
    if request.method == "GET":
        form.onward.data = request.args.get("verder", "")
    if form.validate_on_submit():
        account = recognise(g.session, form.email.data or "", form.password.data or "")
        if account is not None:
            let_in(account)
            return redirect(_onward(form.onward.data or "/"), 303)
        web.problem(_("Dit e-mailadres en dit wachtwoord horen niet samen. Kijk ze allebei na."))
    return web.page(form=form), (422 if request.method == "POST" else 200)


@bp.post("/afmelden")
@requires("accounts.own")
def sign_out() -> Response:
    """Leave."""
    if SignOutForm().validate_on_submit():
        logout_user()
    return web.see_other("home.home")


@bp.get("/account")
@requires("accounts.own")
def account() -> str:
    """What the portal knows of oneself: address, organisations, roles with their end."""
    return web.page(
        account=queries.one(g.session, g.person.account_id),
        organisations=queries.organisations_of(g.session, g.person),
        roles=ROLES,
    )


@bp.get("/beheer/gebruikers")
@requires("accounts.read_all")
def accounts() -> str:
    """All accounts with their roles and what these are limited to."""
    return web.page(accounts=queries.all_accounts(g.session), roles=ROLES)
