"""The database: one base, two engines (SQLite and PostgreSQL), and the transaction around a verb.

A session reads unless a verb is at work: `@act` alone opens a writing transaction. On PostgreSQL a reading
transaction is READ ONLY, on SQLite `query_only`, so that a GET that writes fails instead of writing.
"""

from __future__ import annotations

import enum
import functools
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

from sqlalchemy import DDL, JSON, DateTime, Enum, LargeBinary, MetaData, create_engine, event, text
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidRequestError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, object_session, sessionmaker
from sqlalchemy.types import TypeDecorator

from portal.hooks import Hooks, hooks_of
from portal.lifecycle import Done, Refusal, Refused


class UtcDateTime(TypeDecorator):
    """An aware instant, stored in UTC to the microsecond; SQLite would drop the zone otherwise."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Refuse naive datetimes."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give every instant back as aware UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables; constraints are named after the fact they guard, or by this convention.

    Every row is proved by the journal, in all its columns (`journal.proving`). A table that nobody could be
    asked about in court says `PROVED = False`, one with columns that only help the machine along names them in
    `UNPROVED`.
    """

    PROVED: ClassVar[bool] = True
    UNPROVED: ClassVar[tuple[str, ...]] = ()
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, dict: JSON, list: JSON, bytes: LargeBinary}


def status_column(status: type[enum.Enum], name: str) -> Enum:
    """A column type for `status`: its words, checked by the database under `name`."""
    return Enum(
        status,
        native_enum=False,
        create_constraint=True,
        name=name,
        length=30,
        values_callable=lambda e: [m.value for m in e],
    )


@dataclass(frozen=True)
class Guard:
    """A trigger that refuses a change of a table, named after the fact it guards.

    `when` is such as `UPDATE` or `INSERT`, `condition` SQL over OLD and NEW that both databases read alike.
    """

    table: str
    name: str
    when: str
    condition: str = ""

    def sql(self, dialect: str) -> str:
        """The statement that makes it; on PostgreSQL it calls the function of `REFUSE`."""
        trigger, clause = (
            f"{self.name}_{self.when.lower()}",
            f"WHEN ({self.condition}) " if self.condition else "",
        )
        if dialect == "sqlite":
            return (
                f"CREATE TRIGGER {trigger} BEFORE {self.when} ON {self.table} "
                f"{clause}BEGIN SELECT RAISE(ABORT, '{self.name}'); END"
            )
        each = "STATEMENT" if self.when == "TRUNCATE" else "ROW"
        return (
            f"CREATE TRIGGER {trigger} BEFORE {self.when} ON {self.table} "
            f"FOR EACH {each} {clause}EXECUTE FUNCTION refuse_change('{self.name}')"
        )


REFUSE = (
    "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"
)
GUARDS: list[Guard] = []
EXTRAS: dict[str, list[str]] = {"sqlite": [], "postgresql": [REFUSE]}


def guard(table: Any, name: str, when: str, condition: str = "", *, only: str = "") -> None:
    """Guard `table` on both databases, or on the dialect `only`; made with the table.

    Who may not delete rows may not truncate the table either (PostgreSQL alone has that).
    """
    made = Guard(table.name, name, when, condition)
    GUARDS.append(made)
    for dialect in (only,) if only else tuple(EXTRAS):
        on_create(table, made.sql(dialect), dialect)
    if when == "DELETE" and only != "sqlite":
        on_create(table, Guard(table.name, name, "TRUNCATE").sql("postgresql"), "postgresql")


def on_create(table: Any, sql: str, dialect: str) -> None:
    """Run `sql` after the table was made, on one dialect: what SQLAlchemy has no words for."""
    EXTRAS[dialect].append(sql)
    for statement in (REFUSE, sql) if dialect == "postgresql" else (sql,):
        ddl = DDL(statement.replace("%", "%%"))  # type: ignore[no-untyped-call]
        event.listen(table, "after_create", ddl.execute_if(dialect=dialect))


LIMITS = "-c lock_timeout=10s -c statement_timeout=60s -c idle_in_transaction_session_timeout=60s"


def make_engine(url: str | URL) -> Engine:
    """An engine whose transactions know reading from writing."""
    url = make_url(url)
    if url.drivername == "postgresql":
        url = url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": 30})
        event.listen(engine, "connect", _sqlite_connect)
    else:
        engine = create_engine(
            url,
            pool_pre_ping=True,
            pool_size=5,
            max_overflow=5,
            pool_timeout=10,
            connect_args={"options": LIMITS},
        )
    event.listen(engine, "begin", _begin)
    return engine


BEGIN_WRITE = "BEGIN IMMEDIATE"


def _sqlite_connect(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin(connection: Any) -> None:
    """Begin a transaction of its kind; a connection that is of that kind already is not told again."""
    reading = connection.get_execution_options().get("portal_mode") == "read"
    if connection.dialect.name == "sqlite":
        if connection.info.get("reading") is not reading:
            connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if reading else 'OFF'}")
            connection.info["reading"] = reading
        connection.exec_driver_sql("BEGIN" if reading else BEGIN_WRITE)
    else:
        connection.connection.dbapi_connection.read_only = reading  # psycopg says it with its BEGIN


class Database:
    """An engine with its sessions, and the hooks that each of them carries."""

    def __init__(self, url: str | URL, hooks: Hooks | None = None) -> None:
        self.engine = make_engine(url)
        self.hooks = hooks or Hooks()
        reading = self.engine.execution_options(portal_mode="read")
        self._sessions = sessionmaker(bind=reading, info={"hooks": self.hooks})

    def session(self) -> Session:
        """A session that reads until a verb is at work."""
        return self._sessions()

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session with a writing transaction of its own, for ground-floor work (queues, clocks)."""
        with self._sessions() as session:
            session.connection(execution_options={"portal_mode": "write"})
            session.info["acting"] = True
            yield session
            session.commit()

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()


TRIES = 4
CROSSED = frozenset({"40P01", "40001"})  # PostgreSQL: deadlock detected, serialization failure
BEFORE_US = frozenset({"23505", "23P01", "23503"})  # unique, exclusion, foreign key: another was there first


def lock(thing: Any) -> None:
    """Take a mapped object for this transaction alone, as it is now.

    Raises:
        InvalidRequestError: when it is not there any more.
    """
    session_of(thing).refresh(thing, with_for_update={"of": type(thing)})


def act(function: Callable[..., Done | Refused]) -> Callable[..., Done | Refused]:
    """Make `function(subject, …, by=, now=)` a verb: one transaction, all or nothing.

    The outermost call opens the writing transaction and reloads its first argument under lock; inner calls
    join, and lock theirs. Where two verbs locked each other out, or another wrote first what this one found not
    to be there, it is done again and finds what is: nothing of it stood. On `Refused` everything is rolled back
    and the attempt recorded in a transaction of its own. The first argument is a mapped object, or the session
    where there is no object yet.
    """

    @functools.wraps(function)
    def verb(subject: Any, *args: Any, **kwargs: Any) -> Done | Refused:
        session = subject if isinstance(subject, Session) else session_of(subject)
        if session.info.get("no_acts"):
            raise RuntimeError("an act in a request without a valid form token")
        if session.info.get("acting"):
            if subject is not session:
                lock(subject)
            return function(subject, *args, **kwargs)
        for left in reversed(range(TRIES)):
            session.rollback()
            session.info["acting"] = True
            try:
                return _once(session, function, subject, args, kwargs)
            except (OperationalError, IntegrityError) as problem:
                if not left or not _lost_a_race(problem):
                    raise
            finally:
                session.rollback()
                session.info.pop("acting", None)
        raise AssertionError("the last try returns or raises")

    return verb


def _lost_a_race(problem: DBAPIError) -> bool:
    """SQLite has one writer: there nothing comes in between."""
    return getattr(problem.orig, "sqlstate", "") in CROSSED | BEFORE_US


def alone(session: Session, *names: str) -> None:
    """Let no other verb be between here and its end under the same names (the database's, on all servers): for
    what has no row to lock. SQLite has one writer anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256("\0".join(names).encode()).digest()[:8], "big", signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def _once(session: Session, function: Callable, subject: Any, args: tuple, kwargs: dict) -> Done | Refused:
    session.connection(execution_options={"portal_mode": "write"})
    if subject is not session:
        try:
            lock(subject)
        except InvalidRequestError:
            return Refused((Refusal("gone"),))
    by = kwargs.get("by")
    stands = hooks_of(session).stands
    outcome: Done | Refused = stands(session, by) if stands is not None and by is not None else Done()
    if isinstance(outcome, Done):
        outcome = function(subject, *args, **kwargs)
    if isinstance(outcome, Refused):
        session.rollback()
        _record(session, function, subject, outcome, kwargs)
    else:
        session.commit()
    return outcome


def _record(session: Session, function: Callable, subject: Any, outcome: Refused, kwargs: dict) -> None:
    recorder = hooks_of(session).refused
    if recorder is None or subject is session:
        return
    verb = function.__name__
    session.connection(execution_options={"portal_mode": "write"})
    recorder(session, verb, subject, outcome, kwargs.get("by"), kwargs["now"])
    session.commit()


def session_of(thing: Any) -> Session:
    """The session a mapped object was loaded in.

    Raises:
        RuntimeError: for an object without one.
    """
    session = object_session(thing)
    if session is None:
        raise RuntimeError("an object without a session")
    return session
