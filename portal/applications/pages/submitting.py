"""Signing off, and checking before submitting."""

from __future__ import annotations

from dataclasses import dataclass

from portal.applications import labels, queries
from portal.applications.content import sign_off_state, what_to_sign
from portal.applications.lifecycle import LIFECYCLE
from portal.applications.models import Submission
from portal.applications.pages.common import Frame
from portal.canonical import digest
from portal.db import session_of
from portal.definitions import Section
from portal.documents.models import Inspected
from portal.lifecycle import Refusal


@dataclass(frozen=True)
class Signing:
    """Signing off: each partner's state, and what the person would sign for `seat` (digest: `seen`)."""

    seat: str
    states: dict[str, str]
    sections: tuple[Section, ...]
    seen: str
    others_unsigned: bool

    @property
    def open(self) -> bool:
        """Whether there is something to sign for this seat."""
        return bool(self.seat) and self.states.get(self.seat) != "valid"


def signing(page: Frame, seat: str) -> Signing:
    """What concerns `seat`, or the person's first seat."""
    chosen = seat if seat in page.my_seats else next(iter(page.my_seats), "")
    return Signing(
        seat=chosen,
        states={p.seat: sign_off_state(page.facts, p) for p in page.facts.partners},
        sections=tuple(s for s in page.definition.sections if s.seat in (None, chosen)),
        seen=digest(what_to_sign(page.facts, chosen)),
        others_unsigned=any(
            sign_off_state(page.facts, p) != "valid"
            for p in page.facts.partners
            if p.seat != page.facts.lead_seat
        ),
    )


@dataclass(frozen=True)
class Check:
    """Check your answers: what blocks submitting, what only warns, and whether there is anything new to
    submit.
    """

    refusals: tuple[str, ...]
    unsigned: tuple[str, ...]
    unread: tuple[str, ...]
    last: Submission | None
    changed: bool


def check(page: Frame) -> Check:
    """What submitting now would meet."""
    found = page.application
    last = found.submissions[-1] if found.submissions else None
    refusals = (*LIFECYCLE.refusals("submit", found.status, page.facts),)
    if queries.other_submitted(session_of(found), found):
        refusals = (*refusals, Refusal("already_submitted"))
    if page.closed:  # looking is no attempt: nothing is put down, and nothing can be done about the rest
        over = Refusal("round_is_over", {"closes_at": page.facts.closes_at.isoformat()})
        refusals = () if last else (over,)
    return Check(
        refusals=tuple(labels.sentence(r, page.definition) for r in refusals),
        unsigned=tuple(p.name for p in page.facts.partners if sign_off_state(page.facts, p) != "valid"),
        unread=tuple(f.name for f in page.facts.files if f.state in (Inspected.UNREAD, Inspected.RECEIVED)),
        last=last,
        changed=last is None or bool(page.unsent),
    )
