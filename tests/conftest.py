"""What every test stands on: the project's definitions, and an app on its own copy of a prepared database, of
both kinds.
"""

from __future__ import annotations

import atexit
import functools
import re
import secrets
import shutil
import tempfile
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
from xdist.scheduler import LoadScopeScheduling

from portal import create_app, definitions, schema
from portal.access import SYSTEM, Person, Role
from portal.accounts import actions as account_actions
from portal.accounts import passwords
from portal.accounts import queries as account_queries
from portal.calls import actions as call_actions
from portal.clock import StandingClock, brussels_day, parse_local
from portal.db import Base, Database
from portal.organisations import actions as organisation_actions
from portal.organisations import queries as organisations
from portal.settings import DEMO_SECRET, Settings
from tests.pages import PageClient
from tests.parts import S3, PostgreSQL, postgresql, seaweed

PROJECT = Path(__file__).resolve().parent.parent
PASSWORD = "demo"
BYTECODE = Path(tempfile.mkdtemp(prefix="templates-"))  # compiled once per process
atexit.register(shutil.rmtree, BYTECODE, ignore_errors=True)
BEGIN = parse_local("2022-12-01T09:00")
OPEN = parse_local("2023-01-16T10:00")
CALL = "2022-samenwerkingsverband-zorg"
BOTH = ("sqlite", "postgresql")
ON_SQLITE, ON_POSTGRESQL, ON_BOTH = (pytest.mark.databases(*kinds) for kinds in (BOTH[:1], BOTH[1:], BOTH))

_read = definitions.load
_read_once = functools.cache(_read)
# The project's own definitions do not change while tests run: hundreds of apps read them once per process.
definitions.load = lambda folder: (_read_once if folder == PROJECT else _read)(folder)

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


def pytest_configure(config: pytest.Config) -> None:
    """The one mark of ours."""
    config.addinivalue_line("markers", "databases(*kinds): which databases a test runs on (decision 12)")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """On which databases a test runs: what its nearest mark says, or both."""
    if "kind" in metafunc.fixturenames and not _by_hand(metafunc.definition):
        marked = metafunc.definition.get_closest_marker("databases")
        metafunc.parametrize("kind", marked.args if marked else BOTH)


TOGETHER = {  # what is dear to make and shared: one process does all tests below it (decision 12)
    "tests/journeys/": "demo",
    "tests/demo/": "demo",
    "tests/matrix/": "matrix",
    "tests/real/test_raw_requests": "raw",
    "tests/real/test_store_trouble": "s3",
    "tests/documents/test_storage": "s3",
}
ARENA = re.compile(r"test_races.*\[((on|off)-(sqlite|postgresql))")


class KeepTogether(LoadScopeScheduling):
    """Deals tests out one by one, but those that share something as one."""

    def _split_scope(self, nodeid: str) -> str:
        if arena := ARENA.search(nodeid):
            return arena[1]
        return next((name for path, name in TOGETHER.items() if nodeid.startswith(path)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> KeepTogether:
    """How two processes divide the tests."""
    return KeepTogether(config, log)


LONG = (
    "tests/cli/",
    "tests/demo/",
    "tests/house/test_bench",
    "tests/journeys/",
    "tests/matrix/",
    "tests/real/",
)
REAL_PARTS = {"postgres", "s3", "browser", "clamd", "smtp", "provider", "served", "shared", "servers", "on_s3"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """`make quick`."""
    parser.addoption("--quick", action="store_true", help="leave out what needs a real part or a whole story")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """With `--quick`: no real part, no program of its own, no whole story."""
    if not config.getoption("--quick"):
        return
    kept = [item for item in items if _is_quick(item)]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _is_quick(item: Any) -> bool:
    real = not REAL_PARTS.isdisjoint(item.fixturenames) or "[s3" in item.name
    return not (real or "postgresql" in item.nodeid or item.nodeid.startswith(LONG))


def _by_hand(node: Any) -> bool:
    return any("kind" in str(mark.args[0]).split(",") for mark in node.iter_markers("parametrize"))


def names_its_database(app: Flask, node: Any) -> Flask:
    """A test that asks `app` for a page must say on which database: the rule that keeps `make test` short."""

    def unmarked(*_arguments: Any, **_more: Any) -> Any:
        pytest.fail("this test asks for pages: mark it ON_SQLITE, ON_POSTGRESQL or ON_BOTH (decision 12)")

    ours = node.path.is_relative_to(PROJECT / "tests")
    if ours and node.get_closest_marker("databases") is None and not _by_hand(node):
        app.test_client = unmarked  # type: ignore[method-assign]
    return app


@pytest.fixture
def kind() -> str:
    """Which database a test runs on; `pytest_generate_tests` says."""
    raise LookupError("a fixture that is made for one test alone asked for a database")


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
                found = organisation_actions.register(
                    session, number=number, name=title, by=SYSTEM, now=BEGIN
                ).value
                organisation_actions.join(account, organisation=found, by=SYSTEM, now=BEGIN)
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
        return organisations.person_of(account, brussels_day(self.now))

    def client(self, name: str | None = None) -> PageClient:
        """A browser, signed in as `name`."""
        client = PageClient(self.app.test_client())
        if name is not None:
            answer = client.post("/aanmelden", {"email": f"{name}@proef.example", "password": PASSWORD})
            assert answer == "/", answer
        return client


@contextmanager
def opened(
    url: str, owner_url: str, folder: Path, defined: definitions.Definitions, node: Any = None
) -> Iterator[World]:
    """A portal on the database at `url`, with its files below `folder`, while the first round is open."""
    settings = Settings(
        project_dir=PROJECT,
        database_url=url,
        storage_url=f"file://{folder}/files",
        secret_key=DEMO_SECRET,
        base_url="http://localhost",
        demo=True,
        upload_limit=1_000_000,
    )
    clock = StandingClock(OPEN)
    app = create_app(settings, clock=clock)
    if node is not None:
        names_its_database(app, node)
    app.testing = True
    app.jinja_env.bytecode_cache = FileSystemBytecodeCache(str(BYTECODE))
    database = app.extensions["portal"].database
    with database.session() as session:
        yield World(app, clock, database, session, defined, folder, owner_url)
    database.dispose()


@pytest.fixture
def world(
    request: Any, place: tuple[str, str], tmp_path: Path, defined: definitions.Definitions
) -> Iterator[World]:
    """A portal on its own copy of the prepared database."""
    with opened(*place, tmp_path, defined, request.node) as found:
        yield found


@pytest.fixture
def real(world: World) -> StandingClock:
    """Real time, standing: of sign-ins, links and shared pages, which the demo's clock does not move."""
    clock = StandingClock(parse_local("2026-11-25T09:00"))
    world.use(real=clock)
    return clock


@pytest.fixture
def made(request: Any, world: World) -> Iterator[Any]:
    """Makes the portal of this world with other settings; in `production` as a department runs it."""
    apps = []

    def make_one(*, production: bool = False, **changes: Any) -> Flask:
        settings = world.app.extensions["portal"].settings
        real = {"demo": False, "secret_key": "x" * 40, "smtp_url": "smtp://mail.example"} if production else {}
        changed = Settings(**{**settings.__dict__, **real, **changes})
        apps.append(names_its_database(create_app(changed, clock=StandingClock(world.now)), request.node))
        return apps[-1]

    yield make_one
    for app in apps:
        app.extensions["portal"].database.dispose()
