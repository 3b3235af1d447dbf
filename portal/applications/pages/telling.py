"""A timeline for its reader: when, who as far as they may know, and what, in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import Person, Role
from portal.accounts import queries as accounts
from portal.accounts.labels import ROLES
from portal.applications import labels
from portal.definitions import CallType
from portal.i18n import _
from portal.journal.queries import Line
from portal.journal.rules import read_actor

DEPARTMENT = {r.value for r in (Role.ADMINISTRATOR, Role.COSIGNER, Role.AUDITOR, Role.REVIEWER)}


@dataclass(frozen=True)
class Told:
    """One line of a timeline."""

    at: datetime
    who: str
    what: str


def told(
    lines: Iterable[Line], definition: CallType, person: Person, session: Session | None = None
) -> list[Told]:
    """Lines in words. An auditor reads who by function, account and roles of that moment; others by side alone.

    `session` is needed for an auditor: functions are looked up in one statement.
    """
    known = list(lines)
    names: dict[int, str] = {}
    if session is not None and person.has(Role.AUDITOR):
        names = accounts.functions(session, [read_actor(line.entry.actor)[0] for line in known])
    return [
        Told(line.entry.at, _who(line.entry.actor, person, names), labels.entry(line, definition))
        for line in known
    ]


def _who(actor: str, person: Person, names: dict[int, str]) -> str:
    account_id, roles = read_actor(actor)
    if account_id is None:
        return _("het portaal") if actor == "system" else _("een bezoeker")
    if account_id == person.account_id:
        return _("u")
    if account_id in names:
        held = ", ".join(str(ROLES[Role(role)]) for role in sorted(roles) if Role(role) in ROLES)
        return _("%(function)s, account %(id)s", function=names[account_id], id=account_id) + (
            f" ({held})" if held else ""
        )
    return _("het departement") if roles & DEPARTMENT else _("een partner")
