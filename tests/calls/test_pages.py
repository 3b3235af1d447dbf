"""Public pages of calls, before, in and after a round; publishing by two people."""

from datetime import date

import pytest

from portal.access import SYSTEM
from portal.calls import actions, queries
from portal.clock import parse_local
from portal.lifecycle import Done
from tests.conftest import CALL, ON_BOTH, ON_SQLITE

pytestmark = ON_SQLITE

PATH = f"/oproepen/{CALL}"


@pytest.mark.parametrize(
    ("at", "tag", "said"),
    [
        ("2022-12-11T23:59:59.999999", "Aangekondigd", "gaat open op maandag 12 december 2022"),
        ("2022-12-12T00:00", "Open", "Tot en met vrijdag 10 februari 2023, 24.00 uur"),
        ("2023-02-10T23:59:59.999999", "Open", "0 dagen om in te dienen"),
        (
            "2023-02-11T00:00",
            "Gesloten",
            "konden ingediend worden tot en met vrijdag 10 februari 2023, 24.00 uur",
        ),
    ],
)
def test_a_call_is_announced_open_or_closed_by_the_clock(world, at, tag, said):
    world.clock.at = parse_local(at)
    page = world.client().get(PATH)
    assert tag in page.said
    assert said in page.said
    assert tag in world.client().get("/oproepen").said


def test_criteria_regions_grounds_and_what_is_unconfirmed_are_public(world):
    said = world.client().get(PATH).said
    for words in (
        "Regionale inbedding",
        "20 %",
        "Midwest",
        "Decreet van 8 juli 2022",
        "Raad van State",
        "niet bevestigd",
    ):
        assert words in said


def test_the_blank_form_of_a_region_is_public_and_says_what_it_is_for(world):
    import io

    import pypdf

    body = world.client().bytes(f"{PATH}/rondes/1/midwest/aanmeldingsformulier.pdf")
    fields = pypdf.PdfReader(io.BytesIO(body)).get_fields()
    assert (fields["_oproep"]["/V"], fields["_ronde"]["/V"], fields["_regio"]["/V"]) == (CALL, "1", "midwest")
    for wrong in ("rondes/2/midwest", "rondes/1/brussel"):
        world.client().get(f"{PATH}/{wrong}/aanmeldingsformulier.pdf", status=404)


def test_an_unknown_call_is_not_there(world):
    world.client().get("/oproepen/anders", status=404)


def draft(world, slug="proef"):
    source = world.defined.calls[CALL].model_copy(update={"slug": slug})
    world.app.extensions["portal"].definitions.calls[slug] = source
    return actions.draft(world.session, source, by=SYSTEM, now=world.now).value


def test_a_draft_is_the_departments_alone(world):
    draft(world)
    world.client("aanvrager").get("/oproepen/proef", status=404)
    assert "proef" in world.client("beheerder").get("/beheer/oproepen").html


@pytest.fixture
def drafted(world):
    call = draft(world)
    yield call
    del world.app.extensions["portal"].definitions.calls["proef"]


def test_publishing_takes_a_second_person(world, drafted):
    world.clock.at = parse_local("2022-12-01T10:00")
    first = world.client("beheerder")
    assert first.post("/beheer/oproepen/proef") == "/beheer"
    assert "Wacht op een tweede persoon" in first.get("/beheer").said
    again = first.post("/beheer/oproepen/proef")
    assert "al voorgesteld" in again.said
    refused = first.client.post("/beheer/voorstellen/1", data=first.get("/beheer/voorstellen/1").form()["data"])
    assert refused.status_code == 422
    assert "U stelde dit zelf voor" in refused.get_data(as_text=True)
    world.client().get("/oproepen/proef", status=404)
    assert world.client("medeondertekenaar").post("/beheer/voorstellen/1") == "/beheer"
    assert "Oproep bekendgemaakt" in world.client().get("/oproepen/proef").said


def test_a_proposal_can_be_withdrawn(world, drafted):
    first = world.client("beheerder")
    first.post("/beheer/oproepen/proef")
    assert first.post("/beheer/voorstellen/1", {"withdraw": "1"}) == "/beheer"
    assert "Er wacht niets" in first.get("/beheer").said


def call(world):
    return queries.one_visible_to(world.session, SYSTEM, CALL)


def reopening(world, **changes):
    facts = {
        "regions": ["midwest", "vlaamse-ardennen"],
        "opens_on": date(2023, 4, 3),
        "last_day": date(2023, 5, 15),
        "mandates_start_on": date(2023, 7, 1),
        "reason": {"nl": "Voor deze regio's kon niemand gemandateerd worden."},
        **changes,
    }
    return actions.reopen(call(world), by=world.person("beheerder"), now=world.now, **facts)


def test_a_reopening_adds_a_round_and_leaves_the_first_alone(world):
    world.clock.at = parse_local("2023-03-20T10:00")
    before = call(world).rounds[0].closes_at
    assert isinstance(reopening(world), Done)
    rounds = call(world).rounds
    assert [r.number for r in rounds] == [1, 2]
    assert rounds[0].closes_at == before
    assert rounds[1].closes_at == parse_local("2023-05-16T00:00")
    said = world.client().get(PATH).said
    assert "Heropend voor Midwest en Vlaamse Ardennen" in said
    assert "kon niemand gemandateerd worden" in said


@ON_BOTH
def test_everything_wrong_with_a_reopening_is_said_at_once(world):
    day = date(2023, 1, 2)
    outcome = reopening(
        world,
        regions=["nergens", "midwest"],
        opens_on=day,
        last_day=day.replace(day=1),
        mandates_start_on=day.replace(day=1),
        reason={"nl": " "},
    )
    assert [r.code for r in outcome.refusals] == [
        "unknown_region",
        "region_in_running_round",
        "opens_in_the_past",
        "ends_before_it_opens",
        "starts_before_it_closes",
        "reason_missing",
    ]


def test_an_extension_is_later_and_has_a_reason(world):
    one = call(world).rounds[0]
    early = actions.extend(one, closes_at=one.closes_at, reason=" ", by=SYSTEM, now=world.now)
    assert [r.code for r in early.refusals] == ["extension_is_not_later", "reason_missing"]
    later = parse_local("2023-02-18T00:00")
    assert isinstance(actions.extend(one, closes_at=later, reason="Storing.", by=SYSTEM, now=world.now), Done)
    assert queries.closing(one) == later
    assert "tot en met vrijdag 17 februari 2023" in world.client().get(PATH).said


@ON_BOTH
def test_outside_the_demo_nothing_unconfirmed_is_published(world):
    found = draft(world, "streng")
    first = world.defined.calls[CALL].first_round
    outcome = actions.publish(
        found,
        call_type=world.defined.call_types["samenwerkingsverband-zorg"],
        regions=["midwest"],
        opens_on=first.opens_on,
        last_day=first.last_day,
        mandates_start_on=first.mandates_start_on,
        unconfirmed_allowed=False,
        by=SYSTEM,
        now=world.now,
    )
    assert [r.code for r in outcome.refusals] == ["unconfirmed"]
    del world.app.extensions["portal"].definitions.calls["streng"]


@ON_BOTH
def test_closings_are_recorded_after_they_settled(world):
    world.clock.at = parse_local("2023-02-11T00:01:59")
    assert actions.record_closings(world.database, world.now) == 0
    world.clock.at = parse_local("2023-02-11T00:02")
    assert actions.record_closings(world.database, world.now) == 15
    assert actions.record_closings(world.database, world.now) == 0
