"""What the routes of accounts share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g
from werkzeug.wrappers import Response

from portal.accounts import queries
from portal.accounts.models import Account
from portal.hooks import hooks_of

bp = Blueprint("accounts", __name__)
Answer = str | Response | tuple[str, int]


def panels_of(account: Account) -> list[Any]:
    """What later rooms say of an account."""
    return [made(g.session, account, g.person) for made in hooks_of(g.session).account_panels]


def account_or_404(account_id: int) -> Account:
    """The account with this id, for the desk."""
    found = queries.one(g.session, account_id)
    if found is None:
        abort(404)
    return found


def own_account() -> Account:
    """The account of who asks."""
    found = queries.one(g.session, g.person.account_id or 0)
    if found is None:
        abort(404)
    return found
