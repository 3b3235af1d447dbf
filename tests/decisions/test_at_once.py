"""Two acts on one region at one moment: the second waits for the first, and asks again what it rests on.

Each pair is played with the first having done everything but its commit. Without the lock the second, on
PostgreSQL, does not see it, and both are done: that is shown too. (On SQLite there is one writer at a time,
whatever we lock.)
"""

import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import event

from portal import db
from portal.access import Role
from portal.accounts import queries as accounts
from portal.applications import actions as applications
from portal.applications.lifecycle import Status
from portal.applications.models import Application
from portal.calls import actions as calls
from portal.calls import queries as call_queries
from portal.decisions import actions
from portal.decisions.models import Decision
from portal.decisions.rules import Outcome
from portal.lifecycle import Done
from portal.mandates import actions as mandates
from portal.reviews import actions as reviews
from portal.reviews import queries as review_queries
from portal.reviews.models import Review
from tests import make
from tests.conftest import CALL, ON_POSTGRESQL

WAITS = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"


def until_it_waits(world, over):
    """Hold on until the other act waits for ours, or is over; SQLite cannot say, and gets a moment."""
    if world.database.engine.dialect.name == "sqlite":
        time.sleep(0.4)
        return
    end = time.monotonic() + 10
    while not over.wait(0.02) and time.monotonic() < end:
        with world.database.engine.connect() as asking:
            if asking.exec_driver_sql(WAITS).scalar():
                return


def at_once(world, first, second):
    """What both come to, `first` having done all but its commit when `second` begins."""
    outcomes, done_but_commit, begun, over = {}, threading.Event(), threading.Event(), threading.Event()
    world.session.rollback()

    def one():
        with world.database.session() as session:

            def wait(_session):
                done_but_commit.set()
                begun.wait(5)
                until_it_waits(world, over)

            event.listen(session, "before_commit", wait)
            outcomes["first"] = first(session)

    def other():
        with world.database.session() as session:
            done_but_commit.wait(5)
            begun.set()
            outcomes["second"] = second(session)
            over.set()

    threads = [threading.Thread(target=work) for work in (one, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    world.session.rollback()
    return outcomes["first"], outcomes["second"]


@pytest.fixture
def judged(world):
    """An application of a closed region, admissible and appraised by all."""
    found = make.application(world, Status.SUBMITTED)
    make.closed(world)
    make.admit(world, make.again(world, found))
    make.appraise(world, make.again(world, found))
    return make.again(world, found)


def prepared(world, judged):
    return make.done(make.prepare(world, make.again(world, judged)))


def a_third_reviewer(world, judged):
    make.newcomer(world, "beoordelaar3", Role.REVIEWER)
    desk, person = world.person("beheerder"), world.person("beoordelaar3")

    def assign(session):
        account = accounts.by_email(session, "beoordelaar3@proef.example")
        found = session.get(Application, judged.id)
        return reviews.assign(found, reviewers=[(account, person)], by=desk, now=world.now)

    return assign


def confirm(world, decision):
    seen, by = actions.digest_of(decision), world.person("medeondertekenaar")
    return lambda session: actions.confirm(session.get(Decision, decision.id), seen=seen, by=by, now=world.now)


def a_late_tie(world):
    by = world.person("beoordelaar1")
    return lambda session: reviews.declare_tie(
        session, number="0000100166", kind="bestuur", by=by, now=world.now
    )


def release(world, decision):
    letters = {decision.id: (make.letter(world), actions.digest_of(decision))}
    round_id, region_id, by = (
        decision.application.round_id,
        decision.application.region_id,
        world.person("beheerder"),
    )

    def leave(session):
        round = call_queries.one_round(session, CALL, 1)
        assert round.id == round_id
        return mandates.release_region(round, region_id=region_id, letters=letters, by=by, now=world.now)

    return leave


def prepare(world, judged):
    facts = {
        "outcome": Outcome.APPROVED,
        "reason": make.REASON,
        "reasons": dict.fromkeys(make.CRITERIA, make.REASON),
        "deviation": "",
        "authority": "departement-zorg",
        "by": world.person("beheerder"),
        "now": world.now,
    }
    return lambda session: actions.prepare(session.get(Application, judged.id), **facts)


def extend(world):
    by, later = world.person("beheerder"), world.now + timedelta(days=5)

    def put_off(session):
        round = call_queries.one_round(session, CALL, 1)
        return calls.extend(round, closes_at=later, reason="Overmacht.", by=by, now=world.now)

    return put_off


def withdraw(world, judged):
    by = world.person("aanvrager")
    return lambda session: applications.withdraw(
        session.get(Application, judged.id), reason="x", by=by, now=world.now
    )


def pair(world, judged, name):
    """The two acts of a pair."""
    if name == "a reviewer is assigned, a decision confirmed":
        decision = prepared(world, judged)
        return a_third_reviewer(world, judged), confirm(world, decision)
    if name == "a tie is declared, the region released":
        decision = prepared(world, judged)
        make.done(make.confirm(world, decision))
        return a_late_tie(world), release(world, decision)
    if name == "the round is extended, a decision prepared":
        return extend(world), prepare(world, judged)
    assert name == "the lead withdraws, a decision is prepared"
    return withdraw(world, judged), prepare(world, judged)


PAIRS = {
    "a reviewer is assigned, a decision confirmed": {"region_not_judged"},
    "a tie is declared, the region released": {"basis_moved"},
    "the round is extended, a decision prepared": {"still_sealed"},
    "the lead withdraws, a decision is prepared": {"application_taken_back"},
}


@pytest.mark.parametrize("name", PAIRS)
def test_the_second_asks_again_what_the_first_changed(world, judged, name):
    first, second = at_once(world, *pair(world, judged, name))
    assert isinstance(first, Done), first
    assert PAIRS[name] <= {r.code for r in second.refusals}, second


@ON_POSTGRESQL
@pytest.mark.parametrize("name", PAIRS)
def test_without_the_lock_both_are_done(world, judged, name, monkeypatch):
    acts = pair(world, judged, name)
    monkeypatch.setattr(call_queries, "alone_in", lambda *_: None)
    monkeypatch.setattr(call_queries, "hold", lambda *_: None)
    if "withdraws" in name:  # held by the row of the application too
        monkeypatch.setattr(db, "lock", lambda _thing: None)
    assert [type(outcome) for outcome in at_once(world, *acts)] == [Done, Done]


def a_review_that_is_open(world):
    """An assignment with all its levels typed, not handed in."""
    found = make.application(world, Status.SUBMITTED)
    make.closed(world)
    make.admit(world, make.again(world, found))
    by = world.person("beheerder")
    account, person = (
        accounts.by_email(world.session, "beoordelaar1@proef.example"),
        world.person("beoordelaar1"),
    )
    (review,) = make.done(
        reviews.assign(make.again(world, found), reviewers=[(account, person)], by=by, now=world.now)
    )
    make.done(reviews.declare_free(review, by=person, now=world.now))
    return world.session.get(Review, review.id)


def test_what_is_taken_back_is_not_handed_in(world):
    review = a_review_that_is_open(world)
    desk, own, revision = world.person("beheerder"), world.person("beoordelaar1"), review.revision
    given = dict.fromkeys(make.CRITERIA, (4, make.REASON))
    first, second = at_once(
        world,
        lambda s: reviews.take_back(s.get(Review, review.id), reason="Afwezig.", by=desk, now=world.now),
        lambda s: reviews.hand_in(
            s.get(Review, review.id), given=given, revision=revision, by=own, now=world.now
        ),
    )
    assert isinstance(first, Done), first
    assert {r.code for r in second.refusals} == {"wrong_status"}


def test_what_is_handed_in_is_not_taken_back(world):
    review = a_review_that_is_open(world)
    desk, own, revision = world.person("beheerder"), world.person("beoordelaar1"), review.revision
    given = dict.fromkeys(make.CRITERIA, (4, make.REASON))
    first, second = at_once(
        world,
        lambda s: reviews.hand_in(
            s.get(Review, review.id), given=given, revision=revision, by=own, now=world.now
        ),
        lambda s: reviews.take_back(
            s.get(Review, review.id), reason="Afwezig.", seen="draft", by=desk, now=world.now
        ),
    )
    assert isinstance(first, Done), first
    assert {r.code for r in second.refusals} == {"stale"}
    assert review_queries.handed_in(world.session, [world.session.get(Review, review.id)])


def test_a_tied_reviewer_is_not_assigned_at_the_moment_they_say_so(world):
    found = make.application(world, Status.SUBMITTED)
    make.closed(world)
    make.admit(world, make.again(world, found))
    desk, person = world.person("beheerder"), world.person("beoordelaar1")

    def assign(session):
        account = accounts.by_email(session, "beoordelaar1@proef.example")
        one = session.get(Application, found.id)
        return reviews.assign(one, reviewers=[(account, person)], by=desk, now=world.now)

    first, second = at_once(world, a_late_tie(world), assign)
    assert isinstance(first, Done), first
    assert {r.code for r in second.refusals} == {"reviewer_is_tied"}
