"""The second step: asked, used once, lost and recovered; required for who works at the department (A-23 to
A-25).
"""

import re
from datetime import timedelta

import pyotp
import pytest

from portal.access import SYSTEM
from portal.accounts import actions, queries
from portal.accounts.rules.sign_ins import HALF
from portal.clock import StandingClock, parse_local
from portal.journal.models import Delivery
from portal.second_step import actions as second_step_actions
from portal.second_step import factors
from portal.second_step.models import Authenticator, RecoveryCode
from portal.second_step.rules import RECOVERY_CODES, STEP, TRIES
from tests import make
from tests.conftest import ON_BOTH, ON_SQLITE, PASSWORD
from tests.pages import Page, PageClient

pytestmark = ON_SQLITE

OWNER = "aanvrager@proef.example"
NOW = parse_local("2026-11-25T09:00")


@pytest.fixture
def real(world):
    clock = StandingClock(NOW)
    world.use(real=clock)
    return clock


def send(client, path, action, **more):
    """Press the button of a form on a page: the status and the page, or where it leads."""
    data = {**client.get(path).form(action)["data"], **more}
    with client.client.post(action, data=data) as answer:
        if answer.status_code == 303:
            return answer.headers["Location"]
        page = Page(answer.get_data(as_text=True))
        page.check()
        return page


def added(world, real, name="aanvrager"):
    """A second step for somebody: their secret and recovery codes."""
    client = world.client(name)
    assert send(client, "/account/tweede-stap", "/account/tweede-stap/begin") == "/account/tweede-stap"
    page = client.get("/account/tweede-stap")
    assert "<svg" in page.html
    secret = "".join(re.search(r"<code>([A-Z2-7 ]+)</code>", page.html)[1].split())
    code = pyotp.TOTP(secret).at(real.at)
    page = send(
        client, "/account/tweede-stap", "/account/tweede-stap/bevestigen", code=f"{code[:3]} {code[3:]}"
    )
    codes = re.findall(r"<code>([0-9A-Z-]{19})</code>", page.html)
    assert len(set(codes)) == RECOVERY_CODES
    real.at += timedelta(seconds=STEP)
    return pyotp.TOTP(secret), codes


def password_given(world, email=OWNER):
    client = world.client()
    assert client.post("/aanmelden", {"email": email, "password": PASSWORD}) == "/aanmelden/code?verder=/"
    return client


def is_in(client):
    return client.client.get("/account").status_code == 200


def mailed(world):
    world.session.rollback()
    return [d.kind for d in world.session.query(Delivery).order_by(Delivery.id)]


def test_a_password_alone_opens_nothing_any_more(world, real):
    totp, _codes = added(world, real)
    assert mailed(world) == ["second_step_added"]
    client = password_given(world)
    assert not is_in(client)
    for path in ("/account", "/aanvragen", "/aanmelden/opnieuw", "/account/tweede-stap"):
        assert client.client.get(path).headers["Location"].startswith("/aanmelden?")
    assert client.post("/aanmelden/code", {"code": totp.at(real.at)}) == "/"
    assert is_in(client)


def test_a_code_counts_once_whoever_sends_it_second(world, real):
    totp, _codes = added(world, real)
    first, second = password_given(world), password_given(world)
    code = totp.at(real.at)
    assert first.post("/aanmelden/code", {"code": code}) == "/"
    assert "klopt niet, of is al gebruikt" in second.post("/aanmelden/code", {"code": code}).said
    real.at += timedelta(seconds=STEP)
    assert second.post("/aanmelden/code", {"code": totp.at(real.at)}) == "/"


@pytest.mark.parametrize(("late", "taken"), [(-61, False), (-30, True), (0, True), (30, True), (61, False)])
def test_a_clock_may_be_half_a_minute_off(world, real, late, taken):
    totp, _codes = added(world, real)
    real.at += timedelta(minutes=5)
    answer = password_given(world).post("/aanmelden/code", {"code": totp.at(real.at - timedelta(seconds=late))})
    assert (answer == "/") is taken


def test_a_minute_off_is_told_and_the_next_code_works(world, real):
    totp, _codes = added(world, real)
    client = password_given(world)
    assert (
        "die de app nu toont"
        in client.post("/aanmelden/code", {"code": totp.at(real.at - timedelta(seconds=60))}).said
    )
    assert client.post("/aanmelden/code", {"code": totp.at(real.at)}) == "/"


def test_after_a_few_wrong_codes_the_password_is_asked_again(world, real):
    totp, _codes = added(world, real)
    client = password_given(world)
    for index in range(TRIES):
        client.post("/aanmelden/code", {"code": f"{index:06}"})
    page = client.get("/aanmelden")
    with client.client.post(
        "/aanmelden/code", data={**page.form()["data"], "code": totp.at(real.at)}
    ) as answer:
        assert answer.headers["Location"] == "/aanmelden"
    assert not is_in(client)


def test_who_knows_the_password_does_not_guess_codes_for_ever(world, real):
    """Each round of wrong codes makes the next password wait longer; the right code forgives."""
    totp, _codes = added(world, real)
    waits = []
    for _round in range(2):
        client = password_given(world)
        for index in range(TRIES):
            client.post("/aanmelden/code", {"code": f"{index:06}"})
        page = world.client().post("/aanmelden", {"email": OWNER, "password": PASSWORD})
        waits.append(int(re.search(r"Wacht (\d+) second", page.said)[1]))
        real.at += timedelta(seconds=waits[-1])
    assert waits == [1, 32]
    assert password_given(world).post("/aanmelden/code", {"code": totp.at(real.at)}) == "/"
    for index in range(TRIES - 1):
        password_given(world).post("/aanmelden/code", {"code": f"{index:06}"})
    password_given(world)


def test_a_password_given_waits_ten_minutes(world, real):
    totp, _codes = added(world, real)
    client = password_given(world)
    page = client.get("/aanmelden/code")
    real.at += HALF
    assert client.post("/aanmelden/code", {"code": totp.at(real.at)}, page=page) == "/aanmelden"


def test_the_token_of_the_first_step_is_worth_nothing_after_the_second(world, real):
    totp, _codes = added(world, real)
    client, thief = password_given(world), world.client()
    (stolen,) = [c.value for c in client.client._cookies.values() if c.key == "sid"]
    client.post("/aanmelden/code", {"code": totp.at(real.at)})
    thief.client.set_cookie("sid", stolen)
    assert is_in(client)
    assert not is_in(thief)


def test_a_lost_device_and_a_code_from_paper(world, real):
    _totp, codes = added(world, real)
    client = password_given(world)
    assert client.post("/aanmelden/code", {"code": codes[0].lower().replace("-", " ")}) == "/"
    assert mailed(world)[-1] == "recovery_used"
    other = password_given(world)
    assert "klopt niet" in other.post("/aanmelden/code", {"code": codes[0]}).said
    assert "U hebt nog 9 herstelcodes." in client.get("/account/tweede-stap").said
    page = send(client, "/account/tweede-stap", "/account/tweede-stap/codes")
    renewed = re.findall(r"<code>([0-9A-Z-]{19})</code>", page.html)
    assert "klopt niet" in other.post("/aanmelden/code", {"code": codes[1]}).said
    assert other.post("/aanmelden/code", {"code": renewed[0]}) == "/"
    assert send(client, "/account/tweede-stap", "/account/tweede-stap/verwijderen") == "/aanmelden"
    assert mailed(world)[-1] == "second_step_removed"
    assert not is_in(other)
    assert world.client().post("/aanmelden", {"email": OWNER, "password": PASSWORD}) == "/"


def test_a_24_a_new_password_does_not_get_around_it(world, real):
    totp, _codes = added(world, real)
    hashed = queries.by_email(world.session, "ggz@proef.example").password  # of the same password
    account = queries.by_email(world.session, OWNER)
    make.done(actions.change_password(account, password_hash=hashed, by=SYSTEM, now=world.now))
    client = password_given(world)
    assert client.post("/aanmelden/code", {"code": totp.at(real.at)}) == "/"


def test_a_form_sent_after_the_end_comes_along_through_both_steps(world, real):
    totp, _codes = added(world, real)
    client = password_given(world)
    client.post("/aanmelden/code", {"code": totp.at(real.at)})
    found = make.draft(world)
    path = f"/aanvragen/{found.reference}/formulier/contact"
    typed = client.get(path).form()["data"] | {"contact_functie": "coördinator"}
    real.at += timedelta(hours=12)
    with client.client.post(path, data=typed) as answer:
        page = Page(answer.get_data(as_text=True))
    for action, more in (
        ("/aanmelden", {"email": OWNER, "password": PASSWORD}),
        ("/aanmelden/code", {"code": totp.at(real.at)}),
    ):
        with client.client.post(action, data=page.form(action)["data"] | more) as answer:
            page = Page(answer.get_data(as_text=True))
    with client.client.post(path, data=page.form(path)["data"]) as answer:
        assert answer.status_code == 303
    assert make.again(world, found).answers[0].body["contact-functie"] == "coördinator"


def test_a_25_the_secret_is_shown_to_its_owner_once_and_stands_nowhere(world, real):
    client = world.client("aanvrager")
    send(client, "/account/tweede-stap", "/account/tweede-stap/begin")
    page = client.get("/account/tweede-stap")
    secret = "".join(re.search(r"<code>([A-Z2-7 ]+)</code>", page.html)[1].split())
    assert secret not in repr(world.image())
    code = pyotp.TOTP(secret).at(real.at)
    page = send(client, "/account/tweede-stap", "/account/tweede-stap/bevestigen", code=code)
    (first, *_others) = re.findall(r"<code>([0-9A-Z-]{19})</code>", page.html)
    kept = repr(world.image())
    assert first not in kept
    assert first.replace("-", "") not in kept
    page = client.get("/account/tweede-stap")
    assert "<svg" not in page.html
    assert secret not in page.html.replace(" ", "")
    assert (
        "account/tweede-stap" not in world.client("beheerder").get("/beheer/gebruikers").html.split("<main")[1]
    )


def test_an_authenticator_that_was_not_confirmed_asks_nothing(world, real):
    client = world.client("aanvrager")
    send(client, "/account/tweede-stap", "/account/tweede-stap/begin")
    assert world.client().post("/aanmelden", {"email": OWNER, "password": PASSWORD}) == "/"
    page = send(client, "/account/tweede-stap", "/account/tweede-stap/bevestigen", code="000000")
    assert "klopt niet" in page.said
    assert world.client().post("/aanmelden", {"email": OWNER, "password": PASSWORD}) == "/"


def test_a_confirmed_one_is_never_swapped_for_another(world, real):
    added(world, real)
    account = queries.by_email(world.session, OWNER)
    refused = second_step_actions.begin_authenticator(account, sealed="x", by=SYSTEM, now=world.now)
    assert [r.code for r in refused.refusals] == ["second_step_is_there"]


def test_adding_or_removing_wants_a_fresh_sign_in(world, real):
    client = world.client("aanvrager")
    real.at += timedelta(minutes=31)
    assert client.client.get("/account/tweede-stap").headers["Location"].startswith("/aanmelden/opnieuw")


def test_roles_of_the_department_sleep_until_there_is_a_second_step(world, made):
    app = made(production=True)
    settings, client = app.extensions["portal"].settings, PageClient(app.test_client())
    client.post("/aanmelden", {"email": "beheerder@proef.example", "password": PASSWORD})
    for path in ("/beheer", "/beheer/gebruikers", "/beheer/dekking"):
        assert client.client.get(path).headers["Location"] == "/account/tweede-stap"
    assert "Voor uw rol bij het departement is dat verplicht" in client.get("/account/tweede-stap").said
    assert "/beheer" not in client.get("/").links
    data = client.get("/account").form("/afmelden")["data"]
    with client.client.post("/beheer/dekking/heropenen", data=data) as answer:
        assert answer.status_code == 403
    send(client, "/account/tweede-stap", "/account/tweede-stap/begin")
    found = world.session.query(Authenticator).one()
    _picture, secret = factors.shown(settings, found.sealed, "x")
    code = pyotp.TOTP(secret.replace(" ", "")).now()
    send(client, "/account/tweede-stap", "/account/tweede-stap/bevestigen", code=code)
    client.get("/beheer/gebruikers")
    assert "Ze kan niet weg" in client.get("/account/tweede-stap").said
    account = queries.by_email(world.session, "beheerder@proef.example")
    refused = second_step_actions.remove_authenticator(account, by=world.person("beheerder"), now=world.now)
    assert [r.code for r in refused.refusals] == ["second_step_is_required"]


def test_an_applicant_in_production_needs_none(made):
    client = PageClient(made(production=True).test_client())
    assert client.post("/aanmelden", {"email": OWNER, "password": PASSWORD}) == "/"
    client.get("/aanvragen")


@ON_BOTH
def test_another_key_opens_no_secret(world):
    settings = world.app.extensions["portal"].settings
    sealed = factors.new_secret(settings)
    other = type(settings)(**{**settings.__dict__, "secret_key": "another"})
    assert factors.shown(other, sealed, "x") is None
    assert factors.step_of(other, sealed, "000000", NOW) is None


@ON_BOTH
@pytest.mark.parametrize("code", ["", "      ", "12345", "1234567", "abcdef", "٠١٢٣٤٥", "0" * 40, "-12345"])
def test_what_is_no_code_is_wrong(world, code):
    settings = world.app.extensions["portal"].settings
    assert factors.step_of(settings, factors.new_secret(settings), code, NOW) is None


def test_a_lost_second_step_is_taken_away_by_the_system_on_record(world, real):
    added(world, real)
    account = queries.by_email(world.session, OWNER)
    make.done(second_step_actions.remove_authenticator(account, by=SYSTEM, now=world.now))
    assert mailed(world)[-1] == "second_step_removed"
    assert world.session.query(RecoveryCode).count() == 0
