"""Organisations that merge or are disabled: two people at the desk, history as it was, nobody loses a file."""

import dataclasses
from datetime import date

import pytest

from portal import proposals
from portal.access import SYSTEM, Role
from portal.accounts import actions, queries
from portal.clock import SystemClock
from portal.organisations import actions as organisation_actions
from portal.organisations import queries as organisations
from portal.reviews import queries as reviews
from portal.reviews.models import Tie
from tests import make
from tests.conftest import ON_BOTH, ON_POSTGRESQL, ORGANISATIONS
from tests.organisations.test_organisations import (
    NUMBER,
    account,
    codes,
    mailed,
    newcomer,
    organisation,
    person,
)

pytestmark = ON_POSTGRESQL

OTHER = ORGANISATIONS["rivaal"][0]
DESK = f"/beheer/organisaties/{NUMBER}"


def propose(world, where=f"{DESK}/samenvoegen", **sent):
    data = {"into": OTHER, "on": "01/01/2023", "reason": "Fusie per 1 januari 2023."} | sent
    return world.client("beheerder").post(where, data)


def confirm(world, by="medeondertekenaar"):
    world.session.rollback()
    (waiting,) = proposals.open_to(world.session, SYSTEM)
    outcome = proposals.confirm(waiting, by=person(world, by), now=world.now)
    world.session.rollback()
    return outcome


def test_who_acted_for_the_old_acts_for_the_new_which_sees_what_the_old_did(world):
    found = make.draft(world)
    assert propose(world) == DESK
    assert "OCMW Proefstad" in world.client("medeondertekenaar").get("/beheer").said
    make.done(confirm(world))
    old, new = world.client("aanvrager"), world.client("rivaal")
    for client in (old, new):
        assert found.reference in client.get("/organisatie").said
        client.get(f"/aanvragen/{found.reference}")
    assert "CAW Rivaal" in old.get("/organisatie").said
    assert not organisations.membership(
        world.session, account(world, "aanvrager").id, organisation(world, OTHER).id
    ).manager
    said = world.client("auditor").get(DESK).said
    assert "CAW Rivaal (0000.400.470), sinds 1 januari 2023" in said
    assert "OCMW Proefstad (0000.100.166)" in world.client("auditor").get(f"/beheer/organisaties/{OTHER}").said
    assert make.again(world, found).lead.name == "OCMW Proefstad"  # as it was
    assert mailed(world, "organisation_merged") == ["aanvrager@proef.example", "rivaal@proef.example"]


def test_the_new_one_starts_and_saves_what_the_old_began(world):
    found = make.draft(world)
    propose(world)
    make.done(confirm(world))
    make.answer(world, make.again(world, found), lead="rivaal")
    started = world.client("aanvrager").get("/aanvragen/nieuw")
    assert "OCMW Proefstad" not in started.said


@ON_BOTH
def test_a_chain_of_mergers_leads_to_the_last(world):
    third = ORGANISATIONS["vaph"][0]
    reason = {"on": date(2023, 1, 1), "reason": "x", "by": SYSTEM, "now": world.now}
    make.done(organisation_actions.merge(organisation(world), into=organisation(world, OTHER), **reason))
    make.done(organisation_actions.merge(organisation(world, OTHER), into=organisation(world, third), **reason))
    assert person(world, "vaph").numbers == {NUMBER, OTHER, third}
    assert person(world, "aanvrager").numbers == {NUMBER, OTHER, third}
    assert codes(
        organisation_actions.merge(organisation(world), into=organisation(world, third), **reason)
    ) == ["merged_already"]
    back = organisation_actions.merge(organisation(world, third), into=organisation(world), **reason)
    assert codes(back) == ["merged_into_none"]


@ON_BOTH
def test_a_tie_with_one_binds_for_what_it_went_into_and_what_it_took_over(world):
    reviewer = account(world, "beoordelaar1")
    by = person(world, "beoordelaar1")
    from portal.reviews import actions as review_actions

    make.done(review_actions.declare_tie(world.session, number=OTHER, kind="bestuur", by=by, now=world.now))
    assert world.session.query(Tie).count() == 1
    reason = {"on": date(2023, 1, 1), "reason": "x", "by": SYSTEM, "now": world.now}
    make.done(organisation_actions.merge(organisation(world), into=organisation(world, OTHER), **reason))
    assert reviews.ties_of(world.session, reviewer.id).lasting == {NUMBER, OTHER}


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"into": NUMBER}, "gaat niet op in zichzelf"),
        ({"into": "0000820045"}, "staat niet in het portaal"),
        ({"into": "geen"}, "staat niet in het portaal"),
        ({"on": "01/01/2030"}, "Deze dag moet nog komen"),
        ({"on": "ooit"}, "Schrijf een bestaande dag"),
        ({"reason": ""}, "Zeg waarom"),
    ],
)
def test_what_is_wrong_with_a_merger_is_told(world, sent, words):
    assert words in propose(world, **sent).said


def test_one_person_does_not_merge_or_disable_alone(world):
    propose(world)
    assert codes(confirm(world, "beheerder")) == ["same_person"]
    assert organisation(world).merged_into_id is None
    assert "al voorgesteld" in propose(world).said


def test_who_has_a_role_in_some_regions_does_neither(world):
    for name, role in (("auditor", Role.ADMINISTRATOR), ("beoordelaar1", Role.COSIGNER)):
        given = {"regions": ("midwest",), "known": frozenset({"midwest"}), "by": SYSTEM, "now": world.now}
        make.done(actions.grant(account(world, name), role=role, **given))
    data = {"into": OTHER, "on": "01/01/2023", "reason": "x"}
    page = world.client("auditor").post(f"{DESK}/samenvoegen", data)
    assert "Uw rol geldt niet voor alle regio's" in page.said
    propose(world)
    limited = dataclasses.replace(person(world, "beoordelaar1"), within=frozenset({"midwest"}))
    (waiting,) = proposals.open_to(world.session, SYSTEM)
    assert codes(proposals.confirm(waiting, by=limited, now=world.now)) == ["beyond_your_regions"]


def test_a_disabled_organisation_acts_no_more_until_it_is_enabled(world):
    found = make.draft(world)
    client = world.client("aanvrager")
    client.get(f"/aanvragen/{found.reference}")
    assert propose(world, f"{DESK}/schakelen", reason="Failliet verklaard.") == DESK
    client.get(f"/aanvragen/{found.reference}")  # nothing yet
    make.done(confirm(world))
    with client.client.get(f"/aanvragen/{found.reference}") as answer:
        assert answer.headers["Location"].startswith("/organisatie/lid-worden?")
    assert "nog voor geen organisatie" in client.get("/organisatie").said
    assert mailed(world, "organisation_switched") == ["aanvrager@proef.example"]
    assert propose(world, f"{DESK}/schakelen", reason="Het was een vergissing.") == DESK
    make.done(confirm(world))
    client.get(f"/aanvragen/{found.reference}")


@ON_BOTH
def test_asking_to_join_what_merged_leads_to_the_other(world):
    reason = {"on": date(2023, 1, 1), "reason": "x", "by": SYSTEM, "now": world.now}
    make.done(organisation_actions.merge(organisation(world), into=organisation(world, OTHER), **reason))
    page = newcomer(world).post("/organisatie/lid-worden", {"number": NUMBER, "name": "OCMW Proefstad"})
    assert "ging op in CAW Rivaal (0000400470)" in page.said


@ON_BOTH
def test_an_act_that_began_before_the_merger_is_told_to_look_again(world):
    before = person(world, "rivaal")
    reason = {"on": date(2023, 1, 1), "reason": "x", "by": SYSTEM, "now": world.now}
    make.done(organisation_actions.merge(organisation(world), into=organisation(world, OTHER), **reason))
    own = account(world, "rivaal")
    outcome = organisation_actions.leave(organisation(world, OTHER), account=own, by=before, now=world.now)
    assert codes(outcome) == ["access_changed"]


def test_an_organisation_that_only_a_draft_may_name_is_not_known_to_the_desk(world):
    make.done(
        organisation_actions.register(
            world.session, number="0000820045", name="vzw Stil", by=SYSTEM, now=world.now
        )
    )
    desk = world.client("beheerder")
    assert "vzw Stil" not in desk.get("/beheer/organisaties").said
    desk.get("/beheer/organisaties/0000820045", status=404)


@ON_BOTH
def test_nobody_is_let_in_to_what_ended_meanwhile(world):
    newcomer(world)
    one = account(world, "nieuw")
    asked = make.done(
        organisation_actions.ask_to_join(one, number=NUMBER, name="x", by=person(world, "nieuw"), now=world.now)
    )
    sent = organisation_actions.invite(
        organisation(world),
        email="gast@elders.example",
        real=SystemClock().now(),
        by=person(world, "aanvrager"),
        now=world.now,
    )
    link = make.done(sent)
    reason = {"on": date(2023, 1, 1), "reason": "x", "by": SYSTEM, "now": world.now}
    make.done(
        organisation_actions.disable_organisation(organisation(world), reason="x", by=SYSTEM, now=world.now)
    )
    by = dataclasses.replace(person(world, "beheerder"), manages=frozenset({organisation(world).id}))
    assert codes(organisation_actions.admit(asked, by=by, now=world.now)) == ["organisation_ended"]
    make.done(organisation_actions.merge(organisation(world), into=organisation(world, OTHER), **reason))
    facts = queries.link_facts(link, SystemClock().now())
    assert not facts.stands
