"""An account of one's own: made, reset and moved by mailed links that count once, in time, and for what they
were made.
"""

import re
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some

from portal.access import SYSTEM
from portal.accounts import actions, links, passwords, queries
from portal.accounts.models import MailedLink
from portal.accounts.rules.links import LIFETIMES, Purpose
from portal.accounts.rules.passwords import LOOKED_AT, SHORTEST, password_is_right
from portal.compose import composer
from portal.journal.models import Delivery
from tests import make
from tests.conftest import ON_SQLITE, PASSWORD

pytestmark = ON_SQLITE

GOOD = "vier paarden op het dak"


def account(world, email):
    world.session.rollback()
    return queries.by_email(world.session, email)


def mails(world, kind=None):
    """What was owed, as it is sent: kind, address, text; newest last."""
    write = composer(world.app.extensions["portal"].settings)
    world.session.rollback()
    found = world.session.query(Delivery).order_by(Delivery.id)
    told = [(d.kind, d.address, write.message(world.session, d).get_content()) for d in found]
    return [m for m in told if kind in (None, m[0])]


def link_in(world, kind):
    """The path of the newest link of a kind."""
    settings = world.app.extensions["portal"].settings
    return re.search(rf"{re.escape(settings.base_url)}(/\S+)\n", mails(world, kind)[-1][2])[1]


def asked(world, path, email):
    client = world.client()
    assert client.post(path, {"email": email}) == "/account/kijk-in-uw-mailbox"
    client.get("/account/kijk-in-uw-mailbox")
    return client


def test_an_account_of_ones_own(world, real):
    client = asked(world, "/account/nieuw", " Nieuw@Organisatie.Example ")
    assert account(world, "nieuw@organisatie.example") is None  # nothing before the address is proved
    path = link_in(world, "account_link")
    client.get(path)
    client.get(path)  # a scanner of mail looks first: looking uses nothing up
    page = client.post(path, {"label": "", "password": "kort"})
    assert "Vul uw functie in." in page.said
    assert f"neem minstens {SHORTEST} tekens" in page.said  # all at once
    page = client.post(path, {"label": "coördinator", "password": "kort"})
    assert f"neem minstens {SHORTEST} tekens" in page.said
    assert page.form()["data"]["label"] == "coördinator"
    assert client.post(path, {"label": "coördinator", "password": GOOD}) == "/organisatie/lid-worden"
    assert "Uw account is gemaakt." in client.get("/organisatie/lid-worden").said
    assert "nieuw@organisatie.example" in client.get("/account").said
    client.get(path, status=410)
    assert world.client().post("/aanmelden", {"email": "nieuw@organisatie.example", "password": GOOD}) == "/"


def test_a_new_account_alone_opens_nothing(world, real):
    client = asked(world, "/account/nieuw", "nieuw@organisatie.example")
    client.post(link_in(world, "account_link"), {"label": "coördinator", "password": GOOD})
    for path in ("/beheer", "/beoordeling"):
        client.get(path, status=403)
    for path in ("/aanvragen", "/mijn-mandaten"):  # what the next step opens
        with client.client.get(path) as answer:
            assert answer.headers["Location"] == f"/organisatie/lid-worden?verder={path}"


@pytest.mark.parametrize("path", ["/account/nieuw", "/wachtwoord-vergeten"])
def test_outside_nothing_shows_whether_there_is_an_account(world, real, path):
    answers = []
    for email in ("aanvrager@proef.example", "niemand@proef.example"):
        client = asked(world, path, email)
        answers.append(client.get("/account/kijk-in-uw-mailbox").said)
    assert answers[0] == answers[1]
    assert len(mails(world)) == 2  # a mail either way
    assert mails(world)[0][2] != mails(world)[1][2]


def test_who_has_an_account_gets_no_link_to_make_another(world, real):
    asked(world, "/account/nieuw", "aanvrager@proef.example")
    ((kind, _address, text),) = mails(world)
    assert kind == "account_is_there"
    assert "/account/nieuw" not in text


def test_a_new_password_by_mail(world, real):
    before = world.client("aanvrager")
    client = asked(world, "/wachtwoord-vergeten", "aanvrager@proef.example")
    path = link_in(world, "password_link")
    assert "te makkelijk te raden" in client.post(path, {"password": "aanvrager@proef.example"}).said
    assert client.post(path, {"password": GOOD}) == "/aanmelden"
    assert before.client.get("/account").status_code == 303  # everywhere signed out
    assert mails(world, "password_changed")[-1][1] == "aanvrager@proef.example"
    client.get(path, status=410)
    wrong = world.client().post("/aanmelden", {"email": "aanvrager@proef.example", "password": PASSWORD})
    assert "horen niet samen" in wrong.said
    assert world.client().post("/aanmelden", {"email": "aanvrager@proef.example", "password": GOOD}) == "/"


def test_a_mailbox_is_not_flooded(world, real):
    for _each in range(5):
        asked(world, "/wachtwoord-vergeten", "aanvrager@proef.example")
    assert len(mails(world)) == 3
    real.at += timedelta(hours=1)
    asked(world, "/wachtwoord-vergeten", "aanvrager@proef.example")
    assert len(mails(world)) == 4


LINKS = {
    "account_link": (Purpose.ENROL, "/account/nieuw", "nieuw@organisatie.example"),
    "password_link": (Purpose.RESET, "/wachtwoord-vergeten", "aanvrager@proef.example"),
}


@pytest.mark.parametrize("letter", LINKS)
def test_a_link_lives_as_long_as_it_says(world, real, letter):
    purpose, path, email = LINKS[letter]
    client = asked(world, path, email)
    link = link_in(world, letter)
    real.at += LIFETIMES[purpose] - timedelta(microseconds=1)
    client.get(link)
    real.at += timedelta(microseconds=1)
    assert "werkt niet meer" in client.get(link, status=410).said


CHANGES = {
    "password": lambda one, now: actions.change_password(one, password_hash="x", by=SYSTEM, now=now),
    "disabled": lambda one, now: actions.disable(one, by=SYSTEM, now=now),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_link_is_worthless_once_the_account_changed(world, real, change):
    asked(world, "/wachtwoord-vergeten", "aanvrager@proef.example")
    path = link_in(world, "password_link")
    make.done(CHANGES[change](account(world, "aanvrager@proef.example"), world.now))
    world.client().get(path, status=410)
    (link,) = world.session.query(MailedLink)
    refused = actions.reset_by_link(link, password_hash="y", real=real.at, by=SYSTEM, now=world.now)
    assert [r.code for r in refused.refusals] == ["link_is_spent"]


def test_a_link_is_for_one_thing_one_row_and_one_key(world, real):
    asked(world, "/account/nieuw", "nieuw@organisatie.example")
    asked(world, "/wachtwoord-vergeten", "aanvrager@proef.example")
    enrol, reset = link_in(world, "account_link"), link_in(world, "password_link")
    token, other = enrol.rpartition("/")[2], reset.rpartition("/")[2]
    settings = world.app.extensions["portal"].settings
    assert len(token) > 43
    tampered = {
        f"/wachtwoord-vergeten/{token}",
        f"/account/nieuw/{other}",
        enrol[:-1],
        f"{enrol}x",
        "/account/nieuw/x",
        "/account/nieuw/" + "a" * 4000,
        "/account/adres/" + other,
    }
    for path in tampered:
        world.client().get(path, status=410)
    rows = {d.id: d for d in world.session.query(MailedLink)}
    assert links.read(world.session, settings, Purpose.ENROL, token).id in rows
    foreign = links.address_of(
        type(settings)(**{**settings.__dict__, "secret_key": "another"}), links.facts_of(rows[1])
    )
    world.client().get(foreign.removeprefix(settings.base_url), status=410)


def test_the_link_stands_in_no_table_and_no_log(world, real, caplog):
    client = asked(world, "/wachtwoord-vergeten", "aanvrager@proef.example")
    path = link_in(world, "password_link")
    token = path.rpartition("/")[2]
    with caplog.at_level("INFO"):
        client.get(path)
        client.get(f"{path}x", status=410)
    assert token not in repr(world.image())
    assert token.partition(".")[2] not in repr([r.__dict__ for r in caplog.records])
    assert "/wachtwoord-vergeten/<token>" in repr([getattr(r, "facts", "") for r in caplog.records])


def test_an_account_made_meanwhile_is_not_made_twice(world, real):
    for _each in range(2):
        asked(world, "/account/nieuw", "nieuw@organisatie.example")
    first, second = world.session.query(MailedLink).order_by(MailedLink.id)
    given_ = {"label": "x", "password_hash": "x", "real": real.at, "by": SYSTEM, "now": world.now}
    make.done(actions.enrol_by_link(first, **given_))
    assert [r.code for r in actions.enrol_by_link(first, **given_).refusals] == ["link_is_spent"]
    assert [r.code for r in actions.enrol_by_link(second, **given_).refusals] == ["address_taken"]


def test_changing_a_password_asks_the_old_one(world, real):
    client, other = world.client("aanvrager"), world.client("aanvrager")
    page = client.post("/account/wachtwoord", {"current": "fout", "password": GOOD})
    assert "Uw huidige wachtwoord klopt niet" in page.said
    assert other.client.get("/account").status_code == 200
    assert client.post("/account/wachtwoord", {"current": PASSWORD, "password": GOOD}) == "/account"
    client.get("/account")
    assert other.client.get("/account").status_code == 303
    assert mails(world, "password_changed")[-1][1] == "aanvrager@proef.example"


def test_another_address_is_proved_first_and_told_to_the_old(world, real):
    client = world.client("aanvrager")
    assert "al uw adres" in client.post("/account/adres", {"email": "Aanvrager@proef.example"}).said
    assert client.post("/account/adres", {"email": "nieuw@proef.example"}) == "/account/kijk-in-uw-mailbox"
    assert [(k, a) for k, a, _text in mails(world)] == [
        ("address_link", "nieuw@proef.example"),
        ("address_asked", "aanvrager@proef.example"),
    ]
    assert account(world, "nieuw@proef.example") is None
    path = link_in(world, "address_link")
    with world.client().client.get(path) as answer:  # the link proves the mailbox, not whose account it is
        assert answer.headers["Location"] == f"/aanmelden?verder={path}"
    stranger = world.client("rivaal")
    with stranger.client.get(path) as answer:
        assert answer.headers["Location"] == "/account"
    assert "van een ander account" in stranger.get("/account").said
    client.get(path)
    assert client.post(path) == "/aanmelden"
    assert account(world, "aanvrager@proef.example") is None
    assert mails(world, "address_changed")[-1][1] == "aanvrager@proef.example"
    assert client.client.get("/account").status_code == 303
    assert world.client().post("/aanmelden", {"email": "nieuw@proef.example", "password": PASSWORD}) == "/"


def test_an_address_that_somebody_has_is_refused_at_the_link_and_not_before(world, real):
    client = world.client("aanvrager")
    assert client.post("/account/adres", {"email": "rivaal@proef.example"}) == "/account/kijk-in-uw-mailbox"
    page = client.post(link_in(world, "address_link"))
    assert "Er is al een account met dit e-mailadres" in page.said


def test_another_address_wants_a_fresh_sign_in(world, real):
    client = world.client("aanvrager")
    real.at += timedelta(minutes=31)
    with client.client.get("/account/adres") as answer:
        assert answer.headers["Location"].startswith("/aanmelden/opnieuw")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("kort", "password_too_short"),
        ("x" * 11, "password_too_short"),
        ("x" * 1025, "password_too_long"),
        ("passwordpassword", "password_too_easy"),
        ("Mandaatportaal1", "password_too_easy"),
        ("aanvrager@proef.example", "password_too_easy"),
        ("aaaaaaaaaaaaaaaaaaaa", "password_too_easy"),
        ("wachtwoord123", "password_too_easy"),
        ("qwertyuiop[]", "password_too_easy"),
        ("a" * 1000, "password_too_easy"),
        (GOOD, None),
        ("zomer-in-gent-2026", None),
        ("пароль из слов", None),
        ("Ünïcödé 🐴 dak", None),
        (GOOD * 40, None),
    ],
)
def test_long_and_not_easy_to_guess(text, code):
    refusal = password_is_right(text, ("aanvrager@proef.example", "Departement Zorg", "Mandaatportaal"))
    assert (refusal.code if refusal else None) == code


@given(some.text(min_size=SHORTEST, max_size=LOOKED_AT))
def test_no_password_is_too_odd_to_be_judged(text):
    password_is_right(text, ("a@b.example",))


def test_a_password_is_the_same_however_a_keyboard_composes_it():
    assert passwords.matches(passwords.hash_of("café aan de schelde"), "cafe\u0301 aan de schelde")
    assert not passwords.matches(passwords.hash_of("a" * 100), "a" * 99)  # nothing is cut off
