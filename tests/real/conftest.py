"""`portal serve` as a process, for the tests that ask a real server."""

import os
import signal
import subprocess

import pytest

from tests import parts
from tests.browser import Browser
from tests.cli.test_program import PROGRAM, RIGHT


@pytest.fixture
def environ(world, tmp_path):
    """Settings of an installation on the database of this world."""
    settings = world.app.extensions["portal"].settings
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
    return {
        **clean,
        **RIGHT,
        "PORTAL_DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "PORTAL_STORAGE_URL": settings.storage_url,
        "PORTAL_BASE_URL": "http://127.0.0.1",
    }


@pytest.fixture
def served(environ, tmp_path):
    """A running `portal serve`: its address, its process and its log."""
    port, log = parts.free_port(), (tmp_path / "log").open("w+")
    process = subprocess.Popen([PROGRAM, "serve", "--port", str(port)], env=environ, stdout=log, stderr=log)
    base = f"http://127.0.0.1:{port}"
    try:
        parts.until(lambda: Browser(base).get("/gezond"), process)
        yield base, process, tmp_path / "log"
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(20)
        log.close()
