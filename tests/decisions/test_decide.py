"""From appraisal to a released decision, by two people."""

import io

import pypdf
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.access import SYSTEM, Role
from portal.accounts import actions as account_actions
from portal.accounts import queries as accounts
from portal.applications import actions as applications
from portal.applications.lifecycle import Status as ApplicationStatus
from portal.decisions import actions, queries
from portal.decisions.lifecycle import Status
from portal.decisions.rules import Outcome
from portal.journal import queries as journal
from portal.journal.models import Delivery
from tests import make
from tests.conftest import ON_SQLITE, ORGANISATIONS


@pytest.fixture
def appraised(world):
    found = make.application(world, ApplicationStatus.SUBMITTED)
    make.closed(world)
    found = make.again(world, found)
    make.admit(world, found)
    make.appraise(world, found)
    return found


@pytest.fixture
def rivals(world):
    """Two appraised applications for one region, the first the stronger."""
    first = make.application(world, ApplicationStatus.SUBMITTED)
    second = make.application(world, ApplicationStatus.SUBMITTED, lead="rivaal")
    make.closed(world)
    first, second = make.again(world, first), make.again(world, second)
    for found, level in ((first, 5), (second, 4)):
        make.admit(world, found)
        make.appraise(world, found, level)
    return first, second


def codes(outcome):
    return [r.code for r in outcome.refusals]


def test_nothing_is_decided_before_everyone_handed_in(world):
    found = make.application(world, ApplicationStatus.SUBMITTED)
    make.closed(world)
    found = make.again(world, found)
    assert codes(make.prepare(world, found)) == ["not_admissible"]
    make.admit(world, found)
    assert codes(make.prepare(world, found)) == ["not_appraised"]


@ON_SQLITE
def test_the_whole_way_in_the_browser(world, appraised):
    desk, second = world.client("beheerder"), world.client("medeondertekenaar")
    path = f"/beheer/beslissingen/voorbereiden/{appraised.reference}"
    page = desk.get(path)
    assert "Advies van de beoordelaars: Goedgekeurd." in page.said
    assert "Plaats 1 van 1, met 80,00 procent. Elke drempel is gehaald." in page.said
    assert page.form()["data"]["reason_herstel"] == ""
    assert page.said.count("Beoordelaar 2: 4 ") == len(make.CRITERIA)
    reasons = {f"reason_{key}": make.REASON for key in make.CRITERIA}
    wrong = desk.post(path, {"outcome": "rejected", "reason": "kort"})
    assert "Motiveer “" in wrong.said
    assert "U wijkt af van het advies" in wrong.said
    assert "Motiveer de beslissing" in wrong.said
    made = desk.post(path, {"outcome": "approved", "reason": make.REASON, **reasons})
    reference = made.rsplit("/", 1)[1]
    confirming = f"{made}/bevestigen"
    refused = desk.post(confirming)
    assert "Een tweede persoon moet het bevestigen" in refused.said
    region = "/beheer/regios/midwest?ronde=1"
    assert "1 beslissing wacht op een tweede persoon." in desk.get(region).said
    shown = second.get(confirming).said
    assert "beheerder" in shown and ORGANISATIONS["vaph"][1] in shown
    draft = second.bytes(f"{made}/ontwerp")
    assert "Ontwerp" in "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(draft)).pages)
    assert "Schrijf waarom u de beslissing teruggeeft" in second.post(confirming, {"withdraw": "1"}).said
    told = {"withdraw": "1", "reason": "De motivering over herstel is te algemeen."}
    assert second.post(confirming, told) == "/beheer/beslissingen"
    assert "De motivering over herstel is te algemeen." in desk.get(path).said
    made = desk.post(path, {"outcome": "approved", "reason": make.REASON, **reasons})
    reference, confirming = made.rsplit("/", 1)[1], f"{made}/bevestigen"
    assert second.post(confirming) == "/beheer/beslissingen"
    release = "/beheer/regios/midwest/vrijgeven?ronde=1"
    assert desk.post(region, page=desk.get(region), action=release) == region
    assert "zijn vrijgegeven" in desk.get(region).said
    lead = world.client("aanvrager")
    shown = lead.get(f"/aanvragen/{appraised.reference}/beslissing").said
    assert "Goedgekeurd" in shown and "Raad van State" in shown
    pdf = lead.bytes(f"/aanvragen/{appraised.reference}/beslissing/brief")
    said = "".join(p.extract_text() for p in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    for words in (
        reference,
        "van 1 juli 2023 tot en met 30 juni 2028",
        "Raad van State",
        "60 dagen",
        "Plaats 1 van 1, met 80,00 procent.",
        make.REASON[:30],
    ):
        assert words in said, words
    world.client("rivaal").get(f"/aanvragen/{appraised.reference}/beslissing", status=404)
    assert "Mandaat" in world.client().get("/mandaten").said
    world.session.rollback()
    assert journal.verify(world.session) == []
    owed = [d.kind for d in journal.deliveries_to(world.session, "ggz@proef.example")]
    assert owed[-1] == "decision"


@ON_SQLITE
def test_an_applicant_sees_no_decision_before_its_release(world, appraised):
    make.done(make.confirm(world, make.done(make.prepare(world, appraised))))
    world.client("aanvrager").get(f"/aanvragen/{appraised.reference}/beslissing", status=404)


def test_a_decision_that_changed_is_not_confirmed_unseen(world, appraised):
    decision = make.done(make.prepare(world, appraised))
    by = world.person("medeondertekenaar")
    outcome = actions.confirm(decision, seen="0" * 64, by=by, now=world.now)
    assert codes(outcome) == ["stale"]


def test_a_withdrawn_decision_makes_room_for_another(world, appraised):
    decision = make.done(make.prepare(world, appraised))
    assert codes(make.prepare(world, appraised)) == ["already_decided"]
    second = world.person("medeondertekenaar")
    assert codes(actions.withdraw(decision, by=second, now=world.now)) == ["return_without_reason"]
    make.done(actions.withdraw(decision, reason="De motivering is te kort.", by=second, now=world.now))
    world.session.rollback()
    told = world.session.query(Delivery).filter_by(kind="decision_returned").one()
    assert (told.address, told.data["reason"]) == ("beheerder@proef.example", "De motivering is te kort.")
    again = make.done(make.prepare(world, appraised))
    assert again.reference != decision.reference


def asked_to_confirm(world):
    world.session.rollback()
    asked = world.session.query(Delivery).filter_by(kind="decision_to_confirm")
    return sorted(one.address for one in asked)


def test_the_second_person_is_asked_and_nobody_who_is_tied(world, appraised):
    make.newcomer(world, "afdelingshoofd", Role.COSIGNER)
    make.tie(world, "medeondertekenaar", "ggz")
    make.done(make.prepare(world, make.again(world, appraised)))
    assert asked_to_confirm(world) == ["afdelingshoofd@proef.example"]


def test_another_administrator_is_asked_where_there_is_no_second_person(world, appraised):
    make.newcomer(world, "beheerder2", Role.ADMINISTRATOR)
    only = accounts.by_email(world.session, "medeondertekenaar@proef.example")
    make.done(account_actions.end_grant(only, role=Role.COSIGNER, by=SYSTEM, now=world.now))
    make.done(make.prepare(world, make.again(world, appraised)))
    assert asked_to_confirm(world) == ["beheerder2@proef.example"]


@ON_SQLITE
def test_inadmissibility_is_released_on_its_own(world):
    found = make.application(world, ApplicationStatus.SUBMITTED)
    make.closed(world)
    found = make.again(world, found)
    make.admit(world, found, admissible=False)
    desk = world.client("beheerder")
    path = f"/beheer/beslissingen/voorbereiden/{found.reference}"
    made = desk.post(path)
    assert world.client("medeondertekenaar").post(f"{made}/bevestigen") == "/beheer/beslissingen"
    assert desk.post(made, page=desk.get(made), action=f"{made}/vrijgeven") == made
    assert make.again(world, found).status is ApplicationStatus.INADMISSIBLE
    assert "Niet ontvankelijk" in world.client("aanvrager").get(f"/aanvragen/{found.reference}/beslissing").said


def test_the_decisions_of_a_region_leave_together(world, rivals):
    first, second = rivals
    make.done(make.confirm(world, make.done(make.prepare(world, first))))
    assert codes(make.release(world, first)) == ["region_not_decided"]
    assert codes(make.prepare(world, second)) == ["deviation_without_reason", "rival_approved"]
    rejected = make.done(make.prepare(world, second, Outcome.REJECTED))
    assert codes(make.release(world, first)) == ["decision_not_confirmed"]
    make.done(make.confirm(world, rejected))
    (granted,) = make.done(make.release(world, first))
    assert granted.decision.application_id == first.id
    assert [make.again(world, a).status for a in (first, second)] == [
        ApplicationStatus.APPROVED,
        ApplicationStatus.REJECTED,
    ]
    assert codes(make.release(world, first)) == ["nothing_to_release"]


def test_a_letter_of_another_text_does_not_leave(world, appraised):
    decision = make.done(make.prepare(world, appraised))
    make.done(make.confirm(world, decision))
    by = world.person("beheerder")
    outcome = actions.release(decision, letter=make.letter(world), seen="0" * 64, by=by, now=world.now)
    assert codes(outcome) == ["stale"]
    assert codes(actions.release(decision, letter=None, seen="", by=by, now=world.now)) == [
        "letter_missing",
        "stale",
    ]
    assert make.again(world, appraised).status is ApplicationStatus.ADMISSIBLE
    assert queries.one(world.session, decision.reference).status is Status.CONFIRMED


def test_the_database_keeps_four_eyes_too(world, appraised):
    make.done(make.prepare(world, appraised))
    for change in ("confirmed_by = prepared_by", "status = 'released'"):
        with pytest.raises(IntegrityError), world.database.writing() as session:
            session.execute(text(f"UPDATE decision SET {change}"))


def test_a_withdrawn_application_no_longer_holds_its_region_up(world, rivals):
    first, second = rivals
    make.done(make.confirm(world, make.done(make.prepare(world, first))))
    by = world.person("aanvrager")
    make.done(applications.withdraw(first, reason="Een partner stopt.", by=by, now=world.now))
    make.done(make.confirm(world, make.done(make.prepare(world, second))))
    (granted,) = make.done(make.release(world, second))
    assert granted.decision.application_id == second.id
