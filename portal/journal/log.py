"""The log over the whole journal: entries are taken in by the worker, in batches, so that no act waits for
another.
"""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from portal import db
from portal.canonical import canonical
from portal.db import Database
from portal.journal import merkle, notes
from portal.journal.models import Entry, Head, Leaf, Node, Payload, Written
from portal.settings import Settings, SettingsError

BATCH = 500
WINDOW = 10_000
"""Entries get their number when they are written, and are seen when they are committed: how far these may lie
apart.
"""


def signer_of(settings: Settings) -> notes.Signer:
    """The key that signs heads: of the settings, or one made from the portal's secret and named after its
    address.

    Raises:
        SettingsError: when `PORTAL_JOURNAL_KEY` is no such key.
    """
    if not settings.journal_key:
        return notes.Signer.derived(f"{urlsplit(settings.base_url).hostname}/journaal", settings.secret_key)
    try:
        return notes.Signer.read(settings.journal_key)
    except notes.NoteError as problem:
        told = "PORTAL_JOURNAL_KEY: must be a line as `portal journal key NAME` makes it"
        raise SettingsError(f"{told}: {problem}.") from problem


def take_in(database: Database, signer: notes.Signer, now: datetime) -> int:
    """Take in what was committed since, and sign a head over it; how many entries. Done by the worker."""
    with database.session() as session:
        if not _waiting(session, 1):
            return 0
    taken = 0
    while batch := _take_batch(database, signer, now):
        taken += batch
    return taken


def alone(session: Session) -> None:
    """Hold the log for this transaction: what is done with it is done by one worker at a time. No act asks for
    it.
    """
    db.alone(session, "transparency log")


def _take_batch(database: Database, signer: notes.Signer, now: datetime) -> int:
    with database.writing() as session:
        alone(session)
        entries = _waiting(session, BATCH)
        if not entries:
            return 0
        size = size_of(session)
        known = _nodes(session, size)
        for entry_id, digest in entries:
            session.add(Leaf(number=size, entry_id=entry_id))
            made = merkle.appended(size, merkle.leaf_hash(bytes.fromhex(digest)), lambda *at: known[at])
            for level, number, node in made:
                known[level, number] = node
                session.add(Node(level=level, number=number, digest=node))
            size += 1
        root = merkle.root(size, lambda *at: known[at])
        session.add(Head(size=size, at=now, note=signer.sign(notes.Head(signer.name, size, root).text)))
        return len(entries)


def _waiting(session: Session, most: int) -> list[tuple[int, str]]:
    """Entries that are not in the log yet (id and digest), oldest first."""
    newest = select(func.coalesce(func.max(Leaf.entry_id), 0)).scalar_subquery()
    query = select(Entry.id, Entry.digest).outerjoin(Leaf, Leaf.entry_id == Entry.id)
    query = query.where(Leaf.number.is_(None), Entry.id > newest - WINDOW).order_by(Entry.id).limit(most)
    return [(entry_id, digest) for entry_id, digest in session.execute(query)]


def waiting(session: Session) -> int:
    """How many entries are not in the log yet; counted up to a thousand."""
    return len(_waiting(session, 1000))


def size_of(session: Session) -> int:
    """How many entries the log holds."""
    return session.scalar(select(func.coalesce(func.max(Leaf.number) + 1, 0))) or 0


def _nodes(session: Session, size: int) -> dict[tuple[int, int], bytes]:
    """The full subtrees that a log of this size falls into, in one statement."""
    query = select(Node.level, Node.number, Node.digest)
    query = query.where(tuple_(Node.level, Node.number).in_(merkle.parts(size)))
    return {(level, number): digest for level, number, digest in session.execute(query)}


def _stored(session: Session) -> merkle.Get:
    """Full subtrees as they are kept."""
    return lambda level, number: session.get_one(Node, (level, number)).digest


def root_of(session: Session, size: int) -> bytes:
    """The root that the log had when it held so many entries."""
    return merkle.root(size, _stored(session))


def heads(session: Session, most: int) -> list[Head]:
    """The newest heads, newest first."""
    return list(session.scalars(select(Head).order_by(Head.size.desc()).limit(most)))


def head(session: Session, size: int) -> Head | None:
    """The head of a log of this size, where one was signed."""
    return session.get(Head, size)


def entry_of_row(session: Session, table: str, key: str) -> Entry | None:
    """The newest act that wrote a row."""
    query = select(Entry).join(Written, Written.entry_id == Entry.id).filter(Written.table_name == table)
    query = query.filter(Written.row_key == key).order_by(Written.id.desc()).limit(1)
    return session.scalars(query).one_or_none()


def row_is_in(session: Session, table: str, key: str) -> bool:
    """Whether the log has taken in an act that wrote this row."""
    query = select(Leaf.number).join(Written, Written.entry_id == Leaf.entry_id)
    query = query.where(Written.table_name == table, Written.row_key == key).limit(1)
    return session.scalar(query) is not None


def index_of(session: Session, entry: Entry) -> int | None:
    """Where an entry stands in the log, from 0; None before it was taken in."""
    return session.scalar(select(Leaf.number).filter_by(entry_id=entry.id))


def proof_of(session: Session, entry: Entry) -> str | None:
    """The `tlog-proof` of an entry against the newest head, with what it says; None before it was taken in.

    Its `extra` is the canonical JSON from which anybody computes the entry's digest: `previous`, `columns`, and
    with `salt` (hex) and `payload` the digest of the payload; the leaf is the entry's digest, 32 bytes.
    """
    number = index_of(session, entry)
    newest = next(iter(heads(session, 1)), None)
    payload = session.get(Payload, entry.id)
    if number is None or newest is None or payload is None or payload.body is None or payload.salt is None:
        return None
    path = merkle.inclusion(number, newest.size, _stored(session))
    told = {
        "previous": entry.previous,
        "columns": entry.columns,
        "salt": payload.salt.hex(),
        "payload": payload.body.decode(),
    }
    return notes.proof(number, path, newest.note, extra=canonical(told))


def proof_of_row(session: Session, table: str, key: str) -> str | None:
    """The proof of the newest act that wrote a row; None before it was taken in."""
    entry = entry_of_row(session, table, key)
    return proof_of(session, entry) if entry else None
