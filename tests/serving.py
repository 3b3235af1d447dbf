"""A server process for tests of races: the real portal, with a clock in a file and a pause where it hurts most.

    python -m tests.serving PORT      (everything else by TEST_ variables)

An empty TEST_CLOCK is real time; TEST_PAUSES=no takes the pauses out. With TEST_LOCKS=off every lock is taken
off, so that a test can be seen to fail without it.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from flask import Blueprint, g, jsonify
from sqlalchemy import event
from sqlalchemy.orm import Session
from sqlalchemy.sql.selectable import Select
from werkzeug.wrappers import Response

from portal import create_app, db
from portal.access import SYSTEM
from portal.accounts import actions as accounts
from portal.accounts import passwords
from portal.accounts import queries as account_queries
from portal.calls import actions as call_actions
from portal.calls.models import Round
from portal.cli import serving
from portal.cli.whole import Whole
from portal.clock import StandingClock, SystemClock
from portal.gate import requires
from portal.lifecycle import Done
from portal.mandates import actions as mandates
from portal.organisations import actions as organisation_actions
from portal.organisations import queries as organisations
from portal.settings import DEMO_SECRET, Settings

PAUSE = 0.06  # seconds between the last word of a transaction and its commit
bp = Blueprint("test", __name__, url_prefix="/test")


class FileClock(StandingClock):
    """Stands where a file says, for every process alike."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @property
    def at(self) -> datetime:  # type: ignore[override]
        return self.now()

    def now(self) -> datetime:
        return datetime.fromisoformat(self.path.read_text())

    def arrival(self, session: Session, waited: float) -> datetime:
        return self.now()


def settings() -> Settings:
    """The same for every process of a test."""
    return Settings(
        project_dir=Path(__file__).resolve().parent.parent,
        database_url=os.environ["TEST_DATABASE"],
        storage_url=os.environ["TEST_STORAGE"],
        secret_key=DEMO_SECRET,
        base_url="http://localhost",
        files_per_application=100_000,
        demo=True,
    )


def locks_off() -> None:
    """Without BEGIN IMMEDIATE on SQLite, without FOR UPDATE on PostgreSQL, without asking who still may or
    doing again what another was first with.
    """
    refresh = Session.refresh
    db.BEGIN_WRITE, db.BEFORE_US = "BEGIN", frozenset()
    Select.with_for_update = lambda self, **_how: self  # type: ignore[method-assign]

    def plainly(self: Any, thing: Any, *a: Any, with_for_update: Any = None, **k: Any) -> None:
        refresh(self, thing, *a, **k)

    Session.refresh = plainly  # type: ignore[method-assign]
    hooks_of = db.hooks_of
    db.hooks_of = lambda session: replace(hooks_of(session), stands=None)  # type: ignore[assignment]


def app() -> Whole:
    """The portal as a server's worker makes it."""
    passwords.set_hasher(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    clock = FileClock(Path(os.environ["TEST_CLOCK"])) if os.environ["TEST_CLOCK"] else SystemClock()
    made = create_app(settings(), clock=clock)
    made.register_blueprint(bp)
    if os.environ["TEST_LOCKS"] == "off":
        locks_off()
    if os.environ.get("TEST_PAUSES", "yes") == "yes":
        pauses()
    return Whole(made, serving.THREADS)


def pauses() -> None:
    """Wait where another request may come between."""
    once = db._once

    def later(*arguments: Any) -> Any:
        time.sleep(PAUSE)  # between the gate and the act
        return once(*arguments)

    db._once = later
    covered = mandates._covered

    def slowly(*arguments: Any) -> Any:
        found = covered(*arguments)
        time.sleep(4 * PAUSE)  # between what is asked first and what is asked next
        return found

    mandates._covered = slowly
    event.listen(
        Session, "before_commit", lambda session: time.sleep(PAUSE) if session.info.get("acting") else None
    )


def _told(outcome: Any) -> Response:
    return jsonify(done=isinstance(outcome, Done))


@bp.get("/verleng/<int:round_id>")
@requires("demo.play")
def extend(round_id: int) -> Response:
    """Let a round end a day later: there is no page for it yet."""
    found = g.session.get(Round, round_id)
    until = g.now + timedelta(days=1)
    return _told(call_actions.extend(found, closes_at=until, reason="Storing.", by=SYSTEM, now=g.now))


@bp.get("/verlaat/<email>")
@requires("demo.play")
def leave(email: str) -> Response:
    """Let somebody leave their organisation at this moment."""
    account = account_queries.by_email(g.session, email)
    organisation = organisations.memberships(g.session, account.id)[0].organisation
    return _told(organisation_actions.leave(organisation, account=account, by=SYSTEM, now=g.now))


@bp.get("/wachtwoord/<email>")
@requires("demo.play")
def password(email: str) -> Response:
    """Give somebody a new password: there is no page for it yet."""
    account = account_queries.by_email(g.session, email)
    hashed = passwords.hash_of("nieuw")
    return _told(accounts.change_password(account, password_hash=hashed, by=SYSTEM, now=g.now))


if __name__ == "__main__":
    serving.run("tests.serving:app", host="127.0.0.1", port=int(sys.argv[1]), workers=1, environ={})
