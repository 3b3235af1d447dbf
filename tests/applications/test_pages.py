"""An application in the browser: what people see, and what bad input is told."""

import io
import re

import pytest

from portal.applications import queries
from portal.clock import parse_local
from tests import make, pdfs
from tests.conftest import ON_SQLITE

pytestmark = ON_SQLITE


def at(application, view=""):
    return f"/aanvragen/{application.reference}{view}"


def test_from_start_to_receipt_by_hand(world):
    lead = world.client("aanvrager")
    start = "/aanvragen/nieuw"
    page = lead.get(start)
    mine = re.search(r'<option value="(\d+)"', page.html).group(1)
    data = {"region": "midwest", "organisation": mine, "seat_kind": "welzijn:ocmw"}
    home = lead.post(start, data)
    assert "0 van 7 onderdelen klaar" in lead.get(home).said
    for seat, number, name in (("ggz", "0000.200.235", "CGG Proef"), ("vaph", "0000300304", "vzw Proefhuis")):
        data = {"number": number, "name": name, "kind": make.KINDS[seat], "email": f"{seat}@proef.example"}
        assert lead.post(f"{home}/consortium/{seat}", data) == f"{home}/consortium"
    for section, values in make.ANSWERS.items():
        data = {k.replace("-", "_"): v for k, v in values.items()}
        assert lead.post(f"{home}/formulier/{section}", data) == home
    made = lead.post(
        f"{home}/documenten", page=lead.get(f"{home}/documenten"), action=f"{home}/documenten/maken"
    )
    assert made == f"{home}/documenten"
    assert "Gelezen" in lead.get(made).said
    for seat in ("ggz", "vaph"):
        partner = world.client(seat)
        assert partner.post(f"{home}/consortium/{seat}/bevestigen") == home
        sign = f"{home}/ondertekening?plaats={seat}"
        signing = f"{home}/ondertekening"
        assert partner.post(sign, {"agree": "y"}, page=partner.get(signing), action=sign) == home
    sign = f"{home}/ondertekening?plaats=welzijn"
    lead.post(sign, {"agree": "y"}, page=lead.get(f"{home}/ondertekening"), action=sign)
    check = lead.get(f"{home}/controle")
    assert "Wat nog nodig is" not in check.said
    receipt = lead.post(f"{home}/indienen", page=check, action=f"{home}/indienen")
    assert receipt == f"{home}/ontvangstbewijs"
    shown = lead.get(receipt).said
    digest = re.search(r"[0-9a-f]{64}", shown).group(0)
    assert "16 januari 2023, 10:00:00.000000 (UTC+01:00)" in shown
    pdf = lead.bytes(f"{receipt}/pdf")
    assert pdf.startswith(b"%PDF-1.7")
    assert lead.bytes(f"{receipt}/pdf") == pdf
    reference = home.rsplit("/", 1)[1]
    asked = f"/controleer?reference={reference.lower()}&digest={digest.upper()}"
    assert "is echt" in world.client().get(asked).said
    assert "kennen dit ontvangstbewijs niet" in world.client().get(asked[:-1] + "x").said
    assert "Vul het controlegetal in" in world.client().get("/controleer?reference=x").said


@pytest.mark.parametrize("odd", ["geen:plaats", "", ":", "welzijn", "welzijn:koning", "welzijn:ocmw:x"])
def test_a_seat_that_is_none_is_told(world, odd):
    lead = world.client("aanvrager")
    page = lead.get("/aanvragen/nieuw")
    data = {**page.form()["data"], "region": "midwest", "seat_kind": odd}
    said = lead.post("/aanvragen/nieuw", data, page=page)
    assert "Er is een ding om na te kijken" in said.said or "dingen om na te kijken" in said.said


def test_a_region_the_round_does_not_name_is_told(world):
    lead = world.client("aanvrager")
    page = lead.get("/aanvragen/nieuw")
    mine = re.search(r'<option value="(\d+)"', page.html).group(1)
    data = {"region": "brussel", "organisation": mine, "seat_kind": "welzijn:ocmw"}
    told = lead.post("/aanvragen/nieuw", data, page=page)
    assert (
        "Deze ronde staat niet open voor de regio “brussel”. Kies een regio die de oproep noemt." in told.said
    )


@pytest.fixture
def found(world):
    return make.draft(world)


def test_all_errors_stand_in_one_summary_that_links_to_each_field(world, found):
    page = world.client("aanvrager").post(
        at(found, "/consortium/ggz"), {"number": "0000.200.236", "name": "", "email": "geen adres"}
    )
    assert "Er zijn 4 dingen om na te kijken" in page.said
    for anchor in ("#number", "#name", "#kind-0", "#email"):
        assert anchor in page.links, anchor
        assert anchor[1:] in page.ids
    assert page.form()["data"]["number"] == "0000.200.236"
    assert "het controlegetal klopt niet" in page.said


def test_a_missing_answer_never_blocks_saving_a_malformed_one_does(world, found):
    lead = world.client("aanvrager")
    path = at(found, "/formulier/contact")
    assert lead.post(path, {"contact_functie": "coördinator", "inbedding": "kort"}) == at(found)
    assert "Nog niet volledig" in lead.get(path).said
    page = lead.post(path, {"contact_mail": "geen", "standplaatsen": "veel"})
    assert "moet een e-mailadres zijn" in page.said
    assert "moet een getal zijn" in page.said
    assert page.form()["data"]["standplaatsen"] == "veel"


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("4.0", "zonder cijfers na een komma of punt"),
        ("4,0", "zonder cijfers na een komma of punt"),
        ("--5", "moet een getal zijn"),
        ("-5", "moet minstens 1 zijn"),
        ("1.200", "mag hoogstens 100 zijn"),
        ("9" * 40, "te groot getal"),
    ],
)
def test_a_number_that_could_be_another_is_refused_and_stays(world, found, typed, told):
    page = world.client("aanvrager").post(at(found, "/formulier/aanpak"), {"casemanagers": typed})
    assert told in page.said
    assert page.form()["data"]["casemanagers"] == typed


def test_how_a_number_was_read_is_shown_back(world, found):
    lead, path = world.client("aanvrager"), at(found, "/formulier/aanpak")
    assert lead.post(path, {"trajecten": "1\u00a0200"}) == at(found)
    assert "u schreef 1 200, wij lazen 1.200" in lead.get(at(found)).said.replace("\u00a0", " ")
    page = lead.get(path)
    assert page.form()["data"]["trajecten"] == "1.200"
    assert lead.post(path, page=page) == at(found)
    assert "u schreef" not in lead.get(at(found)).said
    assert "1.200" in lead.get(at(found, "/controle")).said


def test_a_stale_edit_shows_both_texts_and_loses_neither(world, found):
    first, second = world.client("aanvrager"), world.client("aanvrager")
    path = at(found, "/formulier/contact")
    seen = second.get(path)
    first.post(path, {"contact_functie": "directeur"})
    page = second.post(path, {"contact_functie": "coördinator"}, page=seen)
    assert "Iemand anders wijzigde dit intussen" in page.said
    assert page.form()["data"]["contact_functie"] == "coördinator"
    assert "directeur" in page.said
    assert second.post(path, page=page) == at(found)
    assert 'value="coördinator"' in second.get(path).html


@pytest.mark.parametrize("text", ["a\x00b", "a\ufffdb"])
def test_signs_that_cannot_be_kept_are_refused_and_not_lost(world, found, text):
    page = world.client("aanvrager").post(at(found, "/formulier/contact"), {"contact_functie": text})
    assert "een teken dat wij niet kunnen bewaren" in page.said


def test_a_lone_surrogate_is_refused(world, found):
    lead = world.client("aanvrager")
    data = {**lead.get(at(found, "/formulier/contact")).form()["data"], "contact_functie": "SURROGATE"}
    parts = "".join(
        f'--x\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in data.items()
    )
    body = (parts + "--x--\r\n").encode().replace(b"SURROGATE", b"a\xed\xa0\x80b")
    with lead.client.post(
        at(found, "/formulier/contact"), data=body, content_type="multipart/form-data; boundary=x"
    ) as answer:
        assert answer.status_code == 422
        assert "een teken dat wij niet kunnen bewaren" in answer.get_data(as_text=True)


def upload(world, found, body, name="form.pdf"):
    lead = world.client("aanvrager")
    page = lead.get(at(found, "/documenten"))
    file = {"file": (io.BytesIO(body), name), "type": "aanmeldingsformulier"}
    answer = lead.post(at(found, "/documenten"), file, page=page)
    return answer if isinstance(answer, str) else answer.said


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "Dit bestand is leeg"),
        (b"PK\x03\x04", "Dit bestand is geen pdf"),
        (b"%PDF-1.7 kapot", "Deze pdf is beschadigd"),
        (pdfs.encrypted(), "beveiligd met een wachtwoord of met beperkingen"),
        (pdfs.with_script(), "een script of een actie die iets uitvoert"),
        (b"%PDF-" + b"x" * 1_000_001, "Dit bestand is te groot. Een bestand mag hoogstens 1,0 MB zijn"),
    ],
)
def test_each_bad_file_is_told_what_to_do_and_leaves_nothing(world, found, body, said):
    assert said in upload(world, found, body)
    assert queries.attached(make.again(world, found)) == []
    assert [p for p in (world.folder / "files").rglob("*") if p.is_file()] == []


def test_no_file_chosen(world, found):
    page = world.client("aanvrager").post(
        at(found, "/documenten"), {"type": "aanmeldingsformulier", "file": (io.BytesIO(b""), "")}
    )
    assert "Kies eerst een bestand" in page.said


def test_a_form_of_another_region_is_told(world, found):
    said = upload(world, found, make.form_pdf(world, found, region="kempen"))
    assert "is een formulier voor de regio kempen. Gebruik het formulier van uw regio" in said


def test_a_scan_is_kept_and_marked(world, found):
    assert upload(world, found, pdfs.plain()) == at(found, "/documenten")
    assert "Niet automatisch gelezen" in world.client("aanvrager").get(at(found, "/documenten")).said


def test_answers_are_taken_over_from_an_uploaded_form(world, found):
    pdf = pdfs.changed(
        make.form_pdf(world, found),
        {"aanpak/casemanagers": "8", "aanpak/tandem": "Nog niet", "contact/inbedding": make.LONG},
    )
    upload(world, found, pdf)
    lead = world.client("aanvrager")
    page = lead.get(at(found, "/documenten"))
    (document,) = queries.attached(make.again(world, found))
    action = at(found, f"/documenten/{document.document_id}/overnemen")
    assert lead.post(at(found, "/documenten"), page=page, action=action) == at(found)
    answers = {a.section: a.body for a in make.again(world, found).answers}
    assert answers["aanpak"] == {"casemanagers": 8, "tandem": "nog-niet"}
    assert answers["contact"]["inbedding"] == make.LONG.strip()


def test_what_a_form_says_that_is_no_number_shuts_nothing_and_is_named(world, found):
    """F06: such a form made every page of the application an error, with none left to take it out."""
    pdf = pdfs.changed(make.form_pdf(world, found), {"aanpak/casemanagers": "--5", "aanpak/tandem": "Nog niet"})
    upload(world, found, pdf)
    lead = world.client("aanvrager")
    for path in ("", "/documenten", "/controle"):
        lead.get(at(found, path))
    page = lead.get(at(found, "/documenten"))
    (document,) = queries.attached(make.again(world, found))
    action = at(found, f"/documenten/{document.document_id}/overnemen")
    assert lead.post(at(found, "/documenten"), page=page, action=action) == at(found)
    assert "Niet overgenomen, “--5”" in lead.get(at(found)).said
    answers = {a.section: a.body for a in make.again(world, found).answers}
    assert answers["aanpak"] == {"tandem": "nog-niet"}


def test_taking_over_replaces_only_what_was_shown(world, found):
    make.answer(world, found)
    found = make.again(world, found)
    pdf = pdfs.changed(make.form_pdf(world, found), {"aanpak/casemanagers": "8"})
    upload(world, found, pdf)
    lead, other = world.client("aanvrager"), world.client("aanvrager")
    page = lead.get(at(found, "/documenten"))
    assert "ingevuld worden: 0. Antwoorden van de pagina die dan vervangen worden: 1." in page.said
    other.post(at(found, "/formulier/contact"), {"contact_functie": "directeur"})
    (document,) = queries.attached(make.again(world, found))
    action = at(found, f"/documenten/{document.document_id}/overnemen")
    assert lead.post(at(found, "/documenten"), page=page, action=action) == at(found, "/documenten")
    page = lead.get(at(found, "/documenten"))
    assert "Kijk hieronder na wat er nu verschilt" in page.said
    assert "directeur" in page.said
    assert lead.post(at(found, "/documenten"), page=page, action=action) == at(found)
    answers = {a.section: a.body for a in make.again(world, found).answers}
    assert answers["aanpak"]["casemanagers"] == 8
    assert answers["contact"]["contact-functie"] == "coördinator"
    assert "Neem de antwoorden over" not in lead.get(at(found, "/documenten")).said


def test_an_empty_form_is_told_from_a_scan(world, found):
    assert upload(world, found, make.form_pdf(world, make.draft(world, region="kempen"), region="midwest"))
    said = world.client("aanvrager").get(at(found, "/documenten")).said
    assert "er is niets in ingevuld" in said
    assert "omdat het een scan is" not in said


def test_a_form_that_says_two_things_is_refused_by_the_name_of_the_question(world, found):
    twice = pdfs.form({"contact/standplaatsen": "4", "contact/standplaatsen#": "5"})
    said = upload(world, found, twice)
    assert (
        "“Op hoeveel plaatsen in de regio kan een deelnemer terecht?” staat twee keer in dit formulier" in said
    )


def test_differences_stand_in_a_table(world):
    found = make.ready(world)
    upload(world, found, pdfs.changed(make.form_pdf(world, found), {"aanpak/casemanagers": "7"}))
    said = world.client("aanvrager").get(at(found, "/documenten")).said
    assert "Hoeveel casemanagers Zorg zet u in? 6 7 moet kloppen" in said


def test_a_document_is_served_as_attachment_to_those_who_take_part_only(world):
    found = make.ready(world)
    (attachment,) = queries.attached(found)
    path = at(found, f"/documenten/{attachment.document_id}")
    with world.client("ggz").client.get(path) as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment;")
        assert answer.headers["Content-Security-Policy"].startswith("sandbox")
        assert answer.data.startswith(b"%PDF")
    with world.client("rivaal").client.get(path) as answer:
        assert answer.status_code == 404


@pytest.mark.parametrize(
    "view",
    [
        "",
        "/consortium",
        "/consortium/ggz",
        "/formulier/contact",
        "/documenten",
        "/ondertekening",
        "/controle",
        "/ontvangstbewijs",
        "/tijdlijn",
        "/intrekken",
        "/documenten/1",
        "/documenten/formulier",
    ],
)
def test_another_organisation_sees_what_does_not_exist(world, view):
    found = make.application(world, make.Status.SUBMITTED)
    world.client("rivaal").get(at(found, view), status=404)


def test_too_late_says_when_it_closed_and_that_it_is_on_record(world):
    found = make.ready(world)
    lead = world.client("aanvrager")
    check = lead.get(at(found, "/controle"))
    world.clock.at = parse_local("2023-02-11T00:00")
    page = lead.post(at(found, "/controle"), page=check, action=at(found, "/indienen"))
    assert "indienen kon tot en met vrijdag 10 februari 2023, 24.00 uur" in page.said
    assert "kwam aan op 11 februari 2023, 00:00:00.000000 (UTC+01:00)" in page.said
    assert "Niet ingediend" in lead.get(at(found)).said
    assert "Geweigerd: Indienen." in lead.get(at(found, "/tijdlijn")).said


def test_an_expired_token_on_the_submit_button_leads_back_with_a_sentence(world):
    found = make.ready(world)
    lead = world.client("aanvrager")
    check = lead.get(at(found, "/controle"))
    check.form(at(found, "/indienen"))["data"]["csrf_token"] = "oud"
    back = lead.post(at(found, "/controle"), page=check, action=at(found, "/indienen"))
    assert back in ("/", f"http://localhost{at(found, '/controle')}")
    assert "stond te lang open" in lead.get("/").said


def test_a_draft_cannot_be_copied_into_a_round_that_does_not_name_its_region(world):
    from tests.calls.test_pages import reopening

    found = make.ready(world, region="kempen")
    world.clock.at = parse_local("2023-03-20T10:00")
    make.done(reopening(world))
    world.clock.at = parse_local("2023-04-10T10:00")
    lead = world.client("aanvrager")
    page = lead.get(at(found))
    back = lead.post(at(found), page=page, action=at(found, "/kopieren"))
    assert back == at(found)
    assert "niet open voor de regio" in lead.get(back).said
    midwest = make.draft(world, round=2)
    assert midwest.round.number == 2


def test_the_check_says_that_the_lead_submitted_another_for_the_region(world):
    first, second = make.ready(world), make.ready(world)
    lead = world.client("aanvrager")
    assert "al een andere aanvraag in" not in lead.get(at(second, "/controle")).said
    make.done(make.submit(world, make.again(world, first)))
    page = lead.get(at(second, "/controle"))
    assert "diende voor deze regio al een andere aanvraag in" in page.said
    assert at(second, "/indienen") not in [form["action"] for form in page.forms]
    assert "al een andere aanvraag in" not in lead.get(at(first, "/controle")).said
