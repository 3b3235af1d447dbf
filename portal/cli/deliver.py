"""`portal deliver`: the worker of everything that is done later."""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections import Counter
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
    """Work until told to stop, or until the program that started this one is gone."""
    parent, swept = os.getppid(), -SWEEP
    parts: Any = app.extensions["portal"]
    started = False
    while not stop.is_set() and os.getppid() == parent:
        try:
            if not started:
                record_start(parts.database, part, parts.clock.now())
                started = True
            if monotonic() - swept >= SWEEP:
                _sweep(app)
                swept = monotonic()
            done = round_of_work(app, stop)
            pause = TROUBLE if done["later"] else IDLE
        except SQLAlchemyError as problem:
            log.error("the database: %s", type(problem).__name__)
            pause = TROUBLE
        stop.wait(pause)


def _sweep(app: Flask) -> None:
    parts: Any = app.extensions["portal"]
    real = SystemClock().now()
    tell_auditors(parts.database, parts.clock.now())
    rows = sweep(parts.database, real) + sweep_shared(parts.database, real)
    files = sweep_files(parts.database, parts.storage, real)
    if rows or files:
        log.info("swept", extra={"facts": {"rows": rows, "files": files}})


def round_of_work(app: Flask, stop: threading.Event | None = None) -> Counter[str]:
    """Everything that is due now; what came of it, counted. A queue whose server is in trouble ("later")
    waits.
    """
    from portal import compose
    from portal.documents.actions import INSPECT, give_up
    from portal.documents.working import inspect_later
    from portal.jobs import work_one
    from portal.journal.delivering import deliver_one

    parts: Any = app.extensions["portal"]
    composer, real, done = compose.composer(parts.settings), SystemClock(), Counter[str]()
    now = database_time(parts.clock, parts.database)
    if closed := record_closings(parts.database, now):
        done["closed"] = closed
    if reminded := remind(parts.database, now):
        done["reminded"] = reminded
    inspect = partial(
        inspect_later,
        database=parts.database,
        storage=parts.storage,
        scanner=parts.scanner,
        schemas=parts.definitions.schemas,
    )
    queues = [
        partial(deliver_one, parts.database, composer, parts.mailer),
        partial(work_one, parts.database, {INSPECT: inspect}, failed=give_up),
    ]
    while queues and not (stop and stop.is_set()):
        for work in list(queues):  # in turn: a mail never waits behind more than one inspection
            outcome = work(real=real.now(), now=parts.clock.now())
            done[outcome] += 1
            if outcome in ("", "later"):
                queues.remove(work)
    del done[""]
    take_in(parts.database, signer_of(parts.settings), parts.clock.now())
    return done
