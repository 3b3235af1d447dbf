"""Storms on two real server processes: around a closing, and while servers are killed. Prints what became of
it.

    python -m tools.storm closing [--database sqlite|postgresql] [--submissions 500] [--clients 50]
    python -m tools.storm kills   [--database sqlite|postgresql] [--kills 100] [--clients 12]

Ends with 1 when an acknowledged submission is missing, one came in late, one was doubled, or a file does not
hold.
"""

from __future__ import annotations

import argparse
import hashlib
import http.client
import io
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from portal import create_app, definitions, schema
from portal.access import SYSTEM
from portal.accounts import actions as accounts
from portal.accounts import passwords
from portal.applications import actions
from portal.applications.models import Application, Submission
from portal.calls import actions as call_actions
from portal.calls import queries as calls
from portal.clock import StandingClock, SystemClock
from portal.db import Database
from portal.documents.inspection import inspect
from portal.journal import queries as journal
from portal.organisations import actions as organisation_actions
from tests import make, parts
from tests.browser import Browser
from tests.conftest import CALL, OPEN, ORGANISATIONS, PASSWORD, PROJECT, World, fill
from tests.serving import settings

REAL = SystemClock()
TROUBLE = (urllib.error.URLError, http.client.HTTPException, OSError)


def number(index: int) -> str:
    """An enterprise number of the unassigned range with right check digits."""
    first = 9000 + index
    return f"0{first:07d}{97 - first % 97:02d}"


@dataclass
class Field:
    """Where a storm goes over: the world it was prepared in, its environment, its servers."""

    world: World
    environ: dict[str, str]
    folder: Path
    ports: list[int] = field(default_factory=lambda: [parts.free_port() for _each in range(2)])
    processes: dict[int, subprocess.Popen] = field(default_factory=dict)

    def start(self, port: int) -> None:
        """Start a server and wait until it answers."""
        log = (self.folder / f"log-{port}").open("a")
        self.processes[port] = subprocess.Popen(
            [sys.executable, "-m", "tests.serving", str(port)],
            env=self.environ,
            cwd=PROJECT,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
        parts.until(lambda: Browser(f"http://127.0.0.1:{port}").get("/oproepen"), self.processes[port])

    def kill(self, port: int) -> None:
        """Kill a server with all its processes, at once."""
        os.killpg(self.processes[port].pid, signal.SIGKILL)
        self.processes[port].wait()

    @property
    def bases(self) -> list[str]:
        """Where the servers answer."""
        return [f"http://127.0.0.1:{port}" for port in self.ports]


@contextmanager
def prepared(kind: str) -> Iterator[Field]:
    """A database with the first round open, and two servers to be started on it."""
    defined = definitions.load(PROJECT)
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        if kind == "sqlite":
            url, owner = f"sqlite:///{folder}/portal.sqlite", None
        else:
            server = stack.enter_context(parts.postgresql())
            server.run("CREATE DATABASE storm OWNER portal_owner")
            url, owner = (server.url("storm", r).render_as_string(False) for r in ("portal", "portal_owner"))
        schema.migrate(url, defined, owner_url=owner)
        fill(Database(url), defined)
        known = {
            "TEST_DATABASE": url,
            "TEST_STORAGE": f"file://{folder}/files",
            "TEST_CLOCK": "",
            "TEST_LOCKS": "on",
            "TEST_PAUSES": "no",
        }
        os.environ.update(known)
        app = create_app(settings(), clock=StandingClock(OPEN))
        database = app.extensions["portal"].database
        with database.session() as session:
            found = Field(
                World(app, StandingClock(OPEN), database, session, defined, folder, url),
                dict(os.environ),
                folder,
            )
            try:
                yield found
            finally:
                for port, process in found.processes.items():
                    if process.poll() is None:
                        found.kill(port)
        database.dispose()


def drafts(on: Field, wanted: int) -> list[tuple[str, Application]]:
    """So many drafts that could be submitted, each of a lead and region of its own: (who leads, which)."""
    world, found = on.world, []
    first = calls.one_round(world.session, CALL, 1)
    regions = [p.region.key for p in first.regions]
    hashed = passwords.hash_of(PASSWORD)
    for index in range(-(-wanted // len(regions))):
        name = f"lead{index}"
        ORGANISATIONS[name] = (number(index), f"OCMW Storm {index}")
        account = make.done(
            accounts.enrol(
                world.session,
                email=f"{name}@proef.example",
                label=name,
                password_hash=hashed,
                by=SYSTEM,
                now=OPEN,
            )
        )
        made = organisation_actions.register(
            world.session, number=number(index), name=name, by=SYSTEM, now=OPEN
        )
        make.done(organisation_actions.join(account, organisation=make.done(made), by=SYSTEM, now=OPEN))
        for region in regions[: wanted - len(found)]:
            found.append((name, _ready(world, name, region)))
    world.session.rollback()
    return found


_forms: dict[str, tuple[bytes, Any]] = {}


def _ready(world: World, lead: str, region: str) -> Application:
    draft = make.draft(world, region, lead)
    make.name_partners(world, draft, lead)
    make.answer(world, draft, lead)
    if region not in _forms:  # read once for each region: reading is not what is measured
        pdf = make.form_pdf(world, draft)
        _forms[region] = pdf, inspect_bytes(world, pdf)
    pdf, inspection = _forms[region]
    make.done(
        actions.attach(
            draft,
            stored=world.storage.put(io.BytesIO(pdf), limit=10_000_000),
            inspection=inspection,
            name="form.pdf",
            type="aanmeldingsformulier",
            media_type="application/pdf",
            made_here=False,
            limit=30,
            by=world.person(lead),
            now=world.now,
        )
    )
    return draft


def inspect_bytes(world: World, pdf: bytes) -> Any:
    """What the fenced reader makes of a form."""
    with tempfile.TemporaryFile() as file:
        file.write(pdf)
        file.seek(0)
        return inspect(file, world.defined.schemas["aanmeldingsformulier"])


def verified(on: Field) -> list[str]:
    """What does not hold: submissions, their files, chains."""
    session, storage, wrong = on.world.session, on.world.storage, []
    session.rollback()
    for submission in session.query(Submission):
        if hashlib.sha256(submission.content).hexdigest() != submission.sha256:
            wrong.append(f"submission {submission.id} was changed")
        for file in submission.manifest:
            document = next(
                a.document for a in submission.application.files if a.document_id == file["document"]
            )
            with storage.open(document.storage_key) as stream:
                if hashlib.file_digest(stream, "sha256").hexdigest() != file["sha256"]:
                    wrong.append(f"a file of submission {submission.id} was changed")
    return wrong + journal.verify(session)


def closing(kind: str, wanted: int, clients: int) -> int:
    """Submissions around a closing; every tenth is sent twice."""
    with prepared(kind) as on:
        found = drafts(on, wanted)
        for port in on.ports:
            on.start(port)
        work = [_ticket(on, name, application, index) for index, (name, application) in enumerate(found)]
        closes_at = REAL.now() + timedelta(seconds=8)
        first = calls.one_round(on.world.session, CALL, 1)
        make.done(
            call_actions.extend(first, closes_at=closes_at, reason="De proef.", by=SYSTEM, now=REAL.now())
        )
        on.world.session.rollback()
        for ticket in work:
            ticket.at = closes_at + timedelta(seconds=random.uniform(-5, 5))
        queues = [sorted(work[index::clients], key=lambda t: t.at) for index in range(clients)]
        threads = [threading.Thread(target=_send_all, args=(queue,)) for queue in queues]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return _told(on, kind, work, closes_at, clients)


@dataclass
class Ticket:
    """One submission to send: by whom, what, when, and what was answered."""

    reference: str
    browser: Browser
    form: dict[str, Any]
    twice: bool
    at: datetime = field(default_factory=REAL.now)
    answers: list[int] = field(default_factory=list)


_browsers: dict[tuple[str, str], Browser] = {}


def _ticket(on: Field, name: str, application: Application, index: int) -> Ticket:
    base = on.bases[index % 2]
    if (name, base) not in _browsers:
        _browsers[name, base] = Browser(base).sign_in(f"{name}@proef.example", PASSWORD)
    browser = _browsers[name, base]
    token = browser.form("/account", "/afmelden")["csrf_token"] if not browser.token else browser.token
    browser.token = token
    form = {"csrf_token": token, "revision": application.revision}
    return Ticket(application.reference, browser, form, twice=index % 10 == 0)


def _send_all(queue: list[Ticket]) -> None:
    for ticket in queue:
        time.sleep(max(0.0, (ticket.at - REAL.now()).total_seconds()))
        for _each in range(1 + ticket.twice):
            ticket.answers.append(
                ticket.browser.post(f"/aanvragen/{ticket.reference}/indienen", ticket.form).status
            )


def _told(on: Field, kind: str, work: list[Ticket], closes_at: datetime, clients: int) -> int:
    session = on.world.session
    session.rollback()
    kept = {
        a.reference: [s.submitted_at for s in a.submissions]
        for a in session.query(Application).filter(Application.reference.in_([t.reference for t in work]))
    }
    refused_at = {
        ticket.reference: [
            datetime.fromisoformat(line.facts["arrived_at"])
            for line in journal.timeline(session, "application", ticket.reference)
            if line.entry.verb == "application.submit.refused" and "arrived_at" in line.facts
        ]
        for ticket in work
    }
    counts: Counter[str] = Counter(f"answered {status}" for t in work for status in t.answers)
    wrong = verified(on)
    counts["lost"] = sum(303 in t.answers and not kept[t.reference] for t in work)
    counts["late"] = sum(at >= closes_at for ats in kept.values() for at in ats)
    counts["doubled"] = sum(len(ats) > 1 for ats in kept.values())
    counts["refused in time"] = sum(at < closes_at for ats in refused_at.values() for at in ats)
    counts["refused without record"] = sum(t.answers[0] == 422 and not refused_at[t.reference] for t in work)
    bad = ("lost", "late", "doubled", "refused in time", "refused without record")
    print(f"{kind}: {len(work)} submissions by {clients} clients on two servers around a closing")  # noqa: T201
    return _sum_up(counts, wrong, bad)


def _sum_up(counts: Counter[str], wrong: list[str], bad: tuple[str, ...]) -> int:
    for name, count in sorted(counts.items()):
        print(f"  {name}: {count}")  # noqa: T201
    print(f"  does not hold: {len(wrong)} {wrong[:3] or ''}")  # noqa: T201
    return (
        1
        if wrong or any(counts[name] for name in bad) or any(k.startswith("answered 5") for k in counts)
        else 0
    )


def kills(kind: str, wanted: int, clients: int) -> int:
    """Uploading and submitting without end while servers are killed; a client sends again until it is
    answered.
    """
    with prepared(kind) as on:
        found = drafts(on, clients)
        first = calls.one_round(on.world.session, CALL, 1)
        later = REAL.now() + timedelta(days=1)
        make.done(call_actions.extend(first, closes_at=later, reason="De proef.", by=SYSTEM, now=REAL.now()))
        for port in on.ports:
            on.start(port)
        done, said, lock = threading.Event(), Counter[str](), threading.Lock()
        acknowledged: list[tuple[str, int]] = []

        def client(name: str, reference: str, region: str) -> None:
            browser = _again(on, said, lambda b: b.sign_in(f"{name}@proef.example", PASSWORD))
            while not done.is_set():
                revision = _rework(on, said, browser, reference, _forms[region][0])
                token = _again(on, said, lambda b: b.form("/account", "/afmelden")["csrf_token"], browser)
                form = {"csrf_token": token, "revision": revision}
                answer = _again(
                    on, said, lambda b, f=form: b.post(f"/aanvragen/{reference}/indienen", f), browser
                )
                with lock:
                    said[f"submit {answer.status}"] += 1
                    if answer.status == 303 and answer.location.endswith("/ontvangstbewijs"):
                        acknowledged.append((reference, revision))

        threads = [
            threading.Thread(target=client, args=(name, a.reference, a.region.key), daemon=True)
            for name, a in found
        ]
        on.world.session.rollback()
        for thread in threads:
            thread.start()
        for turn in range(wanted):
            time.sleep(random.uniform(0.2, 1.0))
            on.kill(on.ports[turn % 2])
            on.start(on.ports[turn % 2])
        done.set()
        for thread in threads:
            thread.join(60)
        return _after_kills(on, kind, wanted, acknowledged, said)


def _rework(on: Field, said: Counter[str], browser: Browser, reference: str, pdf: bytes) -> int:
    """Attach the form anew, with another byte at its end, and look at what would be submitted."""
    page = f"/aanvragen/{reference}/documenten"

    def upload(b: Browser) -> Any:
        data = {**b.form(page, "/afmelden"), "type": "aanmeldingsformulier"}
        return b.post(page, data, {"file": ("form.pdf", pdf + b"\n%" + os.urandom(4).hex().encode())})

    _again(on, said, upload, browser)
    form = _again(
        on,
        said,
        lambda b: b.form(f"/aanvragen/{reference}/controle", f"/aanvragen/{reference}/indienen"),
        browser,
    )
    return int(form["revision"])


def _again(on: Field, said: Counter[str], ask: Any, browser: Browser | None = None) -> Any:
    """Ask one server, then the other, until one answers."""
    for turn in range(200):
        base = on.bases[turn % 2]
        try:
            return ask(browser.at(base) if browser else Browser(base))
        except (*TROUBLE, AssertionError, StopIteration):
            said["asked again"] += 1
            time.sleep(0.2)
    raise AssertionError("no server answers")


def _after_kills(
    on: Field, kind: str, wanted: int, acknowledged: list[tuple[str, int]], said: Counter[str]
) -> int:
    session = on.world.session
    session.rollback()
    keys = Counter((s.application.reference, s.idempotency_key) for s in session.query(Submission))
    counts = Counter(said)
    counts["acknowledged"] = len(set(acknowledged))
    counts["lost"] = sum(not keys[reference, f"revision-{revision}"] for reference, revision in acknowledged)
    counts["doubled"] = sum(count > 1 for count in keys.values())
    print(f"{kind}: {wanted} kills of two servers under load")  # noqa: T201
    return _sum_up(counts, verified(on), ("lost", "doubled"))


def main() -> int:
    """Run what was asked."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("storm", choices=["closing", "kills"])
    asked.add_argument("--database", choices=["sqlite", "postgresql"], default="sqlite")
    asked.add_argument("--submissions", type=int, default=500)
    asked.add_argument("--kills", type=int, default=100)
    asked.add_argument("--clients", type=int)
    given = asked.parse_args()
    if given.storm == "closing":
        return closing(given.database, given.submissions, given.clients or 50)
    return kills(given.database, given.kills, given.clients or 12)


if __name__ == "__main__":
    sys.exit(main())
