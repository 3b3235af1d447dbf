"""What every answer carries, whoever asks and whatever becomes of it: nothing is kept, framed, sniffed or lent
to others.
"""

from __future__ import annotations

import re

import pytest

from portal.compose import HEADERS
from tests import make
from tests.conftest import ON_SQLITE
from tests.house.test_routes import address, routes

pytestmark = ON_SQLITE

PEOPLE = (None, "aanvrager", "beoordelaar1", "beheerder")


@pytest.mark.parametrize("name", PEOPLE)
def test_a_80_a_81_no_page_is_kept_and_each_says_that_it_depends_on_who_asks(world, name):
    client = world.client(name).client
    for rule in routes(world.app):
        if "GET" not in rule.methods:
            continue
        with client.get(address(rule)) as answer:
            assert answer.headers["Cache-Control"] == "no-store", rule
            for header, value in HEADERS.items():
                assert answer.headers[header] == value, (rule, header)
            if answer.mimetype == "text/html" and answer.status_code == 200:
                assert "Cookie" in answer.headers.get("Vary", ""), rule
                assert answer.headers["Content-Type"] == "text/html; charset=utf-8", rule


def test_a_13_no_other_site_may_read_an_answer(world):
    client = world.client("aanvrager").client
    asked = {"Origin": "https://kwaad.example", "Access-Control-Request-Method": "POST"}
    for rule in routes(world.app):
        for method in ("GET", "OPTIONS"):
            with client.open(address(rule), method=method, headers=asked) as answer:
                lent = [name for name, _value in answer.headers if name.lower().startswith("access-control")]
                assert lent == [], (rule, method)


def test_errors_carry_them_too(world):
    client = world.client("aanvrager").client
    for method, path, status in (
        ("GET", "/nergens", 404),
        ("GET", "/beheer", 403),
        ("DELETE", "/account", 404),
        ("POST", "/beheer", 404),
    ):
        with client.open(path, method=method) as answer:
            assert answer.status_code == status
            assert {k: answer.headers[k] for k in HEADERS} == HEADERS
            assert answer.headers["Cache-Control"] == "no-store"


def test_a_04_a_file_of_others_is_as_absent_by_head_or_by_part(world):
    found = make.draft(world)
    document = make.done(make.attach(world, found, make.form_pdf(world, found)))
    there = f"/aanvragen/{found.reference}/documenten/{document.id}"
    nowhere = "/aanvragen/SVZ-00000000/documenten/1"
    rival = world.client("rivaal").client
    for method, headers in (
        ("GET", {}),
        ("HEAD", {}),
        ("GET", {"Range": "bytes=0-10"}),
        ("GET", {"If-None-Match": "*"}),
    ):
        seen = []
        for path in (there, nowhere):
            with rival.open(path, method=method, headers=headers) as answer:
                told = {k: v for k, v in answer.headers.items() if k not in ("X-Request-ID", "Set-Cookie")}
                body = re.sub(rb'name="csrf_token" value="[^"]*"', b"", answer.data)
                seen.append((answer.status_code, told, body))
        assert seen[0][0] == 404
        assert seen[0] == seen[1]
    own = world.client("aanvrager").client
    with own.get(there) as answer:
        assert answer.data.startswith(b"%PDF")


def test_a_82_after_signing_out_the_browser_keeps_nothing_and_the_page_is_gone(world):
    client = world.client("aanvrager")
    page = client.get("/aanvragen")
    token = page.form("/afmelden")["data"]["csrf_token"]
    with client.client.post("/afmelden", data={"csrf_token": token}) as answer:
        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    with client.client.get("/aanvragen") as answer:
        assert answer.headers["Location"].startswith("/aanmelden")


NESTED = {
    "lists": "[" * 100_000,
    "objects": '{"a":' * 50_000,
    "an endless number": '{"fields": [["a", 1e309]]}',
    "no number": '{"fields": NaN}',
    "a long number": "9" * 10_000,
    "twice": '{"fields": [], "fields": {"a": 1}}',
    "a word": '"x"',
    "fields that are none": '{"fields": [1, 2]}',
    "three in a pair": '{"fields": [["a", "b", "c"]]}',
}


@pytest.mark.parametrize("what", NESTED)
def test_a_111_json_made_to_hurt_is_no_json(world, what):
    client = world.client()
    page = client.get("/aanmelden")
    data = {**page.form()["data"], "email": "aanvrager@proef.example", "password": "demo", "kept": NESTED[what]}
    with client.client.post("/aanmelden", data=data) as answer:
        assert answer.status_code in (200, 303, 422)
    page = client.get("/account")
    token = page.forms[0]["data"]["csrf_token"]
    for path in ("/account/tweede-stap/passkeys", "/aanmelden/passkey"):
        with client.client.post(path, data={"csrf_token": token, "credential": NESTED[what]}) as answer:
            assert answer.status_code in (303, 404, 405, 413, 422), (path, answer.status_code)
