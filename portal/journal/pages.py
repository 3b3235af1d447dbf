"""What the pages about the journal show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal import web
from portal.journal import log, queries
from portal.journal.actions import PORTAL
from portal.journal.telling import Audience, read_by
from portal.settings import Settings

MOST = 50


@dataclass(frozen=True)
class HeadLine:
    """One head: how many acts it covers, since when, and its root."""

    size: int
    at: datetime
    root: str


@dataclass(frozen=True)
class HeadsPage:
    """The newest heads, and the key that signs them."""

    key: str
    origin: str
    lines: tuple[HeadLine, ...]


def heads_page(session: Session, settings: Settings) -> HeadsPage:
    """What anybody may see of the journal as a whole: how large it is, and what proves it."""
    verifier = log.signer_of(settings).verifier
    lines = tuple(HeadLine(h.size, h.at, h.note.split("\n")[2]) for h in log.heads(session, MOST))
    return HeadsPage(str(verifier), verifier.name, lines)


@dataclass(frozen=True)
class DeskPage:
    """The journal at the desk: entries taken in, entries that wait, and what happened to the portal itself,
    newest first.
    """

    size: int
    waiting: int
    lines: tuple[tuple[datetime, str], ...]


def desk_page(session: Session) -> DeskPage:
    """What the department sees of the journal as a whole."""
    known = queries.timeline(session, PORTAL.JOURNAL_FILE, PORTAL.reference)
    read = read_by(known[-MOST:], Audience.DEPARTMENT)
    lines = tuple((line.entry.at, web.entry_words(line)) for line in reversed(read))
    return DeskPage(log.size_of(session), log.waiting(session), lines)
