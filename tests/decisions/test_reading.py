"""Whoever reads contents at the desk is on record, whatever the method; nobody reads others' scores before
their own.
"""

import re
from fractions import Fraction

import pytest

from portal.access import SYSTEM, Role
from portal.accounts import actions as account_actions
from portal.accounts import queries as accounts
from portal.applications.lifecycle import Status
from portal.clock import brussels_day
from portal.journal.models import Entry
from portal.reviews import actions as reviews
from portal.reviews.models import Review
from portal.reviews.pages import level, percent
from tests import make
from tests.conftest import ON_SQLITE

pytestmark = ON_SQLITE
SECRET = "Een motivering die niemand mag lezen voor de eigen beoordeling af is."


def readings(world):
    world.session.rollback()
    return world.session.query(Entry).filter_by(verb="application.opened").count()


@pytest.fixture
def appraised(world):
    found = make.application(world, Status.SUBMITTED)
    make.closed(world)
    make.admit(world, make.again(world, found))
    make.appraise(world, make.again(world, found))
    return make.again(world, found)


def test_a_form_that_shows_contents_again_is_a_reading(world):
    found = make.application(world, Status.SUBMITTED)
    make.closed(world)
    client = world.client("beheerder").client
    path = f"/beheer/ontvankelijkheid/{found.reference}"
    for number, method in enumerate(("get", "post"), start=1):
        with getattr(client, method)(path) as answer:
            assert make.LONG[:40] in answer.text
        assert readings(world) == number


def test_comparing_preparing_and_confirming_are_readings(world, appraised):
    desk = world.client("beheerder")
    pages = ["/beoordeling/regio/midwest", f"/beheer/beslissingen/voorbereiden/{appraised.reference}"]
    decision = make.done(make.prepare(world, appraised))
    pages.append(f"/beheer/beslissingen/{decision.reference}")
    second = world.client("medeondertekenaar")
    before = readings(world)
    for number, path in enumerate(pages, start=1):
        desk.get(path)
        assert readings(world) == before + number, path
    second.get(f"/beheer/beslissingen/{decision.reference}/bevestigen")
    assert readings(world) == before + 4


def test_who_reviews_reads_no_score_of_others_in_another_role_first(world):
    found = make.application(world, Status.SUBMITTED)
    make.closed(world)
    found = make.again(world, found)
    make.admit(world, found)
    known = list(accounts.reviewers(world.session, brussels_day(world.now)))
    by = world.person("beheerder")
    one, other = make.done(reviews.assign(found, reviewers=known, by=by, now=world.now))
    make.hand_in(world, one, reason=SECRET)
    account = accounts.by_email(world.session, other.reviewer.email)
    make.done(account_actions.grant(account, role=Role.ADMINISTRATOR, by=SYSTEM, now=world.now))
    client = world.client(other.reviewer.label)
    path = f"/beheer/beslissingen/voorbereiden/{found.reference}"
    for page in (path, "/beoordeling/regio/midwest", "/beheer/beslissingen", "/beheer/toewijzing/midwest"):
        with client.client.get(page, follow_redirects=True) as answer:
            assert SECRET not in answer.text, page
            assert not re.search(r"80,0\s%", answer.text), page
    with client.client.get(path) as answer:
        assert answer.headers["Location"] == "/beoordeling"
    world.session.rollback()
    make.hand_in(world, world.session.get(Review, other.id))
    assert SECRET in client.get(path).html


def test_what_is_below_a_threshold_never_reads_as_reached(world):
    with world.app.test_request_context():
        assert percent(Fraction(6997, 100)) == "69,9\u00a0%"
        assert percent(Fraction(70)) == "70,0\u00a0%"
        assert level(Fraction(296, 100)) == "2,9"
