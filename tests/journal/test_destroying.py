"""What entries say is destroyed by two people under a list, and by nobody else; that something was done
stays.
"""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import text

from portal import proposals
from portal.applications.lifecycle import Status
from portal.journal import destroying
from portal.journal import queries as journal
from portal.journal.models import Entry, Payload
from portal.lifecycle import Refused
from portal.proposals import Proposal
from tests import make
from tests.conftest import CALL, ON_SQLITE


def proposed(world, **changes):
    facts = {
        "file": "account/1", "until": world.now.date() - timedelta(days=1), "reason": "Lijst 2023/1.",
        "by": world.person("beheerder"), "now": world.now, **changes,
    }  # fmt: skip
    return destroying.propose_destruction(world.session, **facts)


def confirmed(world, proposal, by="medeondertekenaar"):
    return proposals.confirm(proposal, by=world.person(by), now=world.now)


@pytest.fixture
def later(world):
    """Some days after the accounts were made."""
    world.clock.at += timedelta(days=30)
    return world


def test_two_people_destroy_what_was_said_with_its_salt_and_the_journal_holds(later):
    world = later
    before = len(journal.timeline(world.session, "account", "1"))
    proposal = make.done(proposed(world))
    assert [r.code for r in confirmed(world, proposal, "beheerder").refusals] == ["same_person"]
    make.done(confirmed(world, proposal))
    world.session.rollback()
    lines = journal.timeline(world.session, "account", "1")
    assert len(lines) == before
    assert {json.dumps(line.facts) for line in lines if line.entry.at < world.now} == {"{}"}
    gone = world.session.query(Payload).filter(Payload.body.is_(None)).all()
    assert gone and all(payload.salt is None for payload in gone)
    assert journal.verify(world.session) == []


def test_what_was_said_since_the_list_was_made_stays(later):
    world = later
    proposal = make.done(proposed(world))
    world.session.rollback()
    with world.owning() as owner:  # somebody else destroyed one of them meanwhile
        owner.execute(
            text(
                "UPDATE payload SET body = NULL, salt = NULL WHERE entry_id = (SELECT min(e.id) FROM entry e "
                "JOIN chain c ON c.id = e.chain_id WHERE c.file_kind = 'account' AND c.file_key = '1')"
            )
        )
    refused = confirmed(world, world.session.get(Proposal, proposal.id))
    assert [r.code for r in refused.refusals] == ["proposal_changed"]
    assert any("under no list" in line for line in journal.verify(world.session))


@pytest.mark.parametrize(("changes", "code"), [
    ({"file": "account/999"}, "nothing_to_destroy"), ({"file": "x"}, "nothing_to_destroy"),
    ({"until": date(2099, 1, 1)}, "destruction_not_past"), ({"reason": " "}, "reason_missing"),
])  # fmt: skip
def test_what_cannot_be_destroyed_says_why(later, changes, code):
    outcome = proposed(later, **changes)
    assert isinstance(outcome, Refused)
    assert [r.code for r in outcome.refusals] == [code]


def test_lists_of_what_was_destroyed_are_never_destroyed(later):
    world = later
    make.done(confirmed(world, make.done(proposed(world))))
    world.session.rollback()
    world.clock.at += timedelta(days=30)
    proposal = make.done(proposed(world, file="portal/portal", until=world.now.date() - timedelta(days=1)))
    listed = world.session.query(Entry).filter_by(verb="portal.payloads_destroyed").one()
    assert listed.digest not in proposal.arguments["entries"]
    make.done(confirmed(world, proposal))
    world.session.rollback()
    assert journal.verify(world.session) == []


@ON_SQLITE
def test_pages_stand_on_what_is_left_when_what_was_said_is_gone(world):
    """The history of a call and the check of a receipt do not fall with the words of an entry."""
    found = make.application(world, Status.SUBMITTED)
    make.closed(world)
    world.clock.at += timedelta(days=30)
    for file in (f"call/{CALL}", f"application/{found.reference}"):
        make.done(confirmed(world, make.done(proposed(world, file=file))))
        world.session.rollback()
    visitor = world.client()
    assert "Ronde gesloten" in visitor.get(f"/oproepen/{CALL}").said
    digest = make.again(world, found).submissions[0].sha256
    assert (
        "Dit ontvangstbewijs is echt. Wij ontvingen versie 1"
        in visitor.get(f"/controleer?reference={found.reference}&digest={digest}").said
    )
    for path in ("/tijdlijn", ""):
        world.client("aanvrager").get(f"/aanvragen/{found.reference}{path}")
    world.client("auditor").get(f"/beheer/aanvragen/{found.reference}")


@ON_SQLITE
def test_it_is_proposed_and_confirmed_in_the_portal(later):
    first, second = later.client("beheerder"), later.client("medeondertekenaar")
    wrong = first.post("/beheer/journaal/vernietigen", {"file": "account/1", "until": "gisteren", "reason": ""})
    assert "Schrijf op welke lijst" in wrong.said
    data = {"file": "account/1", "until": "05/12/2022", "reason": "Lijst 2023/1."}
    assert first.post("/beheer/journaal/vernietigen", data) == "/beheer/journaal"
    desk = second.get("/beheer")
    assert "Vernietigen wat in het journaal staat" in desk.said and "account/1" in desk.said
    second.post("/beheer/voorstellen/1")
    assert (
        "Vernietigd wat in account/1 gezegd is: Lijst 2023/1."
        in later.client("auditor").get("/beheer/journaal").said
    )
