"""What several verbs of accounts share."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from portal.access import Person
from portal.accounts import queries
from portal.accounts.models import Account
from portal.db import session_of
from portal.journal.actions import Owed, record
from portal.journal.models import Audience


def changed(account: Account) -> None:
    """Password, status or role changed: acts that began before are refused, and whoever was signed in is out."""
    account.epoch += 1
    for sign_in in queries.sign_ins(session_of(account), account.id):
        sign_in.ended = True


def note(
    subject: Any,
    verb: str,
    payload: Mapping[str, Any],
    *,
    by: Person,
    now: datetime,
    owed: Iterable[Owed] = (),
) -> None:
    """Put an act about accounts or organisations on record, for the department and the auditors to read."""
    session = session_of(subject[0] if isinstance(subject, list) else subject)
    record(session, verb, subject, payload, by=by, now=now, audience=Audience.DEPARTMENT, owed=owed)
