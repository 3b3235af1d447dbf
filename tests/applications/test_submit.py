"""Submitting: frozen, receipted, on time to the microsecond, once."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.access import SYSTEM
from portal.applications import actions, queries
from portal.applications.content import read_back, sign_off_state
from portal.applications.lifecycle import Status
from portal.clock import parse_local
from portal.journal import queries as journal
from portal.lifecycle import Done, Refused
from tests import make, pdfs

CLOSES = parse_local("2023-02-11T00:00")


def codes(outcome):
    return [r.code for r in outcome.refusals]


def verbs(world, application):
    return [line.entry.verb for line in journal.timeline(world.session, "application", application.reference)]


def test_a_submission_is_exact_bytes_with_their_digest_and_a_manifest(world):
    found = make.ready(world)
    submission = make.done(make.submit(world, found))
    assert hashlib.sha256(submission.content).hexdigest() == submission.sha256
    said = read_back(submission.content)
    assert said["answers"]["aanpak"]["casemanagers"] == 6
    assert [s["state"] for s in said["sign_offs"]] == ["valid"] * 3
    (file,) = submission.manifest
    with world.storage.open(queries.attached(found)[0].document.storage_key) as stream:
        assert hashlib.sha256(stream.read()).hexdigest() == file["sha256"]
    assert found.status is Status.SUBMITTED
    assert journal.verify(world.session) == []


def test_the_last_microsecond_counts_and_the_next_does_not(world):
    early, late = make.ready(world), make.ready(world, region="kempen")
    world.clock.at = CLOSES - timedelta(microseconds=1)
    assert isinstance(make.submit(world, early), Done)
    world.clock.at = CLOSES
    outcome = make.submit(world, late)
    assert codes(outcome) == ["round_closed"]
    assert make.again(world, late).status is Status.DRAFT
    lines = journal.timeline(world.session, "application", late.reference)
    assert lines[-1].entry.verb == "application.submit.refused"
    assert len(lines[-1].facts["sha256"]) == 64
    owed = [d.kind for d in journal.deliveries_to(world.session, "aanvrager@proef.example")]
    assert "too_late" in owed


def test_the_same_submit_twice_is_one_submission_and_the_same_receipt(world):
    found = make.ready(world)
    revision = found.revision
    first = make.done(make.submit(world, found, revision=revision))
    second = make.done(make.submit(world, found, revision=revision))
    assert first.id == second.id
    assert verbs(world, found).count("application.submitted") == 1


def test_until_the_deadline_it_can_be_reworked_and_submitted_again(world):
    found = make.application(world, Status.SUBMITTED)
    make.done(make.attach(world, found, pdfs.plain(), name="scan.pdf"))
    second = make.done(make.submit(world, found))
    assert second.number == 2
    valid = queries.valid_submission(world.session, found)
    assert (valid.number, valid.manifest[0]["name"]) == (2, "scan.pdf")


def test_everything_missing_is_said_at_once(world):
    found = make.draft(world)
    outcome = make.submit(world, found)
    assert codes(outcome) == [
        "seat_empty",
        "seat_empty",
        "section_incomplete",
        "section_incomplete",
        "section_incomplete",
        "document_missing",
    ]


def test_only_the_lead_submits(world):
    found = make.ready(world)
    outcome = actions.submit(
        found,
        revision=found.revision,
        clock=world.clock,
        waited=lambda: 0,
        by=world.person("ggz"),
        now=world.now,
    )
    assert codes(outcome) == ["lead_only"]


def test_a_change_after_the_check_is_not_submitted_unseen(world):
    found = make.ready(world)
    seen = found.revision
    make.answer(world, found)
    make.done(
        actions.save_section(
            found,
            section="contact",
            values={**make.ANSWERS["contact"], "standplaatsen": 5},
            revision=1,
            by=world.person("aanvrager"),
            now=world.now,
        )
    )
    assert "stale" in codes(make.submit(world, found, revision=seen))


def test_a_lead_submits_once_for_a_region_in_a_round(world):
    make.application(world, Status.SUBMITTED)
    second = make.ready(world)
    assert codes(make.submit(world, second)) == ["already_submitted"]
    make.application(world, Status.SUBMITTED, region="kempen")


def test_the_database_too_refuses_a_second_one(world):
    make.application(world, Status.SUBMITTED)
    second = make.ready(world)
    changed = text("UPDATE application SET status = 'submitted', submitted_at = started_at WHERE id = :id")
    with pytest.raises(IntegrityError), world.database.writing() as session:
        session.execute(changed, {"id": second.id})


def test_a_form_that_differs_where_it_must_match_blocks(world):
    found = make.ready(world)
    pdf = pdfs.changed(
        make.form_pdf(world, found), {"aanpak/casemanagers": "7", "contact/contact-functie": "iets"}
    )
    make.done(make.attach(world, found, pdf))
    outcome = make.submit(world, found)
    assert codes(outcome) == ["form_differs"]
    assert (outcome.refusals[0].facts["answered"], outcome.refusals[0].facts["read"]) == ("6", "7")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"call": "andere-oproep"}, "form_of_other_call"),
        ({"round": 2}, "form_of_other_round"),
        ({"region": "kempen"}, "form_of_other_region"),
    ],
)
def test_a_form_of_another_call_round_or_region_is_refused_by_name(world, change, code):
    found = make.draft(world)
    outcome = make.attach(world, found, make.form_pdf(world, found, **change))
    assert codes(outcome) == [code]


def test_a_missing_sign_off_warns_only(world):
    found = make.draft(world)
    make.name_partners(world, found)
    make.answer(world, found)
    make.done(make.attach(world, found, make.form_pdf(world, found)))
    submission = make.done(make.submit(world, found))
    assert {s["state"] for s in read_back(submission.content)["sign_offs"]} == {"missing"}


def test_a_substantive_change_voids_the_sign_offs_it_touches(world):
    found = make.ready(world)
    values = {**make.ANSWERS["contact"], "contact-functie": "directeur"}
    save = {"section": "contact", "by": world.person("aanvrager"), "now": world.now}
    make.done(actions.save_section(found, values=values, revision=1, **save))

    def states():
        facts = queries.facts(found, world.now)
        return [sign_off_state(facts, p) for p in facts.partners]

    assert states() == ["valid"] * 3
    make.done(actions.save_section(found, values={**values, "standplaatsen": 9}, revision=2, **save))
    assert states() == ["void"] * 3


def test_a_withdrawn_application_stays_withdrawn(world):
    found = make.application(world, Status.SUBMITTED)
    make.done(actions.withdraw(found, reason="Anders beslist.", by=world.person("aanvrager"), now=world.now))
    assert codes(make.submit(world, found)) == ["wrong_status"]
    assert isinstance(make.submit(world, make.ready(world)), Done)


def test_a_submission_and_a_journal_entry_cannot_be_changed(world):
    make.application(world, Status.SUBMITTED)
    for statement in (
        "UPDATE submission SET sha256 = 'x'",
        "DELETE FROM submission",
        "UPDATE entry SET verb = 'x'",
        "DELETE FROM entry",
        "UPDATE payload SET body = 'x'",
        "DELETE FROM payload",
        "UPDATE round SET closes_at = '2030-01-01'",
    ):
        with pytest.raises(IntegrityError), world.owning() as session:
            session.execute(text(statement))


def test_one_changed_byte_is_named(world):
    found = make.application(world, Status.SUBMITTED)
    trigger = "payload_is_kept_or_destroyed_update"
    with world.owning() as session:
        on = " ON payload" if session.get_bind().dialect.name == "postgresql" else ""
        session.execute(text(f"DROP TRIGGER {trigger}{on}"))
        started = text("SELECT id FROM entry WHERE verb = 'application.started'")
        entry = session.execute(started).scalar_one()
        body = session.execute(
            text("SELECT body FROM payload WHERE entry_id = :id"), {"id": entry}
        ).scalar_one()
        changed = {"id": entry, "body": body.replace(b"midwest", b"midwesp")}
        session.execute(text("UPDATE payload SET body = :body WHERE entry_id = :id"), changed)
    world.session.rollback()
    wrong = journal.verify(world.session)
    assert wrong == [f"application/{found.reference}: the payload of entry 1 was changed"]


def test_refused_attempts_leave_nothing_half_done(world):
    found = make.draft(world)
    before = found.revision
    assert isinstance(make.submit(world, found), Refused)
    assert make.again(world, found).revision == before
    assert found.submissions == []


def test_before_the_round_opens_nothing_starts(world):
    world.clock.at = parse_local("2022-12-11T23:59:59.999999")
    with pytest.raises(AssertionError, match="round_not_open"):
        make.draft(world)


def test_a_region_the_round_does_not_name(world):
    with pytest.raises(AssertionError, match="region_not_in_round"):
        make.draft(world, region="brussel")


def test_the_seal_hides_everything_from_the_department(world):
    found = make.application(world, Status.SUBMITTED)
    assert queries.one_unsealed_to(world.session, SYSTEM, found.reference) is None
    assert queries.one_visible_to(world.session, world.person("beheerder"), found.reference) is None
    assert queries.one_visible_to(world.session, world.person("auditor"), found.reference) is None
    assert queries.one_visible_to(world.session, world.person("rivaal"), found.reference) is None
    assert queries.one_visible_to(world.session, world.person("ggz"), found.reference) is not None


def test_a_partner_touches_files_only_after_confirming_its_seat(world):
    found = make.draft(world)
    number, name = make.ORGANISATIONS["ggz"]
    by = world.person("aanvrager")
    named = {"seat": "ggz", "number": number, "name": name, "kind": "cgg", "email": "ggz@proef.example"}
    make.done(actions.name_partner(found, **named, by=by, now=world.now))
    kept = make.done(make.attach(world, found, pdfs.plain()))
    partner = world.person("ggz")
    assert codes(make.attach(world, found, pdfs.plain(), "ggz")) == ["seat_first"]
    assert codes(actions.detach(found, document_id=kept.id, by=partner, now=world.now)) == ["seat_first"]
    assert [f.document_id for f in queries.attached(make.again(world, found))] == [kept.id]
    make.done(actions.confirm_seat(found, seat="ggz", by=partner, now=world.now))
    make.done(actions.detach(found, document_id=kept.id, by=partner, now=world.now))


def test_files_that_were_replaced_hold_nobody_up(world):
    found = make.draft(world)
    for _each in range(4):
        assert isinstance(make.attach(world, found, pdfs.plain(), limit=3), Done)
    assert len(queries.attached(make.again(world, found))) == 1


def test_a_store_is_not_filled_with_replaced_files(world):
    found = make.draft(world)
    outcomes = [make.attach(world, found, pdfs.plain(), limit=1) for _each in range(11)]
    assert [codes(o) for o in outcomes if isinstance(o, Refused)] == [["too_many_versions"]]
