"""Signing in, and what a role is worth at the next request."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from portal.access import SYSTEM, Role
from portal.accounts import actions, queries
from portal.clock import brussels_day
from tests.conftest import ON_BOTH, ON_SQLITE

pytestmark = ON_SQLITE


def account(world, name):
    return queries.by_email(world.session, f"{name}@proef.example")


def test_a_wrong_password_says_what_to_do_and_keeps_the_address(world):
    client = world.client()
    page = client.post("/aanmelden", {"email": "beheerder@proef.example", "password": "fout"})
    assert "horen niet samen" in page.said
    assert page.form()["data"]["email"] == "beheerder@proef.example"
    unknown = client.post("/aanmelden", {"email": "niemand@proef.example", "password": "fout"})
    assert "horen niet samen" in unknown.said


def test_who_must_sign_in_goes_on_to_where_they_wanted_to_be(world):
    client = world.client()
    answer = client.client.get("/account")
    assert (
        client.post(answer.headers["Location"], {"email": "auditor@proef.example", "password": "demo"})
        == "/account"
    )


ELSEWHERE = [
    "//kwaad.example",
    "///kwaad.example",
    "////kwaad.example",
    "https://kwaad.example",
    "http://kwaad.example",
    "HTTPS://kwaad.example",
    "https:kwaad.example",
    "https:/kwaad.example",
    "https:///kwaad.example",
    "ftp://kwaad.example",
    "/\\kwaad.example",
    "\\\\kwaad.example",
    "\\/kwaad.example",
    "/\\/kwaad.example",
    "/\t/kwaad.example",
    "\t//kwaad.example",
    "\tx",
    "/\n/kwaad.example",
    "/\r\n/kwaad.example",
    " //kwaad.example",
    "/ /kwaad.example\x00",
    "/\x0b/kwaad.example",
    "//kwaad.example%2f..",
    "//kwaad.example/..",
    "//%6bwaad.example",
    "@kwaad.example",
    ".kwaad.example",
    "kwaad.example",
    "?next=//kwaad.example",
    "#//kwaad.example",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "//localhost@kwaad.example",
    "http://localhost@kwaad.example",
    "//kwaad.example#localhost",
    "/\u2028/kwaad.example",
    "\u2215\u2215kwaad.example",
    "\uff0f\uff0fkwaad.example",
    "//\u3002kwaad.example",
    "/\ufeff/kwaad.example",
]


@pytest.mark.parametrize("target", ELSEWHERE)
def test_signing_in_never_leads_elsewhere(world, target):
    page = world.client().get("/aanmelden")
    data = {"email": "auditor@proef.example", "password": "demo", "onward": target}
    assert world.client().post("/aanmelden", data, page=None) == "/"
    assert page.form()["data"]["onward"] == ""


def test_a_role_that_ended_counts_at_the_next_request(world):
    client = world.client("auditor")
    client.get("/beheer/gebruikers")
    actions.end_grant(account(world, "auditor"), role=Role.AUDITOR, by=SYSTEM, now=world.now)
    with client.client.get("/beheer/gebruikers") as answer:
        assert answer.headers["Location"].startswith("/aanmelden?")  # whoever was signed in is out
    world.client("auditor").get("/beheer/gebruikers", status=403)


def test_a_role_ends_by_itself_after_its_last_day(world):
    last = brussels_day(world.now)
    actions.grant(account(world, "auditor"), role=Role.AUDITOR, until=last, by=SYSTEM, now=world.now)
    client = world.client("auditor")
    client.get("/beheer/gebruikers")
    world.clock.at += timedelta(days=1)
    client.get("/beheer/gebruikers", status=403)


@ON_BOTH
def test_a_role_can_be_limited_to_regions(world):
    known = frozenset({"midwest"})
    reviewer = account(world, "beoordelaar1")
    actions.grant(reviewer, role=Role.REVIEWER, regions=("midwest",), known=known, by=SYSTEM, now=world.now)
    person = world.person("beoordelaar1")
    assert person.covers(Role.REVIEWER, "midwest")
    assert not person.covers(Role.REVIEWER, "kempen")
    assert not person.covers(Role.AUDITOR, "midwest")


def test_signing_out_ends_it(world):
    client = world.client("auditor")
    assert client.post("/afmelden", page=client.get("/"), action="/afmelden") == "/"
    assert client.client.get("/account").status_code == 303


def test_an_inactive_account_is_a_visitor(world):
    client = world.client("auditor")
    with world.database.writing() as session:
        session.execute(text("UPDATE account SET active = false WHERE email = 'auditor@proef.example'"))
    assert client.client.get("/account").status_code == 303


@ON_BOTH
def test_an_address_is_taken_once(world):
    outcome = actions.enrol(
        world.session, email="Auditor@proef.example", label="x", password_hash="x", by=SYSTEM, now=world.now
    )
    assert [r.code for r in outcome.refusals] == ["address_taken"]


def test_an_expired_token_shows_the_same_page_with_what_was_typed(world):
    client = world.client()
    page = client.get("/aanmelden")
    page.forms[0]["data"]["csrf_token"] = "oud"
    again = client.post("/aanmelden", {"email": "auditor@proef.example", "password": "demo"}, page=page)
    assert "stond te lang open" in again.said
    assert again.form()["data"]["email"] == "auditor@proef.example"


def test_too_large_a_form_is_told_in_a_sentence(world):
    client = world.client()
    data = {**client.get("/aanmelden").form()["data"], "email": "x" * 1_200_000}
    with client.client.post("/aanmelden", data=data) as answer:
        assert answer.status_code == 413
        assert "is te groot" in answer.text
