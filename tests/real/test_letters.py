"""What is owed is sent: over a real SMTP server, at least once, always under the same Message-ID."""

import io
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pypdf import PdfReader

from portal import compose
from portal.applications.lifecycle import Status
from portal.clock import SystemClock
from portal.jobs import LEASE, PATIENCE, TryLater, WorkState, take
from portal.journal import queries as journal
from portal.journal.delivering import deliver_one
from portal.journal.models import Delivery
from portal.mail import from_url
from tests import make, parts
from tests.conftest import ON_SQLITE

REAL = SystemClock()


@pytest.fixture
def smtp(tmp_path):
    with parts.smtp(tmp_path) as server:
        yield server


def work(world, mailer, at=None):
    """Send until nothing is due at `at`; what came of each."""
    composer, done = compose.composer(world.app.extensions["portal"].settings), []
    while outcome := deliver_one(world.database, composer, mailer, real=at or REAL.now(), now=world.now):
        done.append(outcome)
    world.session.rollback()
    return done


def deliveries(world, kind=None):
    world.session.rollback()
    found = world.session.query(Delivery).order_by(Delivery.id)
    return [d for d in found if kind in (None, d.kind)]


@ON_SQLITE
def test_a_receipt_goes_to_every_partner_with_its_pdf(world, smtp):
    found = make.application(world, Status.SUBMITTED)
    sent = work(world, from_url(smtp.url()))
    assert set(sent) == {"sent"}
    receipts = [m for m in smtp.inbox.mails if m["Subject"].startswith("Ontvangen: ")]
    assert sorted(m["To"] for m in receipts) == [
        "aanvrager@proef.example",
        "ggz@proef.example",
        "vaph@proef.example",
    ]
    mail = receipts[0]
    text = mail.get_body(("plain",)).get_content()
    assert found.submissions[0].sha256 in text
    assert "16 januari 2023, 10:00:00.000000 (UTC+01:00)" in text
    (pdf,) = mail.iter_attachments()
    assert pdf.get_filename() == f"ontvangstbewijs-{found.reference}.pdf"
    body = pdf.get_content()
    assert body == world.client("aanvrager").bytes(f"/aanvragen/{found.reference}/ontvangstbewijs/pdf")
    assert found.submissions[0].sha256 in re.sub(r"\s", "", PdfReader(io.BytesIO(body)).pages[0].extract_text())
    assert {d.state for d in deliveries(world)} == {WorkState.DONE}
    assert work(world, from_url(smtp.url())) == []


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"trusted": False}, "CERTIFICATE_VERIFY_FAILED"),
        ({"host": "127.0.0.1"}, "IP address mismatch|CERTIFICATE_VERIFY_FAILED"),
        ({"password": "verkeerd"}, "SMTPAuthenticationError"),
    ],
)
def test_a_server_that_is_not_ours_gets_nothing(world, smtp, changes, told):
    make.name_partners(world, make.draft(world))
    mailer = from_url(smtp.url(**changes))
    assert work(world, mailer) == ["later", "later"]
    assert all(re.search(told, d.error) for d in deliveries(world))
    assert smtp.inbox.mails == []
    with pytest.raises(TryLater, match=told):
        mailer.check()
    from_url(smtp.url()).check()


def test_without_tls_only_where_that_is_said(world, smtp):
    plain = replace(from_url(smtp.url()), scheme="smtp+plain", user="")
    make.name_partners(world, make.draft(world))
    assert work(world, plain)[0] != "sent"  # this server asks for STARTTLS
    assert smtp.inbox.mails == []


def test_a_server_that_is_down_a_day_delays_and_doubles_nothing(world, smtp):
    make.name_partners(world, make.draft(world))
    down, now = from_url("smtp://127.0.0.1:9"), REAL.now()
    for minutes in range(0, 24 * 60, 60):
        assert set(work(world, down, now + timedelta(minutes=minutes))) == {"later"}
    assert {d.state for d in deliveries(world)} == {WorkState.OWED}
    assert work(world, from_url(smtp.url()), now + timedelta(days=1)) == ["sent", "sent"]
    assert len(smtp.inbox.mails) == 2


def test_one_refused_address_holds_nobody_up_and_is_on_record(world, smtp):
    found = make.draft(world)
    make.name_partners(world, found)
    smtp.inbox.answers["ggz@proef.example"] = ["550 no such user"]
    assert sorted(work(world, from_url(smtp.url()))) == ["failed", "sent"]
    (failed,) = [d for d in deliveries(world) if d.state is WorkState.FAILED]
    assert (failed.address, failed.error) == ("ggz@proef.example", "550 no such user")
    last = journal.timeline(world.session, "application", found.reference)[-1]
    assert (last.entry.verb, last.facts) == ("letter.failed", {"kind": "invitation"})
    assert journal.verify(world.session) == []


def test_an_address_that_asks_to_wait_is_tried_again_and_given_up_in_the_end(world, smtp):
    make.name_partners(world, make.draft(world))
    smtp.inbox.answers["ggz@proef.example"] = ["451 greylisted"]
    mailer, now = from_url(smtp.url()), REAL.now()
    assert sorted(work(world, mailer, now)) == ["postponed", "sent"]
    assert work(world, mailer, now + timedelta(seconds=59)) == []
    assert work(world, mailer, now + timedelta(minutes=1)) == ["sent"]
    keys = {m["Message-ID"] for m in smtp.inbox.mails}
    assert len(keys) == len(smtp.inbox.mails) == 2

    smtp.inbox.answers["vaph@proef.example"] = ["451 never"] * PATIENCE
    make.name_partners(world, make.draft(world, "vlaamse-ardennen"))
    outcomes = [work(world, mailer, now + timedelta(hours=hour)) for hour in range(2, 2 + PATIENCE)]
    assert outcomes[-1] == ["failed"]
    assert work(world, mailer, now + timedelta(days=9)) == []


def test_a_worker_that_dies_in_the_middle_sends_again_under_the_same_id(world, smtp):
    make.name_partners(world, make.draft(world))
    composer = compose.composer(world.app.extensions["portal"].settings)
    now, mailer = REAL.now(), from_url(smtp.url())
    lease = take(world.database, Delivery, now)  # a worker takes one, sends it, and is killed before it says so
    with world.database.session() as session:
        mailer.send(composer.message(session, session.get_one(Delivery, lease.id)))
    assert work(world, mailer, now) == ["sent"]  # the other one; the lease on the first still holds
    assert work(world, mailer, now + LEASE) == ["sent"]
    ids = [m["Message-ID"] for m in smtp.inbox.mails]
    assert (len(ids), len(set(ids))) == (3, 2)
    assert ids[0] == ids[2]


@pytest.mark.parametrize(
    "address", ["a@b.example, c@d.example", "a@b.example\nBcc: c@d.example", "geen adres", ""]
)
def test_an_address_that_is_none_is_given_up(world, smtp, address):
    make.name_partners(world, make.draft(world))
    with make.by_hand(world) as session:
        session.query(Delivery).filter_by(address="ggz@proef.example").one().address = address
    assert sorted(work(world, from_url(smtp.url()))) == ["failed", "sent"]
    assert [m["To"] for m in smtp.inbox.mails] == ["vaph@proef.example"]


def test_the_program_sends_what_is_due_and_survives_a_kill(world, smtp):
    """`portal deliver` as it runs in production: killed at any moment, nothing owed is lost."""
    for region in ("midwest", "vlaamse-ardennen", "denderregio"):
        make.name_partners(world, make.draft(world, region))
    settings = world.app.extensions["portal"].settings
    environ = {
        **{k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")},
        "PORTAL_DATABASE_URL": settings.database_url.replace("+psycopg", ""),
        "PORTAL_STORAGE_URL": settings.storage_url,
        "PORTAL_SECRET_KEY": "x" * 32,
        "PORTAL_BASE_URL": "https://portaal.example",
        "PORTAL_CONTACT_EMAIL": "mandaten@zorg.example",
        "PORTAL_CONTACT_PHONE": "02 000 00 00",
        "PORTAL_CONTACT_ADDRESS": "Voorbeeldstraat 1, 1000 Brussel",
        "PORTAL_SMTP_URL": smtp.url(),
        "PORTAL_MAIL_FROM": "portaal@zorg.example",
    }
    program = Path(sys.executable).parent / "portal"
    world.session.rollback()
    first = subprocess.Popen([program, "deliver"], env=environ, stderr=subprocess.DEVNULL)
    parts.until(lambda: smtp.inbox.mails[0], first)
    first.send_signal(signal.SIGKILL)
    first.wait()
    with world.database.writing() as session:  # as if its lease had run out
        for delivery in session.query(Delivery).filter_by(state=WorkState.LEASED):
            delivery.leased_until = REAL.now()
    done = subprocess.run(
        [program, "deliver", "--once"], env=environ, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert {d.state for d in deliveries(world)} == {WorkState.DONE}
    assert {m["Message-ID"] for m in smtp.inbox.mails} == {f"<{d.key}@zorg.example>" for d in deliveries(world)}
