"""Five years for a region, one at a time; what is uncovered and why; reopening."""

import dataclasses
from datetime import date

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from portal.access import Role
from portal.applications.lifecycle import Status as ApplicationStatus
from portal.calls.rules import mandate_term
from portal.clock import parse_local
from portal.mandates import actions
from portal.mandates.rules import Phase, RegionFacts, Why, phase, why_uncovered
from portal.regions import find
from tests import make
from tests.conftest import CALL, ON_SQLITE, ORGANISATIONS


@pytest.mark.parametrize(
    ("starts", "ends"),
    [
        (date(2023, 7, 1), date(2028, 6, 30)),
        (date(2024, 2, 29), date(2029, 2, 28)),
        (date(2023, 1, 1), date(2027, 12, 31)),
    ],
)
def test_five_years_end_the_day_before(starts, ends):
    assert mandate_term(5, starts) == (starts, ends)


@pytest.mark.parametrize(
    ("today", "where"),
    [
        (date(2023, 6, 30), Phase.UPCOMING),
        (date(2023, 7, 1), Phase.ACTIVE),
        (date(2028, 6, 30), Phase.ACTIVE),
        (date(2028, 7, 1), Phase.ENDED),
    ],
)
def test_a_mandate_is_where_its_dates_say(today, where):
    assert phase(date(2023, 7, 1), date(2028, 6, 30), None, today) is where


def test_an_early_end_is_the_first_day_without():
    ended = date(2025, 1, 1)
    assert phase(date(2023, 7, 1), date(2028, 6, 30), ended, date(2024, 12, 31)) is Phase.ACTIVE
    assert phase(date(2023, 7, 1), date(2028, 6, 30), ended, ended) is Phase.ENDED


@pytest.mark.parametrize(
    ("facts", "why"),
    [
        (RegionFacts(False, 0, 0, 0, 0, False), Why.NEVER_CALLED),
        (RegionFacts(True, 0, 0, 0, 0, False), Why.RUNNING),
        (RegionFacts(True, 1, 0, 0, 0, False), Why.NOBODY_APPLIED),
        (RegionFacts(True, 1, 2, 1, 1, False), Why.BEING_JUDGED),
        (RegionFacts(True, 1, 2, 0, 2, False), Why.NONE_ADMISSIBLE),
        (RegionFacts(True, 1, 2, 0, 1, False), Why.NONE_APPROVED),
        (RegionFacts(True, 1, 2, 0, 1, True), Why.MANDATE_ENDED),
    ],
)
def test_why_a_region_is_uncovered(facts, why):
    assert why_uncovered(facts) is why


@pytest.mark.parametrize(
    ("typed", "regions"),
    [
        ("Izegem", {"midwest"}),
        ("  roeselare ", {"midwest"}),
        ("oudenaarde", {"vlaamse-ardennen"}),
        ("Vlaamse Ardennen", {"vlaamse-ardennen"}),
        ("x", set()),
        ("nergensgem", set()),
        ("'; DROP TABLE", set()),
    ],
)
def test_a_municipality_leads_to_its_region(defined, typed, regions):
    assert {r.key for r, _name in find(defined.regions, typed)} == regions


@ON_SQLITE
def test_a_mandate_holds_what_was_submitted(world):
    granted = make.mandate(world)
    assert (granted.starts_on, granted.ends_on) == (date(2023, 7, 1), date(2028, 6, 30))
    assert [(h.seat, h.number) for h in granted.holders] == [
        ("welzijn", "0000100166"),
        ("ggz", "0000200235"),
        ("vaph", "0000300304"),
    ]
    page = world.client().get(f"/mandaten/{granted.number}")
    assert "1 juli 2023" in page.said and "30 juni 2028" in page.said
    assert "Gemandateerd, start later" in world.client().get("/regios/midwest").said
    holder = world.client("vaph")
    assert "De beslissing en de brief" in holder.get(f"/mijn-mandaten/{granted.number}").said
    world.client("rivaal").get(f"/mijn-mandaten/{granted.number}", status=404)
    world.clock.at = parse_local("2028-07-01T00:00")
    assert "Beëindigd" in world.client().get("/mandaten").said


def another(session, starts, ends):
    """A second mandate for the region of the first, put there beside every verb."""
    session.execute(
        text(
            "INSERT INTO mandate (number, region_id, call_type_id, slot, granted_at, starts_on, ends_on, "
            "is_test) "
            f"SELECT 'X{starts}', region_id, call_type_id, slot, granted_at, '{starts}', '{ends}', is_test "
            "FROM mandate ORDER BY id LIMIT 1"
        )
    )


def test_the_database_refuses_a_second_mandate_for_the_same_time(world):
    make.mandate(world)
    for starts, ends in (
        ("2023-07-01", "2028-06-30"),
        ("2028-06-30", "2033-06-29"),
        ("2022-01-01", "2023-07-01"),
    ):
        with pytest.raises(IntegrityError, match="one_mandate_per_region"), world.database.writing() as session:
            another(session, starts, ends)
    with world.database.writing() as session:
        another(session, "2028-07-01", "2033-06-30")
    with pytest.raises(IntegrityError, match="one_mandate_per_region"), world.database.writing() as session:
        session.execute(text("UPDATE mandate SET starts_on = '2028-06-30' WHERE number LIKE 'X%'"))
    with pytest.raises(IntegrityError, match="never_deleted"), world.owning() as session:
        session.execute(text("DELETE FROM mandate"))


def test_granting_twice_is_refused_in_words(world):
    granted = make.mandate(world)
    outcome = actions.grant(granted.decision, by=world.person("beheerder"), now=world.now)
    assert [r.code for r in outcome.refusals] == ["region_has_a_mandate"]


@ON_SQLITE
def test_coverage_says_which_regions_are_uncovered_and_why(world):
    make.mandate(world)
    page = world.client("beheerder").get("/beheer/dekking")
    assert "1 regio's met een mandaat 14 niet gedekt" in page.said
    assert "Vlaamse Ardennen Niet gedekt Niemand diende in" in page.said


@ON_SQLITE
def test_reopening_by_two_people_adds_a_round_for_just_those(world):
    make.mandate(world)
    world.clock.at = parse_local("2023-03-20T10:00")
    desk = world.client("beheerder")
    page = desk.get("/beheer/dekking/heropenen")
    assert "Midwest" not in page.said
    data = {
        "regions": ["vlaamse-ardennen"],
        "opens_on": "03/04/2023",
        "last_day": "15/05/2023",
        "mandates_start_on": "01/07/2023",
        "reason": "Voor deze regio diende niemand in.",
    }
    wrong = desk.post(
        "/beheer/dekking/heropenen", {**data, "regions": ["midwest"], "last_day": "31/02/2023"}, page=page
    )
    assert "Schrijf een bestaande dag" in wrong.said
    assert wrong.form()["data"]["last_day"] == "31/02/2023"
    covered = desk.post("/beheer/dekking/heropenen", {**data, "regions": ["midwest"]}, page=page)
    assert "heeft al een mandaat" in covered.said
    assert desk.post("/beheer/dekking/heropenen", data, page=page) == "/beheer"
    asked = desk.get("/beheer").said
    assert "Vlaamse Ardennen" in asked and "maandag 15 mei 2023" in asked
    second = world.client("medeondertekenaar")
    assert second.post("/beheer/voorstellen/1") == "/beheer"
    said = world.client().get(f"/oproepen/{CALL}").said
    assert "Heropend voor Vlaamse Ardennen" in said
    assert "diende niemand in" in said
    world.clock.at = parse_local("2023-04-10T10:00")
    with pytest.raises(AssertionError, match="region_not_in_round"):
        make.draft(world, region="midwest", round=2)
    draft = make.draft(world, region="vlaamse-ardennen", round=2)
    assert draft.status is ApplicationStatus.DRAFT
    assert "1 concept, 0 ingediend" in desk.get("/beheer/dekking").said


def test_nobody_is_called_again_where_an_application_waits_for_its_decision(world):
    found = make.application(world, ApplicationStatus.SUBMITTED)
    make.closed(world)
    asked = {
        "regions": ["midwest"],
        "opens_on": date(2023, 4, 3),
        "last_day": date(2023, 5, 15),
        "mandates_start_on": date(2023, 7, 1),
        "reason": "Niemand.",
        "by": world.person("beheerder"),
        "now": world.now,
    }
    outcome = actions.propose_reopening(found.round.call, **asked)
    assert [(r.code, r.facts) for r in outcome.refusals] == [("region_is_being_judged", {"region": "Midwest"})]
    elsewhere = actions.propose_reopening(found.round.call, **{**asked, "regions": ["kempen"]})
    assert make.done(elsewhere).verb == "reopen"


@ON_SQLITE
def test_coverage_tells_no_counts_to_who_is_a_party_there(world):
    make.draft(world)
    make.newcomer(world, "dubbel", Role.ADMINISTRATOR, ORGANISATIONS["aanvrager"][0])
    assert "1 concept, 0 ingediend" in world.client("beheerder").get("/beheer/dekking").said
    said = world.client("dubbel").get("/beheer/dekking").said
    assert "1 concept" not in said
    assert said.count("U hebt een band: geen aantallen") == 1
    assert "0 concepten, 0 ingediend" in said  # elsewhere
    # a declared tie tells nothing while the region is sealed: else it would tell that the organisation applied
    make.tie(world, "beheerder")
    assert "1 concept, 0 ingediend" in world.client("beheerder").get("/beheer/dekking").said


@ON_SQLITE
def test_a_region_of_the_files_that_is_not_loaded_yet_breaks_no_page(world):
    """Who puts a new region in `config/` restarts first and migrates next."""
    known = world.defined.regions
    new = known[0].model_copy(update={"key": "nieuwe-regio", "name": "Nieuwe regio"})
    world.use(definitions=dataclasses.replace(world.defined, regions=[*known, new]))
    visitor, desk = world.client(), world.client("beheerder")
    assert "Nieuwe regio" in visitor.get("/").said
    assert "Nieuwe regio" in visitor.get("/regios/nieuwe-regio").said
    for path in ("/", "/oproepen", "/mandaten", "/beheer/dekking", "/beheer/regios", "/beheer/gebruikers"):
        desk.get(path)
