"""`portal deliver`: the worker of everything that is done later."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import click
from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from portal import settings as portal_settings
from portal.accounts.actions import sweep, tell_auditors
from portal.applications.actions.reminding import remind
from portal.calls.actions import record_closings
from portal.clock import SystemClock, database_time, monotonic
from portal.documents.sweeping import sweep as sweep_files
from portal.helping.actions import sweep as sweep_shared
from portal.journal.actions import record_start
from portal.journal.log import signer_of, take_in

log = logging.getLogger("portal.deliver")
IDLE, TROUBLE, SWEEP = 2.0, 15.0, 3600.0  # seconds


@click.command()
@click.option("--once", is_flag=True, help="Do what is due now, then stop.")
def deliver(once: bool) -> None:
    """Look at files, record closings, remind, send mails: run one or more of these beside the servers."""
    from portal import create_app, logs

    logs.configure()
    app = create_app(portal_settings.read())
    if once:
        _sweep(app)
        done = round_of_work(app)
        click.echo(", ".join(f"{number} {what}" for what, number in sorted(done.items())) or "nothing was due")
        return
    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    run(app, stop)


def run(app: Flask, stop: threading.Event, part: str = "deliver") -> None:
    """Work until told to stop, or until the program that started this one is gone. Files are looked at in a
    lane of their own: no receipt waits for a heavy one.
    """
    files = threading.Thread(target=_lane, args=(stop, partial(look_at_files, app, stop)), daemon=True)
    files.start()
    _lane(stop, _Rest(app, stop, part))
    files.join()


def _lane(stop: threading.Event, work: Callable[[], Counter[str]]) -> None:
    """Do a kind of work again and again; where one lane falls, the worker stops, to be started anew."""
    parent = os.getppid()
    try:
        while not stop.is_set() and os.getppid() == parent:
            try:
                pause = TROUBLE if work()["later"] else IDLE
            except SQLAlchemyError as problem:
                log.error("the database: %s", type(problem).__name__)
                pause = TROUBLE
            stop.wait(pause)
    finally:
        stop.set()


@dataclass
class _Rest:
    """Everything but looking at files; its start is put on record once, and from time to time it sweeps."""

    app: Flask
    stop: threading.Event
    part: str
    started: bool = False
    swept: float = -SWEEP

    def __call__(self) -> Counter[str]:
        parts: Any = self.app.extensions["portal"]
        if not self.started:
            record_start(parts.database, self.part, parts.clock.now())
            self.started = True
        if monotonic() - self.swept >= SWEEP:
            _sweep(self.app)
            self.swept = monotonic()
        return _deliver(self.app, self.stop)


def _sweep(app: Flask) -> None:
    parts: Any = app.extensions["portal"]
    real = SystemClock().now()
    tell_auditors(parts.database, parts.clock.now())
    rows = sweep(parts.database, real) + sweep_shared(parts.database, real)
    files = sweep_files(parts.database, parts.storage, real)
    if rows or files:
        log.info("swept", extra={"facts": {"rows": rows, "files": files}})


def round_of_work(app: Flask) -> Counter[str]:
    """Everything that is due now; what came of it, counted."""
    return _deliver(app) + look_at_files(app)


def _deliver(app: Flask, stop: threading.Event | None = None) -> Counter[str]:
    """Closings, reminders, mails, and the transparency log."""
    from portal import compose
    from portal.journal.delivering import deliver_one

    parts: Any = app.extensions["portal"]
    composer, done = compose.composer(parts.settings), Counter[str]()
    now = database_time(parts.clock, parts.database)
    if closed := record_closings(parts.database, now):
        done["closed"] = closed
    if reminded := remind(parts.database, now):
        done["reminded"] = reminded
    done += _emptied(app, stop, partial(deliver_one, parts.database, composer, parts.mailer))
    take_in(parts.database, signer_of(parts.settings), parts.clock.now())
    return done


def look_at_files(app: Flask, stop: threading.Event | None = None) -> Counter[str]:
    """Every file that could not be looked at in its request."""
    from portal.documents.actions import INSPECT, give_up
    from portal.documents.working import inspect_later
    from portal.jobs import work_one

    parts: Any = app.extensions["portal"]
    inspect = partial(
        inspect_later,
        database=parts.database,
        storage=parts.storage,
        scanner=parts.scanner,
        schemas=parts.definitions.schemas,
    )
    return _emptied(app, stop, partial(work_one, parts.database, {INSPECT: inspect}, failed=give_up))


def _emptied(app: Flask, stop: threading.Event | None, work: Callable[..., str]) -> Counter[str]:
    """A queue worked at until it is empty, or its server is in trouble ("later")."""
    real, done = SystemClock(), Counter[str]()
    while not (stop and stop.is_set()):
        outcome = work(real=real.now(), now=app.extensions["portal"].clock.now())
        if outcome:
            done[outcome] += 1
        if outcome in ("", "later"):
            break
    return done
