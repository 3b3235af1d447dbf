"""A region decided in a browser through a reviewer who left, a withdrawal, a late tie and a ranking that
changed by it: to letters whose every number a person can compute again from the page.
"""

import io
import re
from decimal import Decimal

import pypdf
import pytest

from portal.access import SYSTEM
from portal.accounts import actions as account_actions
from portal.accounts import queries as accounts
from portal.applications.lifecycle import Status
from portal.applications.models import Application
from portal.journal import queries as journal
from portal.organisations import actions as organisation_actions
from portal.reviews import queries as reviews
from tests import make
from tests.conftest import ON_SQLITE, ORGANISATIONS
from tests.journeys.conftest import Visitor, signed_in

pytestmark = ON_SQLITE
PAGE = "/beheer/regios/midwest?ronde=1"
OURS, RIVAL, VILLAGE = "OCMW Proefstad", "CAW Rivaal", "OCMW Kleindorp"
LEVELS = {  # by reviewer, then by lead: first ours leads by far, without the second reviewer the rival does
    "beoordelaar1": {OURS: 3, RIVAL: 4},
    "beoordelaar2": {OURS: 5, RIVAL: 3, VILLAGE: 4},
}


@pytest.fixture
def region(world, monkeypatch):
    """Three submitted applications in one region, closed and found admissible: references by lead."""
    monkeypatch.setitem(ORGANISATIONS, "dorp", ("0000500539", VILLAGE))
    hashed = accounts.by_email(world.session, "aanvrager@proef.example").password
    made = account_actions.enrol(
        world.session, email="dorp@proef.example", label="dorp", password_hash=hashed, by=SYSTEM, now=world.now
    )
    number, name = ORGANISATIONS["dorp"]
    known = make.done(
        organisation_actions.register(world.session, number=number, name=name, by=SYSTEM, now=world.now)
    )
    make.done(organisation_actions.join(make.done(made), organisation=known, by=SYSTEM, now=world.now))
    found = [make.application(world, Status.SUBMITTED, lead=lead) for lead in ("aanvrager", "rivaal", "dorp")]
    make.closed(world)
    for one in found:
        make.admit(world, make.again(world, one))
    return {one.lead.name: one.reference for one in (make.again(world, one) for one in found)}


def test_every_number_in_the_letters_can_be_computed_from_the_page(browser, world, base, region):
    Visitor.checked.clear()
    desk, second = (signed_in(browser, base, name) for name in ("beheerder", "medeondertekenaar"))
    assigned_from_the_page(desk)
    all_but_one_handed_in(world)
    a_reviewer_left(world, desk)
    decided_for_ours(desk, second, region)
    the_village_withdraws(browser, base, desk, region)
    a_late_tie(browser, base, desk)
    decided_again(desk, second, region)
    numbers = everything_adds_up(desk)
    desk.click("Geef de beslissingen van deze regio vrij")
    assert "Alle beslissingen van deze regio zijn vrijgegeven." in desk.said
    for lead, name in ((OURS, "aanvrager"), (RIVAL, "rivaal")):
        the_letter_says_the_same(browser, base, name, region[lead], numbers[lead])
    ours = letter_of(browser, base, "aanvrager", region[OURS])
    assert "Plaats 2 van 2, met 60,00 procent. Eerste: CAW Rivaal met 80,00 procent." in ours
    world.session.rollback()
    assert journal.verify(world.session) == []


def assigned_from_the_page(desk):
    desk.go(PAGE)
    desk.click("Wijs toe aan beoordelaars")
    for name in ("beoordelaar1", "beoordelaar2"):
        desk.choose(f"{name} ({name}@proef.example)")
    desk.click("Wijs toe", exact=True)
    assert "6 beoordelingen toegewezen" in desk.said


def all_but_one_handed_in(world):
    world.session.rollback()
    found = world.session.query(Application).all()
    for review in reviews.of_applications(world.session, [one.id for one in found]):
        level = LEVELS[review.reviewer.label].get(review.application.lead.name)
        if level is not None:
            make.hand_in(world, world.session.get(type(review), review.id), level=level)


def a_reviewer_left(world, desk):
    world.session.rollback()
    gone = accounts.by_email(world.session, "beoordelaar1@proef.example")
    make.done(account_actions.disable(gone, by=SYSTEM, now=world.now))
    desk.go(PAGE)
    assert "de beoordelaar heeft een band, of is er niet meer" in desk.said
    desk.shot("regio-terugnemen")
    desk.click(f"Neem de toewijzing van {VILLAGE} terug")
    desk.fill(reason="Werkt niet meer bij het departement.")
    desk.click("Neem de toewijzing terug")


def prepared(desk, reference, outcome, why_not=""):
    desk.go(f"/beheer/beslissingen/voorbereiden/{reference}")
    desk.choose(outcome)
    desk.fill(reason=make.REASON, **{f"reason_{key}": make.REASON for key in make.CRITERIA})
    if why_not:
        desk.fill(deviation=why_not)
    desk.click("Leg voor aan een tweede persoon")
    return desk.page.url.rsplit("/", 1)[1]


def confirmed(second, decision):
    second.go(f"/beheer/beslissingen/{decision}/bevestigen")
    second.click("Ik bevestig deze beslissing")


def decided_for_ours(desk, second, region):
    desk.go(PAGE)
    assert desk.page.get_by_role("row", name=re.compile(f"^1 {OURS}")).count() == 1
    confirmed(second, prepared(desk, region[OURS], "Goedgekeurd"))


def the_village_withdraws(browser, base, desk, region):
    lead = signed_in(browser, base, "dorp", phone=True)
    lead.go(f"/aanvragen/{region[VILLAGE]}/intrekken")
    lead.fill(reason="Een partner stopt.")
    lead.page.locator("form button").last.click()
    desk.go(PAGE)
    assert VILLAGE not in desk.said
    assert "basis veranderd" in desk.said
    assert "De basis van een beslissing veranderde." in desk.said


def a_late_tie(browser, base, desk):
    reviewer = signed_in(browser, base, "beoordelaar2")
    reviewer.go(f"/beoordeling/belangen?nummer={ORGANISATIONS['rivaal'][0]}")
    reviewer.choose("Ik zetel of zetelde in het bestuur")
    reviewer.click("Verklaar deze band")
    assert "ziet u niet meer" in reviewer.said
    for _each in (OURS, RIVAL):
        desk.go(PAGE)
        assert "Wie een band heeft en hier iets deed" in desk.said
        desk.page.locator(".card.open a.govuk-button").click()
        desk.fill(reason="Heeft een band met een partner.")
        desk.click("Neem de toewijzing terug")
    desk.go(PAGE)
    assert desk.page.get_by_role("row", name=re.compile(f"^1 {RIVAL}")).count() == 1
    desk.shot("regio-band")


def decided_again(desk, second, region):
    desk.click("Bekijk wat veranderde")
    assert "De basis is veranderd sinds het voorbereiden" in desk.said
    assert "Doet niet meer mee" in desk.said
    assert "– →" not in desk.said
    desk.shot("beslissing-basis-veranderd")
    desk.click("Trek de beslissing in")
    for lead, outcome in ((RIVAL, "Goedgekeurd"), (OURS, "Niet goedgekeurd")):
        decision = prepared(desk, region[lead], outcome)
        second.go(PAGE)
        second.click(f"Lees en bevestig de beslissing over {lead}")
        second.click("Ik bevestig deze beslissing")
        assert decision
    desk.go(PAGE)
    desk.shot("regio")


def number(text):
    return Decimal(text.replace(",", "."))


def everything_adds_up(desk):
    """The ranking of the page, computed again from its own cells: averages by lead, and the total."""
    table = desk.page.get_by_role("table", name="Rangschikking")
    weights = [
        int(re.search(r"(\d+) %", head)[1]) for head in table.locator("thead th.number").all_inner_texts()[:-1]
    ]
    assert sum(weights) == 100
    found = {}
    for row in table.locator("tbody tr").all():
        lead = row.locator("a").inner_text()
        cells = [c.split("\n") for c in row.locator("td.number").all_inner_texts()]
        *criteria, total = [[part for part in cell if part] for cell in cells]
        averages = [number(cell[0]) for cell in criteria]
        points = [number(cell[1].removesuffix(" punten")) for cell in criteria]
        assert points == [a / 5 * w for a, w in zip(averages, weights, strict=True)]
        assert sum(points) == number(total[0])
        found[lead] = (averages, points, number(total[0]))
    assert [found[lead][2] for lead in (RIVAL, OURS)] == [80, 60]
    return found


def letter_of(browser, base, name, reference):
    lead = signed_in(browser, base, name)
    lead.go(f"/aanvragen/{reference}/beslissing")
    with lead.page.expect_download() as download:
        lead.page.get_by_text("Download de brief (pdf)").click()
    body = download.value.path().read_bytes()
    said = " ".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(body)).pages)
    return re.sub(r"\s+", " ", said)


def the_letter_says_the_same(browser, base, name, reference, numbers):
    said = letter_of(browser, base, name, reference)
    averages, points, total = numbers
    for value in (*averages, *points, total):
        assert f"{value:.2f}".replace(".", ",") in said
