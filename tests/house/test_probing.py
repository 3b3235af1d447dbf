"""Trying one's luck: guessed references, columns nobody offers, statements in parameters, the same field twice,
odd names.
"""

from __future__ import annotations

import re
import secrets

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.http import parse_options_header

from portal.addresses import address_is_right
from portal.applications.models import Application
from portal.db import Base
from portal.documents.rules import safe_name
from portal.journal.models import Entry
from tests import make
from tests.conftest import ON_BOTH, ON_POSTGRESQL, ON_SQLITE, PASSWORD
from tests.house.test_routes import routes

pytestmark = ON_SQLITE

LISTS = {
    "aanvrager": ("/aanvragen", "/mijn-mandaten", "/organisatie", "/oproepen", "/mandaten"),
    "beoordelaar1": ("/beoordeling", "/beoordeling/belangen"),
    "beheerder": ("/beheer/ontvankelijkheid", "/beheer/beslissingen", "/beheer/documenten"),
}


def body(answer):
    """A page without what is new in each answer."""
    return re.sub(r'(csrf_token" value="|pagina=|verder=)[^"]*', "", answer.text)


def test_a_05_a_guessed_reference_opens_nothing(world):
    make.application(world)
    rival = world.client("rivaal").client
    for _guess in range(300):
        guess = "SVZ-" + "".join(secrets.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _sign in range(8))
        with rival.get(f"/aanvragen/{guess}") as answer:
            assert answer.status_code == 404


def test_a_31_no_list_is_filtered_or_sorted_by_what_is_not_offered(world):
    make.application(world)
    make.closed(world)
    columns = sorted({c.name for t in Base.metadata.sorted_tables for c in t.columns})
    for name, paths in LISTS.items():
        client = world.client(name).client
        for path in paths:
            with client.get(path) as answer:
                plain = body(answer)
            for value in ("1", "-1", "secret", "%"):
                query = "&".join(f"{column}={value}" for column in columns)
                query += "&" + "&".join(
                    f"{word}={columns[0]}" for word in ("sort", "order", "filter", "q", "fields")
                )
                with client.get(f"{path}?{query}") as answer:
                    assert body(answer) == plain, (path, value)


INJECTED = (
    "' OR '1'='1",
    "1; DROP TABLE account; --",
    "x' UNION SELECT password FROM account --",
    "\\'",
    "%27",
    "1)",
)


@ON_BOTH
def test_a_66_a_statement_in_a_parameter_is_a_word_that_names_nothing(world):
    make.application(world)
    client = world.client("beheerder").client
    before = world.image()["account"]
    for rule in routes(world.app):
        words = [a for a in rule.arguments if type(rule._converters[a]).__name__ == "UnicodeConverter"]
        for evil in INJECTED:
            asked = (
                "zoek",
                "bladzijde",
                "gemeente",
                "ronde",
                "verder",
                "nummer",
                "oproep",
                "pagina",
                "opnieuw",
            )
            values = {
                **{a: 1 for a in rule.arguments},
                **dict.fromkeys(words, evil),
                **dict.fromkeys(asked, evil),
            }
            path = rule.build(values, append_unknown=True)[1]
            for method in {"GET", "POST"} & rule.methods:
                with client.open(
                    path, method=method, data=dict.fromkeys(asked, evil) if method == "POST" else None
                ) as answer:
                    assert answer.status_code in (200, 303, 400, 403, 404, 410, 422), (
                        method,
                        path,
                        answer.status_code,
                    )
    after = world.client().get("/aanmelden")
    assert after.h1 == 1
    assert len(world.image()["account"]) == len(before)


def test_a_43_of_a_field_that_is_sent_twice_the_first_counts_and_no_other(world):
    client = world.client()
    token = client.get("/aanmelden").form()["data"]["csrf_token"]
    right, wrong = "aanvrager@proef.example", "beheerder@proef.example"
    sent = {"csrf_token": token, "email": [wrong, right], "password": [PASSWORD + "x", PASSWORD]}
    with client.client.post("/aanmelden", data=sent) as answer:
        assert answer.status_code == 422
    sent = {"csrf_token": token, "email": [right, wrong], "password": [PASSWORD, "x"]}
    with client.client.post("/aanmelden", data=sent) as answer:
        assert answer.status_code == 303
    assert right in client.get("/account").said


def test_a_70_an_address_that_only_looks_like_another_is_none(world):
    for odd in (
        "behe\u0435rder@proef.example",
        "beheerder@pro\u0435f.example",
        "\u0130@proef.example",
        "stra\u00dfe@proef.example",
        "\uff42eheerder@proef.example",
        "beheerder@proef.example\u200b",
    ):
        assert address_is_right(odd) is not None, odd
    for right in ("Beheerder@Proef.Example", "o'brien+portaal@sub.proef.example", "a_b-c@proef.example"):
        assert address_is_right(right) is None, right
    page = world.client().post("/aanmelden", {"email": "BEHEERDER@proef.Example", "password": PASSWORD})
    assert page == "/"


ODD_NAMES = [
    'a"b.pdf',
    "a;filename=x.exe",
    "a\r\nSet-Cookie: x=1.pdf",
    "été ☃.pdf",
    "..\\..\\x.pdf",
    "/etc/passwd",
    "a%0d%0ab.pdf",
    "x" * 500 + ".pdf",
    "\u202efdp.exe",
    "",
    ".",
    "a\x00b.pdf",
]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_a_72_a_download_carries_one_tame_name(world, name):
    found = make.draft(world)
    document = make.done(make.attach(world, found, make.form_pdf(world, found), name=safe_name(name)))
    with world.client("aanvrager").client.get(
        f"/aanvragen/{found.reference}/documenten/{document.id}"
    ) as answer:
        (told,) = answer.headers.getlist("Content-Disposition")
        assert "Set-Cookie" not in dict(answer.headers) or "x=1" not in answer.headers["Set-Cookie"]
    kind, options = parse_options_header(told)
    assert (kind, options["filename"]) == ("attachment", document.name)  # whole, in any alphabet
    assert told.isascii()
    assert told.isprintable()
    assert not re.search(r"[\\/]", options["filename"])


BESIDE = {"sign_in", "failures", "job", "delivery", "entry", "payload", "chain"}  # work, and the log itself


def test_a_98_whatever_changes_something_writes_its_entry_in_the_same_transaction(world):
    """The whole procedure, from a draft to a mandate: each commit that changed a row wrote in the journal
    too.
    """
    silent, told = [], 0

    def flushed(session, _context):
        changed = {type(one) for one in (*session.new, *session.dirty, *session.deleted)}
        session.info.setdefault("changed", set()).update(changed)

    def committed(session):
        nonlocal told
        changed = session.info.pop("changed", set())
        tables = {one.__tablename__ for one in changed} - BESIDE
        told += bool(tables)
        if tables and Entry not in changed:
            silent.append(tables)

    event.listen(Session, "after_flush", flushed)
    event.listen(Session, "before_commit", committed)
    try:
        make.mandate(world)
    finally:
        event.remove(Session, "after_flush", flushed)
        event.remove(Session, "before_commit", committed)
    assert told > 15
    assert silent == []
    assert world.session.query(Application).count() > 0


@ON_POSTGRESQL
@pytest.mark.parametrize(
    "path",
    [
        "/mandaten/%00",
        "/oproepen/x%00y",
        "/oproepen/x%00y/rondes/1/midwest/aanmeldingsformulier.pdf",
        "/aanvragen/%00",
        "/regios/%00",
    ],
)
def test_a_nul_in_an_address_names_nothing(world, path):
    world.app.config["PROPAGATE_EXCEPTIONS"] = False
    assert world.client("aanvrager").client.get(path).status_code == 404
    assert world.client("beheerder").client.get(f"/beheer{path}").status_code == 404


@ON_POSTGRESQL
@pytest.mark.parametrize(
    "path", ["/controleer?reference=%00&digest=%00", "/aanvragen/nieuw?oproep=%00", "/regios?gemeente=%00"]
)
def test_a_nul_that_is_asked_for_is_found_nowhere(world, path):
    world.app.config["PROPAGATE_EXCEPTIONS"] = False
    assert world.client("aanvrager").client.get(path).status_code in (200, 400, 404)


@ON_POSTGRESQL
@pytest.mark.parametrize("value", ["\0", "9" * 40, "x\0y"])
def test_a_value_that_no_column_holds_is_the_senders_mistake(world, value):
    """Whatever field lets it pass: hidden ones, names of buttons, choices."""
    world.app.config["PROPAGATE_EXCEPTIONS"] = False
    found = make.draft(world)
    client = world.client("aanvrager")
    for path in (
        f"/aanvragen/{found.reference}/consortium/ggz",
        f"/aanvragen/{found.reference}/formulier/contact",
        f"/aanvragen/{found.reference}/documenten",
        "/aanvragen/nieuw",
        "/organisatie/lid-worden",
        "/account/nieuw",
    ):
        page = client.get(path)
        sent = dict.fromkeys(page.form()["data"], value) | {"csrf_token": page.form()["data"]["csrf_token"]}
        with client.client.post(path, data=sent) as answer:
            assert answer.status_code in (303, 400, 404, 422), (path, answer.status_code)
