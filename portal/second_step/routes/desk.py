"""A lost second step, at the desk."""

from __future__ import annotations

from flask import g

from portal import web
from portal.accounts.forms import SwitchForm
from portal.accounts.routes.common import Answer, account_or_404
from portal.gate import requires
from portal.i18n import _
from portal.lifecycle import Done
from portal.second_step import actions
from portal.second_step.routes.common import bp


@bp.route("/beheer/gebruikers/<int:account_id>/tweede-stap", methods=["GET", "POST"])
@requires("accounts.manage", fresh=True)
def take_second_step(account_id: int) -> Answer:
    """Propose that an account signs in without its lost second step."""
    account, form = account_or_404(account_id), SwitchForm()
    if form.validate_on_submit():
        outcome = actions.propose_taking(account, reason=form.reason.data or "", by=g.person, now=g.now)
        if isinstance(outcome, Done):
            web.flash(_("Dit wacht op een tweede persoon."))
            return web.see_other("accounts.user", account_id=account_id)
        web.refused(form, outcome)
    return web.page(account=account, form=form), (422 if form.is_submitted() else 200)
