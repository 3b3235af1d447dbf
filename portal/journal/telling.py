"""What an entry says and to whom: each room's `ENTRIES` is the one table, a verb with its sentence and its
readers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from portal import web
from portal.journal.rules import read_actor

if TYPE_CHECKING:
    from portal.journal.queries import Line


class Audience(StrEnum):
    """Who may read an entry; each reads what those before it read, too."""

    PUBLIC = "public"
    PARTIES = "parties"
    DEPARTMENT = "department"

    @property
    def reads(self) -> frozenset[Audience]:
        """The circles whose entries this one may read."""
        every = list(Audience)
        return frozenset(every[: every.index(self) + 1])


@dataclass(frozen=True)
class Said:
    """A sentence, with facts to fill in, and the widest circle that may read it."""

    sentence: Any
    audience: Audience


def public(sentence: Any) -> Said:
    """For everybody."""
    return Said(sentence, Audience.PUBLIC)


def parties(sentence: Any) -> Said:
    """For those the file is of, and the department."""
    return Said(sentence, Audience.PARTIES)


def department(sentence: Any) -> Said:
    """For the department and its auditors."""
    return Said(sentence, Audience.DEPARTMENT)


def read_by(lines: Iterable[Line], reader: Audience, account_id: int | None = None) -> list[Line]:
    """The lines of a timeline that `reader` may read.

    An attempt that was refused is the department's to read, and of the one account that made it.
    """
    entries = web.parts().entries

    def readable(line: Line) -> bool:
        if not line.entry.verb.endswith(".refused"):
            return entries[line.entry.verb].audience in reader.reads
        own = account_id is not None and read_actor(line.entry.actor)[0] == account_id
        return reader is Audience.DEPARTMENT or (reader is Audience.PARTIES and own)

    return [line for line in lines if readable(line)]
