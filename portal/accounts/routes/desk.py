"""The department's users: who there is, what they may, who gave it; giving and ending roles."""

from __future__ import annotations

from typing import Any

from flask import g
from werkzeug.wrappers import Response

from portal import reading, web
from portal.access import Role
from portal.accounts import actions
from portal.accounts.forms import GrantForm
from portal.accounts.labels import ROLES
from portal.accounts.routes.common import Answer, account_or_404, bp, panels_of
from portal.gate import requires
from portal.hooks import has_second_step
from portal.i18n import _
from portal.lifecycle import Done
from portal.proposals import Proposal, open_to


def _names() -> dict[str, str]:
    return {region.key: region.name for region in web.parts().definitions.regions}


@bp.get("/beheer/gebruikers/<int:account_id>")
@requires("accounts.read_all")
def user(account_id: int) -> str:
    """One account: organisations, roles with who gave them and until when."""
    account = account_or_404(account_id)
    protected = has_second_step(g.session, account.id)
    return web.page(
        account=account,
        roles=ROLES,
        regions=_names(),
        protected=protected,
        panels=panels_of(account),
        proposed=[
            p
            for p in open_to(g.session, g.person)
            if p.verb == "grant" and p.arguments["account_id"] == account.id
        ],
    )


def _is_of(proposal: Proposal, account_id: int) -> bool:
    return proposal.verb == "grant" and proposal.arguments["account_id"] == account_id


@bp.route("/beheer/gebruikers/<int:account_id>/rol", methods=["GET", "POST"])
@requires("accounts.manage", fresh=True)
def give_role(account_id: int) -> Answer:
    """Propose a role of the department; one that is held gets these regions and this end instead."""
    account, form, names = account_or_404(account_id), GrantForm(), _names()
    form.regions.choices = [web.choice(key, name) for key, name in names.items() if g.person.reaches(key)]
    if form.validate_on_submit():
        regions = tuple(dict.fromkeys(form.regions.data or ())) if form.reach.data == "some" else None
        outcome = actions.propose_grant(
            account,
            role=_role(form.role.data),
            regions=regions,
            known=frozenset(names),
            until=reading.day(form.until.data or ""),
            by=g.person,
            now=g.now,
        )
        if isinstance(outcome, Done):
            web.flash(_("De rol is voorgesteld. Ze geldt zodra een tweede persoon ze bevestigt."))
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


def _done(account_id: int, verb: Any, told: str, **arguments: Any) -> Response:
    outcome = verb(account_or_404(account_id), **arguments, by=g.person, now=g.now)
    web.said_later(outcome, told)
    return web.see_other("accounts.user", account_id=account_id)
