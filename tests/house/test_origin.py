"""Where a request comes from that may change something, and what comes back of one that could not be taken."""

import json

import pytest

from portal import given
from portal.given import Kept
from tests.conftest import ON_SQLITE
from tests.pages import Page

pytestmark = ON_SQLITE
ELSEWHERE = "https://kwaad.example"


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({}, True),  # a browser that tells nothing: the token decides
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Sec-Fetch-Site": "none"}, True),
        ({"Sec-Fetch-Site": "same-origin", "Origin": ELSEWHERE}, True),  # the browser knows best
        ({"Origin": "http://localhost"}, True),
        ({"Referer": "http://localhost/organisatie/lid-worden?x=1"}, True),
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "cross-site", "Origin": "http://localhost"}, False),
        ({"Origin": ELSEWHERE}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "http://localhost.kwaad.example"}, False),
        ({"Origin": "https://localhost"}, False),
        ({"Origin": "http://localhost:9"}, False),
        ({"Origin": "http://[kapot"}, False),
        ({"Referer": f"{ELSEWHERE}/http://localhost/"}, False),
    ],
)
def test_no_form_of_another_site_is_taken_even_with_a_right_token(world, headers, taken):
    client = world.client("aanvrager")
    data = {**client.get("/organisatie/lid-worden").form()["data"], "number": "0000200235", "name": "Gestuurd"}
    with client.client.post("/organisatie/lid-worden", data=data, headers=headers) as answer:
        assert answer.status_code == (303 if taken else 403)
        assert (
            "Gestuurd" not in answer.text
        )  # what another site sends is not shown as if somebody typed it here
    for path in ("/aanmelden", "/aanmelden/verder", "/nergens"):
        with world.client().client.post(path, data={"name": "Gestuurd"}, headers=headers) as answer:
            assert "Gestuurd" not in answer.text or taken


def test_what_we_did_not_seal_comes_back_as_no_form(world):
    """Somebody else's fields, with a button of ours and a token that counts, would put words in a mouth."""
    client = world.client("beheerder")
    target = "/beheer/gebruikers/1/rol"
    forged = [
        json.dumps({"fields": [["role", "administrator"]], "files": False}),
        json.dumps([target, [["role", "administrator"]], False]),
        "x",
        "",
    ]
    for kept in forged:
        with client.client.post("/aanmelden/verder", data={"onward": target, "kept": kept}) as answer:
            assert answer.status_code == 303, kept


def test_what_we_sealed_comes_back_for_a_day_and_to_its_own_target_alone(world, monkeypatch):
    client = world.client("aanvrager")
    with world.app.test_request_context():
        sealed = Kept("/aanvragen/X/formulier/contact", [("inbedding", "Een uur getypt.")], False).sealed()
    with client.client.post("/aanmelden/verder", data={"onward": "/account", "kept": sealed}) as answer:
        page = Page(answer.text)
    assert page.form("/aanvragen/X/formulier/contact")["data"]["inbedding"] == "Een uur getypt."
    with world.app.test_request_context():
        assert given.opened(f"{sealed[:-2]}xx") is None
        monkeypatch.setattr(given, "KEPT_FOR", -1)
        assert given.opened(sealed) is None
