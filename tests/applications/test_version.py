"""Once submitted there are two things: the version that counts, and changes that do not (rule 4)."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.access import SYSTEM
from portal.accounts import actions as account_actions
from portal.accounts import queries as accounts
from portal.applications import actions, queries
from portal.applications.actions.reminding import remind
from portal.applications.lifecycle import Status
from portal.applications.version import Change, changes, working
from portal.calls import queries as calls
from portal.journal.models import Delivery
from portal.kbo import enterprise_number
from portal.lifecycle import Refused
from portal.organisations import actions as organisation_actions
from portal.reviews import actions as reviews
from portal.reviews import queries as review_queries
from tests import make
from tests.conftest import ORGANISATIONS

OTHER = f"{5005:08d}{97 - 5005 % 97:02d}"


@pytest.fixture
def other(world):
    """An organisation with an account that no version ever had."""
    assert enterprise_number(OTHER)[1] is None
    hashed = accounts.by_email(world.session, "aanvrager@proef.example").password
    account = make.done(
        account_actions.enrol(
            world.session,
            email="ander@proef.example",
            label="ander",
            password_hash=hashed,
            by=SYSTEM,
            now=world.now,
        )
    )
    found = make.done(
        organisation_actions.register(world.session, number=OTHER, name="CGG Ander", by=SYSTEM, now=world.now)
    )
    make.done(organisation_actions.join(account, organisation=found, by=SYSTEM, now=world.now))
    return found


@pytest.fixture
def renamed(world, other):
    """Submitted with one partner; the working copy then names another in its seat, not submitted again."""
    found = make.application(world, Status.SUBMITTED)
    make.done(
        actions.name_partner(
            make.again(world, found),
            seat="ggz",
            number=OTHER,
            name="CGG Ander",
            kind="cgg",
            email="ander@proef.example",
            by=world.person("aanvrager"),
            now=world.now,
        )
    )
    return make.again(world, found)


def sees(world, name, found):
    world.session.rollback()
    return queries.one_visible_to(world.session, world.person(name), found.reference) is not None


def told(world, kind):
    world.session.rollback()
    return {d.address for d in world.session.query(Delivery).filter_by(kind=kind)}


def test_while_it_may_change_both_see_it_and_after_closing_who_counts(world, renamed):
    assert [sees(world, name, renamed) for name in ("aanvrager", "ggz", "ander", "rivaal")] == [1, 1, 1, 0]
    make.closed(world)
    assert [sees(world, name, renamed) for name in ("aanvrager", "ggz", "ander", "rivaal")] == [1, 1, 0, 0]


def test_who_was_named_in_a_draft_that_was_never_sent_keeps_seeing_it(world, other):
    found = make.draft(world)
    make.name_partners(world, found)
    make.closed(world)
    assert sees(world, "ggz", found)
    assert not sees(world, "ander", found)


def test_ties_bind_to_who_counts(world, renamed):
    tie = {"kind": "bestuur", "by": world.person("beheerder"), "now": world.now}
    make.done(reviews.declare_tie(world.session, number=ORGANISATIONS["ggz"][0], **tie))
    second = {"kind": "bestuur", "by": world.person("medeondertekenaar"), "now": world.now}
    make.done(reviews.declare_tie(world.session, number=OTHER, **second))
    make.closed(world)
    found = make.again(world, renamed)
    session = world.session
    assert not review_queries.is_open_to(session, world.person("beheerder"), found)
    assert review_queries.is_open_to(session, world.person("medeondertekenaar"), found)
    place = {(found.round_id, found.region_id)}
    assert review_queries.hidden_from(session, world.person("beheerder")) == place
    assert review_queries.hidden_from(session, world.person("medeondertekenaar")) == frozenset()
    checks = {c.key: True for c in calls.definition(found.round).admissibility}
    outcome = reviews.find(
        found, checks=checks, admissible=True, reason="", by=world.person("beheerder"), now=world.now
    )
    assert isinstance(outcome, Refused)
    assert {r.code for r in outcome.refusals} == {"tied"}


def test_who_holds_the_mandate_is_who_is_told(world, renamed):
    make.closed(world)
    make.admit(world, make.again(world, renamed))
    make.appraise(world, make.again(world, renamed))
    make.done(make.confirm(world, make.done(make.prepare(world, make.again(world, renamed)))))
    (mandate,) = make.done(make.release(world, make.again(world, renamed)))
    assert OTHER not in {h.number for h in mandate.holders}
    assert told(world, "decision") == {f"{name}@proef.example" for name in ("aanvrager", "ggz", "vaph")}


def test_before_the_closing_a_withdrawal_is_told_to_both(world, renamed):
    make.done(actions.withdraw(renamed, reason="ander project", by=world.person("aanvrager"), now=world.now))
    assert {"ggz@proef.example", "ander@proef.example"} <= told(world, "withdrawn")


def test_after_the_closing_a_withdrawal_is_told_to_who_counts(world, renamed):
    make.closed(world)
    found = make.again(world, renamed)
    make.done(actions.withdraw(found, reason="ander project", by=world.person("aanvrager"), now=world.now))
    assert "ggz@proef.example" in told(world, "withdrawn")
    assert "ander@proef.example" not in told(world, "withdrawn")


def change_an_answer(world, found, **values):
    (answers,) = [a for a in found.answers if a.section == "aanpak"]
    make.done(
        actions.save_section(
            found,
            section="aanpak",
            values={**answers.body, **values},
            revision=answers.revision,
            by=world.person("aanvrager"),
            now=world.now,
        )
    )
    return make.again(world, found)


def test_what_was_changed_since_is_told_one_by_one(world):
    found = make.application(world, Status.SUBMITTED)
    assert queries.unsent(found, world.now) == ()
    found = change_an_answer(world, found, trajecten=80)
    answer, *signatures = queries.unsent(found, world.now)
    assert (answer.kind, answer.key, answer.was, answer.now) == ("answer", "aanpak", "90", "80")
    assert {(s.kind, s.was, s.now) for s in signatures} == {("signature", "valid", "void")}
    found = change_an_answer(world, found, trajecten=90)
    assert queries.unsent(found, world.now) == ()  # put back: nothing is unsent


def test_every_kind_of_change_is_told(world, renamed):
    found = renamed
    (document,) = [f.document_id for f in queries.attached(found)]
    make.done(actions.detach(found, document_id=document, by=world.person("aanvrager"), now=world.now))
    found = make.again(world, found)
    facts = queries.facts(found, world.now)
    sent = queries.counting(world.session, found)
    kinds = {(c.kind, c.key) for c in changes(facts.definition, sent, working(facts))}
    assert kinds >= {("seat", "ggz"), ("file", "aanmeldingsformulier"), ("signature", "welzijn")}
    back = changes(facts.definition, working(facts), sent)
    assert Change("file", "aanmeldingsformulier", "", "form.pdf") in back


def test_a_version_reads_back_as_it_was_sent(world, renamed):
    found = change_an_answer(world, renamed, trajecten=80)
    sent = queries.counting(world.session, found)
    facts = queries.facts_as_sent(found, sent, queries.facts(found, world.now))
    assert changes(facts.definition, sent, working(facts)) == ()
    assert facts.answers["aanpak"]["trajecten"] == 90
    assert queries.facts(found, world.now).answers["aanpak"]["trajecten"] == 80
    assert sent.numbers == {ORGANISATIONS[name][0] for name in ("aanvrager", "ggz", "vaph")}


def test_the_database_keeps_the_partners_of_a_version(world):
    make.application(world, Status.SUBMITTED)
    for change in ("UPDATE submitted_partner SET number = '0000500539'", "DELETE FROM submitted_partner"):
        with pytest.raises(IntegrityError, match="submitted_partner_is_frozen"), world.owning() as session:
            session.execute(text(change))


def test_a_change_that_was_not_sent_is_reminded_a_day_and_an_hour_before(world):
    found = change_an_answer(world, make.application(world, Status.SUBMITTED), trajecten=80)
    make.application(world, Status.SUBMITTED, region="kempen")  # sent as it stands: nothing to remind of
    undone = change_an_answer(world, make.application(world, Status.SUBMITTED, region="limburg"), trajecten=80)
    change_an_answer(world, undone, trajecten=90)
    closes_at = calls.closing(found.round)
    for before, reminded in ((25, 0), (24, 1), (23, 0), (1, 1)):
        world.clock.at = closes_at - timedelta(hours=before)
        assert remind(world.database, world.now) == reminded
    world.session.rollback()
    owed = world.session.query(Delivery).filter_by(kind="change_not_sent").all()
    assert {d.data["reference"] for d in owed} == {found.reference}
    assert len(owed) == 6
    assert told(world, "closing_soon") == set()


def test_who_falls_out_of_the_version_that_counts_is_told(world, renamed):
    assert told(world, "no_longer_partner") == set()  # nothing counts yet
    make.done(actions.confirm_seat(renamed, seat="ggz", by=world.person("ander"), now=world.now))
    make.done(make.submit(world, make.again(world, renamed)))
    assert told(world, "no_longer_partner") == {"ggz@proef.example"}
    assert "ander@proef.example" in told(world, "receipt")
    make.closed(world)
    assert [sees(world, name, renamed) for name in ("aanvrager", "ggz", "ander")] == [1, 0, 1]


def test_another_address_for_mail_is_a_change_too_and_mail_goes_where_it_was_submitted(world):
    found = make.application(world, Status.SUBMITTED)
    number, name = ORGANISATIONS["ggz"][0], ORGANISATIONS["ggz"][1]
    named = {"seat": "ggz", "number": number, "name": name, "kind": "cgg", "email": "nieuw@proef.example"}
    make.done(
        actions.name_partner(make.again(world, found), **named, by=world.person("aanvrager"), now=world.now)
    )
    (change,) = queries.unsent(make.again(world, found), world.now)
    assert (change.kind, change.was, change.now) == ("address", "ggz@proef.example", "nieuw@proef.example")
    make.closed(world)
    assert "nieuw@proef.example" not in queries.contacts(world.session, make.again(world, found))
    sent = queries.valid_submission(world.session, make.again(world, found))
    assert b"@proef.example" not in sent.content.replace(b"zorgenwerk@proef.example", b"")
