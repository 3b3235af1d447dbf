"""Journal and tables prove each other: what an act wrote is noted while it writes, and stands with its entry.

Every row of every table (but those that say otherwise, see `db.Base`) has, with the newest entry that wrote it,
a digest. Whoever changes a row, adds one or takes one away without an act is named by `journal.queries.verify`.
"""

from __future__ import annotations

import enum
import functools
import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, Table, event, inspect, select, tuple_
from sqlalchemy.orm import ORMExecuteState, Session

from portal.canonical import canonical
from portal.db import Base

Key = tuple[str, str]
"""A row: the name of its table, and its primary key, parted by slashes."""
AT_ONCE = 500


class Unrecorded(RuntimeError):
    """A transaction wrote rows that somebody could be asked about, and no entry."""


@functools.cache
def proved_tables() -> dict[str, tuple[Table, tuple[Column[Any], ...]]]:
    """Each table that is proved, with its proved columns in the order of their names."""
    found = {}
    for mapper in Base.registry.mappers:
        if mapper.class_.PROVED:
            table = Base.metadata.tables[mapper.class_.__tablename__]
            columns = sorted(
                (c for c in table.columns if c.name not in mapper.class_.UNPROVED), key=lambda c: c.name
            )
            found[table.name] = (table, tuple(columns))
    return dict(sorted(found.items()))


def row_key(parts: Iterable[Any]) -> str:
    """A primary key as text."""
    return "/".join(str(part) for part in parts)


def row_digest(salt: bytes, table: str, row: dict[str, Any]) -> str:
    """SHA-256 over 32 bytes of salt and the canonical row with its table's name."""
    return hashlib.sha256(
        salt + canonical({"table": table, "row": {k: plain(v) for k, v in row.items()}})
    ).hexdigest()


def plain(value: Any) -> Any:
    """A column's value as canonical JSON can hold it, the same for both databases."""
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value


def rows(
    session: Session, table: str, keys: Iterable[str] | None = None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Rows of a proved table as the database holds them, with their keys: those asked for, or all of them,
    streamed.
    """
    source, columns = proved_tables()[table]
    primary = list(source.primary_key.columns)
    query = select(*primary, *columns)
    if keys is None:
        found = [query.order_by(*primary).execution_options(yield_per=AT_ONCE)]
    else:
        wanted = [
            tuple(c.type.python_type(p) for c, p in zip(primary, k.split("/"), strict=True))
            for k in sorted(keys)
        ]
        parts = [wanted[i : i + AT_ONCE] for i in range(0, len(wanted), AT_ONCE)]
        found = [query.where(tuple_(*primary).in_(part)) for part in parts]
    for one in found:
        for row in session.execute(one):
            values = tuple(row)
            named = dict(zip((c.name for c in columns), values[len(primary) :], strict=True))
            yield row_key(values[: len(primary)]), named


def take_touched(session: Session) -> set[Key]:
    """The rows that were written since this was asked last, in the transaction that is open."""
    found: set[Key] = session.info.pop("touched", set())
    return found


@event.listens_for(Session, "before_flush")
@event.listens_for(Session, "after_flush")
def _note(session: Session, *_context: Any) -> None:
    """Asked before, since a value that the database computes is gone after, and after, since keys come while it
    writes.
    """
    touched = session.info.setdefault("touched", set())
    fresh = (one for one in session.new if one.PROVED and _numbered(one))
    gone = (one for one in session.deleted if one.PROVED)
    changed = (one for one in session.dirty if one.PROVED and _says_otherwise(one))
    touched.update(map(_key, (*fresh, *gone, *changed)))


@event.listens_for(Session, "do_orm_execute")
def _one_by_one(asked: ORMExecuteState) -> None:
    """Rows that are proved are written as objects: a statement that writes many would leave no note of
    which.
    """
    writes = asked.is_insert or asked.is_update or asked.is_delete
    if writes and asked.bind_mapper is not None and asked.bind_mapper.class_.PROVED:
        raise Unrecorded(f"a statement that writes {asked.bind_mapper.local_table}")


def _key(thing: Any) -> Key:
    mapper = inspect(thing).mapper
    return mapper.local_table.name, row_key(mapper.primary_key_from_instance(thing))


def _numbered(thing: Any) -> bool:
    return None not in inspect(thing).mapper.primary_key_from_instance(thing)


def _says_otherwise(thing: Any) -> bool:
    state = inspect(thing)
    columns = {c.key for c in state.mapper.column_attrs} - set(thing.UNPROVED)
    return any(state.attrs[key].history.has_changes() for key in columns)


@event.listens_for(Session, "after_rollback")
@event.listens_for(Session, "after_commit")
def _forget(session: Session) -> None:
    """What was noted of a transaction ends with it: the rows it touched, and what `journal.actions`
    recorded.
    """
    if not session.in_nested_transaction():
        session.info.pop("touched", None)
        session.info.pop("recorded", None)
