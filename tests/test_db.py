"""Acts: one transaction, all or nothing; reading sessions that cannot write; attempts on record."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, StatementError

from portal.access import SYSTEM
from portal.accounts import queries
from portal.accounts.models import Account
from portal.db import act, session_of
from portal.journal import queries as journal
from portal.journal.actions import record
from portal.journal.models import Entry
from portal.lifecycle import Done, Refusal, Refused
from portal.organisations import actions as organisation_actions
from portal.organisations.models import Organisation
from tests.conftest import ON_SQLITE


def account(world):
    return queries.by_email(world.session, "auditor@proef.example")


def entries(world):
    world.session.rollback()
    return len(world.session.scalars(select(Entry.id)).all())


def test_a_reading_session_cannot_write(world):
    with pytest.raises(DBAPIError, match=r"read-?only"):
        world.session.execute(text("UPDATE account SET label = 'x'"))


@ON_SQLITE
def test_no_get_writes_since_it_cannot(world):
    client = world.client("beheerder")
    before = entries(world)
    for path in ("/", "/oproepen", "/mandaten", "/beheer", "/beheer/dekking", "/account"):
        client.get(path)
    assert entries(world) == before


def test_a_refusal_undoes_everything_and_is_on_record(world):
    @act
    def half(subject, *, by, now):
        subject.label = "half"
        session_of(subject).flush()
        return Refused((Refusal("gone"),), {"why": "proef"})

    half(account(world), by=SYSTEM, now=world.now)
    world.session.rollback()
    assert account(world).label == "auditor"
    last = journal.timeline(world.session, "account", str(account(world).id))[-1]
    assert (last.entry.verb, last.facts) == ("account.half.refused", {"refusals": ["gone"], "why": "proef"})


def test_an_error_undoes_everything_and_records_nothing(world):
    @act
    def broken(subject, *, by, now):
        subject.label = "half"
        record(session_of(subject), "account.enrolled", subject, {}, by=by, now=now)
        raise ZeroDivisionError

    before = entries(world)
    with pytest.raises(ZeroDivisionError):
        broken(account(world), by=SYSTEM, now=world.now)
    assert entries(world) == before
    assert account(world).label == "auditor"


def test_an_inner_act_joins_the_outer_one(world):
    @act
    def outer(subject, *, by, now):
        organisation_actions.register(session_of(subject), number="0000500561", name="Binnen", by=by, now=now)
        return Refused((Refusal("gone"),))

    outer(account(world), by=SYSTEM, now=world.now)
    world.session.rollback()
    assert world.session.scalars(select(Organisation).filter_by(name="Binnen")).all() == []


def test_an_act_takes_its_subject_as_it_is_now(world):
    @act
    def tell(subject, *, by, now):
        return Done(subject.label)

    mine = account(world)
    assert mine.label == "auditor"
    with world.database.writing() as session:
        session.execute(text("UPDATE account SET label = 'veranderd'"))
    assert tell(mine, by=SYSTEM, now=world.now).value == "veranderd"


def test_no_act_without_a_valid_token(world):
    @act
    def anything(subject, *, by, now):
        return Done()

    world.session.info["no_acts"] = True
    with pytest.raises(RuntimeError, match="token"):
        anything(account(world), by=SYSTEM, now=world.now)


def test_a_naive_moment_is_refused(world):
    with world.database.writing() as session:
        session.get(Account, 1).created_at = datetime(2023, 1, 1)  # noqa: DTZ001 - that is the point
        with pytest.raises(StatementError, match="naive"):
            session.flush()
        session.rollback()


def test_moments_keep_their_microsecond(world):
    at = datetime(2023, 5, 15, 21, 59, 59, 999999, tzinfo=UTC)
    with world.database.writing() as session:
        session.execute(update(Account.__table__).values(created_at=at))
    assert world.session.get(Account, 1).created_at == at
