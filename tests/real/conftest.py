"""`portal serve` as a process, for the tests that ask a real server."""

import os
import shutil
import signal
import subprocess
from contextlib import contextmanager

import pytest

from tests import parts
from tests.browser import Browser
from tests.cli.test_program import PROGRAM, RIGHT


def installed(database_url, storage_url):
    """Settings of an installation, as a program gets them."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
    return {
        **clean,
        **RIGHT,
        "PORTAL_DATABASE_URL": database_url.replace("+psycopg", ""),
        "PORTAL_STORAGE_URL": storage_url,
        "PORTAL_BASE_URL": "http://127.0.0.1",
        "PORTAL_CONTACT_EMAIL": "mandaten@zorg.example",
        "PORTAL_CONTACT_PHONE": "02 000 00 00",
        "PORTAL_CONTACT_ADDRESS": "Voorbeeldstraat 1, 1000 Brussel",
    }


@contextmanager
def serving(environ, folder):
    """A running `portal serve`: its address, its process and its log."""
    port, log = parts.free_port(), (folder / "log").open("w+")
    process = subprocess.Popen([PROGRAM, "serve", "--port", str(port)], env=environ, stdout=log, stderr=log)
    base = f"http://127.0.0.1:{port}"
    try:
        parts.until(lambda: Browser(base).get("/gezond"), process)
        yield base, process, folder / "log"
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(20)
        log.close()


@pytest.fixture
def environ(world):
    """Settings of an installation on the database of this world."""
    settings = world.app.extensions["portal"].settings
    return installed(settings.database_url, settings.storage_url)


@pytest.fixture
def served(environ, tmp_path):
    """A server of one test alone."""
    with serving(environ, tmp_path) as running:
        yield running


@pytest.fixture(scope="session")
def shared(prepared, tmp_path_factory):
    """A server that tests which leave nothing behind ask together; each must find it unharmed by those
    before.
    """
    folder = tmp_path_factory.mktemp("shared")
    shutil.copy(prepared, folder / "portal.sqlite")
    with serving(installed(f"sqlite:///{folder}/portal.sqlite", f"file://{folder}/files"), folder) as running:
        yield running
