"""For whom people act: asked, decided by who may, managers, leaving; nobody is let in by who must not."""

import pytest

from portal.access import SYSTEM, Role
from portal.accounts import actions, queries
from portal.clock import brussels_day
from portal.journal.models import Delivery
from portal.lifecycle import Done, Refused
from portal.organisations import actions as organisation_actions
from portal.organisations import queries as organisations
from portal.organisations.lifecycle import Status
from portal.organisations.models import MembershipRequest
from tests import make
from tests.conftest import ON_POSTGRESQL, ORGANISATIONS
from tests.parts import at_once

GUIDED = "/organisatie/lid-worden?verder="  # to the next step: who acts for nobody sees nothing
pytestmark = ON_POSTGRESQL

NUMBER = ORGANISATIONS["aanvrager"][0]
NEW = "0000820045"


def account(world, name):
    world.session.rollback()
    return queries.by_email(world.session, f"{name}@proef.example")


def organisation(world, number=NUMBER):
    world.session.rollback()
    return organisations.organisation(world.session, number)


def person(world, name):
    return organisations.person_of(account(world, name), brussels_day(world.now))


def newcomer(world, name="nieuw"):
    """Somebody with an account and nothing else."""
    known = account(world, "aanvrager").password
    made = actions.enrol(
        world.session,
        email=f"{name}@proef.example",
        label="medewerker",
        password_hash=known,
        by=SYSTEM,
        now=world.now,
    )
    make.done(made)
    return world.client(name)


def ask(world, client, number=NUMBER, name="OCMW Proefstad"):
    assert client.post("/organisatie/lid-worden", {"number": number, "name": name}) == "/organisatie"
    world.session.rollback()
    return world.session.query(MembershipRequest).order_by(MembershipRequest.id.desc()).first().id


def codes(outcome):
    assert isinstance(outcome, Refused), outcome
    return [r.code for r in outcome.refusals]


def mailed(world, kind):
    world.session.rollback()
    return sorted(d.address for d in world.session.query(Delivery).filter_by(kind=kind))


def decide(client, request_id, how, **data):
    where = f"/organisatie/vragen/{request_id}"
    return client.post(where, data, page=client.get(where), action=f"{where}/{how}")


def test_a_manager_lets_a_colleague_in_who_then_sees_the_applications(world):
    found = make.draft(world)
    client = newcomer(world)
    assert "nog voor geen organisatie" in client.get("/organisatie").said
    asked = ask(world, client)
    assert mailed(world, "membership_asked") == ["aanvrager@proef.example"]
    assert "Er is nog niet beslist" in client.get("/organisatie").said
    manager = world.client("aanvrager")
    assert "nieuw@proef.example vraagt om voor uw organisatie te handelen" in manager.get("/organisatie").said
    assert decide(manager, asked, "aanvaarden") == f"/organisatie/{NUMBER}"
    assert mailed(world, "membership_decided") == ["nieuw@proef.example"]
    said = client.get("/organisatie").said
    assert "Midwest" in said
    assert "als penhouder" in said
    assert found.reference in client.get("/aanvragen").said
    assert not organisations.membership(
        world.session, account(world, "nieuw").id, organisation(world).id
    ).manager


def test_a_refusal_needs_a_reason_and_the_asker_reads_it(world):
    client = newcomer(world)
    asked = ask(world, client)
    manager = world.client("aanvrager")
    page = decide(manager, asked, "weigeren", reason="")
    assert "Zeg waarom niet" in page.said
    assert decide(manager, asked, "weigeren", reason="U werkt hier niet meer.") == f"/organisatie/{NUMBER}"
    world.session.rollback()
    (told,) = world.session.query(Delivery).filter_by(kind="membership_decided")
    assert told.data["reason"] == "U werkt hier niet meer."
    assert client.client.get(f"/organisatie/{NUMBER}").headers["Location"].startswith(GUIDED)
    ask(world, client)  # may ask again


def test_an_organisation_that_nobody_knows_is_decided_by_the_department_and_its_first_member_manages(world):
    client = newcomer(world)
    asked = ask(world, client, NEW, "vzw Nieuwkomer")
    assert mailed(world, "membership_asked") == []
    desk = world.client("beheerder")
    assert "vzw Nieuwkomer (0000.820.045)" in desk.get("/beheer/organisaties").said
    assert "Kruispuntbank" in desk.get(f"/organisatie/vragen/{asked}").said
    assert decide(desk, asked, "aanvaarden") == "/beheer/organisaties"
    assert organisation(world, NEW).name == "vzw Nieuwkomer"
    assert person(world, "nieuw").manages == {organisation(world, NEW).id}
    assert "vzw Nieuwkomer" in client.get("/organisatie").said
    assert "nieuw@proef.example (beheerder)" in desk.get("/beheer/organisaties?zoek=nieuwkomer").said


def test_the_department_does_not_decide_for_an_organisation_that_has_a_manager(world):
    """Who could let an accomplice into any organisation could read every sealed draft (rule 5)."""
    asked = ask(world, newcomer(world))
    desk = world.client("beheerder")
    assert "nieuw@proef.example" not in desk.get("/beheer/organisaties").said.split("Alle organisaties")[0]
    desk.get(f"/organisatie/vragen/{asked}", status=404)
    one = world.session.get(MembershipRequest, asked)
    for by in (person(world, "beheerder"), person(world, "ggz"), person(world, "nieuw")):
        for verb in (organisation_actions.admit, organisation_actions.refuse):
            extra = {"reason": "x"} if verb is organisation_actions.refuse else {}
            assert "managers_decide" in codes(verb(one, **extra, by=by, now=world.now))


def test_the_department_decides_where_the_last_manager_can_sign_in_no_more(world):
    asked = ask(world, newcomer(world))
    actions.disable(account(world, "aanvrager"), by=SYSTEM, now=world.now)
    assert decide(world.client("beheerder"), asked, "aanvaarden") == "/beheer/organisaties"
    assert organisation(world).id in person(world, "nieuw").manages


def test_an_administrator_of_some_regions_decides_for_no_organisation(world):
    asked = ask(world, newcomer(world), NEW, "vzw Nieuwkomer")
    actions.grant(
        account(world, "auditor"),
        role=Role.ADMINISTRATOR,
        regions=("midwest",),
        known=frozenset({"midwest"}),
        by=SYSTEM,
        now=world.now,
    )
    world.client("auditor").get(f"/organisatie/vragen/{asked}", status=404)


def test_nobody_decides_on_what_they_asked_themselves(world):
    known = account(world, "beheerder")
    request = make.done(
        organisation_actions.ask_to_join(
            known, number=NEW, name="x", by=person(world, "beheerder"), now=world.now
        )
    )
    assert codes(organisation_actions.admit(request, by=person(world, "beheerder"), now=world.now)) == [
        "own_request"
    ]
    world.client("beheerder").get(f"/organisatie/vragen/{request.id}", status=404)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("0000100167", "het controlegetal klopt niet"),
        ("123", "het telt tien cijfers"),
        ("9000100166", "het begint met 0 of 1"),
        ("", "Vul het ondernemingsnummer in"),
    ],
)
def test_a_wrong_number_is_told_and_what_was_typed_stays(world, number, words):
    page = newcomer(world).post("/organisatie/lid-worden", {"number": number, "name": "vzw Nieuwkomer"})
    assert words in page.said
    assert page.form()["data"]["name"] == "vzw Nieuwkomer"


def test_asking_twice_or_for_ones_own_is_told(world):
    client = newcomer(world)
    ask(world, client)
    again = client.post("/organisatie/lid-worden", {"number": "0000.100.166", "name": "x"})
    assert "U vroeg dit al" in again.said
    own = world.client("aanvrager").post("/organisatie/lid-worden", {"number": NUMBER, "name": "x"})
    assert "U handelt al voor deze organisatie" in own.said


def test_asking_tells_nothing_of_who_is_known_here(world):
    """An organisation may be known because a sealed draft names it."""
    client = newcomer(world)
    ask(world, client, NUMBER, "Ik weet van niets")
    ask(world, client, NEW, "Ik weet van niets")
    said = client.get("/organisatie").said
    assert "OCMW Proefstad" not in said
    assert said.count("Ik weet van niets (") == 2


def test_what_was_asked_can_be_withdrawn_and_is_decided_once(world):
    client = newcomer(world)
    asked = ask(world, client)
    client.post(
        "/organisatie", page=client.get("/organisatie"), action=f"/organisatie/vragen/{asked}/intrekken"
    )
    world.client("aanvrager").get(f"/organisatie/vragen/{asked}", status=404)
    world.session.rollback()
    one = world.session.get(MembershipRequest, asked)
    assert one.status is Status.WITHDRAWN
    assert codes(organisation_actions.admit(one, by=person(world, "aanvrager"), now=world.now)) == [
        "wrong_status"
    ]
    other = world.session.get(MembershipRequest, ask(world, client))
    assert codes(organisation_actions.withdraw_request(other, by=person(world, "ggz"), now=world.now)) == [
        "gone"
    ]


def test_two_managers_decide_at_once_and_one_is_told(world):
    asked = ask(world, newcomer(world))
    first = make.done(
        organisation_actions.admit(
            world.session.get(MembershipRequest, asked), by=person(world, "aanvrager"), now=world.now
        )
    )
    again = organisation_actions.refuse(first, reason="te laat", by=person(world, "aanvrager"), now=world.now)
    assert codes(again) == ["wrong_status"]


def colleague(world):
    """A second member of the first organisation, no manager."""
    client = newcomer(world)
    make.done(
        organisation_actions.join(
            account(world, "nieuw"), organisation=organisation(world), by=SYSTEM, now=world.now
        )
    )
    return client


def test_the_last_manager_goes_only_when_nobody_is_left_or_another_decides(world):
    colleague(world)
    manager, own = world.client("aanvrager"), account(world, "aanvrager")
    where = f"/organisatie/{NUMBER}/leden/{own.id}/verwijderen"
    assert manager.post(where, page=manager.get(where)) == f"/organisatie/{NUMBER}"
    assert "Maak eerst een van hen beheerder" in manager.get("/organisatie").said
    other = account(world, "nieuw").id
    manager.post(
        "/organisatie",
        page=manager.get("/organisatie"),
        action=f"/organisatie/{NUMBER}/leden/{other}/beheerder-maken",
    )
    assert manager.post(where, page=manager.get(where)) == "/organisatie"
    assert person(world, "aanvrager").organisations == frozenset()
    assert person(world, "nieuw").manages == {organisation(world).id}
    manager.get("/organisatie")
    assert manager.client.get(f"/organisatie/{NUMBER}").headers["Location"].startswith(GUIDED)


def test_who_is_alone_may_leave_and_the_department_decides_on_the_next(world):
    by, own = person(world, "aanvrager"), account(world, "aanvrager")
    make.done(organisation_actions.leave(organisation(world), account=own, by=by, now=world.now))
    asked = ask(world, newcomer(world))
    world.client("beheerder").get(f"/organisatie/vragen/{asked}")


def test_a_member_who_does_not_manage_decides_nothing(world):
    client, boss = colleague(world), account(world, "aanvrager")
    page = client.get("/organisatie")
    assert "Maak beheerder" not in page.said
    assert f"leden/{boss.id}/verwijderen" not in page.html
    client.get(f"/organisatie/{NUMBER}/leden/{boss.id}/verwijderen", status=404)
    by = person(world, "nieuw")
    for verb in (
        organisation_actions.make_manager,
        organisation_actions.end_manager,
        organisation_actions.leave,
    ):
        outcome = verb(organisation(world), account=account(world, "aanvrager"), by=by, now=world.now)
        assert codes(outcome) == ["managers_decide"]


def test_who_was_let_go_sees_nothing_from_the_next_request_on(world):
    found = make.draft(world)
    client, manager = colleague(world), world.client("aanvrager")
    client.get(f"/aanvragen/{found.reference}")
    where = f"/organisatie/{NUMBER}/leden/{account(world, 'nieuw').id}/verwijderen"
    assert manager.post(where, page=manager.get(where)) == f"/organisatie/{NUMBER}"
    with client.client.get(f"/aanvragen/{found.reference}") as answer:
        assert answer.headers["Location"].startswith(GUIDED)
    assert mailed(world, "access_changed") == ["nieuw@proef.example"]


def test_two_managers_who_leave_at_once_do_not_leave_the_others_alone(world):
    for name in ("nieuw", "derde"):
        newcomer(world, name)
        joined = organisation_actions.join(
            account(world, name), organisation=organisation(world), by=SYSTEM, now=world.now
        )
        make.done(joined)
    second = account(world, "nieuw")
    make.done(
        organisation_actions.make_manager(
            organisation(world), account=second, by=person(world, "aanvrager"), now=world.now
        )
    )
    people = {name: person(world, name) for name in ("aanvrager", "nieuw")}

    def go(name):
        with world.database.session() as session:
            return organisation_actions.leave(
                organisations.organisation(session, NUMBER),
                account=queries.by_email(session, people[name].email),
                by=people[name],
                now=world.now,
            )

    came = at_once(lambda: go("aanvrager"), lambda: go("nieuw"))
    assert sorted(isinstance(one, Done) for one in came) == [False, True]
    world.session.rollback()
    left = organisations.members(world.session, organisation(world).id)
    assert len(left) == 2
    assert sum(m.manager for m in left) == 1
