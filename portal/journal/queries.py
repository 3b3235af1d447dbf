"""Named selects of the journal."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from portal.jobs import WorkState
from portal.journal.models import Chain, Delivery, Entry, Payload
from portal.journal.rules import DESTROYED, read_actor
from portal.journal.verifying import verify as verify


@dataclass(frozen=True)
class Line:
    """An entry with what it says, ready to be put into words."""

    entry: Entry
    facts: dict[str, Any]


def timeline(session: Session, kind: str, key: str) -> list[Line]:
    """The entries of one file, oldest first; who may read which, says `telling.read_by`."""
    query = (
        select(Entry, Payload.body)
        .join(Chain)
        .outerjoin(Payload, Payload.entry_id == Entry.id)
        .where(Chain.file_kind == kind, Chain.file_key == key)
        .order_by(Entry.number)
    )
    return [Line(entry, json.loads(body) if body else {}) for entry, body in session.execute(query)]


def last_of(session: Session, verb: str, file: Any) -> Entry | None:
    """The last entry of this verb in a file (by its kind and key)."""
    query = (
        select(Entry)
        .join(Chain)
        .where(Chain.file_kind == file.JOURNAL_FILE, Chain.file_key == file.reference, Entry.verb == verb)
    )
    return session.scalars(query.order_by(Entry.number.desc()).limit(1)).one_or_none()


def actors(session: Session, kind: str, keys: Iterable[str], verbs: Iterable[str]) -> set[int]:
    """The accounts that did one of these in these files."""
    query = (
        select(Entry.actor)
        .join(Chain)
        .distinct()
        .where(Chain.file_kind == kind, Chain.file_key.in_(list(keys)), Entry.verb.in_(list(verbs)))
    )
    return {found for actor in session.scalars(query) if (found := read_actor(actor)[0]) is not None}


def done_by(
    session: Session, account_ids: Iterable[int], kind: str, keys: Iterable[str], verbs: Iterable[str]
) -> list[Line]:
    """What these accounts did of these verbs in these files, oldest first."""
    known = sorted(account_ids)
    mine = or_(
        *(Entry.actor == f"account {one}" for one in known),
        *(Entry.actor.startswith(f"account {one} (", autoescape=True) for one in known),
    )
    query = (
        select(Entry, Payload.body)
        .join(Chain)
        .outerjoin(Payload, Payload.entry_id == Entry.id)
        .where(Chain.file_kind == kind, Chain.file_key.in_(list(keys)), Entry.verb.in_(list(verbs)), mine)
        .order_by(Entry.id)
    )
    return (
        [Line(entry, json.loads(body) if body else {}) for entry, body in session.execute(query)]
        if known
        else []
    )


def payloads_of(session: Session, kind: str, key: str, before: datetime) -> list[tuple[Entry, Payload]]:
    """What the entries of a file say that were written before an instant, oldest first; never the lists of what
    was destroyed.
    """
    query = (
        select(Entry, Payload)
        .join(Chain)
        .join(Payload, Payload.entry_id == Entry.id)
        .where(Chain.file_kind == kind, Chain.file_key == key, Entry.at < before)
        .where(Entry.verb != DESTROYED, Payload.body.is_not(None))
        .order_by(Entry.number)
    )
    return [(entry, payload) for entry, payload in session.execute(query)]


def deliveries_to(session: Session, address: str) -> list[Delivery]:
    """What was owed to one address, oldest first."""
    return list(session.scalars(select(Delivery).filter_by(address=address).order_by(Delivery.id)))


def mailed(
    session: Session,
    kind: str,
    since: datetime,
    *,
    address: str | None = None,
    file: tuple[str, str] | None = None,
) -> int:
    """How many mails of a kind became owed since, to an address, in a file."""
    query = select(func.count()).select_from(Delivery).where(Delivery.kind == kind, Delivery.owed_at > since)
    if address is not None:
        query = query.where(Delivery.address == address)
    if file is not None:
        query = query.join(Chain).where(Chain.file_kind == file[0], Chain.file_key == file[1])
    return session.scalar(query) or 0


def newest(session: Session, most: int) -> list[Delivery]:
    """The last mails that became owed, newest first."""
    return list(session.scalars(select(Delivery).order_by(Delivery.id.desc()).limit(most)))


def one_delivery(session: Session, delivery_id: int) -> Delivery | None:
    """One mail."""
    return session.get(Delivery, delivery_id)


def failed(session: Session) -> list[Delivery]:
    """Mails that were given up, oldest first."""
    return list(session.scalars(select(Delivery).filter_by(state=WorkState.FAILED).order_by(Delivery.id)))


def one_failed(session: Session, delivery_id: int) -> Delivery | None:
    """A mail that was given up."""
    return session.scalars(select(Delivery).filter_by(id=delivery_id, state=WorkState.FAILED)).one_or_none()


def unsent(session: Session) -> tuple[int, datetime | None]:
    """How many mails wait, and since when the oldest does (real or the demo's time, as it was owed)."""
    waits = select(func.count(), func.min(Delivery.owed_at)).where(
        Delivery.state.in_([WorkState.OWED, WorkState.LEASED])
    )
    number, since = session.execute(waits).one()
    return number, since


def failed_addresses(session: Session, kind: str, key: str) -> set[str]:
    """Addresses that no mail of this file reached: the last one to each of them was given up."""
    query = (
        select(Delivery.address, Delivery.state)
        .join(Chain)
        .where(Chain.file_kind == kind, Chain.file_key == key)
        .order_by(Delivery.id)
    )
    last = {address: state for address, state in session.execute(query)}
    return {address for address, state in last.items() if state is WorkState.FAILED}
