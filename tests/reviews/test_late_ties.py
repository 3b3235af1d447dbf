"""A tie known late, a reviewer who is gone, an application that was taken back: nothing counts that should not,
and nothing stays undecidable (rule 9).
"""

import pytest

from portal.access import SYSTEM, Role
from portal.accounts import actions as account_actions
from portal.accounts import queries as accounts
from portal.applications import actions as applications
from portal.applications.lifecycle import Status as ApplicationStatus
from portal.clock import brussels_day
from portal.decisions import queries as decisions
from portal.decisions.models import Decision
from portal.journal import queries as journal
from portal.reviews import actions, queries
from portal.reviews.lifecycle import Status
from portal.reviews.models import Review
from tests import make
from tests.conftest import ON_SQLITE, ORGANISATIONS

OURS, RIVAL = ORGANISATIONS["aanvrager"][0], ORGANISATIONS["rivaal"][0]


@pytest.fixture
def assigned(world):
    """An admissible application with two reviewers: the first handed in, the second has not begun."""
    found = make.application(world, ApplicationStatus.SUBMITTED)
    make.closed(world)
    found = make.again(world, found)
    make.admit(world, found)
    known = list(accounts.reviewers(world.session, brussels_day(world.now)))
    by = world.person("beheerder")
    first, _second = make.done(actions.assign(found, reviewers=known, by=by, now=world.now))
    make.hand_in(world, first)
    return make.again(world, found)


def reviews(world, found):
    world.session.rollback()
    return queries.of_applications(world.session, [found.id])


def take_back(world, review, reason="Heeft een band.", by="beheerder"):
    return actions.take_back(review, reason=reason, by=world.person(by), now=world.now)


def total(world, application):
    found = make.again(world, application)
    return decisions.basis(world.session, found).of(found.reference).total


def test_a_tie_after_handing_in_sets_the_review_aside_and_holds_deciding_up(world, assigned):
    first, second = reviews(world, assigned)
    make.hand_in(world, second, level=2)
    before = total(world, assigned)
    make.tie(world, first.reviewer.label)
    first, second = reviews(world, assigned)
    assert (first.status, second.status) == (Status.SET_ASIDE, Status.HANDED_IN)
    after = total(world, assigned)
    assert after < before  # the second alone counts
    assert first.scores  # kept
    assert make.codes(make.prepare(world, make.again(world, assigned))) == {"not_appraised"}
    make.done(take_back(world, first))
    assert decisions.is_appraised(world.session, make.again(world, assigned))
    verbs = [line.entry.verb for line in journal.timeline(world.session, "application", assigned.reference)]
    told = [verb for verb in verbs if not verb.endswith(".refused")]
    assert told[-2:] == ["review.set_aside", "review.taken_back"]
    assert journal.verify(world.session) == []


def test_who_becomes_a_member_after_handing_in_counts_no_more_either(world, assigned):
    first, second = reviews(world, assigned)
    make.hand_in(world, second, level=2)
    make.joined(world, first.reviewer.label, OURS)
    first, second = reviews(world, assigned)
    assert queries.states(world.session, [first, second]) == {
        first.id: Status.SET_ASIDE,
        second.id: Status.HANDED_IN,
    }
    assert make.codes(make.prepare(world, make.again(world, assigned))) == {"not_appraised"}
    make.done(take_back(world, first))
    make.done(make.prepare(world, make.again(world, assigned), outcome=make.Outcome.REJECTED))


def test_who_becomes_a_member_after_being_assigned_scores_no_more(world, assigned):
    _first, second = reviews(world, assigned)
    name = second.reviewer.label
    make.joined(world, name, OURS)
    assert make.codes(actions.declare_free(second, by=world.person(name), now=world.now)) == {"tied"}


def test_a_member_of_a_rival_neither_reads_nor_judges_at_the_desk(world):
    found = make.application(world, ApplicationStatus.SUBMITTED)
    make.application(world, ApplicationStatus.SUBMITTED, lead="rivaal")
    make.closed(world)
    make.newcomer(world, "dubbel", Role.ADMINISTRATOR, RIVAL)
    found = make.again(world, found)
    assert not queries.is_open_to(world.session, world.person("dubbel"), found)
    assert make.codes(make.find(world, found, "dubbel")) == {"tied"}


def test_a_tie_without_a_review_is_on_record_too(world):
    make.tie(world, "beheerder")
    account = accounts.by_email(world.session, "beheerder@proef.example")
    (line,) = [
        one
        for one in journal.timeline(world.session, "account", str(account.id))
        if one.entry.verb == "tie.declared"
    ]
    assert line.facts == {"number": OURS, "kind": "bestuur"}


@pytest.mark.parametrize("who", ["prepared", "confirmed"])
def test_what_somebody_prepared_or_confirmed_falls_when_they_are_tied(world, assigned, who):
    _first, second = reviews(world, assigned)
    make.hand_in(world, second)
    make.newcomer(world, "beheerder2", Role.ADMINISTRATOR)
    decision = make.done(make.prepare(world, make.again(world, assigned)))
    if who == "confirmed":
        make.done(make.confirm(world, decision))
        make.tie(world, "medeondertekenaar")
        outcome = make.release(world, make.again(world, assigned), by=world.person("beheerder2"))
    else:
        make.tie(world, "beheerder")
        outcome = make.confirm(world, world.session.get(Decision, decision.id))
    # who prepared it found it admissible too: then the basis says so as well
    assert make.codes(outcome) - {"basis_moved", "region_not_judged"} == {"prepared_with_a_tie"}


def test_the_assignment_of_who_is_gone_is_taken_back_and_given_to_another(world, assigned):
    _first, second = reviews(world, assigned)
    name = second.reviewer.label
    make.done(
        account_actions.disable(accounts.one(world.session, second.reviewer_id), by=SYSTEM, now=world.now)
    )
    assert make.codes(make.prepare(world, make.again(world, assigned))) == {"not_appraised"}
    assert make.codes(take_back(world, world.session.get(Review, second.id), reason=" ")) == {
        "take_back_without_reason"
    }
    make.done(take_back(world, world.session.get(Review, second.id), reason="Is er niet meer."))
    make.newcomer(world, "beoordelaar3", Role.REVIEWER)
    other = [(accounts.by_email(world.session, "beoordelaar3@proef.example"), world.person("beoordelaar3"))]
    by = world.person("beheerder")
    (third,) = make.done(actions.assign(make.again(world, assigned), reviewers=other, by=by, now=world.now))
    make.hand_in(world, third)
    make.done(make.prepare(world, make.again(world, assigned)))
    assert name != "beoordelaar3"


def test_what_was_written_stays_on_record_when_it_is_taken_back(world, assigned):
    _first, second = reviews(world, assigned)
    by = world.person(second.reviewer.label)
    make.done(actions.declare_free(second, by=by, now=world.now))
    given = {make.CRITERIA[0]: (2, make.REASON)}
    make.done(actions.score(second, given=given, revision=second.revision, by=by, now=world.now))
    make.done(take_back(world, second, reason="Ziek."))
    last = journal.timeline(world.session, "application", assigned.reference)[-1]
    assert last.facts["reason"] == "Ziek."
    assert last.facts["scores"] == {make.CRITERIA[0]: {"score": 2, "reason": make.REASON}}
    again = world.session.get(Review, second.id)
    assert [s.reason for s in again.scores] == [make.REASON]
    refused = actions.score(again, given=given, revision=again.revision, by=by, now=world.now)
    assert "wrong_status" in make.codes(refused)


def test_what_was_handed_in_can_be_taken_back_and_a_decision_that_rests_on_it_falls(world, assigned):
    first, second = reviews(world, assigned)
    make.hand_in(world, second, level=2)
    decision = make.done(make.prepare(world, make.again(world, assigned)))
    before = total(world, assigned)
    make.done(take_back(world, world.session.get(Review, second.id), reason="Verkeerde aanvraag beoordeeld."))
    assert total(world, assigned) > before
    assert make.codes(make.confirm(world, world.session.get(Decision, decision.id))) == {"basis_moved"}
    assert world.session.get(Review, second.id).scores  # kept
    assert first.status is Status.HANDED_IN


def test_what_was_handed_in_meanwhile_is_not_taken_back_unseen(world, assigned):
    first, _second = reviews(world, assigned)
    by = world.person("beheerder")
    outcome = actions.take_back(first, reason="Afwezig.", seen="draft", by=by, now=world.now)
    assert make.codes(outcome) == {"stale"}


@ON_SQLITE
def test_once_it_was_decided_nothing_is_taken_back(world, assigned):
    first, second = reviews(world, assigned)
    make.hand_in(world, second)
    make.done(make.confirm(world, make.done(make.prepare(world, make.again(world, assigned)))))
    make.done(make.release(world, make.again(world, assigned)))
    assert make.codes(take_back(world, world.session.get(Review, first.id))) == {"not_admissible"}
    assert "Neem terug" not in world.client("beheerder").get("/beheer/regios/midwest?ronde=1").said


def test_somebody_tied_takes_nothing_back(world, assigned):
    _first, second = reviews(world, assigned)
    make.tie(world, "beheerder")
    assert "tied" in make.codes(take_back(world, world.session.get(Review, second.id)))


def test_an_application_taken_back_holds_no_reviewer_up(world, assigned):
    _first, second = reviews(world, assigned)
    person = world.person(second.reviewer.label)
    place = (assigned.round_id, assigned.region_id)
    assert queries.open_in_region(world.session, person, *place) == 1
    make.done(applications.withdraw(assigned, reason="Anders.", by=world.person("aanvrager"), now=world.now))
    assert queries.open_in_region(world.session, person, *place) == 0


@ON_SQLITE
def test_a_reviewer_reads_that_it_was_withdrawn_and_loses_no_word(world, assigned):
    _first, second = reviews(world, assigned)
    name, path = second.reviewer.label, f"/beoordeling/{assigned.reference}"
    make.done(actions.declare_free(second, by=world.person(name), now=world.now))
    client = world.client(name)
    page = client.get(path)
    make.done(
        applications.withdraw(
            make.again(world, assigned), reason="Anders.", by=world.person("aanvrager"), now=world.now
        )
    )
    key = make.CRITERIA[0]
    answer = client.post(path, {f"score_{key}": "3", f"reason_{key}": "Een lange eigen zin."}, page=page)
    assert "De penhouder trok deze aanvraag in." in answer.said
    assert "Een lange eigen zin." in answer.said
    assert "Aanvraag ingetrokken" in client.get("/beoordeling").said
    assert "De penhouder trok deze aanvraag in." in client.get(path).said


@ON_SQLITE
def test_the_desk_sees_who_is_gone_and_takes_the_assignment_back(world, assigned):
    _first, second = reviews(world, assigned)
    make.done(
        account_actions.disable(accounts.one(world.session, second.reviewer_id), by=SYSTEM, now=world.now)
    )
    desk, path = world.client("beheerder"), "/beheer/toewijzing/midwest"
    page = desk.get(path)
    assert "Kan niet meer beoordelen" in page.said
    (link,) = [one for one in page.links if f"terugnemen/{second.id}" in one]
    assert "Zeg waarom u deze toewijzing terugneemt." in desk.post(link, {"reason": ""}).said
    assert desk.post(link, {"reason": "Is er niet meer."}).startswith(path)
    page = desk.get(path)
    assert "Teruggenomen" in page.said
    assert not [one for one in page.links if f"terugnemen/{second.id}" in one]
    (other,) = [one for one in page.links if "terugnemen" in one]  # it was handed in: that is said
    assert "Deze beoordeling is afgerond." in desk.get(other).said
