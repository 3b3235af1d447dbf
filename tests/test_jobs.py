"""One row is one lease, whatever plan the database makes; a mail never waits behind all inspections."""

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


def test_a_mail_waits_behind_one_inspection_at_most(world, monkeypatch):
    now, done = SystemClock().now(), []
    with world.database.writing() as session:
        for one in range(3):
            jobs.later(session, INSPECT, str(one), now=now)
            owed = [("no_account", f"a{one}@proef.example", {})]
            record(session, "account.x", PORTAL, by=SYSTEM, now=now, owed=owed)
    monkeypatch.setattr("portal.documents.working.inspect_later", lambda *_a, **_k: done.append("file"))

    class Mailer:
        def send(self, _message):
            done.append("mail")

    world.use(mailer=Mailer())
    deliver.round_of_work(world.app)
    assert done == ["mail", "file", "mail", "file", "mail", "file"]
    assert world.session.query(Delivery).filter_by(state=jobs.WorkState.DONE).count() == 3
