"""The department's users: who gave which role, until when; nobody gives themselves anything."""

import dataclasses
from datetime import date, timedelta

import pytest

from portal import proposals
from portal.access import SYSTEM, Role
from portal.accounts import actions, queries
from portal.journal.models import Delivery
from portal.lifecycle import Refused
from portal.second_step import actions as second_step_actions
from portal.second_step import queries as second_steps
from tests import make
from tests.conftest import ON_BOTH, ON_POSTGRESQL

pytestmark = ON_POSTGRESQL


def account(world, name):
    world.session.rollback()
    return queries.by_email(world.session, f"{name}@proef.example")


def person(world, name):
    world.session.rollback()
    return world.person(name)


def path(world, name, rest=""):
    return f"/beheer/gebruikers/{account(world, name).id}{rest}"


def codes(outcome):
    assert isinstance(outcome, Refused), outcome
    return [r.code for r in outcome.refusals]


def given(world, desk, name, sent, second="medeondertekenaar"):
    """A role of somebody, proposed by one and confirmed by another; the second's page of it."""
    where = path(world, name)
    assert desk.post(f"{where}/rol", sent) == where
    assert "Dit wacht op een tweede persoon" in desk.get(where).said
    (waiting,) = proposals.open_to(world.session, SYSTEM)
    client, place = world.client(second), f"/beheer/voorstellen/{waiting.id}"
    page = client.get(place)
    assert client.post(place, page=page) == "/beheer"
    return page


def test_a_role_is_given_for_regions_until_a_day_and_says_who_gave_it(world):
    desk, where = world.client("beheerder"), path(world, "aanvrager")
    sent = {"role": "reviewer", "reach": "some", "regions": "midwest", "until": "30/06/2023"}
    page = given(world, desk, "aanvrager", sent)
    assert "Rol beoordelaar" in page.said
    assert "Midwest" in page.said
    said = desk.get(where).said
    assert "beoordelaar Midwest 30 juni 2023" in said
    assert "door beheerder@proef.example" in said
    found = person(world, "aanvrager")
    assert found.covers(Role.REVIEWER, "midwest")
    assert not found.covers(Role.REVIEWER, "kempen")
    told = [d.address for d in world.session.query(Delivery).filter_by(kind="access_changed")]
    assert told[-1] == "aanvrager@proef.example"


def test_a_role_given_again_takes_the_place_of_the_old_one(world):
    desk = world.client("beheerder")
    sent = {"role": "reviewer", "reach": "some", "regions": "kempen"}
    given(world, desk, "beoordelaar1", sent)
    assert not person(world, "beoordelaar1").covers(Role.REVIEWER, "midwest")
    assert len(account(world, "beoordelaar1").grants) == 1


def test_all_that_is_wrong_with_a_role_is_said_at_once_and_nothing_typed_is_lost(world):
    desk, where = world.client("beheerder"), path(world, "aanvrager")
    sent = {"role": "applicant", "reach": "some", "until": "01/01/2020"}
    page = desk.post(f"{where}/rol", sent)
    assert "kan niet gegeven worden" in page.said
    assert "Kruis minstens één regio aan" in page.said
    assert "ligt in het verleden" in page.said
    assert page.form()["data"]["until"] == "01/01/2020"
    page = desk.post(f"{where}/rol", {"until": "morgen"})
    assert "Schrijf een bestaande dag" in page.said
    assert account(world, "aanvrager").grants == []


def test_one_administrator_is_not_two_people(world):
    """A second account that one made oneself becomes no second person by one's own hand."""
    desk, by = world.client("beheerder"), world.person("beheerder")
    outcome = actions.grant(account(world, "rivaal"), role=Role.COSIGNER, by=by, now=world.now)
    assert codes(outcome) == ["roles_by_two"]
    assert desk.post(f"{path(world, 'rivaal')}/rol", {"role": "cosigner", "reach": "everywhere"})
    (waiting,) = proposals.open_to(world.session, SYSTEM)
    assert codes(proposals.confirm(waiting, by=by, now=world.now)) == ["same_person"]
    assert account(world, "rivaal").grants == []
    (waiting,) = proposals.open_to(world.session, SYSTEM)
    receiver = dataclasses.replace(world.person("medeondertekenaar"), account_id=account(world, "rivaal").id)
    waiting = world.session.get(proposals.Proposal, waiting.id)
    assert codes(proposals.confirm(waiting, by=receiver, now=world.now))[0] in ("own_role", "access_changed")
    assert account(world, "rivaal").grants == []


def test_a_role_of_all_regions_is_confirmed_and_taken_back_by_who_holds_all(world):
    limited(world, Role.COSIGNER)
    desk = world.client("beheerder")
    assert desk.post(f"{path(world, 'rivaal')}/rol", {"role": "auditor", "reach": "everywhere"})
    (waiting,) = proposals.open_to(world.session, SYSTEM)
    one = dataclasses.replace(person(world, "auditor"), within=frozenset({"midwest"}))
    waiting = world.session.get(proposals.Proposal, waiting.id)
    for verb in (proposals.confirm, proposals.withdraw):
        assert codes(verb(waiting, by=one, now=world.now)) == ["beyond_your_regions"]
    world.client("auditor").get(f"/beheer/voorstellen/{waiting.id}", status=404)


@pytest.mark.parametrize("verb", ["propose_grant", "end_grant", "disable", "enable"])
def test_nobody_changes_their_own_access(world, verb):
    by, own = world.person("beheerder"), account(world, "beheerder")
    roles = {"propose_grant": {"role": Role.AUDITOR}, "end_grant": {"role": Role.ADMINISTRATOR}}
    outcome = getattr(actions, verb)(own, **roles.get(verb, {}), by=by, now=world.now)
    assert codes(outcome)[0].startswith("own_")
    assert "Een rol geven" not in world.client("beheerder").get(path(world, "beheerder")).said


def limited(world, role=Role.ADMINISTRATOR):
    """An administrator of Midwest alone, or another role of it."""
    actions.grant(
        account(world, "auditor"),
        role=role,
        regions=("midwest",),
        known=frozenset({"midwest"}),
        by=SYSTEM,
        now=world.now,
    )
    actions.end_grant(account(world, "auditor"), role=Role.AUDITOR, by=SYSTEM, now=world.now)
    return world.client("auditor")


def test_who_holds_a_role_in_one_region_gives_none_beyond_it(world):
    desk, where = limited(world), path(world, "aanvrager")
    page = desk.get(f"{where}/rol")
    assert "Midwest" in page.said
    assert "Kempen" not in page.said
    for sent in ({"reach": "everywhere"}, {"reach": "some", "regions": "kempen"}):
        page = desk.post(f"{where}/rol", {"role": "administrator", **sent})
        assert "Uw rol geldt niet voor alle regio's" in page.said
    assert desk.post(f"{where}/rol", {"role": "reviewer", "reach": "some", "regions": "midwest"}) == where


@pytest.mark.parametrize("rest", ["/rol/administrator/beeindigen", "/uitschakelen"])
def test_who_holds_a_role_in_one_region_takes_nothing_away_beyond_it(world, rest):
    desk, where = limited(world), path(world, "beheerder")
    desk.post(where, page=desk.get(where), action=where + rest)
    assert "Uw rol geldt niet voor alle regio's" in desk.get(where).said
    assert account(world, "beheerder").active
    assert account(world, "beheerder").grants


def test_an_account_that_is_disabled_is_out_at_once_and_comes_back_with_what_it_had(world):
    desk, out = world.client("beheerder"), world.client("aanvrager")
    where = path(world, "aanvrager")
    desk.post(where, page=desk.get(where), action=f"{where}/uitschakelen")
    with out.client.get("/aanvragen") as answer:
        assert answer.status_code == 303
    page = world.client().post("/aanmelden", {"email": "aanvrager@proef.example", "password": "demo"})
    assert "horen niet samen" in page.said
    desk.post(where, page=desk.get(where), action=f"{where}/inschakelen")
    assert "OCMW Proefstad" in world.client("aanvrager").get("/account").said


def test_a_reviewer_whose_role_ends_on_a_day_still_reviews_that_day_and_not_the_next(world):
    desk, last = world.client("beheerder"), date(2023, 1, 20)
    given(world, desk, "beoordelaar1", {"role": "reviewer", "reach": "everywhere", "until": "20/01/2023"})
    world.clock.at = world.clock.at.replace(year=2023, month=1, day=20, hour=22, minute=59, second=59)
    reviewer = world.client("beoordelaar1")
    reviewer.get("/beoordeling")
    world.clock.at += timedelta(seconds=1)  # 21 January in Brussels
    with reviewer.client.get("/beoordeling") as answer:
        assert answer.status_code == 403
    assert account(world, "beoordelaar1").grants[0].until == last


def test_many_accounts_are_shown_by_the_page_and_found(world):
    for number in range(60):
        actions.enrol(
            world.session,
            email=f"iemand{number:02d}@zoek.example",
            label="coördinator",
            password_hash="x",
            by=SYSTEM,
            now=world.now,
        )
    desk = world.client("beheerder")
    first = desk.get("/beheer/gebruikers")
    assert "69 accounts" in first.said
    assert "iemand59@zoek.example" not in first.said
    assert "iemand59@zoek.example" in desk.get("/beheer/gebruikers?bladzijde=2").said
    found = desk.get("/beheer/gebruikers?zoek=IEMAND1")
    assert "10 accounts" in found.said
    assert "aanvrager@proef.example" in desk.get("/beheer/gebruikers?zoek=0000100166").said
    assert "aanvrager@proef.example" in desk.get("/beheer/gebruikers?zoek=proefstad").said
    for hostile in ("%25", "_", "%00", "%ED%A0%80", "'", "x" * 5000):
        assert "0 accounts" in desk.get(f"/beheer/gebruikers?zoek={hostile}").said.replace("69", "0")
    for odd in ("0", "-1", "999999", "x", "%D9%A1"):
        desk.get(f"/beheer/gebruikers?bladzijde={odd}")


def with_second_step(world, name):
    """An app and a passkey, with recovery codes."""
    by = person(world, name)
    add = {"by": by, "now": world.now}
    make.done(second_step_actions.begin_authenticator(account(world, name), sealed="x", **add))
    make.done(
        second_step_actions.confirm_authenticator(account(world, name), sealed="x", step=1, codes=["a"], **add)
    )
    added = second_step_actions.add_passkey(
        account(world, name),
        credential="c",
        public_key=b"k",
        sign_count=0,
        device="telefoon",
        codes=["b"],
        **add,
    )
    make.done(added)


def test_a_lost_second_step_is_taken_away_by_two_people_and_told(world):
    with_second_step(world, "beoordelaar1")
    desk, where = world.client("beheerder"), path(world, "beoordelaar1")
    assert "Tweede stap bij het aanmelden ja" in desk.get(where).said
    assert "Zeg waarom" in desk.post(f"{where}/tweede-stap", {"reason": ""}).said
    assert desk.post(f"{where}/tweede-stap", {"reason": "Gebeld op haar nummer."}) == where
    world.session.rollback()
    (waiting,) = proposals.open_to(world.session, SYSTEM)
    assert codes(proposals.confirm(waiting, by=person(world, "beheerder"), now=world.now)) == ["same_person"]
    assert second_steps.has_second_step(world.session, account(world, "beoordelaar1").id)
    second = world.client("medeondertekenaar")
    assert "Gebeld op haar nummer." in second.get(f"/beheer/voorstellen/{waiting.id}").said
    second.post(f"/beheer/voorstellen/{waiting.id}")
    one = account(world, "beoordelaar1")
    assert not second_steps.has_second_step(world.session, one.id)
    assert second_steps.all_recovery_codes(world.session, one.id) == []
    told = [d.address for d in world.session.query(Delivery).filter_by(kind="second_step_removed")]
    assert told == ["beoordelaar1@proef.example"]


@ON_BOTH
def test_nobody_takes_their_own_second_step_away_so_and_none_that_is_not_there(world):
    with_second_step(world, "beheerder")
    by = person(world, "beheerder")
    for name, why in (("beheerder", "own_account"), ("auditor", "no_second_step")):
        outcome = second_step_actions.propose_taking(account(world, name), reason="x", by=by, now=world.now)
        assert codes(outcome) == [why]
    assert codes(second_step_actions.take_second_step(account(world, "beheerder"), by=by, now=world.now)) == [
        "own_account"
    ]
