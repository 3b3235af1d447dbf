"""Sign-ins: they end at the server, on every server; nothing typed is lost by it; what cannot be undone wants a
fresh one.
"""

import re
from datetime import timedelta

import pytest

from portal.access import SYSTEM, Role
from portal.accounts import actions, queries
from portal.accounts.rules.sign_ins import AT_HOME, AT_THE_DESK, FRESH, TOUCH, device_of
from portal.journal.models import Delivery, Entry
from tests import make
from tests.conftest import ON_SQLITE, PASSWORD
from tests.pages import Page

pytestmark = ON_SQLITE

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; rv:140.0) Gecko/20100101 Firefox/140.0"


def account(world, name):
    world.session.rollback()
    return queries.by_email(world.session, f"{name}@proef.example")


def token(client):
    (cookie,) = [c for c in client.client._cookies.values() if c.key == "sid"]
    return cookie.value


def is_in(client):
    return client.client.get("/account").status_code == 200


def test_the_cookie_holds_nothing_but_a_token_that_changes_at_each_sign_in(world):
    client = world.client()
    client.get("/aanmelden")
    before = token(client)
    client.post("/aanmelden", {"email": "auditor@proef.example", "password": PASSWORD})
    assert token(client) != before
    held = dict(world.app.session_interface.get_signing_serializer(world.app).loads(token(client)))
    assert held.keys() <= {"_user_id", "_fresh", "csrf_token"}
    (kept,) = queries.sign_ins(world.session, account(world, "auditor").id)
    assert held["_user_id"] not in kept.digest
    assert kept.digest == queries.digest_of(held["_user_id"])
    assert len(held["_user_id"]) >= 43  # 256 bits


def test_a_session_planted_before_signing_in_is_worth_nothing(world):
    victim, thief = world.client(), world.client()
    victim.get("/aanmelden")
    thief.client.set_cookie("sid", token(victim))
    victim.post("/aanmelden", {"email": "auditor@proef.example", "password": PASSWORD})
    assert is_in(victim)
    assert not is_in(thief)


def test_signing_out_ends_it_at_the_server(world):
    client = world.client("auditor")
    stolen = token(client)
    with client.client.post("/afmelden", data=client.get("/").form("/afmelden")["data"]) as answer:
        assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    thief = world.client()
    thief.client.set_cookie("sid", stolen)
    assert not is_in(thief)


@pytest.mark.parametrize(("name", "limits"), [("beheerder", AT_THE_DESK), ("aanvrager", AT_HOME)])
def test_who_does_nothing_is_signed_out(world, real, name, limits):
    client = world.client(name)
    real.at += limits.idle - timedelta(microseconds=1)
    assert is_in(client)
    real.at += limits.idle
    assert not is_in(client)


@pytest.mark.parametrize(("name", "limits"), [("beheerder", AT_THE_DESK), ("aanvrager", AT_HOME)])
def test_nobody_stays_for_ever(world, real, name, limits):
    client = world.client(name)
    end = real.at + limits.most
    while real.at < end - limits.idle / 2:
        real.at += limits.idle / 2
        assert is_in(client) == (real.at < end)
    real.at = end
    assert not is_in(client)


def test_being_here_is_put_down_at_most_every_few_minutes(world, real):
    client = world.client("auditor")
    began = real.at
    for minutes, seen in ((4, 0), (5, 5), (9, 5), (10, 10)):
        real.at = began + timedelta(minutes=minutes)
        is_in(client)
        (kept,) = queries.sign_ins(world.session, account(world, "auditor").id)
        assert kept.last_seen_at == began + timedelta(minutes=seen)
    assert timedelta(minutes=5) == TOUCH


def test_a_request_in_flight_never_brings_back_what_was_ended(world, real):
    world.client("auditor")
    (kept,) = queries.sign_ins(world.session, account(world, "auditor").id)
    person = world.person("auditor")
    make.done(actions.end_sign_in(kept, by=person, now=world.now))
    actions.touch(world.database, kept.id, real.at + timedelta(minutes=6))
    world.session.rollback()
    assert kept.ended
    assert kept.last_seen_at == real.at


CHANGES = {
    "password": lambda one, now: actions.change_password(one, password_hash="x", by=SYSTEM, now=now),
    "disabled": lambda one, now: actions.disable(one, by=SYSTEM, now=now),
    "a role less": lambda one, now: actions.end_grant(one, role=Role.AUDITOR, by=SYSTEM, now=now),
    "a role more": lambda one, now: actions.grant(one, role=Role.REVIEWER, by=SYSTEM, now=now),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_password_status_or_role_ends_every_sign_in(world, change):
    clients = [world.client("auditor") for _each in range(2)]
    make.done(CHANGES[change](account(world, "auditor"), world.now))
    assert [is_in(c) for c in clients] == [False, False]


def test_ones_own_sign_ins_are_listed_and_can_be_ended(world):
    here, there = world.client(), world.client()
    for client in (here, there):
        client.client.environ_base["HTTP_USER_AGENT"] = FIREFOX
        client.post("/aanmelden", {"email": "auditor@proef.example", "password": PASSWORD})
    page = here.get("/account")
    assert page.said.count("Firefox op Windows") == 3  # two rows, and the name of the one button
    assert page.said.count("(dit toestel)") == 1
    (action,) = {f["action"] for f in page.forms if re.search(r"/\d+/beeindigen", f["action"] or "")}
    here.post("/account", page=page, action=action)
    assert is_in(here)
    assert not is_in(there)


def test_all_others_can_be_ended_at_once(world):
    here, *others = (world.client("auditor") for _each in range(3))
    here.post("/account", action="/account/aanmeldingen/andere-beeindigen")
    assert is_in(here)
    assert [is_in(c) for c in others] == [False, False]


def test_nobody_ends_anothers(world):
    world.client("auditor")
    (kept,) = queries.sign_ins(world.session, account(world, "auditor").id)
    other = world.client("beheerder")
    data = other.get("/account").form("/afmelden")["data"]
    with other.client.post(f"/account/aanmeldingen/{kept.id}/beeindigen", data=data) as answer:
        assert answer.status_code == 404
    refused = actions.end_sign_in(kept, by=world.person("beheerder"), now=world.now)
    assert [r.code for r in refused.refusals] == ["gone"]


def sent_after_the_end(world, real):
    """An applicant typed until the sign-in ended, then sent the form: client, page answered, draft, what was
    typed.
    """
    found = make.draft(world)
    client = world.client("aanvrager")
    path = f"/aanvragen/{found.reference}/formulier/contact"
    typed = client.get(path).form()["data"] | {
        "contact_functie": "coördinator <b>&",
        "inbedding": "een\r\n“twee”",
    }
    real.at += AT_HOME.idle
    with client.client.post(path, data=typed) as answer:
        assert answer.status_code == 403
        return client, Page(answer.get_data(as_text=True)), found, typed, path


def test_what_was_typed_while_the_sign_in_ended_is_sent_after_all(world, real):
    client, page, found, _typed, path = sent_after_the_end(world, real)
    assert "wat u had ingevuld, gaat niet verloren" in page.said
    data = page.form("/aanmelden")["data"] | {"email": "aanvrager@proef.example"}
    with client.client.post("/aanmelden", data={**data, "password": "fout"}) as answer:
        page = Page(answer.get_data(as_text=True))
    data = page.form("/aanmelden")["data"] | {"password": PASSWORD}
    with client.client.post("/aanmelden", data=data) as answer:
        assert answer.status_code == 200
        page = Page(answer.get_data(as_text=True))
    page.check()
    assert "Afmelden" in page.said
    with client.client.post(path, data=page.form(path)["data"]) as answer:
        assert answer.status_code == 303, Page(answer.get_data(as_text=True)).said
    (kept,) = make.again(world, found).answers
    assert (kept.body["contact-functie"], kept.body["inbedding"]) == ("coördinator <b>&", "een\n“twee”")


def test_a_form_from_elsewhere_is_never_kept(world, real):
    found = make.draft(world)
    client = world.client("aanvrager")
    client.get("/account")
    real.at += AT_HOME.idle
    path = f"/aanvragen/{found.reference}/indienen"
    for forged in ("", "IjEi.x.y", world.client("ggz").get("/account").form("/afmelden")["data"]["csrf_token"]):
        with client.client.post(path, data={"csrf_token": forged, "revision": 1}) as answer:
            assert answer.status_code == 403
            assert "revision" not in answer.text
    with world.app.test_client().post(path, data={"csrf_token": "x"}) as answer:
        assert answer.status_code == 403


@pytest.mark.parametrize("kept", ["{", "[]", '{"fields": 1}', '{"fields": [["a"]]}', "null", "7"])
def test_a_kept_form_that_was_tampered_with_is_forgotten(world, kept):
    client = world.client()
    data = {"email": "auditor@proef.example", "password": PASSWORD, "onward": "/account", "kept": kept}
    assert client.post("/aanmelden", data) == "/account"


def test_what_cannot_be_undone_asks_again_who_one_is(world, real):
    client = world.client("beheerder")
    client.get("/beheer/dekking/heropenen")
    real.at += FRESH - timedelta(microseconds=1)
    client.get("/beheer/dekking/heropenen")
    real.at += timedelta(microseconds=1)
    with client.client.get("/beheer/dekking/heropenen?a=1") as answer:
        assert answer.headers["Location"] == "/aanmelden/opnieuw?verder=/beheer/dekking/heropenen?a%3D1"
    assert "Dit wachtwoord klopt niet" in client.post("/aanmelden/opnieuw", {"password": "fout"}).said
    before = token(client)
    page = client.get("/aanmelden/opnieuw?verder=/beheer/dekking/heropenen")
    assert client.post("/aanmelden/opnieuw", {"password": PASSWORD}, page=page) == "/beheer/dekking/heropenen"
    assert token(client) != before
    client.get("/beheer/dekking/heropenen")
    thief = world.client()
    thief.client.set_cookie("sid", before)
    assert not is_in(thief)


def test_a_reason_typed_for_long_is_not_lost_by_being_asked_again(world, real):
    make.closed(world)
    client = world.client("beheerder")
    typed = client.get("/beheer/dekking/heropenen").form()["data"] | {"reason": "Omdat er een gat is."}
    real.at += FRESH - timedelta(minutes=1)
    client.get("/account")
    real.at += timedelta(minutes=2)
    with client.client.post("/beheer/dekking/heropenen", data=typed) as answer:
        assert answer.status_code == 403
        page = Page(answer.get_data(as_text=True))
    data = page.form("/aanmelden/opnieuw")["data"] | {"password": PASSWORD}
    with client.client.post("/aanmelden/opnieuw", data=data) as answer:
        page = Page(answer.get_data(as_text=True))
    assert page.form("/beheer/dekking/heropenen")["data"]["reason"] == "Omdat er een gat is."


def test_a_file_that_was_sent_must_be_chosen_again(world, real):
    found = make.draft(world)
    client = world.client("aanvrager")
    path = f"/aanvragen/{found.reference}/documenten"
    data = client.get(path).form()["data"]
    real.at += AT_HOME.idle
    data |= {"type": "aanmeldingsformulier", "file": (make.io.BytesIO(b"%PDF-1.7"), "form.pdf")}
    with client.client.post(path, data=data, content_type="multipart/form-data") as answer:
        page = Page(answer.get_data(as_text=True))
        answer.request.environ["wsgi.input"].close()
    data = page.form("/aanmelden")["data"] | {"email": "aanvrager@proef.example", "password": PASSWORD}
    with client.client.post("/aanmelden", data=data) as answer:
        page = Page(answer.get_data(as_text=True))
    assert "moet u opnieuw kiezen" in page.said
    assert path in page.links


@pytest.mark.parametrize(
    ("sent", "told"),
    [
        (FIREFOX, ("Firefox", "Windows")),
        ("Mozilla/5.0 (iPhone; CPU) AppleWebKit Version/17 Mobile Safari/604.1", ("Safari", "iPhone")),
        (
            "Mozilla/5.0 (X11; Linux) AppleWebKit (KHTML) Chrome/130.0 Safari/537.36 Edg/130.0",
            ("Edge", "Linux"),
        ),
        ("<script>alert(1)</script>", ("", "")),
        ("", ("", "")),
    ],
)
def test_a_device_is_told_in_words_of_ours(sent, told):
    assert device_of(sent) == told


def test_a_26_a_device_that_was_never_seen_is_told_by_mail(world, real):
    def signed_in(agent):
        client = world.client()
        client.client.environ_base["HTTP_USER_AGENT"] = agent
        client.post("/aanmelden", {"email": "auditor@proef.example", "password": PASSWORD})
        world.session.rollback()
        return [d.data["device"] for d in world.session.query(Delivery).filter_by(kind="new_device")]

    assert signed_in(FIREFOX) == []  # the first there ever was
    assert signed_in(FIREFOX) == []
    assert signed_in(FIREFOX.replace("Windows", "Linux")) == ["Firefox op Linux"]
    assert signed_in("x") == ["Firefox op Linux", "een ander toestel"]
    assert signed_in("y") == ["Firefox op Linux", "een ander toestel"]


def test_who_signs_in_is_on_record_with_every_role_they_have(world):
    world.client("aanvrager")
    who = account(world, "aanvrager")
    (entry,) = world.session.query(Entry).filter_by(verb="account.signed_in")
    assert entry.actor == f"account {who.id} (applicant)"
