"""Where the scenes of the story are played."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal.access import Person
from portal.accounts import queries as accounts
from portal.clock import brussels_day
from portal.db import Database
from portal.definitions import Definitions
from portal.demo import cast
from portal.lifecycle import Refused
from portal.organisations import queries as organisations

CALL = "2022-samenwerkingsverband-zorg"


@dataclass
class Stage:
    """Where scenes are played: a session, the store, the definitions, and what had to be skipped."""

    session: Session
    database: Database
    storage: Any
    definitions: Definitions
    letter: Callable[[Any, Session, datetime], tuple[Any, str]]
    now: datetime
    call: str = CALL
    answers: Callable[[cast.Consortium], dict[str, dict[str, object]]] = cast.answers
    forms: dict[str, Any] | None = None  # kept by region, where all of a region answer the same
    skipped: list[str] = field(default_factory=list)

    def person(self, account: str) -> Person:
        """Who holds the account with this local part."""
        found = accounts.by_email(self.session, f"{account}@demo.example")
        return organisations.person_of(found, brussels_day(self.now))

    def did(self, outcome: Any, what: str) -> Any:
        """The value of an act; a refusal is put down as skipped."""
        if isinstance(outcome, Refused):
            self.skipped.append(f"{what}: {', '.join(sorted({r.code for r in outcome.refusals}))}")
            return None
        return outcome.value

    def later(self, minutes: int) -> None:
        """Time goes on within a scene."""
        self.now += timedelta(minutes=minutes)


Scene = Callable[[Stage], None]
