"""What the routes of accounts share."""

from __future__ import annotations

from flask import Blueprint, abort, g
from werkzeug.wrappers import Response

from portal.accounts import queries
from portal.accounts.models import Account

bp = Blueprint("accounts", __name__)
Answer = str | Response | tuple[str, int]


def own_account() -> Account:
    """The account of who asks."""
    found = queries.one(g.session, g.person.account_id or 0)
    if found is None:
        abort(404)
    return found
