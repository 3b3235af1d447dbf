"""Real parts for tests, each started on a free port of its own and ended by its own process id.

A missing part skips the tests that need it, with a line that says what to install; in CI that is a failure.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import URL, create_engine


def missing(what: str, package: str) -> None:
    """Skip, or fail in CI, for want of a part."""
    message = f"needs {what}: apt-get install {package} (or PORTAL_TEST_INSTALL=1 make test, as root)"
    if os.environ.get("CI") == "true":
        pytest.fail(message)
    pytest.skip(message)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(ready: Callable[[], Any], process: subprocess.Popen | None = None, seconds: float = 30) -> Any:
    """Ask `ready` until it answers without an error; what it answered."""
    last: Exception | None = None
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process is not None and process.poll() is not None:
            break
        try:
            return ready()
        except Exception as problem:
            last = problem
            time.sleep(0.05)
    raise AssertionError(f"a part did not start: {last}")


@dataclass
class PostgreSQL:
    """A running server: a superuser, the owner of the tables, and the portal's own role."""

    port: int
    password: str

    def url(self, database: str, role: str = "portal") -> URL:
        """How to reach `database` as `role`."""
        return URL.create("postgresql+psycopg", role, self.password, "127.0.0.1", self.port, database)

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Run statements as the superuser, outside any transaction."""
        engine = create_engine(self.url(database, "postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
        engine.dispose()


def postgres_binaries() -> Path | None:
    """The folder of the newest server that Debian installed."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[4]))
    return found[-1].parent if found else None


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """A server of its own, run as an unprivileged user, gone with its data afterwards."""
    binaries = postgres_binaries()
    if binaries is None:
        missing("PostgreSQL", "postgresql")
    as_nobody = [] if os.geteuid() else ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"]
    base = Path(tempfile.mkdtemp())
    base.chmod(0o711)
    data, password, port = base / "data", base / "password", free_port()
    data.mkdir()
    secret = secrets.token_hex(8)
    password.write_text(secret)
    if as_nobody:
        shutil.chown(data, "nobody", "nogroup")
    subprocess.run(
        [
            *as_nobody, f"{binaries}/initdb", "-D", data, "-U", "postgres", "--pwfile", password, "-A", "scram-sha-256",
            "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
        ],
        check=True, cwd="/", stdout=subprocess.DEVNULL,
    )  # fmt: skip
    options = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")
    log = (base / "log").open("w")
    process = subprocess.Popen(
        [
            *as_nobody, f"{binaries}/postgres", "-D", data, "-p", str(port), "-c", "listen_addresses=127.0.0.1",
            "-k", data, *(part for option in options for part in ("-c", option)),
        ],
        cwd="/", stdout=log, stderr=log,
    )  # fmt: skip
    server = PostgreSQL(port, secret)
    try:
        until(lambda: server.run("SELECT 1"), process)
        for role in ("portal_owner", "portal"):
            server.run(f"CREATE ROLE {role} LOGIN PASSWORD '{secret}'")
        yield server
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(20)
        log.close()
        shutil.rmtree(base, ignore_errors=True)
