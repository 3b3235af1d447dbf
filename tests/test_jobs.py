"""One row is one lease, whatever plan the database makes; a mail waits behind no file that is looked at."""

import threading

from portal import jobs
from portal.access import SYSTEM
from portal.cli import deliver
from portal.clock import SystemClock
from portal.documents.actions import INSPECT
from portal.journal.actions import PORTAL, record
from portal.journal.models import Delivery
from tests.conftest import ON_POSTGRESQL


def put(world, number):
    with world.database.writing() as session:
        for one in range(number):
            jobs.later(session, "x", str(one), now=SystemClock().now())


@ON_POSTGRESQL
def test_one_row_is_one_lease_also_where_postgresql_believes_there_is_one(world):
    """Its statistics say one row after `vacuumdb --analyze` of a young installation, or after autovacuum: then
    it may run a subquery for each row again.
    """
    put(world, 1)
    with world.owning() as session:
        session.connection().exec_driver_sql("ANALYZE job")
    put(world, 20)
    now = SystemClock().now()
    taken = [jobs.take(world.database, jobs.Job, now) for _each in range(22)]
    assert len({lease.id for lease in taken[:21]}) == 21
    assert taken[21] is None


def test_the_oldest_is_taken_first_and_a_lease_that_ran_out_again(world):
    put(world, 2)
    now = SystemClock().now()
    first, second = (jobs.take(world.database, jobs.Job, now) for _each in range(2))
    assert first.id < second.id
    assert jobs.take(world.database, jobs.Job, now) is None
    again = jobs.take(world.database, jobs.Job, now + jobs.LEASE)
    assert (again.id, again.attempts) == (first.id, 2)


def test_a_mail_waits_behind_no_file_that_is_looked_at(world, monkeypatch):
    """The worker itself, with a file that takes as long as the mails do."""
    now, stop, sent = SystemClock().now(), threading.Event(), threading.Semaphore(0)
    with world.database.writing() as session:
        for one in range(3):
            jobs.later(session, INSPECT, str(one), now=now)
            owed = [("no_account", f"a{one}@proef.example", {})]
            record(session, "account.x", PORTAL, by=SYSTEM, now=now, owed=owed)

    def heavy(*_a, **_k):
        told = [sent.acquire(timeout=20) for _each in range(3)]
        stop.set()
        assert all(told)

    monkeypatch.setattr("portal.documents.working.inspect_later", heavy)

    class Mailer:
        def send(self, _message):
            sent.release()

    world.use(mailer=Mailer())
    deliver.run(world.app, stop)
    world.session.rollback()
    assert world.session.query(Delivery).filter_by(state=jobs.WorkState.DONE).count() == 3
    assert jobs.counts(world.session, jobs.Job) == {jobs.WorkState.DONE: 1, jobs.WorkState.OWED: 2}


def test_a_lane_that_falls_stops_the_worker(world, monkeypatch):
    def broken(*_a, **_k):
        raise RuntimeError

    monkeypatch.setattr(deliver, "look_at_files", broken)
    monkeypatch.setattr("threading.excepthook", lambda _told: None)
    deliver.run(world.app, stop := threading.Event())
    assert stop.is_set()
