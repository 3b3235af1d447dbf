"""A decision rests on findings, scores and places as they are: asked again at preparing, confirming and
releasing.
"""

from datetime import timedelta

import pytest

from portal.access import SYSTEM, Role
from portal.accounts import queries as accounts
from portal.applications import actions as applications
from portal.applications.lifecycle import Status
from portal.calls import actions as calls
from portal.decisions import actions, queries
from portal.decisions.models import Decision
from portal.decisions.rules import Outcome
from portal.lifecycle import Refused
from portal.reviews import actions as reviews
from tests import make
from tests.conftest import ON_SQLITE


@pytest.fixture
def rivals(world):
    """Two of one region, admissible and appraised: the first is better."""
    first = make.application(world, Status.SUBMITTED)
    second = make.application(world, Status.SUBMITTED, lead="rivaal")
    make.closed(world)
    for one, level in ((first, 5), (second, 4)):
        make.admit(world, make.again(world, one))
        make.appraise(world, make.again(world, one), level)
    return make.again(world, first), make.again(world, second)


def prepared(world, rivals):
    first, second = rivals
    return [
        make.done(make.prepare(world, make.again(world, first))),
        make.done(make.prepare(world, make.again(world, second), Outcome.REJECTED)),
    ]


def again(world, decision):
    world.session.rollback()
    return world.session.get(Decision, decision.id)


def third_opinion(world, application, level):
    """Another reviewer is assigned later, and hands in."""
    account = accounts.by_email(world.session, "beoordelaar3@proef.example")
    account = account or make.newcomer(world, "beoordelaar3", Role.REVIEWER)
    (review,) = make.done(
        reviews.assign(
            make.again(world, application),
            reviewers=[(account, world.person("beoordelaar3"))],
            by=world.person("beheerder"),
            now=world.now,
        )
    )
    make.hand_in(world, review, level)


def test_scores_that_change_after_preparing_stop_confirming(world, rivals):
    first, _second = prepared(world, rivals)
    third_opinion(world, rivals[0], 1)
    assert make.codes(make.confirm(world, again(world, first))) == {"basis_moved"}


def test_a_review_that_is_still_open_stops_confirming(world, rivals):
    first, _second = prepared(world, rivals)
    account = make.newcomer(world, "beoordelaar3", Role.REVIEWER)
    make.done(
        reviews.assign(
            make.again(world, rivals[1]),
            reviewers=[(account, world.person("beoordelaar3"))],
            by=world.person("beheerder"),
            now=world.now,
        )
    )
    assert make.codes(make.confirm(world, again(world, first))) == {"region_not_judged"}


def test_a_winner_that_withdraws_after_confirming_stops_the_other_from_leaving(world, rivals):
    for decision in prepared(world, rivals):
        make.done(make.confirm(world, again(world, decision)))
    first, second = rivals
    by = world.person("aanvrager")
    make.done(applications.withdraw(make.again(world, first), reason="Anders.", by=by, now=world.now))
    outcome = make.release(world, make.again(world, second))
    assert make.codes(outcome) == {"basis_moved"}
    assert make.again(world, second).status is Status.ADMISSIBLE
    (standing,) = queries.of_region(world.session, second.round_id, second.region_id)
    make.done(actions.withdraw(standing, by=world.person("beheerder"), now=world.now))
    now = make.done(make.prepare(world, make.again(world, second)))
    assert now.body["rank"] == 1
    make.done(make.confirm(world, now))
    (mandate,) = make.done(make.release(world, make.again(world, second)))
    assert mandate.number


def test_nothing_is_prepared_while_a_rival_waits_for_its_finding(world):
    first = make.application(world, Status.SUBMITTED)
    second = make.application(world, Status.SUBMITTED, lead="rivaal")
    make.closed(world)
    make.admit(world, make.again(world, first))
    make.appraise(world, make.again(world, first))
    assert make.codes(make.prepare(world, make.again(world, first))) == {"region_not_judged"}
    make.admit(world, make.again(world, second))
    assert make.codes(make.prepare(world, make.again(world, first))) == {
        "region_not_judged"
    }  # not appraised yet
    make.appraise(world, make.again(world, second), 3)
    make.done(make.prepare(world, make.again(world, first)))


def test_one_found_inadmissible_holds_nobody_up(world):
    first = make.application(world, Status.SUBMITTED)
    second = make.application(world, Status.SUBMITTED, lead="rivaal")
    make.closed(world)
    make.admit(world, make.again(world, first))
    make.admit(world, make.again(world, second), admissible=False)
    make.appraise(world, make.again(world, first))
    make.done(make.prepare(world, make.again(world, first)))
    outcome = make.prepare(world, make.again(world, second), Outcome.INADMISSIBLE, reasons={})
    assert not isinstance(outcome, Refused)


def test_a_region_that_is_sealed_again_confirms_and_releases_nothing(world, rivals):
    first, second = prepared(world, rivals)
    make.done(make.confirm(world, again(world, first)))
    round = make.again(world, rivals[0]).round
    later = {"closes_at": world.now + timedelta(days=1), "reason": "Overmacht.", "by": SYSTEM, "now": world.now}
    make.done(calls.extend(round, **later))
    assert "still_sealed" in make.codes(make.confirm(world, again(world, second)))
    confirmed = again(world, first)
    outcome = actions.release(
        confirmed,
        letter=make.letter(world),
        seen=actions.digest_of(confirmed),
        by=world.person("beheerder"),
        now=world.now,
    )
    assert "still_sealed" in make.codes(outcome)


@ON_SQLITE
def test_what_changed_is_shown_to_both_people(world, rivals):
    first, _second = prepared(world, rivals)
    third_opinion(world, rivals[0], 1)
    path = f"/beheer/beslissingen/{first.reference}"
    for name, below in (("beheerder", ""), ("medeondertekenaar", "/bevestigen")):
        shown = world.client(name).get(f"{path}{below}").said
        assert "De basis is veranderd sinds het voorbereiden" in shown
        assert "Een beoordeling kwam erbij" in shown
        assert "Totaal, in procent" in shown and "100,00" in shown


@ON_SQLITE
def test_a_basis_that_changed_while_writing_keeps_what_was_written(world, rivals):
    first, _second = rivals
    desk = world.client("beheerder")
    path = f"/beheer/beslissingen/voorbereiden/{first.reference}"
    page = desk.get(path)
    third_opinion(world, first, 4)
    written = {
        "outcome": "approved",
        "reason": make.REASON,
        **{f"reason_{k}": make.REASON for k in make.CRITERIA},
    }
    told = desk.post(path, written, page=page)
    assert "De basis veranderde terwijl u schreef" in told.said
    assert told.form()["data"]["reason_herstel"] == make.REASON
    assert desk.post(path, page=told).startswith("/beheer/beslissingen/")


def test_the_letter_says_of_each_what_decided(world, rivals):
    first, second = prepared(world, rivals)
    assert first.body["because"] == ["Plaats 1 van 2, met 100,00 procent. Elke drempel is gehaald."]
    lead = rivals[0].lead.name
    assert second.body["because"] == [f"Plaats 2 van 2, met 80,00 procent. Eerste: {lead} met 100,00 procent."]
    assert len(first.basis_digest) == 64
    assert first.basis == {**second.basis, "authority": first.basis["authority"]}
