"""What an entry says and to whom: each room's `ENTRIES` is the one table, a verb with its sentence and its readers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


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

    @property
    def is_party(self) -> bool:
        """Whether a file is of theirs."""
        return self is Audience.PARTIES

    @property
    def reads_attempts(self) -> bool:
        """Whether they read what others tried in vain."""
        return self is Audience.DEPARTMENT


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
