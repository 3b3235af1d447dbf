"""What a second person confirms of accounts: organisations that end, a lost second step taken away."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import proposals
from portal.access import Person
from portal.accounts import queries
from portal.accounts.actions.common import note
from portal.accounts.actions.factor import take_second_step
from portal.accounts.actions.merging import disable_organisation, enable_organisation, merge
from portal.accounts.models import Account
from portal.db import act, session_of
from portal.lifecycle import Done, Refusal, Refused


def register_proposals(confirms: Any) -> None:
    """Say what confirming a proposed merger, the disabling or enabling of an organisation, or taking a second step does."""
    confirms("merge", _merge_proposed)
    confirms("disable_organisation", _switch_proposed)
    confirms("enable_organisation", _switch_proposed)
    confirms("take_second_step", _taking_proposed)


def _may_confirm(by: Person, *known: object) -> Refused | None:
    """Neither an organisation nor an account is of a region; and what was there may be gone."""
    if any(one is None for one in known):
        return Refused((Refusal("proposal_changed"),))
    return Refused((Refusal("beyond_your_regions"),)) if by.within is not None else None


def _merge_proposed(
    session: Session, arguments: dict[str, Any], *, proposed_by: int, by: Person, now: datetime
) -> Done | Refused:
    found = queries.organisation(session, arguments["organisation"])
    into = queries.organisation(session, arguments["into"])
    if no := _may_confirm(by, found, into):
        return no
    on, reason = date.fromisoformat(arguments["on"]), arguments["reason"]
    return merge(found, into=into, on=on, reason=reason, by=by, now=now)


def _switch_proposed(
    session: Session, arguments: dict[str, Any], *, proposed_by: int, by: Person, now: datetime
) -> Done | Refused:
    found = queries.organisation(session, arguments["organisation"])
    if no := _may_confirm(by, found):
        return no
    verb = enable_organisation if arguments["enable"] else disable_organisation
    return verb(found, reason=arguments["reason"], by=by, now=now)


def _taking_proposed(
    session: Session, arguments: dict[str, Any], *, proposed_by: int, by: Person, now: datetime
) -> Done | Refused:
    found = queries.one(session, arguments["account_id"])
    if no := _may_confirm(by, found):
        return no
    return take_second_step(found, by=by, now=now)


@act
def propose_taking(account: Account, *, reason: str, by: Person, now: datetime) -> Done | Refused:
    """Prepare, for a second person, that an account signs in without its lost second step."""
    session = session_of(account)
    if not queries.at_desk(by):
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
