"""Logs: a line for each thing that was refused, and never what nobody may read there."""

from __future__ import annotations

import io
import json
import logging

import pytest

from portal.logs import LONGEST, JsonLines
from tests import make
from tests.conftest import ON_SQLITE

pytestmark = ON_SQLITE

SECRETS = {
    "password": "een-geheim-wachtwoord",
    "answer": "kanarie-antwoord",
    "code": "kanarie-code",
    "file": "kanarie-bestand",
}


@pytest.fixture
def lines():
    """What was written since the test began."""
    stream = io.StringIO()
    handler, root = logging.StreamHandler(stream), logging.getLogger()
    handler.setFormatter(JsonLines())
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield lambda: [json.loads(line) for line in stream.getvalue().splitlines()]
    root.removeHandler(handler)
    root.setLevel(level)


def test_a_96_no_secret_stands_in_a_log(world, lines):
    lead = world.client("aanvrager")
    cookie = lead.client.get_cookie("sid").value
    world.client().post("/aanmelden", {"email": "aanvrager@proef.example", "password": SECRETS["password"]})
    found = make.draft(world)
    path = f"/aanvragen/{found.reference}/formulier/aanpak"
    lead.post(path, {"deskundigheid": SECRETS["answer"]})
    lead.client.get(f"/wachtwoord-vergeten/{SECRETS['code']}")
    lead.client.get(f"/aanvragen?{SECRETS['code']}=1")
    pdf = make.form_pdf(world, found)
    lead.client.post(
        f"/aanvragen/{found.reference}/documenten",
        data={"csrf_token": "fout", "file": (io.BytesIO(pdf), f"{SECRETS['file']}.pdf")},
        content_type="multipart/form-data",
    )
    told = json.dumps(lines())
    assert len(lines()) > 5
    for secret in (*SECRETS.values(), cookie, "demo", "@proef.example"):
        assert secret not in told, secret


def test_a_94_each_refusal_has_its_line_with_the_id_that_the_answer_carries(world, lines):
    lead = world.client("aanvrager")
    with lead.client.get("/beheer") as answer:
        forbidden = answer.headers["X-Request-ID"]
    with lead.client.post("/organisatie/lid-worden", data={"csrf_token": "fout"}) as answer:
        forged = answer.headers["X-Request-ID"]
    world.client().post("/aanmelden", {"email": "aanvrager@proef.example", "password": "fout"})
    told = lines()
    (line,) = [one for one in told if one.get("request") == forbidden]
    assert (line["path"], line["status"]) == ("/beheer", 403)
    assert line["account"] == world.person("aanvrager").account_id
    messages = [one["message"] for one in told if one.get("request") == forged]
    assert (messages[0], messages[-1]) == ("form token refused", "answered")
    assert [one["level"] for one in told if one["message"] == "not recognised"] == ["warning"]


@pytest.mark.parametrize(
    "hostile",
    ['a\r\n{"level": "info"}', "\x1b[2J\x1b[31mrood", '"}, {"level": "none"', "\u2028\u2029", "a" * 100_000],
)
def test_a_95_what_a_sender_says_is_one_line_and_not_endless(world, lines, hostile):
    client = world.client().client
    client.get("/nergens/" + hostile.replace("\r\n", "%0D%0A"), headers={"User-Agent": "x" * 50_000})
    logging.getLogger("portal.proef").warning("gezegd: %s", hostile, extra={"facts": {"what": hostile}})
    found = lines()
    assert len(found) == 2
    assert all(len(json.dumps(line)) < 5 * LONGEST for line in found)
    assert found[1]["what"] == hostile[:LONGEST]
