"""The department's users: who there is, what they may, who gave it; giving and ending roles."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import abort, g
from werkzeug.wrappers import Response

from portal import web
from portal.access import Role
from portal.accounts import actions, queries
from portal.accounts.forms import GrantForm, MergeForm, SwitchForm
from portal.accounts.labels import ROLES
from portal.accounts.models import Account, Organisation
from portal.accounts.routes.common import Answer, bp
from portal.gate import requires
from portal.i18n import _
from portal.lifecycle import Done

PAGE = 50  # accounts


@bp.get("/beheer/gebruikers")
@requires("accounts.read_all")
def accounts() -> str:
    """Accounts with their roles, found by a part of what is known of them."""
    text, number = web.searched(), web.page_number()
    found, total = queries.accounts(g.session, text, (number - 1) * PAGE, PAGE)
    return web.page(
        accounts=found, text=text, total=total, number=number, more=number * PAGE < total, roles=ROLES
    )


@bp.get("/beheer/organisaties")
@requires("accounts.read_all")
def requests() -> str:
    """Requests that wait for the department, and the organisations people act for."""
    text, number = web.searched(), web.page_number()
    found, total = queries.organisations(g.session, text, (number - 1) * PAGE, PAGE)
    asked = queries.requests_open_to(g.session, g.person) if queries.at_desk(g.person) else []
    return web.page(
        asked=asked, organisations=found, text=text, total=total, number=number, more=number * PAGE < total
    )


def _organisation(number: str) -> Organisation:
    """An organisation that the desk may know of: somebody acts for it, or it merged."""
    found = queries.organisation(g.session, number)
    if found is None or not (found.merged_into_id or queries.members(g.session, found.id)):
        abort(404)
    return found


@bp.get("/beheer/organisaties/<number>")
@requires("accounts.read_all")
def organisation_desk(number: str) -> str:
    """One organisation: who acts for it, whether it stands, what it went into."""
    found = _organisation(number)
    return web.page(organisation=found, members=queries.members(g.session, found.id))


@bp.route("/beheer/organisaties/<number>/samenvoegen", methods=["GET", "POST"])
@requires("accounts.manage", fresh=True)
def merge(number: str) -> Answer:
    """Propose that an organisation went into another."""
    found, form = _organisation(number), MergeForm()
    if form.validate_on_submit():
        outcome = actions.propose_merger(
            found, into=form.into.data or "", on=web.a_day(form.on.data or "") or date.max,
            reason=form.reason.data or "", by=g.person, now=g.now,
        )  # fmt: skip
        if isinstance(outcome, Done):
            return _waits(number)
        web.refused(form, outcome)
    return web.page(organisation=found, form=form), (422 if form.is_submitted() else 200)


def _waits(number: str) -> Response:
    web.flash(_("Dit wacht op een tweede persoon."))
    return web.see_other("accounts.organisation_desk", number=number)


@bp.route("/beheer/organisaties/<number>/schakelen", methods=["GET", "POST"])
@requires("accounts.manage", fresh=True)
def switch(number: str) -> Answer:
    """Propose that nobody acts for an organisation any more, or that its members do again."""
    found, form = _organisation(number), SwitchForm()
    if form.validate_on_submit():
        reason = form.reason.data or ""
        outcome = actions.propose_switch(found, enable=not found.active, reason=reason, by=g.person, now=g.now)
        if isinstance(outcome, Done):
            return _waits(number)
        web.refused(form, outcome)
    return web.page(organisation=found, form=form), (422 if form.is_submitted() else 200)


def _one(account_id: int) -> Account:
    found = queries.one(g.session, account_id)
    if found is None:
        abort(404)
    return found


@bp.get("/beheer/gebruikers/<int:account_id>")
@requires("accounts.read_all")
def user(account_id: int) -> str:
    """One account: organisations, roles with who gave them and until when."""
    account = _one(account_id)
    protected = queries.has_second_step(g.session, account.id)
    return web.page(account=account, roles=ROLES, regions=_names(), protected=protected)


def _names() -> dict[str, str]:
    return {region.key: region.name for region in web.parts().definitions.regions}


@bp.route("/beheer/gebruikers/<int:account_id>/rol", methods=["GET", "POST"])
@requires("accounts.manage", fresh=True)
def give_role(account_id: int) -> Answer:
    """Give a role of the department; one that is held gets these regions and this end instead."""
    account, form, names = _one(account_id), GrantForm(), _names()
    form.regions.choices = [web.choice(key, name) for key, name in names.items() if g.person.reaches(key)]
    if form.validate_on_submit():
        regions = tuple(dict.fromkeys(form.regions.data or ())) if form.reach.data == "some" else None
        outcome = actions.grant(
            account, role=_role(form.role.data), regions=regions, known=frozenset(names),
            until=web.a_day(form.until.data or ""), by=g.person, now=g.now,
        )  # fmt: skip
        if isinstance(outcome, Done):
            web.flash(_("De rol is gegeven. Ze geldt vanaf nu; de gebruiker krijgt een mail."))
            return web.see_other("accounts.user", account_id=account_id)
        web.refused(form, outcome)
    return web.page(account=account, form=form), (422 if form.is_submitted() else 200)


def _role(value: str | None) -> Role:
    return next((role for role in Role if role.value == value), Role.VISITOR)


@bp.post("/beheer/gebruikers/<int:account_id>/rol/<role>/beeindigen")
@requires("accounts.manage", fresh=True)
def end_role(account_id: int, role: str) -> Response:
    """End a role; it counts from the next request."""
    return _done(account_id, actions.end_grant, _("De rol is beëindigd."), role=_role(role))


@bp.post("/beheer/gebruikers/<int:account_id>/uitschakelen")
@requires("accounts.manage", fresh=True)
def disable(account_id: int) -> Response:
    """Nobody signs in with this account any more."""
    return _done(account_id, actions.disable, _("Het account is uitgeschakeld."))


@bp.post("/beheer/gebruikers/<int:account_id>/inschakelen")
@requires("accounts.manage", fresh=True)
def enable(account_id: int) -> Response:
    """The account may sign in again."""
    return _done(account_id, actions.enable, _("Het account is weer ingeschakeld."))


@bp.route("/beheer/gebruikers/<int:account_id>/tweede-stap", methods=["GET", "POST"])
@requires("accounts.manage", fresh=True)
def take_second_step(account_id: int) -> Answer:
    """Propose that an account signs in without its lost second step."""
    account, form = _one(account_id), SwitchForm()
    if form.validate_on_submit():
        outcome = actions.propose_taking(account, reason=form.reason.data or "", by=g.person, now=g.now)
        if isinstance(outcome, Done):
            web.flash(_("Dit wacht op een tweede persoon."))
            return web.see_other("accounts.user", account_id=account_id)
        web.refused(form, outcome)
    return web.page(account=account, form=form), (422 if form.is_submitted() else 200)


def _done(account_id: int, verb: Any, told: str, **arguments: Any) -> Response:
    outcome = verb(_one(account_id), **arguments, by=g.person, now=g.now)
    if isinstance(outcome, Done):
        web.flash(told)
    else:
        web.refused_later(outcome)
    return web.see_other("accounts.user", account_id=account_id)
