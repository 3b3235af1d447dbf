"""Newcomers on a phone: a lead without an account, and partners who come by one mail, each led step by step to
a signed application.
"""

import time
from urllib.parse import urlsplit

import pytest

from portal import compose
from portal.clock import StandingClock
from portal.journal.models import Delivery
from portal.organisations.models import MembershipRequest
from tests import make
from tests.conftest import ON_SQLITE, ORGANISATIONS
from tests.journeys.conftest import Visitor, signed_in

pytestmark = ON_SQLITE
WORD = "paarse fiets onder de brug 7"
PARTNERS = {
    "ggz": ("0000820045", "CGG Nieuwkomer", "ggz@nieuw.example"),
    "vaph": ("0000811434", "VAPH Nieuwkomer", "vaph@nieuw.example"),
}


@pytest.fixture
def real(world):
    clock = StandingClock(make.parse_local("2026-11-25T09:00"))
    world.use(real=clock)
    return clock


def mailed(world, kind, address):
    """The last mail of a kind to an address: its words, and the way it leads."""
    world.session.rollback()
    found = (
        world.session.query(Delivery).filter_by(kind=kind, address=address).order_by(Delivery.id.desc()).first()
    )
    settings = world.app.extensions["portal"].settings
    _subject, text = compose.composer(settings).worded(kind, found.data)
    links = [word for word in text.split() if word.startswith(settings.base_url)]
    return text, urlsplit(links[0])


def follow(one, address):
    one.go(f"{address.path}?{address.query}" if address.query else address.path)


def admitted(browser, base, world):
    """The department lets whoever asked act."""
    desk = signed_in(browser, base, "beheerder")
    world.session.rollback()
    asked = world.session.query(MembershipRequest).order_by(MembershipRequest.id.desc()).first()
    desk.go(f"/organisatie/vragen/{asked.id}")
    desk.click("Aanvaard")


def test_a_lead_is_led_from_a_wish_to_a_draft(browser, world, base, real):
    one = Visitor(browser, base, phone=True)
    one.go("/aanvragen/nieuw")
    assert "/aanmelden" in one.page.url
    one.page.get_by_role("link", name="Maak er een").click()
    one.fill(email="lead@nieuw.example")
    one.click("Stuur me een link")
    _text, way = mailed(world, "account_link", "lead@nieuw.example")
    follow(one, way)
    one.fill(label="coördinator", password=WORD)
    one.click("Maak mijn account")
    assert "Zeg eerst voor welke organisatie u handelt" in one.said
    assert "werkdagen" in one.said
    one.fill(number=PARTNERS["ggz"][0], name="OCMW Nieuwkomer")
    one.click("Verstuur de vraag")
    assert "U krijgt een mail zodra iemand beslist" in one.said
    admitted(browser, base, world)
    text, _way = mailed(world, "membership_decided", "lead@nieuw.example")
    assert "/aanvragen" in text
    one.go("/aanvragen/nieuw")
    assert one.page.locator("h1").inner_text() != "Vraag om voor een organisatie te handelen"


def test_partners_come_by_one_mail_each_and_sign_within_minutes(browser, world, base, real):
    found = make.draft(world)
    lead = world.client("aanvrager")
    home = f"/aanvragen/{found.reference}"
    for seat, (number, name, email) in PARTNERS.items():
        typed = {"number": number, "name": name, "kind": make.KINDS[seat], "email": email}
        assert isinstance(lead.post(f"{home}/consortium/{seat}", typed), str)
    make.answer(world, make.again(world, found))
    make.done(make.attach(world, make.again(world, found), make.form_pdf(world, make.again(world, found))))
    spent = {}
    for seat, (_number, name, email) in PARTNERS.items():
        began = time.monotonic()
        one = Visitor(browser, base, phone=True)
        text, way = mailed(world, "invitation", email)
        assert "Maak uw account met deze link" in text
        follow(one, way)
        one.fill(label="directeur", password=WORD)
        one.click("Maak mijn account")
        assert one.page.input_value("input[name=name]") == name  # the lead named it
        one.click("Verstuur de vraag")
        waited = time.monotonic()
        admitted(browser, base, world)
        began += time.monotonic() - waited
        one.go(home)
        one.go(f"{home}/consortium/{seat}/bevestigen")
        one.click("Ja, wij bevestigen")
        one.go(f"{home}/ondertekening")
        one.page.get_by_role("checkbox").first.check()
        one.click("Ondertekenen", exact=True)
        spent[seat] = time.monotonic() - began
    world.session.rollback()
    signed = {s.seat for s in make.again(world, found).sign_offs}
    assert signed == {"ggz", "vaph"}
    assert max(spent.values()) < 180
    assert ORGANISATIONS["aanvrager"][1] in lead.get(home).said
