"""What several verbs of accounts share."""

from __future__ import annotations

from portal.accounts import queries
from portal.accounts.models import Account
from portal.db import session_of


def changed(account: Account) -> None:
    """Password, status or role changed: acts that began before are refused, and whoever was signed in is out."""
    account.epoch += 1
    for sign_in in queries.sign_ins(session_of(account), account.id):
        sign_in.ended = True
