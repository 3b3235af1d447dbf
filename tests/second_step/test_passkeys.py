"""A passkey answers for this site, this sign-in, this once; made here in software, so that each part of it can
be wrong.
"""

import hashlib
import html
import json
import os
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from portal.access import SYSTEM
from portal.accounts import queries
from portal.second_step import actions as second_step_actions
from portal.second_step import queries as second_steps
from portal.second_step.models import Passkey
from portal.second_step.rules import TRIES, count_is_right
from tests import make
from tests.conftest import ON_SQLITE, PASSWORD
from tests.pages import Page

pytestmark = ON_SQLITE

SITE, ORIGIN = "localhost", "http://localhost"
HERE, SURE, KEPT = 0x01, 0x04, 0x40  # somebody was there; it was verified who; a key comes along
OWN = "/account/tweede-stap"


def b64(data):
    return urlsafe_b64encode(data).rstrip(b"=").decode()


class Key:
    """A passkey of a device; each part of what it answers can be another than it should be."""

    def __init__(self):
        self.id, self.key, self.count = os.urandom(32), ec.generate_private_key(ec.SECP256R1()), 0

    def _client(self, kind, challenge, origin):
        told = {"type": f"webauthn.{kind}", "challenge": challenge, "origin": origin, "crossOrigin": False}
        return json.dumps(told).encode()

    def made(self, options, *, site=SITE, origin=ORIGIN, flags=HERE | SURE, challenge=None):
        numbers = self.key.public_key().public_numbers()
        cose = cbor2.dumps(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        )
        head = hashlib.sha256(site.encode()).digest() + bytes([flags | KEPT]) + self.count.to_bytes(4, "big")
        data = head + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cose
        answer = {
            "clientDataJSON": b64(self._client("create", challenge or options["challenge"], origin)),
            "attestationObject": b64(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
        }
        return self._told(answer)

    def used(
        self, options, *, site=SITE, origin=ORIGIN, flags=HERE | SURE, challenge=None, step=1, signed_by=None
    ):
        self.count += step
        data = hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")
        client = self._client("get", challenge or options["challenge"], origin)
        signature = (signed_by or self).key.sign(
            data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256())
        )
        return self._told(
            {"clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signature)}
        )

    def _told(self, response):
        told = {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response}
        return json.dumps({**told, "clientExtensionResults": {}})


def options_of(page):
    return json.loads(html.unescape(re.search(r'data-options="([^"]+)"', page.html)[1]))


def send(client, page, action, credential):
    data = {**page.form(action)["data"], "credential": credential}
    with client.client.post(action, data=data) as answer:
        return answer.headers.get("Location") or Page(answer.get_data(as_text=True))


def add(client, key, **wrong):
    page = client.get(OWN)
    return send(client, page, f"{OWN}/passkeys", key.made(options_of(page), **wrong))


def second_step(world, name="aanvrager"):
    """Somebody who gave their password: their browser and the page that asks for more."""
    client = world.client()
    sent = {"email": f"{name}@proef.example", "password": PASSWORD}
    assert client.post("/aanmelden", sent) == "/aanmelden/code?verder=/"
    return client, client.get("/aanmelden/code?verder=/account")


def use(client, page, key, **wrong):
    return send(client, page, "/aanmelden/passkey", key.used(options_of(page), **wrong))


def test_a_passkey_is_added_and_signs_in(world):
    key = Key()
    page = add(world.client("aanvrager"), key)
    assert "Uw herstelcodes" in page.said
    client, page = second_step(world)
    assert client.client.get("/account").status_code == 303
    assert use(client, page, key) == "/account"
    client.get("/account")


MADE_WRONG = {
    "for another site": {"site": "kwaad.example"},
    "asked by another origin": {"origin": "http://kwaad.example"},
    "nobody verified": {"flags": HERE},
    "nobody there": {"flags": SURE},
    "another challenge": {"challenge": b64(b"x" * 32)},
}


@pytest.mark.parametrize("wrong", MADE_WRONG)
def test_a_passkey_that_was_made_wrongly_is_not_kept(world, wrong):
    page = add(world.client("aanvrager"), Key(), **MADE_WRONG[wrong])
    assert "werd niet herkend" in page.said
    assert world.session.query(Passkey).count() == 0


@pytest.mark.parametrize("wrong", [*MADE_WRONG, "signed by another", "a counter that stands still"])
def test_a_passkey_that_answers_wrongly_opens_nothing(world, wrong):
    key = Key()
    key.count = 5
    add(world.client("aanvrager"), key)
    client, page = second_step(world)
    more = {"signed by another": {"signed_by": Key()}, "a counter that stands still": {"step": 0}}
    answer = use(client, page, key, **{**MADE_WRONG, **more}[wrong])
    assert "werd niet herkend" in answer.said
    assert client.client.get("/account").status_code == 303


@pytest.mark.parametrize("answer", ["", "{", "[]", "null", "7", '{"id": 7}', '{"id": "x"}', "x" * 100_000])
def test_what_is_no_answer_is_told(world, answer):
    add(world.client("aanvrager"), Key())
    client, page = second_step(world)
    assert "werd niet herkend" in send(client, page, "/aanmelden/passkey", answer).said
    client = world.client("ggz")
    assert "werd niet herkend" in send(client, client.get(OWN), f"{OWN}/passkeys", answer).said


def test_an_answer_counts_once(world):
    key = Key()
    add(world.client("aanvrager"), key)
    client, page = second_step(world)
    answer = key.used(options_of(page))
    assert send(client, page, "/aanmelden/passkey", answer) == "/account"
    other, page = second_step(world)
    assert "werd niet herkend" in send(other, page, "/aanmelden/passkey", answer).said


def test_a_challenge_changes_with_each_try_and_each_key(world):
    key = Key()
    client = world.client("aanvrager")
    first = options_of(client.get(OWN))["challenge"]
    assert options_of(client.get(OWN))["challenge"] == first
    add(client, key)
    assert options_of(client.get(OWN))["challenge"] != first
    assert len(urlsafe_b64decode(f"{first}==")) == 32
    client, page = second_step(world)
    seen = [options_of(page)["challenge"]]
    for _each in range(TRIES - 1):
        page = use(client, page, key, origin="http://kwaad.example")
        seen.append(options_of(page)["challenge"])
    assert len(set(seen)) == TRIES
    use(client, page, key, origin="http://kwaad.example")
    assert client.client.get("/aanmelden/code").headers["Location"] == "/aanmelden"


def test_anothers_passkey_is_nobody_elses(world):
    mine, theirs = Key(), Key()
    add(world.client("aanvrager"), mine)
    add(world.client("ggz"), theirs)
    client, page = second_step(world)
    assert "werd niet herkend" in use(client, page, theirs).said
    again = world.client("vaph")
    assert "staat al bij een account" in add(again, mine).said
    kept = world.session.query(Passkey).filter_by(
        account_id=queries.by_email(world.session, "ggz@proef.example").id
    )
    page = again.get("/account")
    with again.client.post(
        f"{OWN}/passkeys/{kept.one().id}/verwijderen", data=page.form("/afmelden")["data"]
    ) as answer:
        assert answer.status_code == 404


def test_the_last_second_step_of_a_role_stays(world):
    add(world.client("beheerder"), Key())
    account = queries.by_email(world.session, "beheerder@proef.example")
    (kept,) = second_steps.passkeys(world.session, account.id)
    refused = second_step_actions.remove_passkey(
        account, passkey_id=kept.id, by=world.person("beheerder"), now=world.now
    )
    assert [r.code for r in refused.refusals] == ["second_step_is_required"]
    make.done(second_step_actions.remove_passkey(account, passkey_id=kept.id, by=SYSTEM, now=world.now))
    assert not second_steps.has_second_step(world.session, account.id)


@pytest.mark.parametrize(
    ("kept", "told", "right"),
    [(0, 0, True), (0, 1, True), (5, 6, True), (5, 5, False), (5, 4, False), (5, 0, False)],
)
def test_a_counter_goes_on_or_was_never_there(kept, told, right):
    assert count_is_right(kept, told) is right
