"""Sharing a page with the department's help: for an hour, by a code, read once by one person, on record."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CursorResult
from sqlalchemy.orm import Session

from portal.access import Person
from portal.accounts.actions.common import note
from portal.accounts.models import Account
from portal.db import Database, act, session_of
from portal.helping import queries
from portal.helping.models import SharedPage
from portal.helping.rules import MOST_SHARED, may_open
from portal.journal.actions import Owed
from portal.lifecycle import Done, Refusal, Refused


@act
def share_page(
    account: Account, *, path: str, digest: str, body: str, real: datetime, by: Person, now: datetime
) -> Done | Refused:
    """Keep a page, sealed with a code that only who shares it knows; `digest` is the code's."""
    session = session_of(account)
    _empty(session, real)
    if len(queries.shared_pages_of(session, by, real)) >= MOST_SHARED:
        return Refused((Refusal("too_many_shared", {"most": MOST_SHARED}),))
    made = SharedPage(account=account, path=path, digest=digest, body=body, shared_at=real)
    session.add(made)
    note(account, "account.page_shared", {"path": path}, by=by, now=now)
    return Done(made)


@act
def open_shared(page: SharedPage, *, real: datetime, by: Person, now: datetime) -> Done | Refused:
    """Somebody at the desk says the code: from now on this page is theirs alone to read, and its owner is
    told.
    """
    if refusal := may_open(queries.shared_facts(page, by, real)):
        return Refused((refusal,))
    if page.opened_by is None:
        page.opened_by, page.opened_at = by.account_id, real
        owed: list[Owed] = [("page_opened", page.account.email, {"path": page.path})]
        note(page, "account.page_opened", {"path": page.path}, by=by, now=now, owed=owed)
    return Done(page)


@act
def end_shared(page: SharedPage, *, by: Person, now: datetime) -> Done | Refused:
    """Share it no longer."""
    if page.account_id != by.account_id or not page.body:
        return Refused((Refusal("gone"),))
    page.body = ""
    note(page, "account.page_shared_no_more", {"path": page.path}, by=by, now=now)
    return Done(page)


def _empty(session: Session, real: datetime) -> None:
    """What was shared longer than it may be goes."""
    for page in queries.shared_pages_over(session, real):
        page.body = ""


def sweep(database: Database, real: datetime) -> int:
    """Pages whose hour is over are emptied, old rows go; how many went. Work of the portal's own."""
    with database.writing() as session:
        _empty(session, real)
        done = session.execute(queries.outdated(real))
        return done.rowcount if isinstance(done, CursorResult) else 0
