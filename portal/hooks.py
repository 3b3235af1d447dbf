"""What an earlier room or the ground floor needs of later ones: one value, made by `compose` and carried by the
database.

Every session of a database knows its hooks (`hooks_of`), so that two portals in one process never meet in one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from portal.lifecycle import Done, Refused

Handler = Callable[..., Done | Refused]


@dataclass(frozen=True)
class Owner:
    """Whose a document is: in which file its acts stand, whom to tell and what mails say of it, and the answers
    that it may give (label by `section.field`).
    """

    subject: Any
    addresses: list[str]
    facts: Mapping[str, Any]
    answers: Mapping[str, str]


@dataclass(frozen=True)
class Hooks:
    """Each field says who fills it. One that is not filled does nothing: a tool that only reads needs none.

    - `stands(session, by)`: whether a person may still act as the request found them (accounts);
    - `refused(session, verb, subject, refused, by, now)`: puts a refused attempt on record (journal);
    - `withdrawn(session, proposal, by, now)`: puts the withdrawal of a proposal on record (journal);
    - `confirms`: what is run when a proposal of a verb is confirmed, by verb: `(session, arguments,
      proposed_by=, by=, now=)` (every room with such verbs);
    - `owner_of(session, document)`: whose a document is (applications);
    - `person_of(account, today, sign_in)`: what an account may be, for whom it acts included (organisations);
    - `has_second_step(session, account_id)`: whether signing in asks for more than a password (second_step);
    - `second_step_page(half, onward, kept)`: the page that asks for it (second_step);
    - `account_panels`, each `(session, account, person)`: what later rooms say of an account on its pages;
    - `organisation_panels`, each `(session, person, now)`: what later rooms say of an organisation on its page,
      asked as a member of that one alone.
    """

    stands: Callable[[Session, Any], Done | Refused] | None = None
    refused: Callable[..., None] | None = None
    withdrawn: Callable[..., None] | None = None
    confirms: Mapping[str, Handler] = field(default_factory=dict)
    owner_of: Callable[[Session, Any], Owner | None] | None = None
    person_of: Callable[..., Any] | None = None
    has_second_step: Callable[[Session, int | None], bool] | None = None
    second_step_page: Callable[..., Any] | None = None
    account_panels: tuple[Callable[..., Any], ...] = ()
    organisation_panels: tuple[Callable[..., Any], ...] = ()


def hooks_of(session: Session) -> Hooks:
    """The hooks of the database a session is of."""
    found: Hooks = session.info["hooks"]
    return found


def has_second_step(session: Session, account_id: int | None) -> bool:
    """Whether signing in to this account asks for more than a password."""
    asked = hooks_of(session).has_second_step
    return asked is not None and asked(session, account_id)
