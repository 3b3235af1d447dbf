"""Recording: every act writes its entry, and what it owes, in its own transaction."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from importlib import metadata
from typing import Any

from sqlalchemy import event, select, tuple_
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.access import SYSTEM, Person, Role
from portal.canonical import canonical
from portal.db import Database, act, session_of
from portal.jobs import WorkState
from portal.journal.models import PORTAL as PORTAL
from portal.journal.models import Chain, Delivery, Entry, Payload, Written
from portal.journal.proving import Key, Unrecorded, plain, row_digest, rows, take_touched
from portal.journal.rules import FIRST, entry_digest, payload_digest, rows_digest, written_actor
from portal.lifecycle import Done, Refusal, Refused

Owed = tuple[str, str, Mapping[str, Any]]


def file_of(subject: Any) -> tuple[str, str]:
    """The file a thing's acts are recorded in: its `JOURNAL_FILE` and its public key, or those of its
    `journal_subject`.
    """
    subject = getattr(subject, "journal_subject", subject)
    key = getattr(subject, "reference", None) or getattr(subject, "slug", None) or getattr(subject, "id", None)
    return subject.JOURNAL_FILE, str(key)


@dataclass
class _Recorded:
    """What will stand in the journal when the transaction commits."""

    files: list[tuple[str, str]]
    verb: str
    at: datetime
    actor: str
    body: bytes
    owed: list[Owed]
    rows: set[Key]
    act_id: str = field(default_factory=lambda: secrets.token_hex(16))


def record(
    session: Session,
    verb: str,
    files: Any | Iterable[Any],
    payload: Mapping[str, Any] | None = None,
    *,
    by: Person,
    now: datetime,
    owed: Iterable[Owed] = (),
) -> None:
    """Write one entry per file (a thing, or a list of things), sharing an act id; called within an act.

    `verb` is `<room>.<past tense>`, such as `application.submitted`. `owed` are (kind, address, data). What was
    written since the entry before stands with this one, what is written after the last with the last: entries
    are made when the transaction commits, with all their rows, their chains locked in one order.
    """
    session.flush()
    known: list[_Recorded] = session.info.setdefault("recorded", [])
    _give(known, fresh := take_touched(session))
    things = list(files) if isinstance(files, list | tuple) else [files]
    known.append(
        _Recorded(
            files=list(dict.fromkeys(file_of(thing) for thing in things)),
            verb=verb,
            at=now,
            actor=_actor(by),
            body=canonical(dict(payload or {})),
            owed=list(owed),
            rows=fresh,
        )
    )


def _give(known: list[_Recorded], fresh: set[Key], to: _Recorded | None = None) -> None:
    """A row that was written again stands with its newest entry alone."""
    for one in known:
        one.rows -= fresh
    if to is not None:
        to.rows |= fresh


@event.listens_for(Session, "before_commit")
def _seal(session: Session) -> None:
    """Make the entries of this transaction, and what they owe, from what was recorded and what was written."""
    if session.in_nested_transaction():
        return
    session.flush()
    known: list[_Recorded] = session.info.pop("recorded", [])
    fresh = take_touched(session)
    if not known:
        if fresh:
            raise Unrecorded(", ".join(sorted("/".join(key) for key in fresh)))
        return
    _give(known, fresh, to=known[-1])
    chains = _heads(session, sorted({file for one in known for file in one.files}))
    for one in known:
        session.add_all(_deliveries(one, chains[one.files[0]]))
        session.flush()
        one.rows |= take_touched(session)
    found = _rows(session, {key for one in known for key in one.rows})
    made = [entry for one in known for entry in _entries(one, chains, found)]
    session.add_all(entry for entry, _, _ in made)
    session.flush()
    session.add_all(Payload(entry_id=entry.id, salt=salt, body=body) for entry, (salt, body), _ in made)
    session.add_all(
        Written(entry_id=entry.id, table_name=table, row_key=key, digest=digest)
        for entry, _, written in made
        for table, key, digest in written
    )
    session.flush()


Row = tuple[str, str, str | None]


def _entries(
    one: _Recorded, chains: Mapping[tuple[str, str], Chain], found: Mapping[Key, dict[str, Any]]
) -> Iterator[tuple[Entry, tuple[bytes, bytes], list[Row]]]:
    """The entry of each file with its payload; the rows stand with the first file's."""
    for file in one.files:
        chain, salt = chains[file], os.urandom(32)
        keys = sorted(one.rows) if file == one.files[0] else []
        written: list[Row] = [
            (t, k, row_digest(salt, t, found[t, k]) if (t, k) in found else None) for t, k in keys
        ]
        entry = Entry(
            chain=chain,
            number=chain.length + 1,
            act_id=one.act_id,
            verb=one.verb,
            at=one.at,
            actor=one.actor,
            payload_digest=payload_digest(salt, one.body),
            rows=rows_digest(written),
            previous=chain.digest,
        )
        entry.digest = entry_digest(chain.digest, entry.columns)
        chain.length, chain.digest = entry.number, entry.digest
        yield entry, (salt, one.body), written


def _deliveries(one: _Recorded, chain: Chain) -> list[Delivery]:
    return [
        Delivery(
            chain=chain,
            act_id=one.act_id,
            kind=kind,
            address=address,
            data=dict(data),
            key=secrets.token_hex(16),
            owed_at=one.at,
        )
        for kind, address, data in one.owed
    ]


def _rows(session: Session, keys: set[Key]) -> dict[Key, dict[str, Any]]:
    found: dict[Key, dict[str, Any]] = {}
    for table in sorted({table for table, _ in keys}):
        wanted = [key for name, key in keys if name == table]
        found.update(((table, key), row) for key, row in rows(session, table, wanted))
    return found


@act
def retry(delivery: Delivery, *, by: Person, now: datetime) -> Done | Refused:
    """Send a mail that was given up again, with all its tries."""
    if delivery.state is not WorkState.FAILED:
        return Refused((Refusal("letter_not_failed"),))
    session = session_of(delivery)
    delivery.again()
    record(session, "letter.retried", delivery, {"kind": delivery.kind}, by=by, now=now)
    return Done(delivery)


def _actor(by: Person) -> str:
    if by.account_id is None:
        return "system" if by.in_department else "visitor"
    return written_actor(by.account_id, (role.value for role in by.roles - {Role.VISITOR, Role.MEMBER}))


def _heads(session: Session, files: list[tuple[str, str]]) -> dict[tuple[str, str], Chain]:
    """The chains of these files, locked in this order; begun where there is none yet."""
    query = select(Chain).where(tuple_(Chain.file_kind, Chain.file_key).in_(files))
    query = query.order_by(Chain.file_kind, Chain.file_key).with_for_update()
    query = query.execution_options(populate_existing=True)
    found = {(c.file_kind, c.file_key): c for c in session.scalars(query)}
    if new := [file for file in files if file not in found]:
        # two may begin a file at once: one row, and the lock decides who writes first
        insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
        values = [{"file_kind": k, "file_key": f, "length": 0, "digest": FIRST} for k, f in new]
        session.execute(insert(Chain).values(values).on_conflict_do_nothing())
        found = {(c.file_kind, c.file_key): c for c in session.scalars(query)}
    return found


def record_refusal(
    session: Session, verb: str, subject: Any, outcome: Refused, by: Person, now: datetime
) -> None:
    """Put a refused attempt on record, with its reasons, evidence and the mails it owes."""
    why = [{"code": r.code, "facts": {k: plain(v) for k, v in r.facts.items()}} for r in outcome.refusals]
    payload = {"refusals": [r.code for r in outcome.refusals], "why": why, **outcome.evidence}
    record(
        session, f"{subject.JOURNAL_FILE}.{verb}.refused", subject, payload, by=by, now=now, owed=outcome.owed
    )


def record_withdrawal(session: Session, proposal: Any, by: Person, now: datetime) -> None:
    """Put down that a proposal was taken back."""
    told = {"verb": proposal.verb, "subject": proposal.subject}
    record(session, "proposal.withdrawn", proposal, told, by=by, now=now)


def record_start(database: Database, part: str, now: datetime) -> None:
    """A part of the program starts: which one, and its version."""
    told = {"part": part, "version": metadata.version("mandaatportaal")}
    with database.writing() as session:
        record(session, "portal.started", PORTAL, told, by=SYSTEM, now=now)


def record_reading(
    database: Database,
    what: str,
    subject: Any,
    payload: Mapping[str, Any] | None = None,
    *,
    by: Person,
    now: datetime,
) -> None:
    """Reading something confidential is an act: its entry is committed before the first byte goes out."""
    with database.writing() as session:
        record(session, what, subject, payload, by=by, now=now)
