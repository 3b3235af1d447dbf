"""An organisation comes to the portal, is approved, invites a colleague; a reviewer's role is given and
ends.
"""

import re

from tests.journeys.conftest import Visitor

PASSWORD = "vier paarden op het dak"


def mailed_link(visitor, subject):
    """Where the newest mail with this subject leads: mails of the demo go to a page."""
    visitor.go("/demo/mails")
    visitor.click(subject)
    return re.search(r"http://\S+/(?:account/nieuw|organisatie/uitnodiging)/\S+", visitor.said)[0]


def go(visitor, link):
    visitor.go("/" + link.split("/", 3)[3])


def test_an_organisation_registers_is_approved_and_invites(browser, demo):
    first, desk = Visitor(browser, demo), Visitor(browser, demo)
    it_makes_an_account(first)
    it_asks_to_act_for_its_organisation(first)
    the_desk_approves(desk)
    colleague = Visitor(browser, demo, phone=True)
    it_invites_a_colleague(first, colleague)
    it_can_apply(first)
    the_first_may_not_leave_them_alone(first)


def it_makes_an_account(first):
    first.go("/aanmelden")
    first.click("Maak er een")
    first.fill(email="directie@nieuwkomer.example")
    first.page.locator("main form button").click()
    first.check()
    go(first, mailed_link(first, "Link om een account te maken"))
    first.fill(label="directie", password=PASSWORD)
    first.click("Maak mijn account")


def it_asks_to_act_for_its_organisation(first):
    first.go("/organisatie")
    assert "nog voor geen organisatie" in first.said
    first.shot("geen-organisatie")
    first.click("Vraag om voor een organisatie te handelen")
    first.fill(number="0000.820.046", name="vzw Nieuwkomer")
    first.click("Verstuur de vraag")
    assert "het controlegetal klopt niet" in first.said
    first.shot("lid-worden-fout")
    first.fill(number="0000.820.045")
    first.click("Verstuur de vraag")
    assert "vzw Nieuwkomer (0000.820.045)" in first.said


def the_desk_approves(desk):
    desk.bar("beheerder")
    desk.go("/beheer")
    desk.shot("bureau")
    desk.click("Vragen om voor een organisatie te handelen")
    desk.click("vzw Nieuwkomer (0000.820.045)")
    desk.shot("lid-vraag")
    desk.click("Aanvaard")
    assert "De aanvrager krijgt een mail" in desk.said
    desk.shot("organisaties")


def it_invites_a_colleague(first, colleague):
    first.go("/organisatie")
    assert "vzw Nieuwkomer" in first.said
    first.click("Nodig iemand uit")
    first.fill(email="collega@nieuwkomer.example")
    first.click("Verstuur de uitnodiging")
    first.shot("organisatie")
    go(colleague, mailed_link(colleague, "Uitnodiging om voor een organisatie te handelen"))
    colleague.shot("uitnodiging")
    colleague.fill(label="medewerker", password=PASSWORD)
    colleague.click("Maak mijn account")
    assert "U handelt nu voor vzw Nieuwkomer" in colleague.said
    colleague.shot("organisatie")


def it_can_apply(first):
    first.go("/aanvragen")
    first.click("Start een aanvraag")
    first.click("Begin")
    assert "vzw Nieuwkomer" in first.said or "Kies" in first.said


def the_first_may_not_leave_them_alone(first):
    first.go("/organisatie")
    first.click("Verlaat de organisatie")
    first.click("Ja, verlaat de organisatie")
    assert "Maak eerst een van hen beheerder" in first.said


def test_a_reviewer_whose_role_is_given_and_ends(browser, demo):
    desk, reviewer = Visitor(browser, demo), Visitor(browser, demo)
    desk.bar("beheerder")
    reviewer.bar("beoordelaar 1")
    reviewer.go("/beoordeling")
    desk.go("/beheer/gebruikers")
    desk.shot("gebruikers")
    desk.fill(zoek="beoordelaar1")
    desk.click("Zoek")
    desk.click("beoordelaar1@demo.example")
    desk.shot("gebruiker")
    desk.click("Geef een rol, of wijzig ze")
    desk.choose("beoordelaar")
    desk.choose("Alleen in de regio's die u hieronder aankruist")
    desk.fill(until="1/1/2020")
    desk.click("Stel de rol voor")
    assert "ligt in het verleden" in desk.said
    desk.shot("rol-geven")
    desk.choose("Midwest")
    desk.fill(until="16/05/2023")
    desk.click("Stel de rol voor")
    assert "Dit wacht op een tweede persoon" in desk.said
    second = Visitor(browser, demo)
    second.bar("medeondertekenaar")
    second.go("/beheer")
    second.click("Een rol bij het departement geven")
    second.shot("rol-bevestigen")
    second.click("Ik bevestig dit")
    desk.page.reload()
    assert "beoordelaar Midwest 16 mei 2023" in desk.said
    with reviewer.page.expect_navigation():
        reviewer.page.reload()
    assert "/aanmelden" in reviewer.page.url  # whose role changed signs in again
    reviewer.bar("beoordelaar 1")
    desk.clock("2023-05-17T09:00")
    answer = reviewer.page.goto(f"{reviewer.base}/beoordeling")
    assert answer.status == 403


def test_somebody_is_helped_without_anybody_acting_as_them(browser, demo):
    lead, desk = Visitor(browser, demo, phone=True), Visitor(browser, demo)
    lead.bar("aanvrager")
    lead.go("/aanvragen")
    lead.click("Start een aanvraag")
    lead.choose("Midwest")
    lead.choose("OCMW (welzijnspartner)")
    lead.click("Begin")
    lead.click("Contact en werking in de regio")
    lead.click("Hulp bij deze pagina")
    lead.shot("hulp")
    lead.click("Deel deze pagina, en geef me een code")
    lead.shot("hulp-code")
    code = re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", lead.said)[0]
    desk.bar("beheerder")
    desk.go("/beheer")
    desk.click("Een aanvrager helpen")
    desk.fill(code=code.lower())
    desk.click("Toon de pagina")
    assert "Zoals de aanvrager het zag" in desk.said
    desk.shot("gedeelde-pagina")
    lead.go("/hulp")
    assert "geopend" in lead.said
    lead.click("Trek in")
    answer = desk.page.goto(desk.page.url)
    assert answer.status == 404
