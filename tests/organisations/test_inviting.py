"""Invitations: to an address, taken once, by who reads mail there, while who invited still decides."""

from datetime import timedelta

import pytest

from portal.access import SYSTEM
from portal.accounts import actions
from portal.accounts.models import MailedLink
from portal.accounts.rules.links import LIFETIMES, Purpose
from portal.organisations import actions as organisation_actions
from portal.organisations.rules import MOST_INVITATIONS
from tests import make
from tests.accounts.test_own_account import GOOD, link_in
from tests.conftest import ON_POSTGRESQL
from tests.organisations.test_organisations import (
    NUMBER,
    account,
    codes,
    colleague,
    mailed,
    newcomer,
    organisation,
    person,
)

pytestmark = ON_POSTGRESQL

GUEST = "gast@elders.example"


def invited(world, client, email=GUEST):
    """Where the invitation leads that this manager sends."""
    path = f"/organisatie/{NUMBER}/uitnodigen"
    assert client.post(path, {"email": email}) == f"/organisatie/{NUMBER}"
    return link_in(world, "member_invited")


def test_somebody_without_an_account_makes_one_and_acts_for_the_organisation_at_once(world):
    found = make.draft(world)
    manager = world.client("aanvrager")
    path = invited(world, manager)
    assert GUEST in manager.get("/organisatie").said
    guest = world.client()
    page = guest.get(path)  # a scanner of mail may look first
    page = guest.get(path)
    assert "Handelen voor OCMW Proefstad" in page.said
    wrong = guest.post(path, {"label": "medewerker", "password": "kort"})
    assert "te kort" in wrong.said
    assert guest.post(path, {"label": "medewerker", "password": GOOD}, page=wrong) == "/organisatie"
    assert found.reference in guest.get("/aanvragen").said
    assert "Deze link werkt niet meer" in world.client().get(path, status=410).said
    assert mailed(world, "member_joined") == ["aanvrager@proef.example"]


def test_somebody_with_an_account_takes_it_signed_in_and_once(world):
    client = newcomer(world)
    path = invited(world, world.client("aanvrager"), "nieuw@proef.example")
    visitor = world.client().get(path)
    assert "Meld u daarmee aan" in visitor.said
    assert client.post(path, page=client.get(path)) == "/organisatie"
    assert organisation(world).id in person(world, "nieuw").organisations
    client.get(path, status=410)


def test_an_invitation_is_for_one_address(world):
    path = invited(world, world.client("aanvrager"), "nieuw@proef.example")
    newcomer(world)
    other = world.client("ggz")
    page = other.get(path)
    assert "Deze uitnodiging is voor nieuw@proef.example" in page.said
    assert [f for f in page.forms if f["action"] is None] == []
    token = page.forms[0]["data"]["csrf_token"]
    with other.client.post(path, data={"csrf_token": token}) as answer:
        assert answer.status_code == 422
        assert "voor een ander e-mailadres" in answer.text
    assert person(world, "ggz").organisations != person(world, "aanvrager").organisations
    visitor = world.client()
    token = visitor.get("/aanmelden").form()["data"]["csrf_token"]
    with visitor.client.post(path, data={"csrf_token": token}) as answer:
        assert answer.status_code == 422
    assert person(world, "nieuw").organisations == frozenset()


def test_two_who_open_the_same_link_are_not_both_let_in(world):
    path = invited(world, world.client("aanvrager"))
    first, second = world.client(), world.client()
    pages = first.get(path), second.get(path)
    data = {"label": "medewerker", "password": GOOD}
    assert first.post(path, data, page=pages[0]) == "/organisatie"
    token = pages[1].form()["data"]["csrf_token"]
    with second.client.post(path, data={**data, "csrf_token": token}) as answer:
        assert answer.status_code == 410


def test_an_invitation_ends_after_a_week_to_the_microsecond(world, real):
    path = invited(world, world.client("aanvrager"))
    real.at += LIFETIMES[Purpose.INVITE] - timedelta(microseconds=1)
    world.client().get(path)
    real.at += timedelta(microseconds=1)
    world.client().get(path, status=410)


@pytest.mark.parametrize("why", ["withdrawn", "again", "no manager any more", "disabled"])
def test_an_invitation_is_worth_nothing_once_who_sent_it_means_it_no_more(world, why):
    colleague(world)
    manager = world.client("aanvrager")
    path = invited(world, manager)
    if why == "withdrawn":
        link = world.session.query(MailedLink).filter_by(email=GUEST).one()
        manager.post(
            "/organisatie",
            page=manager.get("/organisatie"),
            action=f"/organisatie/{NUMBER}/uitnodigingen/{link.id}/intrekken",
        )
    elif why == "again":
        assert invited(world, manager) != path
    elif why == "disabled":
        actions.disable(account(world, "aanvrager"), by=SYSTEM, now=world.now)
    else:
        by = person(world, "aanvrager")
        one = organisation(world)
        make.done(organisation_actions.make_manager(one, account=account(world, "nieuw"), by=by, now=world.now))
        by = person(world, "aanvrager")
        own = account(world, "aanvrager")
        make.done(organisation_actions.end_manager(organisation(world), account=own, by=by, now=world.now))
    world.client().get(path, status=410)


def test_only_managers_invite(world):
    client = colleague(world)
    client.get(f"/organisatie/{NUMBER}/uitnodigen", status=404)
    world.client("ggz").get(f"/organisatie/{NUMBER}/uitnodigen", status=404)
    now = world.now
    outcome = organisation_actions.invite(
        organisation(world), email=GUEST, real=now, by=person(world, "nieuw"), now=now
    )
    assert codes(outcome) == ["managers_decide"]


def test_what_is_wrong_with_an_invitation_is_told_and_nothing_is_sent(world, real):
    manager = world.client("aanvrager")
    path = f"/organisatie/{NUMBER}/uitnodigen"
    assert "al lid" in manager.post(path, {"email": "aanvrager@proef.example"}).said
    assert "geen e-mailadres" in manager.post(path, {"email": "geen adres"}).said
    for _time in range(3):
        invited(world, manager)
    assert "Probeer over een uur opnieuw" in manager.post(path, {"email": GUEST}).said
    for number in range(MOST_INVITATIONS - 1):
        invited(world, manager, f"gast{number}@elders.example")
    assert "wachten al 20 uitnodigingen" in manager.post(path, {"email": "nog@elders.example"}).said
    real.at += LIFETIMES[Purpose.INVITE]
    world.client("aanvrager").post(path, {"email": "nog@elders.example"})


def test_a_link_of_one_kind_opens_nothing_of_another(world):
    path = invited(world, world.client("aanvrager"))
    token = path.rpartition("/")[2]
    for other in ("/account/nieuw/", "/wachtwoord-vergeten/", "/account/adres/"):
        world.client().get(other + token, status=410)
    signed, _dot, signature = path.rpartition(".")  # not its last sign: two of its bits say nothing
    first = "A" if signature[0] != "A" else "B"
    world.client().get(f"{signed}.{first}{signature[1:]}", status=410)
