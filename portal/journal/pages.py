"""What the pages about the journal show."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.journal import log
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
