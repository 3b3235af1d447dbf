"""The portal is nobody's way to write to strangers: mails to an address that somebody typed have a limit."""

from datetime import timedelta

from portal.applications import actions
from portal.applications.rules import INVITED_A_DAY, INVITING_A_DAY, LATE_AN_HOUR
from portal.calls import queries as calls
from portal.clock import parse_local
from portal.journal.models import Delivery
from portal.lifecycle import Done, Refused
from tests import make
from tests.calls.test_pages import reopening
from tests.conftest import CALL, ORGANISATIONS

VICTIM = "slachtoffer@elders.example"


def named(world, found, email, number=ORGANISATIONS["ggz"][0]):
    return actions.name_partner(
        make.again(world, found),
        seat="ggz",
        number=number,
        name="CGG Proef",
        kind="cgg",
        email=email,
        by=world.person("aanvrager"),
        now=world.now,
    )


def mails(world, kind, address=None):
    world.session.rollback()
    found = world.session.query(Delivery).filter_by(kind=kind)
    return (found.filter_by(address=address) if address else found).count()


def test_an_address_is_invited_a_few_times_a_day_whoever_asks(world):
    found, other = make.draft(world), make.draft(world, "kempen", lead="rivaal")
    outcomes = [named(world, found, VICTIM if n % 2 else "ander@elders.example") for n in range(20)]
    assert {type(each) for each in outcomes} == {Done, Refused}
    refused = next(each for each in outcomes if isinstance(each, Refused))
    assert make.codes(refused) == {"invited_too_often"}
    assert mails(world, "invitation", VICTIM) == INVITED_A_DAY
    refused = actions.name_partner(
        make.again(world, other),
        seat="ggz",
        number=ORGANISATIONS["ggz"][0],
        name="x",
        kind="cgg",
        email=VICTIM,
        by=world.person("rivaal"),
        now=world.now,
    )
    assert make.codes(refused) == {"invited_too_often"}
    world.clock.at += timedelta(days=1, seconds=1)
    assert isinstance(named(world, found, VICTIM), Done)


def test_capitals_are_no_other_address(world):
    found = make.draft(world)
    for n in range(20):
        named(world, found, VICTIM if n % 2 else VICTIM.upper())
    assert mails(world, "invitation") == mails(world, "invitation", VICTIM) == INVITED_A_DAY


def test_who_has_an_account_may_be_a_partner_in_every_region(world):
    for region in world.defined.regions:
        if region.key in {p.region.key for p in calls.one_round(world.session, CALL, 1).regions}:
            make.done(named(world, make.draft(world, region.key), "ggz@proef.example"))
    assert mails(world, "invitation", "ggz@proef.example") > INVITED_A_DAY


def test_an_application_invites_so_many_a_day(world):
    found = make.draft(world)
    outcomes = [named(world, found, f"a{n}@elders.example") for n in range(30)]
    assert [type(each) for each in outcomes] == [Done] * INVITING_A_DAY + [Refused] * 10
    assert mails(world, "invitation") == INVITING_A_DAY


def test_what_is_kept_of_a_refused_invitation_is_what_was_typed_and_the_partner_of_before(world):
    found = make.draft(world)
    for n in range(INVITING_A_DAY):
        make.done(named(world, found, f"a{n}@elders.example"))
    make.codes(named(world, found, VICTIM))
    assert [p.email for p in make.again(world, found).partners][-1] == f"a{INVITING_A_DAY - 1}@elders.example"
    make.done(named(world, found, f"a{INVITING_A_DAY - 1}@elders.example"))  # who sends no mail is not counted


def test_late_attempts_are_all_on_record_and_mailed_a_few_times_an_hour(world):
    found = make.ready(world)
    world.clock.at = parse_local("2023-02-11T00:00")
    for _each in range(10):
        assert isinstance(make.submit(world, make.again(world, found)), Refused)
    assert mails(world, "too_late", "ggz@proef.example") == LATE_AN_HOUR
    world.clock.at += timedelta(hours=1, seconds=1)
    make.submit(world, make.again(world, found))
    assert mails(world, "too_late", "ggz@proef.example") == LATE_AN_HOUR + 1


def test_who_did_not_say_to_take_part_hears_of_nothing_but_the_invitation_and_its_end(world):
    found = make.draft(world)
    make.done(named(world, found, VICTIM))
    world.clock.at = parse_local("2023-02-11T00:00")
    make.submit(world, make.again(world, found))
    world.session.rollback()
    assert {d.kind for d in world.session.query(Delivery).filter_by(address=VICTIM)} == {"invitation"}


def test_partners_of_a_copy_are_asked_to_confirm(world):
    found = make.draft(world)
    make.name_partners(world, found)
    world.clock.at = parse_local("2023-03-20T10:00")
    make.done(reopening(world))
    world.clock.at = parse_local("2023-04-10T10:00")
    before = mails(world, "invitation")
    round = calls.one_round(world.session, CALL, 2)
    copied = actions.copy(
        make.again(world, found), round=round, region="midwest", by=world.person("aanvrager"), now=world.now
    )
    new = make.done(copied)
    assert mails(world, "invitation") == before + 2
    told = world.session.query(Delivery).filter_by(kind="invitation").order_by(Delivery.id.desc()).first()
    assert told.data["reference"] == new.reference
