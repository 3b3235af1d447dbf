"""Uploads and a real clamd: a virus is refused; a scanner that is away holds nobody up and lets nothing
through.
"""

import io
import socket
import threading

import pytest
from pypdf import PdfReader, PdfWriter

from portal import compose
from portal.applications.lifecycle import Status
from portal.cli.deliver import round_of_work
from portal.documents import inspection
from portal.documents.models import Document, Inspected
from portal.documents.scanning import Clamd, NoScanner, ScannerDown
from portal.jobs import Job, WorkState
from portal.journal import queries as journal
from portal.journal.models import Delivery
from tests import make, parts, pdfs
from tests.conftest import ON_BOTH, ON_SQLITE

pytestmark = ON_SQLITE

NOWHERE = Clamd("127.0.0.1:9")


@pytest.fixture(scope="session")
def clamd():
    with parts.clamd() as address:
        yield Clamd(address)


def scan_with(world, scanner):
    world.use(scanner=scanner)


def infected(pdf):
    """The same form with EICAR within it, where no reader of forms would look."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    body = io.BytesIO()
    writer.write(body)
    return body.getvalue() + b"\n%" + parts.EICAR + b"\n"


def upload(world, found, body):
    client = world.client("aanvrager")
    path = f"/aanvragen/{found.reference}/documenten"
    return client, client.post(path, {"type": "aanmeldingsformulier", "file": (io.BytesIO(body), "form.pdf")})


def work(world):
    world.session.rollback()
    with world.database.writing() as session:
        session.query(Job).update({"due_at": None})
    done = round_of_work(world.app)
    world.session.rollback()
    return done


def document(world, found):
    return make.again(world, found).files[-1].document


# The scanner itself


@ON_BOTH
def test_clean_is_clean_and_a_virus_is_found(clamd):
    assert clamd.scan(io.BytesIO(b"%PDF-1.7 niets"))
    assert clamd.scan(io.BytesIO(b""))
    assert not clamd.scan(io.BytesIO(b"x" * 200_000 + parts.EICAR))
    clamd.check()


def test_too_large_is_no_verdict():
    with (
        parts.clamd(most=1000) as address,
        pytest.raises(ScannerDown, match=r"size limit|no answer|reset|pipe"),
    ):
        Clamd(address).scan(io.BytesIO(b"x" * 3_000_000))


@pytest.mark.parametrize(
    "answer", [b"", b"stream: Something ERROR\0", b"stream: OKAY\0", b"OK\0", b"\xff" * 9000]
)
def test_anything_but_ok_does_not_pass(answer):
    with socket.create_server(("127.0.0.1", 0)) as server:

        def reply():
            asked, _address = server.accept()
            with asked:
                asked.recv(1 << 16)
                asked.sendall(answer)

        threading.Thread(target=reply, daemon=True).start()
        with pytest.raises(ScannerDown):
            Clamd(f"127.0.0.1:{server.getsockname()[1]}").scan(io.BytesIO(b"x"))


def test_nobody_there_is_no_verdict(tmp_path):
    for scanner in (NOWHERE, Clamd(str(tmp_path / "clamd.sock"))):
        with pytest.raises(ScannerDown):
            scanner.scan(io.BytesIO(b"x"))
        with pytest.raises(ScannerDown):
            scanner.check()


# In the portal


def test_a_virus_is_refused_and_nothing_of_it_stays(world, clamd):
    scan_with(world, clamd)
    found = make.draft(world)
    make.answer(world, found)
    kept = len(list(world.storage.root.rglob("*")))
    _client, page = upload(world, found, infected(make.form_pdf(world, found)))
    assert "In dit bestand zit een virus." in page.said
    assert make.again(world, found).files == []
    assert len([p for p in world.storage.root.rglob("*") if p.is_file()]) <= kept
    last = journal.timeline(world.session, "application", found.reference)[-1]
    assert (last.entry.verb, last.facts["refusals"]) == ("application.attach.refused", ["file_infected"])
    upload(world, found, make.form_pdf(world, found))
    assert document(world, found).inspected is Inspected.READABLE


def test_with_the_scanner_down_the_upload_stands_and_submitting_works(world, clamd):
    scan_with(world, NOWHERE)
    found = make.draft(world)
    make.name_partners(world, found)
    make.answer(world, found)
    client, answer = upload(world, found, make.form_pdf(world, found))
    home = f"/aanvragen/{found.reference}"
    assert answer == f"{home}/documenten"
    page = client.get(f"{home}/documenten")
    assert "wordt nog nagekeken" in page.said
    assert "Wordt nagekeken" in page.said
    kept = document(world, found)
    assert kept.inspected is Inspected.RECEIVED
    with client.client.get(f"{home}/documenten/{kept.id}") as refused:
        assert refused.status_code == 404
    queue = world.client("beheerder").get("/beheer/documenten").said
    assert "Wordt nagekeken 1" in queue
    assert "form.pdf" not in queue
    make.sign(world, make.again(world, found))
    assert make.done(make.submit(world, found))
    assert work(world)["later"] == 1
    assert document(world, found).inspected is Inspected.RECEIVED
    scan_with(world, clamd)
    assert work(world)["worked"] == 1
    assert document(world, found).inspected is Inspected.READABLE
    assert client.bytes(f"{home}/documenten/{kept.id}").startswith(b"%PDF")
    last = journal.timeline(world.session, "application", found.reference)[-1]
    assert last.entry.verb == "document.inspected"
    assert {job.state for job in world.session.query(Job)} == {WorkState.DONE}


def test_a_virus_found_later_is_told_and_the_submission_stands(world, clamd):
    scan_with(world, NOWHERE)
    found = make.draft(world)
    make.name_partners(world, found)
    make.answer(world, found)
    upload(world, found, infected(make.form_pdf(world, found)))
    make.sign(world, make.again(world, found))
    make.done(make.submit(world, found))
    scan_with(world, clamd)
    work(world)
    kept = document(world, found)
    assert kept.inspected is Inspected.REFUSED
    assert make.again(world, found).status is Status.SUBMITTED
    told = [d.address for d in world.session.query(Delivery).filter_by(kind="file_refused")]
    assert sorted(told) == ["aanvrager@proef.example", "ggz@proef.example", "vaph@proef.example"]
    client, home = world.client("aanvrager"), f"/aanvragen/{found.reference}"
    assert "Niemand kan het openen" in client.get(f"{home}/documenten").said
    with client.client.get(f"{home}/documenten/{kept.id}") as refused:
        assert refused.status_code == 404
    assert "Bij het nakijken vonden wij iets in form.pdf" in client.get(f"{home}/controle").said


def test_a_busy_reader_lets_the_file_wait(world, monkeypatch):
    monkeypatch.setattr(inspection, "PATIENCE", 0.01)
    found = make.draft(world)
    make.answer(world, found)
    inspection._reader.acquire()
    try:
        upload(world, found, make.form_pdf(world, found))
        assert document(world, found).inspected is Inspected.RECEIVED
    finally:
        inspection._reader.release()
    assert work(world)["worked"] == 1
    assert document(world, found).inspected is Inspected.READABLE


def test_a_heavy_file_is_for_the_worker_and_one_account_reads_one_at_a_time(world, monkeypatch):
    found = make.draft(world)
    make.answer(world, found)
    pdf = make.form_pdf(world, found)
    monkeypatch.setattr(inspection, "QUICKLY", 0.001)
    upload(world, found, pdf)
    assert document(world, found).inspected is Inspected.RECEIVED
    assert work(world)["worked"] == 1
    assert document(world, found).inspected is Inspected.READABLE
    monkeypatch.undo()
    account = world.person("aanvrager").account_id
    inspection._reading_for.add(account)
    try:
        upload(world, found, pdf)
    finally:
        inspection._reading_for.discard(account)
    assert document(world, found).inspected is Inspected.RECEIVED
    upload(world, found, pdf)
    assert document(world, found).inspected is Inspected.READABLE
    assert inspection._reading_for == set()


def test_what_the_worker_refuses_is_mailed_with_its_facts(world, monkeypatch):
    found = make.draft(world)
    monkeypatch.setattr(inspection, "QUICKLY", 0.001)
    upload(world, found, pdfs.form({"contact/standplaatsen": "4", "contact/standplaatsen#": "5"}))
    assert work(world)["worked"] == 1
    assert document(world, found).inspected is Inspected.REFUSED
    (owed,) = [d for d in world.session.query(Delivery) if d.kind == "file_refused"]
    _subject, text = compose.composer(world.app.extensions["portal"].settings).worded(owed.kind, owed.data)
    assert "“Op hoeveel plaatsen in de regio kan een deelnemer terecht?” staat twee keer" in text


@ON_BOTH
def test_two_workers_settle_a_file_once(world):
    scan_with(world, NOWHERE)
    found = make.draft(world)
    upload(world, found, make.form_pdf(world, found))
    scan_with(world, NoScanner())
    work(world)
    with world.database.writing() as session:  # as if the first worker was thought dead
        session.query(Job).update({"state": WorkState.OWED})
    work(world)
    verbs = [line.entry.verb for line in journal.timeline(world.session, "application", found.reference)]
    assert verbs.count("document.inspected") == 1


def test_a_file_that_is_gone_is_given_up_told_and_looked_at_again(world):
    scan_with(world, NOWHERE)
    found = make.draft(world)
    upload(world, found, make.form_pdf(world, found))
    path = world.storage._path(document(world, found).storage_key)
    aside = path.rename(path.with_suffix(".aside"))
    scan_with(world, NoScanner())
    assert work(world)["failed"] == 1
    assert world.session.query(Job).one().error == "the file is not in the store"
    assert world.session.query(Document).one().inspected is Inspected.RECEIVED
    lead, desk = world.client("aanvrager"), world.client("beheerder")
    assert "kon niet nagekeken worden" in lead.get(f"/aanvragen/{found.reference}/tijdlijn").said
    page = desk.get("/beheer/documenten")
    assert found.reference not in page.said and "form.pdf" not in page.said  # sealed
    again = "/beheer/documenten/opnieuw"
    assert desk.post("/beheer/documenten", page=page, action=again) == "/beheer/documenten"
    aside.rename(path)
    assert work(world)["worked"] == 1
    assert document(world, found).open
    assert again not in [f["action"] for f in desk.get("/beheer/documenten").forms]
    assert journal.verify(world.session) == []


def test_the_desk_and_reviewers_cannot_open_what_was_not_looked_at(world):
    scan_with(world, NOWHERE)
    found = make.draft(world)
    make.name_partners(world, found)
    make.answer(world, found)
    upload(world, found, make.form_pdf(world, found))
    make.sign(world, make.again(world, found))
    make.done(make.submit(world, found))
    make.closed(world)
    desk = world.client("beheerder")
    page = desk.get(f"/beheer/ontvankelijkheid/{found.reference}")
    assert "form.pdf: Wordt nagekeken" in page.said
    address = f"/beheer/aanvragen/{found.reference}/documenten/{document(world, found).id}"
    with desk.client.get(address) as refused:
        assert refused.status_code == 404
    scan_with(world, NoScanner())
    work(world)
    assert desk.bytes(address).startswith(b"%PDF")
