"""Two requests at one moment on PostgreSQL, both past the question whether something is there: one of them does
it, the other finds what stands now. Nobody meets an error.
"""

import threading
from contextlib import suppress

import pytest

from portal.access import SYSTEM
from portal.accounts import actions, passwords
from portal.accounts import queries as accounts
from portal.accounts.models import MailedLink, SignIn
from portal.accounts.rules.links import Purpose
from portal.clock import StandingClock
from portal.government import actions as government
from portal.government import queries as government_queries
from portal.lifecycle import Done, Refused
from portal.organisations import actions as organisations
from portal.organisations import queries as organisation_queries
from portal.reviews import actions as reviews
from portal.reviews import queries as review_queries
from portal.second_step import actions as second_step
from portal.second_step import queries as second_step_queries
from tests import make
from tests.conftest import ON_POSTGRESQL
from tests.second_step.test_second_step import NOW, added, password_given

pytestmark = ON_POSTGRESQL


@pytest.fixture
def real(world):
    clock = StandingClock(NOW)
    world.use(real=clock)
    return clock


def at_one_moment(world, monkeypatch, module, name, work):
    """Do `work(session, index)` twice; both wait after they asked `module.name` for the first time."""
    asked, both, ours = getattr(module, name), threading.Barrier(2), threading.local()

    def paused(session, *args, **kwargs):
        found = asked(session, *args, **kwargs)
        if session.info.get("acting") and not getattr(ours, "waited", False):
            ours.waited = True
            with suppress(threading.BrokenBarrierError):  # the other waits for our lock, as it should
                both.wait(1.5)
        return found

    monkeypatch.setattr(module, name, paused)
    outcomes = [None, None]

    def run(index):
        with world.database.session() as session:
            try:
                outcomes[index] = work(session, index)
            except Exception as problem:
                outcomes[index] = problem

    threads = [threading.Thread(target=run, args=(index,)) for index in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    world.session.rollback()
    return outcomes


def test_one_code_signs_in_once(world, real, monkeypatch):
    added(world, real)
    for _each in range(2):
        password_given(world)
    world.session.rollback()
    halves = [s.id for s in world.session.query(SignIn).filter_by(half=True)]
    step = int(real.at.timestamp()) // 30

    def complete(session, index):
        half = session.get(SignIn, halves[index])
        by = organisation_queries.person_of(half.account, world.now.date(), half)
        digest = f"{index}" * 64
        return second_step.complete_sign_in(half, step=step, digest=digest, real=real.at, by=by, now=world.now)

    found = at_one_moment(world, monkeypatch, second_step_queries, "authenticator", complete)
    assert sorted(isinstance(each, Done) for each in found) == [False, True]
    (refused,) = [each for each in found if not isinstance(each, Done)]
    assert make.codes(refused) == {"wrong_code"}


def test_an_organisation_is_registered_once(world, monkeypatch):
    def register(session, index):
        return organisations.register(
            session, number="0000500539", name=f"naam {index}", by=SYSTEM, now=world.now
        )

    found = at_one_moment(world, monkeypatch, organisation_queries, "organisation", register)
    assert any(isinstance(each, Done) for each in found)
    assert not [each for each in found if isinstance(each, Exception)], found
    assert organisation_queries.organisation(world.session, "0000500539") is not None


def test_a_double_click_on_a_tie_is_one_tie(world, monkeypatch):
    by = world.person("beoordelaar1")

    def declare(session, _index):
        return reviews.declare_tie(session, number="0000500539", kind="bestuur", by=by, now=world.now)

    found = at_one_moment(world, monkeypatch, review_queries, "ties_of", declare)
    assert not [each for each in found if isinstance(each, Exception)], found
    assert len(review_queries.ties(world.session, by.account_id)) == 1


def test_an_account_is_made_once(world, monkeypatch):
    hashed = passwords.hash_of("x")

    def enrol(session, index):
        return actions.enrol(
            session,
            email="nieuw@proef.example",
            label=f"functie {index}",
            password_hash=hashed,
            by=SYSTEM,
            now=world.now,
        )

    found = at_one_moment(world, monkeypatch, accounts, "by_email", enrol)
    assert {type(each) for each in found} == {Done, Refused}, found


def test_an_identity_is_met_once(world, monkeypatch):
    def meet(session, _index):
        return government.meet(session, issuer="https://op.example", known_as="alice", by=SYSTEM, now=world.now)

    found = at_one_moment(world, monkeypatch, government_queries, "identity", meet)
    assert [isinstance(each, Done) for each in found] == [True, True], found


def test_an_address_gets_no_more_links_than_it_may(world, monkeypatch):
    def ask(session, _index=0):
        return actions.ask_for_link(
            session, purpose=Purpose.RESET, email="aanvrager@proef.example", real=NOW, by=SYSTEM, now=world.now
        )

    for _each in range(2):
        make.done(ask(world.session))
    at_one_moment(world, monkeypatch, accounts, "mailed_enough", ask)
    assert world.session.query(MailedLink).count() == 3
