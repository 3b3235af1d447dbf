"""Journal against tables, both ways: every chain, every entry with its rows, every row with its entry."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.journal import merkle
from portal.journal.log import WINDOW
from portal.journal.models import Chain, Entry, Head, Leaf, Node, Payload, Written
from portal.journal.proving import proved_tables, row_digest, rows
from portal.journal.rules import DESTROYED, FIRST, entry_digest, payload_digest, rows_digest


def verify(session: Session) -> list[str]:
    """One sentence for each thing that does not hold, naming the entry or the row."""
    return [*_chains(session), *_entries_without_chain(session), *_tables(session), *_log(session)]


def _chains(session: Session) -> Iterator[str]:
    destroyed = _destroyed(session)
    for chain in session.scalars(select(Chain).order_by(Chain.id)):
        name, previous, number = f"{chain.file_kind}/{chain.file_key}", FIRST, 0
        written: dict[int, list[tuple[str, str, str | None]]] = {}
        query = select(Written).join(Entry, Entry.id == Written.entry_id).where(Entry.chain_id == chain.id)
        for row in session.scalars(query.order_by(Written.table_name, Written.row_key)):
            written.setdefault(row.entry_id, []).append((row.table_name, row.row_key, row.digest))
        entries = select(Entry, Payload).outerjoin(Payload, Payload.entry_id == Entry.id)
        for entry, payload in session.execute(
            entries.filter(Entry.chain_id == chain.id).order_by(Entry.number)
        ):
            number += 1
            if entry.number != number or entry.previous != previous:
                yield f"{name}: entry {number} does not follow the one before"
            if entry_digest(previous, entry.columns) != entry.digest:
                yield f"{name}: entry {entry.number} was changed"
            if problem := _wrong_payload(entry, payload, destroyed):
                yield f"{name}: the payload of entry {entry.number} {problem}"
            if rows_digest(sorted(written.get(entry.id, []))) != entry.rows:
                yield f"{name}: the rows of entry {entry.number} were changed"
            previous = entry.digest
        if (chain.length, chain.digest) != (number, previous):
            yield f"{name}: entries are missing at the end"


def _wrong_payload(entry: Entry, payload: Payload | None, destroyed: set[str]) -> str:
    if payload is None:
        return "is missing"
    if payload.body is None or payload.salt is None:
        whole = payload.body is None and payload.salt is None
        return "" if whole and entry.digest in destroyed else "was destroyed under no list"
    return "" if payload_digest(payload.salt, payload.body) == entry.payload_digest else "was changed"


def _destroyed(session: Session) -> set[str]:
    """Digests of the entries whose payloads were destroyed under a list: the lists stand in the journal
    themselves.
    """
    query = select(Payload.body).join(Entry, Entry.id == Payload.entry_id).where(Entry.verb == DESTROYED)
    return {digest for body in session.scalars(query) if body for digest in json.loads(body)["entries"]}


def _entries_without_chain(session: Session) -> Iterator[str]:
    query = select(Entry.id).outerjoin(Chain).where(Chain.id.is_(None)).order_by(Entry.id)
    for entry_id in session.scalars(query):
        yield f"entry {entry_id}: its chain is missing"
    query = select(Written.id).outerjoin(Entry, Entry.id == Written.entry_id).where(Entry.id.is_(None))
    for written_id in session.scalars(query.order_by(Written.id)):
        yield f"written row {written_id}: its entry is missing"


def _tables(session: Session) -> Iterator[str]:
    for table in proved_tables():
        yield from of_table(session, table)


def of_table(session: Session, table: str) -> Iterator[str]:
    """One sentence for each row of a table that is not as its newest entry left it."""
    expected = _expected(session, table)
    for key, row in rows(session, table):
        if key not in expected:
            yield f"{table} {key}: stands there without an entry"
            continue
        digest, salt, entry = expected.pop(key)
        if digest is None:
            yield f"{table} {key}: was taken away by entry {entry}, and is there"
        elif salt is not None and row_digest(salt, table, row) != digest:
            yield f"{table} {key}: is not as entry {entry} left it"
    yield from (
        f"{table} {key}: is gone, without an act that took it away (entry {entry})"
        for key, (digest, _, entry) in expected.items()
        if digest is not None
    )


def _expected(session: Session, table: str) -> dict[str, tuple[str | None, bytes | None, str]]:
    """What the newest entry of each row says it is; the salt is None where the entry's payload was
    destroyed.
    """
    query = (
        select(Written.row_key, Written.digest, Payload.salt, Chain.file_kind, Chain.file_key, Entry.number)
        .join(Entry, Entry.id == Written.entry_id)
        .join(Chain, Chain.id == Entry.chain_id)
        .outerjoin(Payload, Payload.entry_id == Entry.id)
        .where(Written.table_name == table)
        .order_by(Written.id)
        .execution_options(yield_per=1000)
    )
    return {
        key: (digest, salt, f"{number} of {kind}/{file}")
        for key, digest, salt, kind, file, number in session.execute(query)
    }


def _log(session: Session) -> Iterator[str]:
    """The log against the entries, and every head against the log."""
    known: dict[tuple[int, int], bytes] = {}
    heads = {head.size: head.note for head in session.scalars(select(Head))}
    query = select(Leaf.number, Leaf.entry_id, Entry.digest).outerjoin(Entry, Entry.id == Leaf.entry_id)
    size = newest = 0
    query = query.order_by(Leaf.number).execution_options(yield_per=1000)
    with session.execute(query) as found:
        for number, entry_id, digest in found:
            if number != size or digest is None:
                yield f"log: entry {entry_id} at {number} is missing"
                return
            leaf = merkle.leaf_hash(bytes.fromhex(digest))
            known.update(((lv, n), d) for lv, n, d in merkle.appended(size, leaf, lambda *at: known[at]))
            size, newest = size + 1, max(newest, entry_id)
            if size in heads:
                root = merkle.root(size, lambda *at: known[at])
                if _said(heads.pop(size)) != (str(size), base64.b64encode(root).decode()):
                    yield f"log: the head over {size} entries is not the log's"
    yield from (
        f"log: the head over {missing} entries is over more than there are" for missing in sorted(heads)
    )
    stored = {
        (n.level, n.number): n.digest for n in session.scalars(select(Node).execution_options(yield_per=1000))
    }
    if stored != known:
        yield "log: its hashes are not those of the entries"
    left_out = select(Entry.id).outerjoin(Leaf).where(Leaf.number.is_(None), Entry.id <= newest - WINDOW)
    yield from (
        f"log: entry {entry_id} was left out" for entry_id in session.scalars(left_out.order_by(Entry.id))
    )


def _said(note: str) -> tuple[str, str]:
    _origin, size, root, *_rest = [*note.split("\n"), "", ""]
    return size, root
