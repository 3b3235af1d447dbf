"""Who may judge what: what is assigned to them, in regions without a tie."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from portal.access import Person, Role


@dataclass(frozen=True)
class Ties:
    """What binds somebody, by enterprise number: ties that stand, and ties that ended, each with the moment it
    did.

    One that ended binds on in every round that had opened by then (rule 9: now, or at any time since the round
    opened).
    """

    lasting: frozenset[str] = frozenset()
    ended: frozenset[tuple[str, datetime]] = frozenset()

    @property
    def numbers(self) -> frozenset[str]:
        """All of them."""
        return self.lasting | {number for number, _until in self.ended}

    def binds(self, numbers: Iterable[str], opened_at: datetime) -> bool:
        """Whether a tie to one of the organisations binds in a round that opened at this moment."""
        since = {number for number, until in self.ended if until >= opened_at}
        return not (self.lasting | since).isdisjoint(numbers)


FREE = Ties()


def may_review(person: Person, region: str) -> bool:
    """Whether the person reviews in this region."""
    return person.covers(Role.REVIEWER, region)
