"""What the routes of accounts share."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, abort, g
from werkzeug.wrappers import Response

from portal.access import Person
from portal.accounts import queries
from portal.accounts.models import Account, SignIn
from portal.clock import brussels_day
from portal.hooks import hooks_of

bp = Blueprint("accounts", __name__)
Answer = str | Response | tuple[str, int]


def panels_of(account: Account) -> list[Any]:
    """What later rooms say of an account."""
    return [made(g.session, account, g.person) for made in hooks_of(g.session).account_panels]


def person_of(account: Account, sign_in: SignIn | None = None) -> Person:
    """Somebody who is about to be signed in, with every role they have, as their act says who did it."""
    today, whole = brussels_day(g.now), hooks_of(g.session).person_of
    person: Person = whole(account, today, sign_in) if whole is not None else queries.granted(account, today)
    return person


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
