"""The rows of the table: each does one thing a person does, and the same bytes with one statement at the bare
server.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pyotp
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject
from sqlalchemy import select
from sqlalchemy.orm import Session

from benchmarks.client import Client, Timed
from portal.applications.lifecycle import Status
from portal.applications.models import Application
from portal.demo.seeding import OPEN
from portal.reviews.lifecycle import Status as ReviewStatus
from portal.reviews.models import Review
from tests.browser import Browser
from tests.pages import Page

MEGABYTE = 1_000_000
REGION = "regio-gent"
Pair = tuple[float, float]  # seconds at the portal, seconds at the bare server


@dataclass
class Field:
    """Two servers on one kind of database, filled by `portal seed`."""

    port: int
    bare: Client
    password: str
    session: Session
    storage: Any

    def __post_init__(self) -> None:
        self.known: dict[str, Browser] = {}

    def browser(self, name: str) -> Browser:
        """Somebody signed in."""
        if name not in self.known:
            browser = Browser(f"http://127.0.0.1:{self.port}").sign_in(f"{name}@demo.example", self.password)
            self.known[name] = browser if name.startswith("lead-") else with_second_step(browser)
        return self.known[name]

    def client(self, name: str | None = None) -> Client:
        """Their connection."""
        return Client(self.port, self.browser(name) if name else None)

    def judged(self) -> list[str]:
        """References of what is being judged."""
        query = select(Application.reference).where(Application.status == Status.ADMISSIBLE)
        return list(self.session.scalars(query.order_by(Application.id)))

    def drafts(self) -> list[Application]:
        """What could be submitted."""
        query = select(Application).where(Application.status == Status.DRAFT).order_by(Application.id)
        return [a for a in self.session.scalars(query) if a.round.call.slug == OPEN]


def with_second_step(browser: Browser) -> Browser:
    """Who works at the department must have one: add it as they would."""
    own = "/account/tweede-stap"
    browser.post(f"{own}/begin", browser.form(own, f"{own}/begin"))
    page = Page(browser.get(own).text)
    secret = re.search(r"<code>([A-Z2-7 ]+)</code>", page.html)
    assert secret, page.said
    code = pyotp.TOTP(secret[1].replace(" ", "")).now()
    answer = browser.post(f"{own}/bevestigen", {**page.form(f"{own}/bevestigen")["data"], "code": code})
    assert answer.status == 200, answer.said
    return browser


def right(answer: Timed, status: int = 200) -> Timed:
    """The answer, or an end to the run: a refusal is quick and would flatter."""
    if answer.status != status:
        raise AssertionError(f"{answer.status} instead of {status}")
    return answer


def page(on: Field, name: str | None, path: str) -> Iterator[Pair]:
    """The same page again and again."""
    client = on.client(name)
    right(client.get(path))
    while True:
        answer = right(client.get(path))
        yield answer.seconds, right(on.bare.get(f"/{answer.size}")).seconds


def call_page(on: Field) -> Iterator[Pair]:
    """A visitor reads an open call."""
    return page(on, None, f"/oproepen/{OPEN}")


def task_list(on: Field) -> Iterator[Pair]:
    """A lead opens their draft."""
    draft = on.drafts()[-1]
    return page(on, _lead(draft), f"/aanvragen/{draft.reference}")


def upload_and_submit(on: Field) -> Iterator[Pair]:
    """A lead attaches a form of 1 MB, which is looked at within the request, and submits; each draft once."""
    draft = on.drafts()[0]
    with on.storage.open(draft.files[0].document.storage_key) as stream:
        pdf = padded(stream.read())
    for draft in on.drafts()[:-1]:
        name, base = _lead(draft), f"/aanvragen/{draft.reference}"
        browser, client = on.browser(name), on.client(name)
        data = {**browser.form(f"{base}/documenten", "/afmelden"), "type": "aanmeldingsformulier"}
        sent = right(client.post(f"{base}/documenten", data, ("form.pdf", pdf)), 303)
        form = browser.form(f"{base}/controle", f"{base}/indienen")
        submitted = right(client.post(f"{base}/indienen", form), 303)
        bare = right(on.bare.post(f"/{sent.size}", data, ("form.pdf", pdf))).seconds
        yield sent.seconds + submitted.seconds, bare + right(on.bare.post(f"/{submitted.size}", form)).seconds


def opening(on: Field) -> Iterator[Pair]:
    """A reviewer opens an application with its scoring form."""
    return page(on, "beoordelaar1", f"/beoordeling/{on.judged()[0]}")


def saving_a_score(on: Field) -> Iterator[Pair]:
    """A reviewer saves their draft scores."""
    query = select(Review).where(Review.status != ReviewStatus.HANDED_IN)
    path = f"/beoordeling/{on.session.scalars(query).unique().one().application.reference}"
    browser, client = on.browser("beoordelaar2"), on.client("beoordelaar2")
    if f"{path}/geen-band" in (text := browser.get(path).text):
        right(client.post(f"{path}/geen-band", Page(text).form(f"{path}/geen-band")["data"]), 303)
    inputs = Page(browser.get(path).text).inputs
    given = {i["name"]: "4" for i in inputs if i.get("type") == "radio"}
    given |= {i["name"]: "Concreet, met afspraken in vier gemeenten." for i in inputs if i["tag"] == "textarea"}
    while True:
        data = {**browser.form(path, "/afmelden"), **given}
        answer = right(client.post(path, data), 303)
        yield answer.seconds, right(on.bare.post(f"/{answer.size}", data)).seconds


def ranking(on: Field) -> Iterator[Pair]:
    """The desk looks at a region with all its applications side by side."""
    return page(on, "beheerder", f"/beoordeling/regio/{REGION}")


def a_page_without_content(on: Field) -> Iterator[Pair]:
    """What gate, session, frame and menu cost alone: a page with two sentences, for somebody who is signed
    in.
    """
    return page(on, "lead-g0", "/account/kijk-in-uw-mailbox")


def signing_in(on: Field) -> Iterator[Pair]:
    """Address and password, hashed as in production."""
    while True:
        browser = Browser(f"http://127.0.0.1:{on.port}")
        data = {**browser.form("/aanmelden"), "email": "lead-g1@demo.example", "password": on.password}
        answer = right(Client(on.port, browser).post("/aanmelden", data), 303)
        yield answer.seconds, right(on.bare.post(f"/{answer.size}", data)).seconds


def _lead(draft: Application) -> str:
    return f"lead-o{draft.lead.name.rpartition(' ')[2].removeprefix('o')}"


def padded(pdf: bytes) -> bytes:
    """The same form, a megabyte large: a stream in it that cannot be compressed."""
    writer = PdfWriter(clone_from=io.BytesIO(pdf))
    stream = StreamObject()
    stream.set_data(os.urandom(MEGABYTE - len(pdf)))
    writer.root_object[NameObject("/Ballast")] = writer._add_object(stream)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


ROWS: list[tuple[str, Callable[[Field], Iterator[Pair]], int]] = [
    ("page without content, signed in", a_page_without_content, 100),
    ("signing in", signing_in, 30),
    ("call page", call_page, 100),
    ("task list of an applicant", task_list, 100),
    ("upload of 1 MB, looked at, with submit", upload_and_submit, 40),
    ("opening an application to score", opening, 100),
    ("saving a score", saving_a_score, 60),
    ("ranking of a region with {applications}", ranking, 15),
]
