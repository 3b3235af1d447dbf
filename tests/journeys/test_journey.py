"""From a reopened call to a five-year mandate and the next reopening, by hand, in a browser."""

import io
import re

import pypdf

from tests.journeys.conftest import Visitor
from tests.make import CRITERIA

LONG = "Wij werken al jaren samen met de lokale besturen en bereiken mensen via zitdagen in elke gemeente. "
REASON = "De aanvraag toont dit met duidelijke en controleerbare voorbeelden uit de regio."
CALL = "/oproepen/2022-samenwerkingsverband-zorg"


def test_from_a_reopened_call_to_a_mandate_and_a_reopening(browser, demo):
    home = Visitor(browser, demo)
    phone = Visitor(browser, demo, phone=True)
    home_shows_the_reopened_call(home, phone)
    lead = Visitor(browser, demo)
    reference = an_application_is_made(lead)
    partners_confirm_and_sign(browser, demo, reference)
    she_checks_and_submits(lead, phone, reference)
    the_last_microsecond(lead, home, reference)
    desk, second = Visitor(browser, demo), Visitor(browser, demo)
    home.clock("2023-05-16T09:00")
    desk.bar("beheerder")
    second.bar("medeondertekenaar")
    found_admissible_and_assigned(desk, reference)
    scored_blind(browser, demo, reference)
    decided_by_two(desk, second, reference)
    the_mandate_stands(home, lead, reference)
    reopened_for_the_last_gap(desk, second, home)
    no_way_into_the_new_round(browser, demo, home)


def home_shows_the_reopened_call(home, phone):
    said = home.said
    assert "5 dagen om in te dienen" in said
    assert "Tot en met maandag 15 mei 2023, 24.00 uur" in said
    assert "Midwest Vlaamse Ardennen" in said
    assert "gemandateerd (13) niet gedekt (2)" in said
    home.page.get_by_text("De regio's als tabel").click()
    assert home.said.count("Gemandateerd, start later 1 juli 2023") == 13
    home.page.get_by_text("De regio's als tabel").click()
    home.shot("home")
    phone.shot("home")
    home.fill(gemeente="izegem")
    home.click("Zoek uw regio")
    assert "Geen ontvankelijke aanvraag" in home.said
    home.go(CALL)
    home.shot("oproep")
    phone.go(CALL)
    phone.shot("oproep")


def an_application_is_made(lead):
    lead.bar("aanvrager")
    lead.go(CALL)
    lead.click("Start een aanvraag")
    lead.click("Begin")
    assert "Er zijn 2 dingen om na te kijken" in lead.said
    lead.choose("Midwest")
    lead.choose("OCMW (welzijnspartner)")
    lead.click("Begin")
    reference = re.search(r"SVZ-[0-9A-Z]{8}", lead.page.url).group(0)
    lead.click("Het samenwerkingsverband")
    for seat, number, name, kind in (
        ("ggz", "0000.200.235", "CGG Voorbeeld (demo)", "Centrum voor geestelijke gezondheidszorg (CGG)"),
        ("vaph", "0000.300.304", "vzw Voorbeeldhuis (demo)", "Voorziening van het VAPH"),
    ):
        lead.go(f"/aanvragen/{reference}/consortium/{seat}")
        lead.fill(number=number.replace("0000", "0001"), name=name, email=f"partner-{seat}@demo.example")
        lead.click("Bewaren")
        assert "het controlegetal klopt niet" in lead.said
        assert lead.page.locator("#name").input_value() == name
        lead.shot("formulier")
        lead.fill(number=number)
        lead.choose(kind)
        lead.click("Bewaren")
    lead.go(f"/aanvragen/{reference}/formulier/contact")
    lead.fill(
        contact_functie="coördinator", contact_mail="zorgenwerk@demo.example", standplaatsen="4", inbedding=LONG
    )
    lead.click("Bewaren")
    lead.go(f"/aanvragen/{reference}/formulier/aanpak")
    lead.fill(casemanagers="6", trajecten="90", deskundigheid=LONG, herstel=LONG)
    lead.choose("Ja, ondertekend")
    lead.click("Bewaren")
    lead.go(f"/aanvragen/{reference}/formulier/continuiteit")
    lead.fill(vervanging=LONG)
    for choice in ("#start-0", "#akkoord_opdrachten-0"):
        lead.page.locator(choice).check()
    lead.click("Bewaren")
    lead.click("Documenten")
    lead.click("Maak het formulier uit mijn antwoorden")
    assert "Gelezen" in lead.said
    lead.shot("documenten")
    lead.go(f"/aanvragen/{reference}")
    lead.shot("takenlijst")
    return reference


def partners_confirm_and_sign(browser, demo, reference):
    for seat in ("ggz", "vaph"):
        partner = Visitor(browser, demo, phone=True)
        partner.bar(f"partner {seat.upper()}")
        partner.go(f"/aanvragen/{reference}")
        partner.shot("takenlijst")
        partner.click("Bevestig uw plaats")
        partner.click("Ja, wij bevestigen")
        partner.click("Ondertekening")
        partner.shot("ondertekening")
        partner.choose("Wij gaan akkoord met alles wat hierboven staat.")
        partner.click("Ondertekenen", exact=True)
        assert "Uw organisatie heeft ondertekend" in partner.said


def she_checks_and_submits(lead, phone, reference):
    lead.click("Ondertekening")
    lead.choose("Wij gaan akkoord met alles wat hierboven staat.")
    lead.click("Ondertekenen", exact=True)
    lead.click("Controleren en indienen")
    assert "Wat nog nodig is" not in lead.said
    lead.shot("controle")
    lead.click("Dien in")
    assert "Uw aanvraag is ingediend" in lead.said
    lead.shot("ontvangstbewijs")
    digest = re.search(r"[0-9a-f]{64}", lead.said).group(0)
    with lead.page.expect_download() as download:
        lead.page.get_by_text("Download het ontvangstbewijs (pdf)").click()
    said = pypdf.PdfReader(download.value.path()).pages[0].extract_text()
    assert reference in said
    assert digest[:20] in said.replace("\n", "")
    phone.go("/controleer")
    phone.fill(reference=reference, digest=digest)
    phone.click("Controleer", exact=True)
    assert "Dit ontvangstbewijs is echt" in phone.said


def change(lead, reference, telephone):
    lead.go(f"/aanvragen/{reference}/formulier/contact")
    lead.fill(contact_telefoon=telephone)
    lead.click("Bewaren")
    lead.click("Controleren en indienen")


def the_last_microsecond(lead, home, reference):
    change(lead, reference, "051 00 00 01")
    assert "Deze wijziging telt nog niet. Dien opnieuw in." in lead.said
    lead.go(f"/aanvragen/{reference}")
    assert "051 00 00 01 nieuw" in lead.said
    lead.shot("dossier")
    phone = Visitor(lead.page.context.browser, lead.base, phone=True)
    phone.bar("aanvrager")
    phone.go(f"/aanvragen/{reference}")
    phone.shot("dossier")
    lead.click("Controleer en dien opnieuw in")
    home.clock("2023-05-15T23:59:59.999999")
    lead.click("Dien in")
    assert "15 mei 2023, 23:59:59.999999 (UTC+02:00)" in lead.said
    assert "Versie 2" in lead.said
    change(lead, reference, "051 00 00 02")
    home.clock("2023-05-16T00:00:00")
    lead.click("Dien in")
    assert "indienen kon tot en met maandag 15 mei 2023, 24.00 uur" in lead.said
    assert "16 mei 2023, 00:00:00.000000 (UTC+02:00)" in lead.said
    assert "Wij hebben uw poging geregistreerd" in lead.said
    lead.go(f"/aanvragen/{reference}/tijdlijn")
    assert "Geweigerd: Indienen." in lead.said


def found_admissible_and_assigned(desk, reference):
    desk.click("Regio's")
    desk.page.get_by_role("link", name="ontvankelijkheid", exact=True).click()
    desk.click(reference)
    for name in ("op-tijd", "drie-partners", "formulier", "ondertekend"):
        desk.page.locator(f"#check_{name}-0").check()
    desk.page.locator("#admissible-0").check()
    desk.shot("ontvankelijkheid")
    desk.click("Bewaar het oordeel")
    desk.go("/beheer/toewijzing/midwest?ronde=2")
    desk.choose("Beoordelaar welzijn (beoordelaar1@demo.example)")
    desk.choose("Beoordelaar geestelijke gezondheid (beoordelaar2@demo.example)")
    desk.click("Wijs toe", exact=True)
    assert "2 beoordelingen toegewezen" in desk.said


def scored_blind(browser, demo, reference):
    reviewers = [Visitor(browser, demo) for _each in range(2)]
    for number, reviewer in enumerate(reviewers, start=1):
        reviewer.bar(f"beoordelaar {number}")
        reviewer.click(reference)
        assert "Hebt u een band" in reviewer.said
        assert LONG.strip() not in reviewer.said
        reviewer.click("Ik heb met geen van hen een band")
        for key in ("inbedding", "deskundigheid", "herstel", "continuiteit"):
            reviewer.page.locator(f"#score_{key}-{2 + number}").check()
            reviewer.page.locator(f"#reason_{key}").fill(REASON)
        if number == 2:
            reviewer.shot("beoordelen")
            reviewer.go("/beoordeling/regio/midwest?ronde=2")
            assert "Rond eerst uw eigen beoordeling" in reviewer.said
            assert REASON not in reviewer.said
            reviewer.go(f"/beoordeling/{reference}")
            for key in ("inbedding", "deskundigheid", "herstel", "continuiteit"):
                reviewer.page.locator(f"#score_{key}-{2 + number}").check()
                reviewer.page.locator(f"#reason_{key}").fill(REASON)
        reviewer.click("Afronden")
        assert "Uw beoordeling is afgerond" in reviewer.said
    reviewers[1].go("/beoordeling/regio/midwest?ronde=2")
    assert "90,0 %" in reviewers[1].said
    reviewers[1].shot("vergelijken")


def decided_by_two(desk, second, reference):
    desk.go(f"/beheer/beslissingen/voorbereiden/{reference}")
    assert "Advies van de beoordelaars: Goedgekeurd." in desk.said
    assert "met 90,00 procent. Elke drempel is gehaald." in desk.said
    desk.choose("Goedgekeurd")
    desk.fill(reason=REASON, **{f"reason_{key}": REASON for key in CRITERIA})
    desk.shot("voorbereiden")
    desk.click("Leg voor aan een tweede persoon")
    decision = desk.page.url.rsplit("/", 1)[1]
    desk.go(f"/beheer/beslissingen/{decision}/bevestigen")
    assert "een tweede persoon moet het bevestigen" in desk.said
    second.go(f"/beheer/beslissingen/{decision}/bevestigen")
    second.shot("beslissing")
    second.click("Ik bevestig deze beslissing")
    desk.go("/beheer/regios/midwest?ronde=2")
    desk.click("Geef de beslissingen van deze regio vrij")
    assert "zijn vrijgegeven" in desk.said


def the_mandate_stands(home, lead, reference):
    home.go("/mandaten")
    home.shot("mandaten")
    home.go("/regios/midwest")
    assert "1 juli 2023" in home.said
    assert "30 juni 2028" in home.said
    assert "OCMW Voorbeeldstad (demo)" in home.said
    lead.go(f"/aanvragen/{reference}/beslissing")
    with lead.page.expect_download() as download:
        lead.page.get_by_text("Download de brief (pdf)").click()
    body = download.value.path().read_bytes()
    said = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(body)).pages)
    assert "Raad van State" in said


def reopened_for_the_last_gap(desk, second, home):
    desk.click("Dekking")
    assert "14 regio's met een mandaat 1 niet gedekt" in desk.said
    assert "Vlaamse Ardennen Niet gedekt Niemand diende in" in desk.said
    desk.shot("dekking")
    desk.click("Heropen voor de niet-gedekte regio's")
    desk.fill(
        opens_on="01/06/2023",
        last_day="30/06/2023",
        mandates_start_on="01/09/2023",
        reason="In deze regio diende ook in de tweede ronde niemand in.",
    )
    desk.shot("heropenen")
    desk.click("Stel de heropening voor")
    assert "vrijdag 30 juni 2023" in desk.said
    desk.click("Bekijk en bevestig")
    assert "een tweede persoon moet het bevestigen" in desk.said
    second.go("/beheer")
    second.click("Bekijk en bevestig")
    second.click("Ik bevestig dit")
    home.clock("2023-06-05T09:00")
    home.go(CALL)
    assert "Heropend voor Vlaamse Ardennen" in home.said
    assert "diende ook in de tweede ronde niemand in" in home.said


def no_way_into_the_new_round(browser, demo, home):
    rival = Visitor(browser, demo)
    rival.click("Aanmelden")
    rival.fill(email="welzijn-51@demo.example", password="demo")
    rival.click("Meld aan", exact=True)
    rival.go("/aanvragen/nieuw")
    assert "Vlaamse Ardennen" in rival.said
    assert "Midwest" not in rival.said
    rival.go("/aanvragen")
    rival.page.get_by_role("link", name=re.compile("SVZ-")).first.click()
    assert "Niet ingediend" in rival.said
    rival.click("Kopieer naar de ronde die nu open is")
    assert "Deze ronde staat niet open voor de regio “midwest”" in rival.said
