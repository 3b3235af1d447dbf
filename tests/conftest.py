"""What every test stands on: the project's definitions, and an app on its own copy of a prepared database."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
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
from portal.db import Database
from portal.settings import DEMO_SECRET, Settings
from tests.pages import PageClient

PROJECT = Path(__file__).resolve().parent.parent
PASSWORD = "demo"
BEGIN = parse_local("2022-12-01T09:00")
OPEN = parse_local("2023-01-16T10:00")
CALL = "2022-samenwerkingsverband-zorg"

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


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: Any, defined: definitions.Definitions) -> Path:
    """A database with accounts, and the call published by two people; tests copy it."""
    passwords.set_hasher(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    folder = tmp_path_factory.mktemp("prepared")
    database = Database(f"sqlite:///{folder}/portal.sqlite")
    schema.create(database, defined)
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
    return folder


@dataclass
class World:
    """A portal of one test: its app, a clock that stands where it is put, and a session for facts."""

    app: Flask
    clock: StandingClock
    database: Database
    session: Session
    defined: definitions.Definitions
    folder: Path

    @property
    def now(self) -> datetime:
        """Where the clock stands."""
        return self.clock.at

    @property
    def storage(self) -> Any:
        """The app's store."""
        return self.app.extensions["portal"].storage

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
    prepared: Path, tmp_path: Path, tmp_path_factory: Any, defined: definitions.Definitions
) -> Iterator[World]:
    """A portal on its own copy of the prepared database, while the first round is open."""
    shutil.copy(prepared / "portal.sqlite", tmp_path / "portal.sqlite")
    settings = Settings(
        project_dir=PROJECT,
        database_url=f"sqlite:///{tmp_path}/portal.sqlite",
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
        yield World(app, clock, database, session, defined, tmp_path)
    database.dispose()
