"""Who came too late is found at the desk, with exactly what came; nobody sees it before the closing is on
record, or with a tie.
"""

import hashlib
from datetime import timedelta

import pytest

from portal.journal import queries as journal
from portal.reviews import actions
from tests import make
from tests.conftest import ON_SQLITE

pytestmark = ON_SQLITE
PATH = "/beheer/te-laat"


@pytest.fixture
def late(world):
    """A complete application, submitted 90 seconds after the closing."""
    found = make.ready(world)
    closes_at = found.round.closes_at
    world.clock.at = closes_at + timedelta(seconds=90, microseconds=1)
    assert make.codes(make.submit(world, make.again(world, found))) == {"round_closed"}
    return make.again(world, found)


def test_it_is_found_with_its_moment_and_its_exact_bytes(world, late):
    assert "Er zijn er geen." in world.client("beheerder").get(PATH).said  # sealed still
    make.closed(world, "2023-05-20T10:00")
    desk = world.client("beheerder")
    page = desk.get(PATH)
    assert late.reference in page.said and "1 minuut" in page.said
    (line,) = [
        x for x in journal.timeline(world.session, "application", late.reference) if "content" in x.facts
    ]
    body = desk.bytes(f"{PATH}/{line.entry.id}")
    assert hashlib.sha256(body).hexdigest() == line.facts["sha256"]
    assert line.facts["sha256"] in page.said
    assert make.ANSWERS["contact"]["contact-mail"] in body.decode()
    world.session.rollback()
    last = journal.timeline(world.session, "application", late.reference)[-1]
    assert (last.entry.verb, last.facts["page"]) == ("application.opened", "late")
    assert journal.verify(world.session) == []


def test_nobody_else_reads_it(world, late):
    make.closed(world, "2023-05-20T10:00")
    (line,) = [
        x for x in journal.timeline(world.session, "application", late.reference) if "content" in x.facts
    ]
    for name in ("aanvrager", "beoordelaar1"):
        with world.client(name).client.get(PATH) as refused:
            assert refused.status_code in (403, 404)
    second = world.person("medeondertekenaar")
    make.done(actions.declare_tie(world.session, number="0000100166", kind="bestuur", by=second, now=world.now))
    tied = world.client("medeondertekenaar")
    assert late.reference not in tied.get(PATH).said
    tied.get(f"{PATH}/{line.entry.id}", status=404)
    world.client("auditor").get(f"{PATH}/{line.entry.id + 1}", status=404)


def test_an_attempt_that_was_in_time_and_refused_for_something_else_is_not_there(world):
    found = make.draft(world)
    make.submit(world, found)
    make.closed(world)
    assert "Er zijn er geen." in world.client("beheerder").get(PATH).said
