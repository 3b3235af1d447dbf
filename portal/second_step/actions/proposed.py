"""A lost second step, taken away: prepared by one person, confirmed by another."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import proposals
from portal.access import Person
from portal.accounts import access as account_access
from portal.accounts import queries as accounts
from portal.accounts.actions.common import may_confirm, note
from portal.accounts.models import Account
from portal.db import act, session_of
from portal.hooks import Handler
from portal.lifecycle import Done, Refusal, Refused
from portal.second_step import queries
from portal.second_step.actions.factor import take_second_step


@act
def propose_taking(account: Account, *, reason: str, by: Person, now: datetime) -> Done | Refused:
    """Prepare, for a second person, that an account signs in without its lost second step."""
    session = session_of(account)
    if not account_access.at_desk(by):
        return Refused((Refusal("beyond_your_regions"),))
    if by.account_id == account.id:
        return Refused((Refusal("own_account"),))
    if not queries.has_second_step(session, account.id):
        return Refused((Refusal("no_second_step"),))
    arguments = {"account_id": account.id, "account": account.email, "reason": reason}
    outcome = proposals.propose(session, "take_second_step", account.email[:120], arguments, by=by, now=now)
    if isinstance(outcome, Done):
        note(account, "account.taking_proposed", {"reason": reason}, by=by, now=now)
    return outcome


def _taking_proposed(
    session: Session, arguments: dict[str, Any], *, proposed_by: int, by: Person, now: datetime
) -> Done | Refused:
    found = accounts.one(session, arguments["account_id"])
    if no := may_confirm(by, found):
        return no
    return take_second_step(found, by=by, now=now)


CONFIRMS: dict[str, Handler] = {"take_second_step": _taking_proposed}
