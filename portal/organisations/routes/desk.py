"""The desk's users and organisations."""

from __future__ import annotations

from datetime import date

from flask import abort, g
from werkzeug.wrappers import Response

from portal import reading, web
from portal.accounts import access as account_access
from portal.accounts.forms import SwitchForm
from portal.accounts.labels import ROLES
from portal.accounts.routes.common import Answer
from portal.gate import requires
from portal.i18n import _
from portal.lifecycle import Done
from portal.organisations import actions, queries
from portal.organisations.forms import MergeForm
from portal.organisations.models import Organisation
from portal.organisations.routes.common import bp

PAGE = 50  # accounts


@bp.get("/beheer/gebruikers")
@requires("accounts.read_all")
def users() -> str:
    """Accounts with their roles, found by a part of what is known of them."""
    text, number = web.searched(), web.page_number()
    found, total = queries.users(g.session, text, (number - 1) * PAGE, PAGE)
    return web.page(
        accounts=found,
        memberships=queries.memberships_among(g.session, [one.id for one in found]),
        text=text,
        total=total,
        number=number,
        more=number * PAGE < total,
        roles=ROLES,
    )


@bp.get("/beheer/organisaties")
@requires("accounts.read_all")
def requests() -> str:
    """Requests that wait for the department, and the organisations people act for."""
    text, number = web.searched(), web.page_number()
    found, total = queries.organisations(g.session, text, (number - 1) * PAGE, PAGE)
    asked = queries.requests_open_to(g.session, g.person) if account_access.at_desk(g.person) else []
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
            found,
            into=form.into.data or "",
            on=reading.day(form.on.data or "") or date.max,
            reason=form.reason.data or "",
            by=g.person,
            now=g.now,
        )
        if isinstance(outcome, Done):
            return _waits(number)
        web.refused(form, outcome)
    return web.page(organisation=found, form=form), (422 if form.is_submitted() else 200)


def _waits(number: str) -> Response:
    web.flash(_("Dit wacht op een tweede persoon."))
    return web.see_other("organisations.organisation_desk", number=number)


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
