"""What every test stands on: the project's definitions, and an app on its own copy of a prepared database, of both kinds."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy.orm import Session

from portal import create_app, definitions, schema
from portal.access import SYSTEM, Person, Role
from portal.accounts import actions as account_actions
from portal.accounts import passwords
from portal.accounts import queries as account_queries
from portal.calls import actions as call_actions
from portal.clock import StandingClock, brussels_day, parse_local
from portal.db import Base, Database
from portal.settings import DEMO_SECRET, Settings
from tests.pages import PageClient
from tests.parts import S3, PostgreSQL, postgresql, seaweed

PROJECT = Path(__file__).resolve().parent.parent
PASSWORD = "demo"
BEGIN = parse_local("2022-12-01T09:00")
OPEN = parse_local("2023-01-16T10:00")
CALL = "2022-samenwerkingsverband-zorg"
ON_POSTGRESQL = pytest.mark.parametrize("kind", ["postgresql"])

ORGANISATIONS = {
    "aanvrager": ("0000100166", "OCMW Proefstad"),
    "ggz": ("0000200235", "CGG Proef"),
    "vaph": ("0000300304", "vzw Proefhuis"),
    "rivaal": ("0000400470", "CAW Rivaal"),
}
GRANTS = {
    "beoordelaar1": Role.REVIEWER,
    "beoordelaar2": Role.REVIEWER,
    "beheerder": Role.ADMINISTRATOR,
    "medeondertekenaar": Role.COSIGNER,
    "auditor": Role.AUDITOR,
}


@pytest.fixture(scope="session")
def defined() -> definitions.Definitions:
    """The project's own definitions."""
    return definitions.load(PROJECT)


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request: Any) -> str:
    """Which database a test runs on: every test that asks for a world runs on both."""
    return str(request.param)


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgreSQL]:
    """A PostgreSQL server of this test process."""
    with postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def s3() -> Iterator[S3]:
    """An S3 server of this test process."""
    with seaweed() as server:
        yield server


def fill(database: Database, defined: definitions.Definitions) -> None:
    """Accounts, and the call published by two people."""
    passwords.set_hasher(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    hashed = passwords.hash_of(PASSWORD)
    with database.session() as session:
        for name in [*ORGANISATIONS, *GRANTS]:
            account = account_actions.enrol(
                session, email=f"{name}@proef.example", label=name, password_hash=hashed, by=SYSTEM, now=BEGIN
            ).value
            if name in ORGANISATIONS:
                number, title = ORGANISATIONS[name]
                found = account_actions.register(session, number=number, name=title, by=SYSTEM, now=BEGIN).value
                account_actions.join(account, organisation=found, by=SYSTEM, now=BEGIN)
            else:
                account_actions.grant(account, role=GRANTS[name], by=SYSTEM, now=BEGIN)
        source = defined.calls[CALL]
        call = call_actions.draft(session, source, by=SYSTEM, now=BEGIN).value
        first = source.first_round
        call_actions.publish(
            call,
            call_type=defined.call_types[source.call_type],
            regions=list(first.regions),
            opens_on=first.opens_on,
            last_day=first.last_day,
            mandates_start_on=first.mandates_start_on,
            unconfirmed_allowed=True,
            by=SYSTEM,
            now=BEGIN,
        )
    database.dispose()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: Any, defined: definitions.Definitions) -> Path:
    """A filled SQLite database; tests copy it."""
    file: Path = tmp_path_factory.mktemp("prepared") / "portal.sqlite"
    schema.migrate(f"sqlite:///{file}", defined)
    fill(Database(f"sqlite:///{file}"), defined)
    return file


@pytest.fixture(scope="session")
def template(postgres: PostgreSQL, defined: definitions.Definitions) -> str:
    """A filled PostgreSQL database, whose tables the portal's role does not own; tests copy it."""
    postgres.run("CREATE DATABASE prepared OWNER portal_owner")
    url, owner = (postgres.url("prepared", role).render_as_string(False) for role in ("portal", "portal_owner"))
    schema.migrate(url, defined, owner_url=owner)
    fill(Database(url), defined)
    return "prepared"


@pytest.fixture
def place(kind: str, request: Any, tmp_path: Path) -> Iterator[tuple[str, str]]:
    """A filled database of this test alone: how the portal reaches it, and how its owner does."""
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("prepared"), tmp_path / "portal.sqlite")
        yield (f"sqlite:///{tmp_path}/portal.sqlite",) * 2
        return
    source, server = request.getfixturevalue("template"), request.getfixturevalue("postgres")
    name = f"test_{secrets.token_hex(6)}"
    server.run(f"CREATE DATABASE {name} TEMPLATE {source} OWNER portal_owner")
    yield tuple(server.url(name, role).render_as_string(False) for role in ("portal", "portal_owner"))
    server.run(f"DROP DATABASE {name} WITH (FORCE)")


@dataclass
class World:
    """A portal of one test: its app, a clock that stands where it is put, and a session for facts."""

    app: Flask
    clock: StandingClock
    database: Database
    session: Session
    defined: definitions.Definitions
    folder: Path
    owner_url: str

    @property
    def now(self) -> datetime:
        """Where the clock stands."""
        return self.clock.at

    def use(self, **others: Any) -> None:
        """Put other parts in the place of the app's own: storage, mailer, scanner."""
        for name, part in others.items():
            object.__setattr__(self.app.extensions["portal"], name, part)

    @property
    def storage(self) -> Any:
        """The app's store."""
        return self.app.extensions["portal"].storage

    @contextmanager
    def owning(self) -> Iterator[Session]:
        """A session of the role that owns the tables: whom the triggers alone hold back."""
        owner = Database(self.owner_url)
        try:
            with owner.writing() as session:
                yield session
        finally:
            owner.dispose()

    def image(self) -> dict[str, list[str]]:
        """Every row of every table, to see that nothing changed."""
        with self.database.session() as session:
            return {
                table.name: sorted(map(repr, session.execute(table.select())))
                for table in Base.metadata.sorted_tables
            }

    def person(self, name: str) -> Person:
        """The person with the account of this name."""
        account = account_queries.by_email(self.session, f"{name}@proef.example")
        return account_queries.person_of(account, brussels_day(self.now))

    def client(self, name: str | None = None) -> PageClient:
        """A browser, signed in as `name`."""
        client = PageClient(self.app.test_client())
        if name is not None:
            answer = client.post("/aanmelden", {"email": f"{name}@proef.example", "password": PASSWORD})
            assert answer == "/", answer
        return client


@pytest.fixture
def world(
    place: tuple[str, str], tmp_path: Path, tmp_path_factory: Any, defined: definitions.Definitions
) -> Iterator[World]:
    """A portal on its own copy of the prepared database, while the first round is open."""
    url, owner_url = place
    settings = Settings(
        project_dir=PROJECT,
        database_url=url,
        storage_url=f"file://{tmp_path}/files",
        secret_key=DEMO_SECRET,
        base_url="http://localhost",
        demo=True,
        upload_limit=1_000_000,
    )
    clock = StandingClock(OPEN)
    app = create_app(settings, clock=clock)
    app.testing = True
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(tmp_path_factory.getbasetemp()))
    database = app.extensions["portal"].database
    with database.session() as session:
        yield World(app, clock, database, session, defined, tmp_path, owner_url)
    database.dispose()


@pytest.fixture
def made(world: World) -> Iterator[Any]:
    """Makes the portal of this world with other settings; in `production` as a department runs it."""
    apps = []

    def make_one(*, production: bool = False, **changes: Any) -> Flask:
        settings = world.app.extensions["portal"].settings
        real = {"demo": False, "secret_key": "x" * 40, "smtp_url": "smtp://mail.example"} if production else {}
        changed = Settings(**{**settings.__dict__, **real, **changes})
        apps.append(create_app(changed, clock=StandingClock(world.now)))
        return apps[-1]

    yield make_one
    for app in apps:
        app.extensions["portal"].database.dispose()
