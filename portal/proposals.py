"""Four eyes: what one person prepares, another confirms.

A proposal freezes a verb with its arguments and their digest. Confirming refuses the same person, checks the
digest again, and runs the verb in the same transaction: the hook `confirms` says what that is.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.access import Person
from portal.canonical import digest
from portal.db import Base, act, session_of, status_column
from portal.hooks import hooks_of
from portal.lifecycle import Done, Refusal, Refused


class State(StrEnum):
    """How far a proposal is."""

    OPEN = "open"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class Proposal(Base):
    """A verb somebody prepared, waiting for a second person."""

    __tablename__ = "proposal"
    JOURNAL_FILE = "proposal"
    id: Mapped[int] = mapped_column(primary_key=True)
    verb: Mapped[str] = mapped_column(String(20))
    subject: Mapped[str] = mapped_column(String(120))
    arguments: Mapped[dict]
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[State] = mapped_column(status_column(State, "proposal_state"))
    proposed_by: Mapped[int] = mapped_column(ForeignKey("account.id"))
    proposed_at: Mapped[datetime]
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None]


def digest_of(verb: str, subject: str, arguments: dict[str, Any]) -> str:
    """SHA-256 over the frozen verb, subject and arguments."""
    return digest([verb, subject, arguments])


def propose(
    session: Session, verb: str, subject: str, arguments: dict[str, Any], *, by: Person, now: datetime
) -> Done | Refused:
    """Prepare `verb` for a second person; called from within an act. One open proposal per verb and subject."""
    if not _reached(by, arguments):
        return Refused((Refusal("beyond_your_regions"),))
    open_one = select(Proposal.id).filter_by(verb=verb, subject=subject, state=State.OPEN)
    if session.scalar(open_one) is not None:
        return Refused((Refusal("already_proposed", {"verb": verb}),))
    proposal = Proposal(
        verb=verb,
        subject=subject,
        arguments=arguments,
        digest=digest_of(verb, subject, arguments),
        state=State.OPEN,
        proposed_by=by.account_id,
        proposed_at=now,
    )
    session.add(proposal)
    session.flush()
    return Done(proposal)


@act
def confirm(proposal: Proposal, *, by: Person, now: datetime) -> Done | Refused:
    """Confirm a proposal as a second person: its verb is done, in this transaction."""
    if proposal.state is not State.OPEN:
        return Refused((Refusal("proposal_settled"),))
    if proposal.proposed_by == by.account_id:
        return Refused((Refusal("same_person"),))
    if not _reached(by, proposal.arguments):
        return Refused((Refusal("beyond_your_regions"),))
    if digest_of(proposal.verb, proposal.subject, proposal.arguments) != proposal.digest:
        return Refused((Refusal("proposal_changed"),))
    session = session_of(proposal)
    outcome = hooks_of(session).confirms[proposal.verb](
        session, proposal.arguments, proposed_by=proposal.proposed_by, by=by, now=now
    )
    if isinstance(outcome, Done):
        proposal.state, proposal.confirmed_by, proposal.confirmed_at = State.CONFIRMED, by.account_id, now
    return outcome


@act
def withdraw(proposal: Proposal, *, by: Person, now: datetime) -> Done | Refused:
    """Take back a proposal that nobody confirmed yet."""
    if proposal.state is not State.OPEN:
        return Refused((Refusal("proposal_settled"),))
    if not _reached(by, proposal.arguments):
        return Refused((Refusal("beyond_your_regions"),))
    proposal.state = State.WITHDRAWN
    if (note := hooks_of(session_of(proposal)).withdrawn) is not None:
        note(session_of(proposal), proposal, by, now)
    return Done(proposal)


def open_to(session: Session, person: Person) -> list[Proposal]:
    """What waits for a second person, oldest first, for the regions that the person reaches."""
    found = session.scalars(select(Proposal).filter_by(state=State.OPEN).order_by(Proposal.id))
    return [p for p in found if _reached(person, p.arguments)]


def one_open_to(session: Session, person: Person, proposal_id: int) -> Proposal | None:
    """The open proposal with this id, if it is the person's to see."""
    return next((p for p in open_to(session, person) if p.id == proposal_id), None)


def _reached(person: Person, arguments: dict[str, Any]) -> bool:
    """Whether the person reaches every region that a proposal names; one that names none is of them all."""
    regions = arguments.get("regions")
    return person.within is None if regions is None else person.reaches(*regions)
