"""Who may judge what: what is assigned to them, in regions without a tie."""

from __future__ import annotations

from collections.abc import Iterable

from portal.access import Person, Role


def tied(ties: frozenset[str], numbers: Iterable[str]) -> bool:
    """Whether a tie to one of the organisations (enterprise numbers) binds."""
    return not ties.isdisjoint(numbers)


def may_review(person: Person, region: str) -> bool:
    """Whether the person reviews in this region."""
    return person.covers(Role.REVIEWER, region)
