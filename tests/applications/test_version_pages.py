"""What people read of the version that counts, and of changes that do not."""

import hashlib
import io
import json
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import text

from portal.applications import actions, queries
from portal.applications.lifecycle import Status
from portal.calls import queries as calls
from tests import make
from tests.applications.test_version import change_an_answer, other, renamed
from tests.conftest import ON_SQLITE

pytestmark = ON_SQLITE
__all__ = ["other", "renamed"]  # fixtures
BELOW = (
    "",
    "/consortium",
    "/formulier/aanpak",
    "/documenten",
    "/ondertekening",
    "/controle",
    "/tijdlijn",
    "/intrekken",
)
BAND = "Deze wijziging telt nog niet. Dien opnieuw in."


@pytest.fixture
def changed(world):
    """Submitted with 90, then 80, not submitted again."""
    return change_an_answer(world, make.application(world, Status.SUBMITTED), trajecten=80)


def send_again(world, found):
    """The form made anew, everybody's signature, and the second version."""
    make.done(make.attach(world, found, make.form_pdf(world, found)))
    make.sign(world, make.again(world, found))
    make.done(make.submit(world, make.again(world, found)))


def home(found):
    return f"/aanvragen/{found.reference}"


def test_an_unsent_change_is_said_on_every_page_of_the_file(world, changed):
    lead = world.client("aanvrager")
    for below in BELOW:
        assert BAND in lead.get(home(changed) + below).said, below
    page = lead.get(home(changed))
    assert "Ingediend, wijziging telt nog niet" in page.said
    assert "Versie 1 telt." in page.said
    assert "90 in versie 1 → 80 nieuw" in page.said
    assert "Opnieuw tekenen: OCMW Proefstad, CGG Proef, vzw Proefhuis." in page.said
    assert "Uw wijziging telt nog niet. Dien opnieuw in." in page.said
    assert "Klaar om in te dienen" not in page.said
    assert "Ingediend, wijziging telt nog niet" in lead.get("/aanvragen").said
    assert BAND in world.client("ggz").get(home(changed)).said


def test_the_last_hour_is_told_to_who_has_a_change_that_was_not_sent(world, changed):
    sent = make.application(world, Status.SUBMITTED, region="kempen")
    world.clock.at = calls.closing(changed.round) - timedelta(minutes=30)
    lead = world.client("aanvrager")
    assert "Nog 30 minuten om in te dienen" in lead.get(home(changed) + "/controle").said
    assert "om in te dienen:" not in lead.get(home(sent)).said


def test_submitting_again_takes_the_band_away_and_puts_the_other_version_below(world, changed):
    send_again(world, changed)
    said = world.client("aanvrager").get(home(changed)).said
    assert BAND not in said
    assert "Versie 2 telt." in said
    assert "Versie 1 van" in said
    assert "Die telt niet meer." in said


def test_after_the_closing_the_file_shows_what_counts(world, changed):
    make.closed(world)
    lead = world.client("aanvrager")
    page = lead.get(home(changed))
    assert "Versie 1 telt." in page.said
    assert "Die wijziging telt niet." in page.said
    assert BAND not in page.said
    assert "nog kunt doen" not in page.said
    for below in ("/formulier/aanpak", "/controle", "/ondertekening"):
        shown = lead.get(home(changed) + below).html
        assert ">90</dd>" in shown or "Ondertekening" in shown, below
        assert ">80</dd>" not in shown, below
    compared = lead.get(f"{home(changed)}/vergelijken").said
    assert "90" in compared
    assert "80" in compared


def test_the_status_page_says_what_was_received_and_what_follows(world):
    found = make.application(world, Status.SUBMITTED)
    lead = world.client("aanvrager")
    said = lead.get(home(found)).said
    assert "Wat wij ontvingen" in said
    assert "OCMW Proefstad, aanvrager" in said
    assert "12 antwoorden en 1 bestand" in said
    assert said.count("Getekend") == 3
    digest = queries.counting(world.session, found).sha256
    assert digest[:8] + " " + digest[8:16] in said
    assert 'aria-current="step">' in lead.get(home(found)).html
    make.closed(world)
    make.admit(world, make.again(world, found))
    steps = lead.get(home(found)).html
    assert "Beoordelaars geven elk hun oordeel" in steps.split('aria-current="step">')[1]


def test_a_version_is_read_and_downloaded_whole_and_byte_for_byte(world, changed):
    send_again(world, changed)
    lead, found = world.client("aanvrager"), make.again(world, changed)
    for submission, number, told in zip(found.submissions, (1, 2), (90, 80), strict=True):
        page = lead.get(f"{home(found)}/versies/{number}")
        assert f">{told}</dd>" in page.html
        assert ("Telt niet meer" in page.said) == (number == 1)
        body = lead.bytes(f"{home(found)}/versies/{number}/bytes")
        assert hashlib.sha256(body).hexdigest() == submission.sha256
        assert json.loads(body)["answers"]["aanpak"]["trajecten"] == told
        whole = zipfile.ZipFile(io.BytesIO(lead.bytes(f"{home(found)}/versies/{number}/alles")))
        assert whole.testzip() is None
        names = whole.namelist()
        assert names[0] == f"{found.reference}-versie-{number}.json"
        assert whole.read(names[0]) == body
        assert whole.read(names[1]).startswith(b"%PDF")
        (file,) = json.loads(body)["files"]
        assert hashlib.sha256(whole.read(names[2])).hexdigest() == file["sha256"]
    lead.get(f"{home(found)}/versies/3", status=404)
    assert "90" in lead.get(f"{home(found)}/vergelijken?van=1&met=2").said
    lead.get(f"{home(found)}/vergelijken?van=1&met=9", status=404)


def test_who_was_replaced_reads_what_counts_and_not_the_working_copy(world, renamed):
    change_an_answer(world, renamed, trajecten=80)
    replaced, new = world.client("ggz"), world.client("ander")
    page = replaced.get(home(renamed))
    assert "U kijkt naar versie 1, die telt." in page.said
    assert "CGG Ander" not in page.said
    assert ">90</dd>" in replaced.get(f"{home(renamed)}/formulier/aanpak").html
    assert "CGG Ander" not in replaced.get(f"{home(renamed)}/consortium").said
    replaced.get(f"{home(renamed)}/vergelijken", status=404)
    assert "Bevestig uw plaats" in new.get(home(renamed)).said
    for below in ("/versies/1", "/versies/1/bytes", "/versies/1/alles", "/ontvangstbewijs", "/vergelijken"):
        new.get(home(renamed) + below, status=404)
        replaced.get(home(renamed) + "/versies/1")


def test_a_file_that_was_replaced_opens_for_who_submitted_it(world):
    found = make.application(world, Status.SUBMITTED)
    (sent,) = queries.counting(world.session, found).files
    by = world.person("aanvrager")
    make.done(actions.detach(found, document_id=sent.document, by=by, now=world.now))
    for name in ("aanvrager", "ggz"):
        client = world.client(name)
        assert client.bytes(f"{home(found)}/documenten/{sent.document}").startswith(b"%PDF")
        assert sent.name not in client.get(f"{home(found)}/documenten").said
    make.closed(world)
    assert sent.name in world.client("aanvrager").get(f"{home(found)}/documenten").said


def test_a_document_that_may_not_be_opened_is_named_in_the_zip(world):
    found = make.application(world, Status.SUBMITTED)
    with world.owning() as owner:
        owner.execute(text("UPDATE document SET inspected = 'refused'"))
    whole = zipfile.ZipFile(io.BytesIO(world.client("aanvrager").bytes(f"{home(found)}/versies/1/alles")))
    assert "form.pdf" in whole.read("niet-in-dit-bestand.txt").decode()
    assert len(whole.namelist()) == 3


def test_expected_days_are_called_that_and_a_day_that_was_not_met_too(world):
    found = make.application(world, Status.SUBMITTED)
    lead = world.client("aanvrager")
    said = lead.get(home(found)).said
    for told in ("rond 12 februari", "rond 28 februari", "rond 6 maart"):
        assert told in said, told
    assert "Een dag met ‘rond’ is een verwachting." in said
    make.closed(world, "2023-02-13T10:00")
    said = lead.get(home(found)).said
    assert "later dan verwacht (rond 12 februari)" in said
    assert "later dan verwacht (rond 28 februari)" not in said
    make.admit(world, make.again(world, found))
    assert "rond 12 februari" not in lead.get(home(found)).said


def test_whom_to_ask_stands_beside_it_where_the_department_named_an_address(world):
    found = make.application(world, Status.SUBMITTED)
    lead = world.client("aanvrager")
    assert "Vragen over uw aanvraag?" not in lead.get(home(found)).said
    told = {"contact_email": "mandaten@zorg.example", "contact_phone": "02 000 00 00"}
    settings = world.app.extensions["portal"].settings.model_copy(update=told)
    world.use(settings=settings)
    page = lead.get(home(found))
    assert f"mandaten@zorg.example 02 000 00 00 Vermeld altijd {found.reference}." in page.said
