"""Hostile words, names and addresses: the same sentence on both databases, and nothing that was not asked
for.
"""

import re

import pytest
from werkzeug.routing.converters import NumberConverter

from portal.accounts import queries
from portal.accounts.rules.links import Purpose
from portal.organisations import queries as organisations
from tests import make
from tests.accounts.test_own_account import GOOD, asked, link_in
from tests.conftest import ON_POSTGRESQL
from tests.matrix.scene import Scene
from tests.matrix.walk import places

pytestmark = ON_POSTGRESQL

WORDS = {
    "nul": "a\x00b",
    "a lone surrogate": "a\ud800b",
    "noncharacters": "a\ufffe\uffffb",
    "combining marks": "a" + "\u0301" * 100,
    "right to left": "\u202eabc\u202c",
    "four bytes": "🐴" * 20,
    "a byte order mark": "\ufeffabc",
    "markup": "<script>alert(1)</script>",
    "a template": "{{7*7919}} ${7*7919} %s %n {0.__class__}",
    "sql": "'; DROP TABLE account; --",
    "lines": "a\r\nBcc: b@kwaad.example",
}


@pytest.mark.parametrize("what", WORDS)
def test_a_69_hostile_words_are_kept_as_text_or_refused_in_a_sentence(world, what):
    client = asked(world, "/account/nieuw", "nieuw@organisatie.example")
    path = link_in(world, "account_link")
    data = {**client.get(path).form()["data"], "label": WORDS[what], "password": GOOD}
    body = "&".join(f"{k}={_quoted(v)}" for k, v in data.items())
    with client.client.post(path, data=body, content_type="application/x-www-form-urlencoded") as answer:
        assert answer.status_code in (303, 422), what
        assert "alert(1)</script>" not in answer.text
    world.session.rollback()
    account = queries.by_email(world.session, "nieuw@organisatie.example")
    if account is not None:
        page = client.get("/account")
        assert "55433" not in page.said
        assert "\x00" not in account.label
        assert "Traceback" not in page.said


def _quoted(text):
    return "".join(f"%{byte:02X}" for byte in text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    "address",
    [
        "a@b.example, c@d.example",
        "a@b.example\r\nBcc: c@d.example",
        "a@b.example\x00",
        "a b@c.example",
        "@b.example",
        "a@",
        "a@b",
        "a@@b.example",
        "<a@b.example>",
        "a" * 65 + "@b.example",
        "a@" + "b" * 250 + ".example",
        "a\u200b@b.example\n",
    ],
)
def test_a_71_what_is_not_one_address_gets_no_mail(world, address):
    page = world.client().post("/wachtwoord-vergeten", {"email": address})
    assert page == "/account/kijk-in-uw-mailbox" or page.form()["data"]["email"] is not None
    if page == "/account/kijk-in-uw-mailbox":  # cleaned to one address
        (link,) = [d for d in world.image()["delivery"]]
        assert "Bcc" not in link
        assert "," not in link.split("'no_account', '")[1].split("'")[0]


def test_a_40_fields_nobody_asked_for_are_nothing(world):
    extra = {
        "role": "administrator",
        "grants": "administrator",
        "active": "1",
        "epoch": "99",
        "email": "ander@kwaad.example",
        "account_id": "1",
        "id": "1",
        "organisation": "1",
        "memberships": "1",
        "purpose": Purpose.RESET.value,
    }
    client = asked(world, "/account/nieuw", "nieuw@organisatie.example")
    answer = client.post(link_in(world, "account_link"), {"label": "coördinator", "password": GOOD, **extra})
    assert answer == "/organisatie/lid-worden", answer.said
    world.session.rollback()
    account = queries.by_email(world.session, "nieuw@organisatie.example")
    assert (account.grants, account.epoch, account.active) == ([], 1, True)
    assert organisations.memberships(world.session, account.id) == []
    found = make.draft(world)
    lead = world.client("aanvrager")
    path = f"/aanvragen/{found.reference}/formulier/contact"
    more = {
        "status": "approved",
        "lead_organisation_id": "2",
        "region_id": "2",
        "submitted_at": "2020-01-01",
        "seat": "ggz",
    }
    lead.post(path, {"contact_functie": "coördinator", **more})
    after = make.again(world, found)
    assert (after.status.value, after.submitted_at, after.region.key) == ("draft", None, "midwest")
    assert set(after.answers[0].body) <= {
        "contact-functie",
        "contact-mail",
        "contact-tel",
        "standplaatsen",
        "inbedding",
    }


@pytest.mark.parametrize(
    "path",
    [
        "/debug",
        "/console",
        "/.git/config",
        "/.env",
        "/metrics",
        "/admin",
        "/test/verlaat/x",
        "/demo/klok",
        "/demo/mails",
        "/static/../settings.py",
        "/static/%2e%2e/settings.py",
        "/static/..%2fsettings.py",
        "/static/",
        "/portal/db.py",
        "/config/portal.toml",
        "/var/demo/portal.sqlite",
        "/phpinfo.php",
        "/server-status",
        "//etc/passwd",
        "/%2e%2e/etc/passwd",
    ],
)
def test_a_19_nothing_of_the_machine_can_be_asked_for(world, path):
    with world.client("beheerder").client.get(path) as answer:
        assert answer.status_code in (404, 308, 400)
        assert "import" not in answer.text


def test_a_33_what_is_hidden_and_what_is_not_there_look_alike(world):
    """Every address with another's reference, beside the same with one that nobody has."""
    found, client = make.ready(world), world.client("rivaal").client
    client.get("/account")  # the cookie has its form token now
    scene = Scene(world, found={"eigen": found.id, "ander": found.id})
    invented = "SVZ-00000000"
    tried = 0
    for place in places(scene, "GET"):
        if found.reference not in place.path or place.key.endswith("document"):
            continue
        with (
            client.get(place.path) as hidden,
            client.get(place.path.replace(found.reference, invented)) as absent,
        ):
            assert hidden.status_code == absent.status_code, place
            assert _plain(hidden.text, found.reference) == _plain(absent.text, invented), place
            told = [{k: v for k, v in a.headers if k not in ("X-Request-ID",)} for a in (hidden, absent)]
            assert told[0] == told[1], place
            tried += 1
    assert tried > 15


def _plain(text, reference):
    """A page without what it was asked for and without form tokens, which carry the second they were made
    in.
    """
    return re.sub(r'name="csrf_token" value="[^"]+"', "", text.replace(reference, ""))


@pytest.mark.parametrize("number", ["0", "2147483648", "9" * 40, "-1", "1e3", "\u0661"])
def test_a_number_that_no_row_has_is_no_address(world, number):
    client = world.client("beheerder").client
    for rule in world.app.url_map.iter_rules():
        numbers = [a for a, kind in rule._converters.items() if isinstance(kind, NumberConverter)]
        if not numbers:
            continue
        path = re.sub(r"<int:[^>]*>", number, rule.rule)
        path = re.sub(r"<[^>]*>", "x", path)
        for method in rule.methods - {"OPTIONS", "HEAD"}:
            with client.open(path, method=method) as answer:
                assert answer.status_code in (303, 403, 404), (method, path, answer.status_code)
