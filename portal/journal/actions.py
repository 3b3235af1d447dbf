"""Recording: every act writes its entry, and what it owes, in its own transaction."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.access import Person
from portal.db import Database, act, session_of
from portal.jobs import WorkState
from portal.journal.models import Audience, Chain, Delivery, Entry, Payload
from portal.journal.rules import FIRST, canonical, entry_digest, payload_digest
from portal.lifecycle import Done, Refusal, Refused

Owed = tuple[str, str, Mapping[str, Any]]


def file_of(subject: Any) -> tuple[str, str]:
    """The file a thing's acts are recorded in: its `JOURNAL_FILE` and its public key."""
    key = getattr(subject, "reference", None) or getattr(subject, "slug", None) or getattr(subject, "id", None)
    return subject.JOURNAL_FILE, str(key)


def record(
    session: Session, verb: str, files: Any | Iterable[Any], payload: Mapping[str, Any] | None = None, *,
    by: Person, now: datetime, audience: Audience = Audience.PARTIES, owed: Iterable[Owed] = (),
) -> Entry:  # fmt: skip
    """Write one entry per file (a thing, or a list of things), sharing an act id; called within an act.

    `verb` is `<room>.<past tense>`, such as `application.submitted`. `owed` are (kind, address, data).
    Returns the entry of the first file.
    """
    session.flush()
    things = list(files) if isinstance(files, list | tuple) else [files]
    act_id = secrets.token_hex(16)
    entries = {}
    for kind, key in sorted({file_of(thing) for thing in things}):
        chain = _head(session, kind, key)
        salt, body = os.urandom(32), canonical(dict(payload or {}))
        columns = {
            "file": f"{kind}/{key}", "number": chain.length + 1, "act_id": act_id, "verb": verb,
            "audience": audience.value, "at": now.isoformat(timespec="microseconds"),
            "actor": _actor(by), "payload_digest": payload_digest(salt, body),
        }  # fmt: skip
        digest = entry_digest(chain.digest, columns)
        entry = Entry(
            chain=chain, number=chain.length + 1, act_id=act_id, verb=verb, audience=audience, at=now,
            actor=columns["actor"], payload_digest=columns["payload_digest"], previous=chain.digest,
            digest=digest,
        )  # fmt: skip
        chain.length, chain.digest = chain.length + 1, digest
        session.add(entry)
        session.flush()
        session.add(Payload(entry_id=entry.id, salt=salt, body=body))
        entries[kind, key] = entry
    first = entries[file_of(things[0])]
    owe(session, owed, entry=first, now=now)
    return first


def owe(session: Session, owed: Iterable[Owed], *, entry: Entry | None = None, now: datetime) -> None:
    """Put down mails to be sent after commit."""
    for kind, address, data in owed:
        session.add(
            Delivery(
                entry_id=entry.id if entry else None,
                kind=kind,
                address=address,
                data=dict(data),
                key=secrets.token_hex(16),
                owed_at=now,
            )
        )


@act
def retry(delivery: Delivery, *, by: Person, now: datetime) -> Done | Refused:
    """Send a mail that was given up again, with all its tries."""
    if delivery.state is not WorkState.FAILED:
        return Refused((Refusal("letter_not_failed"),))
    session = session_of(delivery)
    delivery.state, delivery.attempts, delivery.due_at, delivery.error = WorkState.OWED, 0, None, None
    record(session, "letter.retried", file_of_delivery(delivery), {"kind": delivery.kind}, by=by, now=now)
    return Done(delivery)


@dataclass(frozen=True)
class File:
    """A file of the journal by its name, to record in it without the thing itself."""

    JOURNAL_FILE: str
    reference: str


def file_of_delivery(delivery: Delivery) -> Any:
    """Where what happens to a delivery is recorded: the file it became owed in."""
    if delivery.entry is None:
        return delivery
    return File(delivery.entry.chain.file_kind, delivery.entry.chain.file_key)


def _actor(by: Person) -> str:
    return f"account {by.account_id}" if by.signed_in else "system" if by.in_department else "visitor"


def _head(session: Session, kind: str, key: str) -> Chain:
    query = select(Chain).filter_by(file_kind=kind, file_key=key).with_for_update()
    query = query.execution_options(populate_existing=True)
    chain = session.scalars(query).one_or_none()
    if chain is None:  # two may begin a file at once: one row, and the lock decides who writes first
        new = {"file_kind": kind, "file_key": key, "length": 0, "digest": FIRST}
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        session.execute(insert(Chain).values(new).on_conflict_do_nothing())
        chain = session.scalars(query).one()
    return chain


def record_refusal(
    session: Session, verb: str, subject: Any, outcome: Refused, by: Person, now: datetime
) -> None:
    """Put a refused attempt on record, with its reasons, evidence and the mails it owes."""
    payload = {"refusals": [r.code for r in outcome.refusals], **outcome.evidence}
    record(
        session, f"{subject.JOURNAL_FILE}.{verb}.refused", subject, payload, by=by, now=now, owed=outcome.owed
    )


def record_reading(
    database: Database, what: str, subject: Any, payload: Mapping[str, Any] | None = None, *, by: Person,
    now: datetime,
) -> None:  # fmt: skip
    """Reading something confidential is an act: its entry is committed before the first byte goes out."""
    with database.writing() as session:
        record(session, what, subject, payload, by=by, now=now, audience=Audience.DEPARTMENT)
