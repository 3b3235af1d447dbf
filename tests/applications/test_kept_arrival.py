"""A complete request to submit that met an ended sign-in: on record, and it counts when the same person sends
it again in time and nothing changed (rule 3).
"""

from datetime import timedelta

import pytest

from portal.accounts import actions as account_actions
from portal.accounts import queries as accounts
from portal.applications import actions, queries
from portal.applications.lifecycle import Status
from portal.applications.models import KeptArrival
from portal.calls import actions as calls
from portal.clock import SystemClock, parse_local
from portal.compose import composer
from portal.journal import queries as journal
from portal.journal.models import Delivery
from portal.reviews import queries as reviews
from tests import make
from tests.conftest import ON_SQLITE, PASSWORD
from tests.pages import Page

T = parse_local("2023-02-11T00:00")
BEFORE, AFTER = T - timedelta(seconds=10), T + timedelta(minutes=20)


def keep(world, found, name="aanvrager", revision=None):
    by = world.person(name)
    known = found.revision if revision is None else revision
    return actions.keep_arrival(
        found, revision=known, clock=world.clock, waited=lambda: 0.0, by=by, now=world.now
    )


@pytest.fixture
def kept(world):
    """A ready application whose submit request arrived ten seconds before the closing, by an ended sign-in."""
    found = make.ready(world)
    world.clock.at = BEFORE
    make.done(keep(world, found))
    return make.again(world, found)


def test_it_counts_with_its_arrival_also_after_the_closing_was_recorded(world, kept):
    assert kept.status is Status.DRAFT
    world.clock.at = AFTER
    calls.record_closings(world.database, world.now)
    submission = make.done(make.submit(world, make.again(world, kept)))
    assert submission.submitted_at == BEFORE
    assert make.again(world, kept).status is Status.SUBMITTED
    said = queries.version(submission)
    assert said.at == BEFORE
    line = journal.timeline(world.session, "application", kept.reference)[-1]
    assert (line.entry.verb, line.facts["arrival_kept"]) == ("application.submitted", True)
    assert journal.verify(world.session) == []


def test_half_an_hour_later_it_does_not(world, kept):
    world.clock.at = BEFORE + timedelta(minutes=30)
    assert make.codes(make.submit(world, make.again(world, kept))) == {"round_closed"}
    world.clock.at -= timedelta(microseconds=1)
    make.done(make.submit(world, make.again(world, kept)))


def test_nor_when_something_changed_meanwhile(world, kept):
    revision = kept.revision
    world.clock.at = T - timedelta(seconds=1)
    by = world.person("aanvrager")
    values = make.ANSWERS["contact"] | {"contact-functie": "iemand anders"}
    told = {"section": "contact", "values": values, "revision": kept.answers[0].revision}
    make.done(actions.save_section(kept, **told, by=by, now=world.now))
    world.clock.at = AFTER
    changed = make.again(world, kept)
    assert make.codes(make.submit(world, changed)) == {"round_closed"}
    assert "stale" in make.codes(make.submit(world, changed, revision=revision))


def test_nor_for_somebody_else(world, kept):
    make.joined(world, "ggz", kept.lead.number)
    world.clock.at = AFTER
    outcome = make.submit(world, make.again(world, kept), lead="ggz")
    assert make.codes(outcome) == {"round_closed"}


def test_one_that_came_after_the_closing_is_late_by_its_own_arrival(world):
    found = make.ready(world)
    world.clock.at = T
    make.done(keep(world, found))
    world.clock.at = AFTER
    assert make.codes(make.submit(world, make.again(world, found))) == {"round_closed"}
    last = journal.timeline(world.session, "application", found.reference)[-1]
    assert last.facts["arrived_at"] == T.isoformat(timespec="microseconds")


def test_the_first_arrival_is_the_one_that_is_kept(world, kept):
    world.clock.at = T - timedelta(seconds=1)
    assert make.done(keep(world, kept)).arrived_at == BEFORE
    assert world.session.query(KeptArrival).count() == 1


def test_of_what_was_submitted_already_nothing_is_kept_and_nobody_is_told_otherwise(world):
    found = make.ready(world)
    sent = make.done(make.submit(world, found))
    assert make.done(keep(world, make.again(world, found))) is None
    world.session.rollback()
    assert world.session.query(KeptArrival).count() == 0
    assert world.session.query(Delivery).filter_by(kind="arrival_kept").count() == 0
    assert make.done(make.submit(world, make.again(world, found))).id == sent.id


def test_only_the_lead_and_only_what_they_saw(world):
    found = make.ready(world)
    assert make.codes(keep(world, found, "ggz")) == {"lead_only"}
    assert make.codes(keep(world, make.again(world, found), revision=found.revision - 1)) == {"stale"}


def ended(world):
    """The applicant's other device ends all sign-ins."""
    world.session.rollback()
    account = accounts.by_email(world.session, "aanvrager@proef.example")
    by = world.person("aanvrager")
    make.done(account_actions.end_other_sign_ins(account, keep=None, by=by, now=world.now))


@ON_SQLITE
def test_by_the_pages_from_the_ended_sign_in_to_the_receipt(world):
    found = make.ready(world)
    client, home = world.client("aanvrager"), f"/aanvragen/{found.reference}"
    form = client.get(f"{home}/controle").form(f"{home}/indienen")
    world.clock.at = BEFORE
    ended(world)
    with client.client.post(f"{home}/indienen", data=form["data"]) as answer:
        assert answer.status_code == 403
        page = Page(answer.get_data(as_text=True))
    assert "Uw aanvraag is nog niet ingediend, maar wij kregen ze op 10 februari 2023, 23:59:50" in page.said
    assert "dien opnieuw in voor 11 februari 2023, 00.29 uur" in page.said
    world.session.rollback()
    (mail,) = world.session.query(Delivery).filter_by(kind="arrival_kept")
    subject, text = composer(world.app.extensions["portal"].settings).worded(mail.kind, mail.data)
    assert "Nog niet ingediend" in subject
    assert mail.data["sha256"] in text
    world.clock.at = AFTER
    calls.record_closings(world.database, world.now)
    data = page.form("/aanmelden")["data"] | {"email": "aanvrager@proef.example", "password": PASSWORD}
    with client.client.post("/aanmelden", data=data) as answer:
        page = Page(answer.get_data(as_text=True))
    with client.client.post(f"{home}/indienen", data=page.form(f"{home}/indienen")["data"]) as answer:
        assert answer.headers["Location"] == f"{home}/ontvangstbewijs"
    assert "23:59:50" in client.get(f"{home}/ontvangstbewijs").said
    assert "Er zijn er geen" in world.client("beheerder").get("/beheer/te-laat").said


@ON_SQLITE
def test_what_was_never_sent_again_stands_at_the_desk(world, kept):
    make.closed(world)
    said = world.client("beheerder").get("/beheer/te-laat").said
    assert "Ontvangen terwijl de aanmelding geëindigd was" in said
    assert kept.reference in said
    assert "23:59:50" in said


def test_nor_does_what_was_submitted_later_by_itself(world):
    found = make.ready(world)
    make.done(keep(world, found))
    world.clock.at += timedelta(hours=2)
    submission = make.done(make.submit(world, make.again(world, found)))
    assert submission.submitted_at == world.now
    make.closed(world)
    assert reviews.arrivals_left_open_to(world.session, world.person("beheerder")) == []


@ON_SQLITE
@pytest.mark.parametrize("sent", ["", "x", "-1", "9" * 40, "1²"])
def test_a_revision_that_is_none_is_kept_nowhere(world, sent):
    found = make.ready(world)
    client, home = world.client("aanvrager"), f"/aanvragen/{found.reference}"
    form = client.get(f"{home}/controle").form(f"{home}/indienen")
    ended(world)
    with client.client.post(f"{home}/indienen", data=form["data"] | {"revision": sent}) as answer:
        assert answer.status_code == 403
    world.session.rollback()
    assert world.session.query(KeptArrival).count() == 0


@ON_SQLITE
def test_whose_account_was_disabled_leaves_nothing(world):
    found = make.ready(world)
    client, home = world.client("aanvrager"), f"/aanvragen/{found.reference}"
    form = client.get(f"{home}/controle").form(f"{home}/indienen")
    account = accounts.by_email(world.session, "aanvrager@proef.example")
    make.done(account_actions.disable(account, by=make.SYSTEM, now=SystemClock().now()))
    with client.client.post(f"{home}/indienen", data=form["data"]) as answer:
        assert answer.status_code == 403
    world.session.rollback()
    assert world.session.query(KeptArrival).count() == 0
