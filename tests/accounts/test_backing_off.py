"""Who guesses waits ever longer; nobody else does, and an owner is never shut out (A-100, A-101, A-102,
V-43).
"""

import threading
from datetime import timedelta

import pytest
from argon2 import PasswordHasher, extract_parameters

from portal.accounts import actions, passwords, queries
from portal.accounts.models import Failures
from portal.accounts.rules.trying import FORGOTTEN, PATIENCE, Tried, source_of, wait_after
from portal.clock import StandingClock, parse_local
from tests.conftest import ON_BOTH, ON_SQLITE, PASSWORD

pytestmark = ON_SQLITE

NOW = parse_local("2026-11-25T09:00")
OWNER = "aanvrager@proef.example"


@pytest.fixture
def real(world):
    clock = StandingClock(NOW)
    world.use(real=clock)
    return clock


def said(world, email, password, source="192.0.2.1"):
    """What somebody at a place is told; empty when they are in."""
    client = world.client()
    client.client.environ_base["REMOTE_ADDR"] = source
    answer = client.post("/aanmelden", {"email": email, "password": password})
    return "" if answer == "/" else answer.said


def guess(world, times, email=OWNER, source="192.0.2.1"):
    for index in range(times):
        said(world, email, f"gok {index}", source)


def test_who_guesses_waits_even_with_the_right_password(world, real):
    free = PATIENCE[Tried.PAIR].free
    guess(world, free - 1)
    assert "horen niet samen" in said(world, OWNER, "fout")
    assert "Wacht 1 seconde en" in said(world, OWNER, PASSWORD)
    real.at += timedelta(seconds=1)
    assert "horen niet samen" in said(world, OWNER, "fout")
    assert "Wacht 2 seconden en" in said(world, OWNER, PASSWORD)
    real.at += timedelta(seconds=2)
    assert said(world, OWNER, PASSWORD) == ""
    assert "horen niet samen" in said(world, OWNER, "fout")  # and the count began anew


def test_trying_while_one_must_wait_does_not_make_it_longer(world, real):
    guess(world, 50)
    real.at += timedelta(seconds=1)
    assert said(world, OWNER, PASSWORD) == ""


def test_another_account_or_place_does_not_wait(world, real):
    guess(world, PATIENCE[Tried.PAIR].free)
    assert "Wacht" in said(world, OWNER, PASSWORD)
    assert said(world, "ggz@proef.example", PASSWORD) == ""
    assert said(world, OWNER, PASSWORD, source="192.0.2.2") == ""


def test_an_owner_is_never_shut_out_by_guesses_from_everywhere(world, real):
    for index in range(60):
        actions.failed(world.database, OWNER, f"place {index}", real.at)
    assert "Wacht 30 seconden" in said(world, OWNER, PASSWORD, source="198.51.100.7")
    real.at += PATIENCE[Tried.ACCOUNT].most
    assert said(world, OWNER, PASSWORD, source="198.51.100.7") == ""


def test_a_place_that_many_share_waits_a_minute_at_most(world, real):
    with world.database.writing() as session:
        session.add(
            Failures(key=queries.keys_of("", "192.0.2.1")[Tried.SOURCE], count=100_000, last_at=real.at)
        )
    assert "Wacht 60 seconden" in said(world, OWNER, PASSWORD)
    real.at += timedelta(minutes=1)
    assert said(world, OWNER, PASSWORD) == ""


def test_an_account_that_is_not_there_makes_one_wait_alike(world, real):
    answers = []
    for email in (OWNER, "niemand@proef.example"):
        guess(
            world, PATIENCE[Tried.PAIR].free, email, source="203.0.113.9" if email == OWNER else "203.0.113.8"
        )
        answers.append(said(world, email, "fout", source="203.0.113.9" if email == OWNER else "203.0.113.8"))
    assert answers[0].replace(OWNER, "") == answers[1].replace("niemand@proef.example", "")


def test_guesses_of_the_old_password_wait_too(world, real):
    client = world.client("aanvrager")
    for index in range(PATIENCE[Tried.PAIR].free):
        client.post("/account/wachtwoord", {"current": f"gok {index}", "password": "vier paarden op het dak"})
    page = client.post("/account/wachtwoord", {"current": PASSWORD, "password": "vier paarden op het dak"})
    assert "Wacht 1 seconde en" in page.said


@ON_BOTH
def test_no_failure_is_lost_when_many_come_at_once(world, real):
    threads = [
        threading.Thread(target=actions.failed, args=(world.database, OWNER, "192.0.2.1", real.at))
        for _each in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {f.count for f in world.session.query(Failures)} == {8}


def test_neither_address_nor_place_stands_in_the_table(world, real):
    guess(world, 1)
    kept = repr(world.image()["failures"])
    assert OWNER not in kept
    assert "192.0.2.1" not in kept


@pytest.mark.parametrize(
    ("tried", "count", "after", "wait"),
    [
        (Tried.PAIR, 4, 0, 0),
        (Tried.PAIR, 5, 0, 1),
        (Tried.PAIR, 8, 0, 8),
        (Tried.PAIR, 8, 7.5, 0.5),
        (Tried.PAIR, 8, 8, 0),
        (Tried.PAIR, 10**9, 0, 900),
        (Tried.ACCOUNT, 19, 0, 0),
        (Tried.ACCOUNT, 10**9, 0, 30),
        (Tried.SOURCE, 10**9, 0, 60),
    ],
)
def test_waits(tried, count, after, wait):
    now = NOW + timedelta(seconds=after)
    assert wait_after(tried, count, NOW, now) == timedelta(seconds=wait)
    assert wait_after(tried, count, NOW, NOW + FORGOTTEN) == timedelta()


def test_after_a_day_all_is_forgotten(world, real):
    guess(world, PATIENCE[Tried.PAIR].free)
    real.at += FORGOTTEN
    guess(world, 1)
    assert {f.count for f in world.session.query(Failures)} == {1}


@ON_BOTH
@pytest.mark.parametrize(
    ("address", "source"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::ffff", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("", ""),
        ("<script>", ""),
    ],
)
def test_what_counts_as_one_source(address, source):
    assert source_of(address) == source


@ON_BOTH
def test_a_102_an_unknown_account_costs_the_same_hash(world):
    """The hash is all of the time a sign-in takes; both do one, of the same cost, whatever the password."""
    done = []

    class Counting(PasswordHasher):
        def verify(self, hashed, password):
            done.append(extract_parameters(hashed))
            return super().verify(hashed, password)

    passwords.set_hasher(Counting(time_cost=1, memory_cost=8, parallelism=1))
    try:
        for email in (OWNER, "niemand@proef.example"):
            assert actions.recognise(world.session, email, "fout") is None
    finally:
        passwords.set_hasher(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    assert len(done) == 2
    assert done[0] == done[1]
