"""What the pages of calls show."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from portal import web
from portal.calls import queries
from portal.calls.labels import PHASE
from portal.calls.models import Call, Round
from portal.calls.rules import Phase, days_left
from portal.clock import brussels_day
from portal.definitions import CallType
from portal.i18n import ngettext, until
from portal.journal.queries import Line


@dataclass(frozen=True)
class RoundLine:
    """A round as a page tells it; `days` counts to the last day that counts, 0 on that day."""

    number: int
    places: tuple[tuple[str, str], ...]
    opens_at: datetime
    closes_at: datetime
    mandates_start_on: date
    reason: str
    phase: Phase
    phase_word: str
    days: int
    extended: int

    @property
    def regions(self) -> tuple[str, ...]:
        """The regions it names, by name."""
        return tuple(name for _key, name in self.places)

    @property
    def is_open(self) -> bool:
        """Whether it takes applications now."""
        return self.phase is Phase.OPEN

    @property
    def is_closed(self) -> bool:
        """Whether it has closed."""
        return self.phase is Phase.CLOSED


def round_line(round: Round, now: datetime) -> RoundLine:
    """What a page says of a round at `now`."""
    closes_at, where = queries.closing(round), queries.phase_of(round, now)
    last_day = brussels_day(closes_at - timedelta(microseconds=1))
    return RoundLine(
        number=round.number,
        places=tuple((p.region.key, p.region.name) for p in round.regions),
        opens_at=round.opens_at,
        closes_at=closes_at,
        mandates_start_on=round.mandates_start_on,
        reason=(round.reason or {}).get("nl", ""),
        phase=where,
        phase_word=str(PHASE[where]),
        days=days_left(closes_at, now, last_day, brussels_day(now)),
        extended=len(round.extensions),
    )


@dataclass(frozen=True)
class CallLine:
    """A call in the public list."""

    slug: str
    title: Any
    summary: Any
    rounds: tuple[RoundLine, ...]

    @property
    def current(self) -> RoundLine:
        """The last round."""
        return self.rounds[-1]


def call_line(call: Call, now: datetime) -> CallLine:
    """What the list says of a call that has rounds."""
    rounds = tuple(round_line(r, now) for r in call.rounds)
    return CallLine(call.slug, call.content["title"], call.content["summary"], rounds)


def call_lines(calls: Iterable[Call], now: datetime) -> list[CallLine]:
    """Calls with rounds, what is open first."""
    lines = [call_line(c, now) for c in calls if c.rounds]
    return sorted(lines, key=lambda line: not line.current.is_open)


@dataclass(frozen=True)
class Step:
    """A part of the decree and the day it comes into force."""

    day: date
    label: Any


@dataclass(frozen=True)
class Happened:
    """A line of the history: what happened, and when it was put down; a closing says its own moment in its
    words.
    """

    at: datetime
    said: str
    closing: bool = False


@dataclass(frozen=True)
class CallPage:
    """One call, whole."""

    call: CallLine
    body: Any
    note: Any
    steps: tuple[Step, ...]
    definition: CallType
    unconfirmed: tuple[str, ...]
    lines: tuple[Happened, ...]

    @property
    def current(self) -> RoundLine:
        """The last round."""
        return self.call.current


def history(lines: Iterable[Line]) -> list[Happened]:
    """The public entries in words. A round that closes for many regions is one line: when it closed, then when
    that was put down.
    """
    told: list[Happened] = []
    for (at, verb, number, closes_at), group in groupby(lines, _alike):
        found = list(group)
        if verb == "round.closed" and closes_at:  # what it said may be destroyed: then it is told as any other
            many = ngettext(
                "Ronde %(number)s is gesloten voor %(num)s regio. Indienen kon %(until)s.",
                "Ronde %(number)s is gesloten voor %(num)s regio's. Indienen kon %(until)s.",
                len(found),
                number=number,
                until=until(closes_at),
            )
            told.append(Happened(at, many, closing=True))
        else:
            told.extend(Happened(line.entry.at, web.entry_words(line)) for line in found)
    return told


def _alike(line: Line) -> tuple[Any, ...]:
    closes_at = line.facts.get("closes_at") if line.entry.verb == "round.closed" else None
    return (
        line.entry.at,
        line.entry.verb,
        line.facts.get("round"),
        closes_at and datetime.fromisoformat(closes_at),
    )


def call_page(call: Call, lines: list[Line], now: datetime) -> CallPage:
    """The page of a call that has rounds; `lines` are the public entries of its journal."""
    definition = queries.definition(call.rounds[-1])
    steps = tuple(Step(date.fromisoformat(s["day"]), s["label"]) for s in call.content["steps"])
    return CallPage(
        call=call_line(call, now),
        body=call.content["body"],
        note=call.content["note"],
        steps=steps,
        definition=definition,
        unconfirmed=tuple(definition.unconfirmed()),
        lines=tuple(history(lines)),
    )
