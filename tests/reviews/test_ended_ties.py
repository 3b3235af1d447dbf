"""A tie that ended binds on in every round that had opened by then; what somebody tied had found is found again
(rule 9).
"""

from datetime import timedelta

import pytest

from portal.access import Role
from portal.accounts import queries as accounts
from portal.applications.lifecycle import Status as ApplicationStatus
from portal.decisions import queries as decisions
from portal.journal import queries as journal
from portal.organisations import actions as organisation_actions
from portal.organisations import queries as organisations
from portal.reviews import actions, pages, queries
from portal.reviews.access import Ties
from portal.reviews.models import Finding
from tests import make
from tests.conftest import ON_SQLITE, ORGANISATIONS

OURS = ORGANISATIONS["aanvrager"][0]


@pytest.fixture
def sent(world):
    """A submitted application whose region is open to the desk."""
    found = make.application(world, ApplicationStatus.SUBMITTED)
    make.closed(world)
    return make.again(world, found)


def account(world, name):
    return accounts.by_email(world.session, f"{name}@proef.example")


def left(world, name, number, now=None):
    """Somebody joined an organisation and left it again, at the world's moment or at `now`."""
    make.joined(world, name, number)
    found = organisations.organisation(world.session, number)
    make.done(
        organisation_actions.leave(
            found, account=account(world, name), by=world.person(name), now=now or world.now
        )
    )


def test_one_that_ended_binds_in_rounds_that_had_opened_by_then():
    at = make.parse_local("2023-04-03T00:00")
    ended = Ties(ended=frozenset({(OURS, at)}))
    assert ended.binds([OURS], at)
    assert ended.binds([OURS], at - timedelta(microseconds=1))
    assert not ended.binds([OURS], at + timedelta(microseconds=1))
    assert not ended.binds(["0000100067"], at)
    assert Ties(lasting=frozenset({OURS})).binds([OURS], at + timedelta(days=900))


def test_who_left_an_organisation_is_bound_in_the_rounds_of_its_time(world, sent):
    left(world, "beheerder", OURS)
    assert not world.person("beheerder").numbers
    assert make.codes(make.find(world, sent, "beheerder")) == {"tied"}
    assert not queries.is_open_to(world.session, world.person("beheerder"), sent)
    assert queries.hidden_from(world.session, world.person("beheerder")) == {(sent.round_id, sent.region_id)}


def test_who_left_before_the_round_opened_is_free(world):
    left(world, "beheerder", OURS, now=world.now - timedelta(days=400))
    found = make.application(world, ApplicationStatus.SUBMITTED)
    make.closed(world)
    found = make.again(world, found)
    make.done(make.find(world, found, "beheerder"))


def test_a_tie_that_is_over_counts_on_and_can_be_declared_again(world, sent):
    found = make.tie(world, "beheerder")
    other = actions.end_tie(found, by=world.person("medeondertekenaar"), now=world.now)
    assert make.codes(other) == {"gone"}
    make.done(actions.end_tie(found, by=world.person("beheerder"), now=world.now))
    assert make.codes(actions.end_tie(found, by=world.person("beheerder"), now=world.now)) == {"gone"}
    assert make.codes(make.find(world, sent, "beheerder")) == {"tied"}
    assert queries.declared(world.session, account(world, "beheerder").id) == frozenset()
    make.tie(world, "beheerder")
    lines = journal.timeline(world.session, "account", str(account(world, "beheerder").id))
    told = [line.entry.verb for line in lines if line.entry.verb.startswith("tie.")]
    assert told == ["tie.declared", "tie.ended", "tie.declared"]
    assert journal.verify(world.session) == []


def test_what_somebody_tied_found_is_found_again_by_another(world, sent):
    make.newcomer(world, "beheerder2", Role.ADMINISTRATOR)
    make.done(make.find(world, sent, "beheerder"))
    sent = make.again(world, sent)
    assert make.codes(make.find(world, sent, "beheerder2")) == {"already_found"}
    make.tie(world, "beheerder")
    sent = make.again(world, sent)
    assert queries.finding(world.session, sent.id) is None
    assert decisions.unjudged(world.session, sent.round_id, sent.region_id) == (sent.reference,)
    (row,) = [r for r in _to_judge(world, "beheerder2") if r.reference == sent.reference]
    assert row.open
    make.done(make.find(world, sent, "beheerder2", admissible=False))
    sent = make.again(world, sent)
    assert sent.status is ApplicationStatus.SUBMITTED
    assert [f.admissible for f in world.session.query(Finding).order_by(Finding.number)] == [True, False]
    verbs = [line.entry.verb for line in journal.timeline(world.session, "application", sent.reference)]
    assert verbs[-2:] == ["application.finding_made", "application.reconsidered"]


def test_the_other_way_round_it_goes_on_to_appraisal(world, sent):
    make.newcomer(world, "beheerder2", Role.ADMINISTRATOR)
    make.done(make.find(world, sent, "beheerder", admissible=False))
    make.tie(world, "beheerder")
    sent = make.again(world, sent)
    refused = make.prepare(world, sent, outcome=make.Outcome.INADMISSIBLE, by=world.person("beheerder2"))
    assert make.codes(refused) == {"not_inadmissible"}  # no finding that counts
    make.done(make.find(world, make.again(world, sent), "beheerder2"))
    assert make.again(world, sent).status is ApplicationStatus.ADMISSIBLE


@ON_SQLITE
def test_a_tie_is_ended_on_ones_own_page(world, sent):
    found = make.tie(world, "beheerder")
    client = world.client("beheerder")
    page = client.get("/beoordeling/belangen")
    assert "De band met" in page.said
    path = f"/beoordeling/band/{found.id}/einde"
    assert client.post(path, page=page, action=path) == "/beoordeling/belangen"
    page = client.get("/beoordeling/belangen")
    assert "beëindigd op" in page.said
    assert "De band met" not in page.said
    assert queries.one_own_tie(world.session, world.person("medeondertekenaar"), found.id) is None


def _to_judge(world, name):
    return pages.to_judge(world.session, world.person(name))
