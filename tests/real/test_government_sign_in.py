"""Signing in by the government's provider, all the way: with a certified provider and the whole portal."""

from __future__ import annotations

import html
import re
from urllib.parse import urlsplit

import pytest
import requests

from portal.access import SYSTEM, Role
from portal.accounts import actions, links
from portal.accounts.models import SignIn
from portal.clock import brussels_day
from portal.government import actions as government_actions
from portal.government.models import Identity
from portal.journal.models import Delivery
from portal.organisations import queries as organisations
from portal.second_step import actions as second_step_actions
from portal.second_step import factors
from tests import make
from tests.conftest import ON_BOTH, ON_POSTGRESQL, ON_SQLITE, ORGANISATIONS, PASSWORD
from tests.pages import PageClient
from tests.parts import at_once, openid_provider

pytestmark = ON_SQLITE

BACK = "http://localhost/aanmelden/overheid/terug"
START = "/aanmelden/overheid"
DEPARTMENT = {"vo_orgcode": "OVO999999", "vo_orgnaam": "Departement Zorg"}
TOWN = {"vo_orgcode": "0000820045", "vo_orgnaam": "OCMW Elders", "mandaatportaal_rol_3d": "Aanvrager"}


@pytest.fixture(scope="module")
def provider():
    with openid_provider(BACK) as found:
        yield found


@pytest.fixture
def app(made, provider):
    return made(production=True, oidc=provider.government, base_url="http://localhost")


@pytest.fixture
def visitor(app):
    return Visitor(app)


class Visitor(PageClient):
    """Somebody with a browser here and one at the provider."""

    def __init__(self, app):
        super().__init__(app.test_client())
        self.elsewhere = requests.Session()

    def come_back(self, provider, who, path=START):
        """Leave for the provider, sign in there, and come back: the page that asks to go on."""
        with self.client.get(path) as answer:
            assert answer.status_code == 303, answer.text
            away = answer.headers["Location"]
        back = urlsplit(provider.visit(away, who, self.elsewhere))
        return self.get(f"{back.path}?{back.query}")

    def arrive(self, provider, who, path=START):
        """All the way; where that leads."""
        page = self.come_back(provider, who, path)
        return self.post("/", page=page, action="/aanmelden/overheid/verder")


def known(world, provider, who="alice", email="alice@elders.example"):
    """An account that is tied to somebody at the provider."""
    world.session.rollback()
    made = actions.enrol(
        world.session, email=email, label="medewerker", password_hash="x", by=SYSTEM, now=world.now
    )
    account = make.done(made)
    identity = make.done(
        government_actions.meet(
            world.session, issuer=provider.government.issuer, known_as=who, by=SYSTEM, now=world.now
        )
    )
    make.done(
        government_actions.tie_identity(
            identity, by=organisations.person_of(account, brussels_day(world.now)), now=world.now
        )
    )
    return account


def test_the_first_time_an_address_is_proved_and_then_one_acts_for_the_organisation_chosen(
    world, provider, visitor
):
    provider.says("nieuw", **TOWN)
    page = visitor.come_back(provider, "nieuw")
    assert "OCMW Elders" in page.said
    assert "U handelt voor OCMW Elders zolang u zo aangemeld bent" in page.said
    assert world.session.query(Identity).count() == 0  # coming back writes nothing
    assert visitor.post("/", page=page, action="/aanmelden/overheid/verder") == "/aanmelden/overheid/adres"
    assert (
        visitor.post("/aanmelden/overheid/adres", {"email": "n@elders.example"})
        == "/account/kijk-in-uw-mailbox"
    )
    world.session.rollback()
    (told,) = world.session.query(Delivery).filter_by(kind="identity_link")
    settings = visitor.client.application.extensions["portal"].settings
    path = urlsplit(links.address_of(settings, told.data["link"])).path
    another = Visitor(visitor.client.application)  # whose mailbox it is, at a browser that never went there
    assert "Meld u eerst in deze browser aan" in another.get(path, status=403).said
    token = another.get("/aanmelden").form()["data"]["csrf_token"]
    with another.client.post(path, data={"label": "slachtoffer", "csrf_token": token}) as answer:
        assert answer.status_code == 403
    assert another.arrive(provider, "nieuw", f"{START}?verder={path}") == path
    assert visitor.post(path, {"label": "medewerker"}) == "/aanmelden"
    visitor.get(path, status=410)
    world.session.rollback()
    (told,) = world.session.query(Delivery).filter_by(kind="identity_tied")
    assert told.address == "n@elders.example"
    assert visitor.arrive(provider, "nieuw") == "/"
    said = visitor.get("/organisatie").said
    assert "OCMW Elders" in said
    assert "0000.820.045" in said
    assert "Ondernemingsnummer" in said
    visitor.get("/aanvragen")


@ON_BOTH
def test_the_account_key_is_issuer_and_subject_never_a_mail_address(world, provider, visitor):
    """Whoever the provider says has the administrator's address is nobody here."""
    provider.says("dief", email="beheerder@proef.example", vo_email="beheerder@proef.example", **TOWN)
    assert visitor.arrive(provider, "dief") == "/aanmelden/overheid/adres"
    visitor.post("/aanmelden/overheid/adres", {"email": "beheerder@proef.example"})
    world.session.rollback()
    (told,) = world.session.query(Delivery).filter_by(kind="identity_to_tie")
    assert told.address == "beheerder@proef.example"
    assert world.session.query(Delivery).filter_by(kind="identity_link").count() == 0
    assert world.session.query(SignIn).count() == 0


@ON_BOTH
def test_switching_to_another_organisation_leaves_the_first(world, provider, visitor):
    known(world, provider)
    provider.says("alice", **TOWN)
    assert visitor.arrive(provider, "alice") == "/"
    assert "OCMW Elders" in visitor.get("/organisatie").said
    number, name = ORGANISATIONS["ggz"]
    provider.says("alice", vo_orgcode=number, vo_orgnaam="Een andere naam", mandaatportaal_rol_3d=["Aanvrager"])
    assert visitor.arrive(provider, "alice", f"{START}?opnieuw=1") == "/"
    said = visitor.get("/organisatie").said
    assert name in said  # as it is known here
    assert "OCMW Elders" not in said


ROLES_TOLD = {
    "an administrator of the department": (
        {**DEPARTMENT, "mandaatportaal_rol_3d": "Beheerder"},
        {Role.ADMINISTRATOR},
    ),
    "two roles": (
        {**DEPARTMENT, "mandaatportaal_rol_3d": "Beheerder, Beoordelaar"},
        {Role.ADMINISTRATOR, Role.REVIEWER},
    ),
    "for the department by key": (
        {**DEPARTMENT, "mandaatportaal_rol_3d": "Beheerder:OVO999999"},
        {Role.ADMINISTRATOR},
    ),
    "for another by key": ({**DEPARTMENT, "mandaatportaal_rol_3d": "Beheerder:OVO000001"}, set()),
    "a department role elsewhere": ({**TOWN, "mandaatportaal_rol_3d": "Beheerder"}, set()),
    "a role nobody knows": ({**DEPARTMENT, "mandaatportaal_rol_3d": "Koning"}, set()),
    "an applicant at the department": ({**DEPARTMENT, "mandaatportaal_rol_3d": "Aanvrager"}, set()),
    "no number": ({**TOWN, "vo_orgcode": "0000820046"}, set()),
    "nothing": ({}, set()),
}


@pytest.mark.parametrize("what", ROLES_TOLD)
def test_roles_come_from_the_claims_and_department_roles_from_the_department_alone(
    world, provider, visitor, what
):
    claims, roles = ROLES_TOLD[what]
    known(world, provider)
    provider.says("alice", acr="urn:proef:sterk", **claims)
    assert visitor.arrive(provider, "alice") == "/"
    world.session.rollback()
    (sign_in,) = world.session.query(SignIn)
    assert {Role(role) for role in sign_in.claimed} == roles
    status = 200 if Role.ADMINISTRATOR in roles else 403
    with visitor.client.get("/beheer") as answer:
        assert answer.status_code == status
    with visitor.client.get(
        "/aanvragen"
    ) as answer:  # who has no role of the department is led to an organisation
        assert answer.status_code == (403 if roles else 303)


def test_department_roles_sleep_unless_two_steps_were_proved_there_or_here(world, provider, visitor):
    known(world, provider)
    provider.says("alice", mandaatportaal_rol_3d="Beheerder", **DEPARTMENT)
    visitor.arrive(provider, "alice")
    with visitor.client.get("/beheer") as answer:
        assert answer.headers["Location"].startswith("/account/tweede-stap")
    provider.says("alice", acr="urn:proef:sterk", mandaatportaal_rol_3d="Beheerder", **DEPARTMENT)
    visitor.arrive(provider, "alice", f"{START}?opnieuw=1")
    visitor.get("/beheer")
    assert "Zolang u zo aangemeld bent: beheerder." in visitor.get("/account").said


@ON_BOTH
def test_a_second_step_of_the_account_is_asked_here_where_the_provider_asked_none(world, provider, visitor):
    account = known(world, provider)
    settings = world.app.extensions["portal"].settings
    sealed = factors.new_secret(settings)
    by = organisations.person_of(account, brussels_day(world.now))
    make.done(second_step_actions.begin_authenticator(account, sealed=sealed, by=by, now=world.now))
    make.done(
        second_step_actions.confirm_authenticator(
            account, sealed=sealed, step=1, codes=["x"], by=by, now=world.now
        )
    )
    provider.says("alice", **TOWN)
    assert visitor.arrive(provider, "alice").startswith("/aanmelden/code")
    provider.says("alice", acr="urn:proef:sterk", **TOWN)
    assert visitor.arrive(provider, "alice", f"{START}?opnieuw=1") == "/"


def test_roles_end_with_the_sign_in_and_with_the_account(world, provider, visitor):
    account = known(world, provider)
    provider.says("alice", acr="urn:proef:sterk", mandaatportaal_rol_3d="Beheerder", **DEPARTMENT)
    visitor.arrive(provider, "alice")
    visitor.get("/beheer")
    make.done(actions.disable(account, by=SYSTEM, now=world.now))
    with visitor.client.get("/beheer") as answer:
        assert answer.status_code == 303
    assert visitor.arrive(provider, "alice") == "/aanmelden"
    assert "uitgeschakeld" in visitor.get("/aanmelden").said


def test_one_ties_it_to_an_account_one_has_and_unties_it(world, provider, visitor):
    provider.says("eva", **TOWN)
    visitor.post("/aanmelden", {"email": "aanvrager@proef.example", "password": PASSWORD})
    page = visitor.come_back(provider, "eva", f"{START}?verder=/account")
    assert "Deze aanmelding koppelen?" in page.said
    assert "U bent hier aangemeld als aanvrager@proef.example" in page.said
    assert visitor.post("/", page=page, action="/aanmelden/overheid/verder") == "/account/overheid"
    world.session.rollback()
    (told,) = world.session.query(Delivery).filter_by(kind="identity_tied")
    assert told.address == "aanvrager@proef.example"
    other = Visitor(visitor.client.application)
    assert other.arrive(provider, "eva") == "/"
    assert "aanvrager@proef.example" in other.get("/account").said
    (identity,) = world.session.query(Identity)
    page = visitor.get("/account/overheid")
    visitor.post("/account/overheid", page=page, action=f"/account/overheid/{identity.id}/ontkoppelen")
    assert other.client.get("/account").status_code == 303
    assert other.arrive(provider, "eva") == "/aanmelden/overheid/adres"


def test_the_way_back_counts_once_and_in_the_browser_that_left(world, provider, visitor, app):
    known(world, provider)
    provider.says("alice", **TOWN)
    page = visitor.come_back(provider, "alice")
    thief = Visitor(app)
    form = page.form("/aanmelden/overheid/verder")["data"]
    token = thief.get("/aanmelden").form()["data"]["csrf_token"]
    with thief.client.post("/aanmelden/overheid/verder", data={**form, "csrf_token": token}) as answer:
        assert answer.status_code == 400
    assert visitor.post("/", page=page, action="/aanmelden/overheid/verder") == "/"
    token = visitor.get("/account").forms[0]["data"]["csrf_token"]
    with visitor.client.post("/aanmelden/overheid/verder", data={**form, "csrf_token": token}) as answer:
        assert answer.status_code == 400
    with thief.client.get(f"{urlsplit(BACK).path}?code=x&state=y") as answer:
        assert answer.status_code == 400
        assert "Begin opnieuw" in answer.text


def test_with_the_provider_down_the_administrator_gets_in_by_password_on_record_and_told(world, made, provider):
    down = provider.government.model_copy(update={"issuer": "http://127.0.0.1:9"})
    visitor = Visitor(made(production=True, oidc=down, base_url="http://localhost"))
    page = visitor.get("/aanmelden")
    assert "Meld u aan langs de Vlaamse overheid" in page.said
    with visitor.client.get(START) as answer:
        assert answer.status_code == 503
        assert "antwoordt niet" in answer.text
        assert "Meld u aan met een e-mailadres en wachtwoord" in answer.text
    visitor.post("/aanmelden", {"email": "beheerder@proef.example", "password": PASSWORD})
    world.session.rollback()
    told = world.session.query(Delivery).filter_by(kind="came_beside")
    assert [d.address for d in told] == ["beheerder@proef.example"]
    Visitor(visitor.client.application).post("/aanmelden", {"email": "ggz@proef.example", "password": PASSWORD})
    assert world.session.query(Delivery).filter_by(kind="came_beside").count() == 1


def test_what_was_typed_before_the_sign_in_ended_comes_along(world, provider, visitor):
    known(world, provider)
    provider.says("alice", **TOWN)
    visitor.arrive(provider, "alice")
    page = visitor.get("/organisatie/lid-worden")
    form = page.form()["data"]
    world.session.rollback()
    (sign_in,) = world.session.query(SignIn)
    by = organisations.person_of(sign_in.account, brussels_day(world.now))
    make.done(actions.end_sign_in(sign_in, by=by, now=world.now))
    sent = {**form, "number": "0000100166", "name": "Lang getypt"}
    with visitor.client.post("/organisatie/lid-worden", data=sent) as answer:
        assert answer.status_code == 403
        kept = re.search(r'action="/aanmelden/verder".*?name="kept" value="([^"]*)"', answer.text, re.S)[1]
        onward = re.search(r'action="/aanmelden/verder".*?name="onward" value="([^"]*)"', answer.text, re.S)[1]
    visitor.arrive(provider, "alice")  # in another tab
    data = {"csrf_token": form["csrf_token"], "kept": html.unescape(kept), "onward": onward}
    with visitor.client.post("/aanmelden/verder", data=data) as answer:
        assert answer.status_code == 200
        assert "Lang getypt" in answer.text


def test_without_the_settings_there_is_no_such_way_in(world):
    client = world.client()
    assert "overheid" not in client.get("/aanmelden").said.replace("geen overheidswebsite", "")
    for path in (START, urlsplit(BACK).path, "/aanmelden/overheid/adres"):
        client.get(path, status=404)


@ON_POSTGRESQL
def test_the_same_press_twice_at_once_meets_one_person(world):
    def meet():
        with world.database.session() as session:
            met = government_actions.meet(
                session, issuer="https://x.example", known_as="twee", by=SYSTEM, now=world.now
            )
            return met.value.id

    assert len(set(at_once(meet, meet, meet, meet))) == 1
