"""Signing in by the government's provider in a browser: the first time, for one organisation and then for
another.
"""

import threading
from urllib.parse import urlsplit

import pytest
from werkzeug.serving import make_server

from portal.accounts import links
from portal.journal.models import Delivery
from tests.conftest import ON_SQLITE
from tests.journeys.conftest import Visitor
from tests.parts import free_port, openid_provider

pytestmark = ON_SQLITE

TOWN = {"vo_orgcode": "0000820045", "vo_orgnaam": "OCMW Elders", "mandaatportaal_rol_3d": "Aanvrager"}
CENTRE = {"vo_orgcode": "0000820144", "vo_orgnaam": "CGG Elders", "mandaatportaal_rol_3d": "Aanvrager"}


@pytest.fixture
def served(made):
    """The portal as a department runs it, with a provider; its address, the provider, its settings."""
    port = free_port()
    base = f"http://127.0.0.1:{port}"
    with openid_provider(f"{base}/aanmelden/overheid/terug") as provider:
        app = made(production=True, oidc=provider.government, base_url=base)
        server = make_server("127.0.0.1", port, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield base, provider, app.extensions["portal"].settings
        server.shutdown()


def test_by_the_government_the_first_time_and_for_another_organisation(browser, world, served):
    base, provider, settings = served
    one = Visitor(browser, base, phone=True)
    provider.says("alice", **TOWN)
    away(one, "Meld u aan langs de Vlaamse overheid")
    assert "OCMW Elders" in one.said
    one.shot("overheid-eerste-keer")
    one.click("Ga verder")
    one.fill(email="alice@elders.example")
    one.click("Verstuur de link")
    world.session.rollback()
    (told,) = world.session.query(Delivery).filter_by(kind="identity_link")
    one.go(urlsplit(links.address_of(settings, told.data["link"])).path)
    one.fill(label="medewerker")
    one.click("Maak mijn account")
    assert "Uw account is gemaakt. Meld u nu aan." in one.said
    with one.page.expect_navigation(url="**/terug?*"):  # known there: it leads straight back
        one.find("Meld u aan langs de Vlaamse overheid").first.click()
    one.check()
    assert "alice@elders.example" in one.said
    one.click("Ga verder")
    one.go("/organisatie")
    assert "OCMW Elders" in one.said
    one.shot("overheid-organisatie")
    provider.says("alice", **CENTRE)
    one.go("/account")
    one.click("Aanmelden langs")
    one.shot("overheid-account")
    away(one, "Wissel van organisatie", here=True)
    assert "U handelt voor CGG Elders zolang u zo aangemeld bent" in one.said
    one.click("Ga verder")
    one.go("/organisatie")
    assert "CGG Elders" in one.said
    assert "OCMW Elders" not in one.said


def away(one, link, *, here=False):
    """To the provider by this link, signed in there as a person does, and back."""
    if not here:
        one.go("/aanmelden")
        one.shot("overheid-aanmelden")
    with one.page.expect_navigation():
        one.find(link).first.click()
    one.page.locator("input[name=login]").fill("alice")
    one.page.locator("input[name=password]").fill("x")
    one.page.locator("button[type=submit]").click()
    if "/terug?" not in one.page.url:
        one.page.wait_for_load_state()
        if one.page.locator("button[type=submit]").count() and "/interaction/" in one.page.url:
            one.page.locator("button[type=submit]").click()
    one.page.wait_for_url("**/terug?*")
    one.noise.clear()  # the provider's own page is not ours to judge
    one.check()
