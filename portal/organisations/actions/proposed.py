"""What a second person confirms of organisations: mergers, and being disabled or enabled."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access import Person
from portal.accounts.actions.common import may_confirm
from portal.hooks import Handler
from portal.lifecycle import Done, Refused
from portal.organisations import queries
from portal.organisations.actions.merging import disable_organisation, enable_organisation, merge


def _merge_proposed(
    session: Session, arguments: dict[str, Any], *, proposed_by: int, by: Person, now: datetime
) -> Done | Refused:
    found = queries.organisation(session, arguments["organisation"])
    into = queries.organisation(session, arguments["into"])
    if no := may_confirm(by, found, into):
        return no
    on, reason = date.fromisoformat(arguments["on"]), arguments["reason"]
    return merge(found, into=into, on=on, reason=reason, by=by, now=now)


def _switch_proposed(
    session: Session, arguments: dict[str, Any], *, proposed_by: int, by: Person, now: datetime
) -> Done | Refused:
    found = queries.organisation(session, arguments["organisation"])
    if no := may_confirm(by, found):
        return no
    verb = enable_organisation if arguments["enable"] else disable_organisation
    return verb(found, reason=arguments["reason"], by=by, now=now)


CONFIRMS: dict[str, Handler] = {
    "merge": _merge_proposed,
    "disable_organisation": _switch_proposed,
    "enable_organisation": _switch_proposed,
}
