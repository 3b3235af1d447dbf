"""The department's list of users."""

from __future__ import annotations

from flask import g

from portal import web
from portal.accounts import queries
from portal.accounts.labels import ROLES
from portal.accounts.routes.common import bp
from portal.gate import requires


@bp.get("/beheer/gebruikers")
@requires("accounts.read_all")
def accounts() -> str:
    """All accounts with their roles and what these are limited to."""
    return web.page(accounts=queries.all_accounts(g.session), roles=ROLES)
