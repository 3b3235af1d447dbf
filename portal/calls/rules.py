"""When a round takes applications, and what a new round must be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.lifecycle import Refusal

SETTLING = timedelta(seconds=120)  # what was received in time may still wait for its transaction


class Phase(StrEnum):
    """Where a round is: derived from the time, never stored."""

    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"


def phase(opens_at: datetime, closes_at: datetime, now: datetime) -> Phase:
    """Half-open: open means `opens_at <= now < closes_at` (rule 3)."""
    if now < opens_at:
        return Phase.ANNOUNCED
    return Phase.OPEN if now < closes_at else Phase.CLOSED


def effective_closing(
    closes_at: datetime, extensions: Iterable[tuple[int | None, datetime]], organisation_id: int | None = None
) -> datetime:
    """The latest closing that applies to an organisation: extensions are (organisation or None for all,
    moment).
    """
    applying = [moment for who, moment in extensions if who is None or who == organisation_id]
    return max([closes_at, *applying])


def last_closing(closes_at: datetime, extensions: Iterable[tuple[int | None, datetime]]) -> datetime:
    """When the round ends for the last of all: until then the contents stay sealed (rules 2 and 5)."""
    return max([closes_at, *(moment for _who, moment in extensions)])


def days_left(closes_at: datetime, now: datetime, last_day: date, today: date) -> int:
    """Whole days until the last day that counts; 0 on the day itself, -1 once closed."""
    return (last_day - today).days if now < closes_at else -1


def mandate_term(years: int, starts_on: date) -> tuple[date, date]:
    """First and last day of a mandate of `years` from its start, to the day before (rule 12)."""
    try:
        after = starts_on.replace(year=starts_on.year + years)
    except ValueError:  # 29 February
        after = starts_on.replace(year=starts_on.year + years, month=3, day=1)
    return starts_on, after - timedelta(days=1)


@dataclass(frozen=True)
class RoundFacts:
    """A round somebody wants to add. `taken` are regions of rounds that still run."""

    regions: tuple[str, ...]
    known: frozenset[str]
    taken: frozenset[str]
    opens_on: date
    last_day: date
    mandates_start_on: date
    reason: dict[str, str]
    today: date
    first: bool


def regions_are_known(facts: RoundFacts) -> Iterable[Refusal]:
    """A round names at least one region, all of them of the list (rule 2)."""
    if not facts.regions:
        yield Refusal("no_region", {}, "regions")
    for key in facts.regions:
        if key not in facts.known:
            yield Refusal("unknown_region", {"region": key}, "regions")
        elif key in facts.taken:
            yield Refusal("region_in_running_round", {"region": key}, "regions")


def dates_are_in_order(facts: RoundFacts) -> Iterable[Refusal]:
    """It opens today at the earliest, ends after it opens, and mandates start after it ended."""
    if facts.opens_on < facts.today and not facts.first:
        yield Refusal("opens_in_the_past", {}, "opens_on")
    if facts.last_day < facts.opens_on:
        yield Refusal("ends_before_it_opens", {}, "last_day")
    if facts.mandates_start_on <= facts.last_day:
        yield Refusal("starts_before_it_closes", {}, "mandates_start_on")


def reason_is_given(facts: RoundFacts) -> Iterable[Refusal]:
    """A reopening says why (rule 2)."""
    if not facts.first and not facts.reason.get("nl", "").strip():
        yield Refusal("reason_missing", {}, "reason")
