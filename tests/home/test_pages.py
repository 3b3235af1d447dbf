"""The home page, finding a region, information pages, and what people see when something is not there or
breaks.
"""

import pytest

from portal.home import pages
from tests import make
from tests.conftest import ON_SQLITE

pytestmark = ON_SQLITE


@pytest.mark.parametrize(
    ("asked", "said"),
    [("Izegem", "Midwest"), ("oudenaarde", "Vlaamse Ardennen"), ("regio gent", "Regio Gent")],
)
def test_a_municipality_leads_straight_to_its_region(world, asked, said):
    answer = world.app.test_client().get("/zoek", query_string={"gemeente": asked})
    assert answer.status_code == 303
    assert f'<h1 class="govuk-heading-xl">{said}</h1>' in world.client().get(answer.headers["Location"]).html


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("ber", "Welke bedoelt u?"),
        ("nergens", "Wij vonden geen gemeente"),
        ("<b>x</b>", "“<b>x</b>”"),
        ("", "Wij vonden"),
    ],
)
def test_what_is_not_clear_is_asked_again(world, asked, said):
    with world.app.test_client().get("/zoek", query_string={"gemeente": asked}) as answer:
        assert answer.status_code == 200
    assert said in world.client().get(f"/zoek?gemeente={asked}").said


def test_the_home_page_says_what_is_open_until_when_and_for_whom(world):
    said = world.client().get("/").said
    assert "25 dagen om in te dienen" in said
    assert "Tot en met vrijdag 10 februari 2023, 24.00 uur" in said
    assert "OCMW" in said and "Voorziening van het VAPH" in said
    assert "niet gedekt (15)" in said


def test_a_mandate_colours_its_region(world):
    make.mandate(world)
    page = world.client().get("/")
    assert "gemandateerd (1)" in page.said
    assert "1 regio's hebben een mandaat; niet gedekt: " in page.html.replace("&#39;", "'")


@pytest.mark.parametrize("path", ["/toegankelijkheid", "/privacy", "/informatie/elektronisch-indienen"])
def test_information_pages(world, path):
    assert world.client().get(path).said


@pytest.mark.parametrize("page", ["../portal", "geen", "..", "a/b", "A"])
def test_no_other_file_is_an_information_page(page):
    from tests.conftest import PROJECT

    assert pages.information(PROJECT, page) is None


def test_what_is_not_there_says_what_to_do(world):
    with world.app.test_client().get("/nergens") as answer:
        assert answer.status_code == 404
        assert "Kijk het adres na" in answer.get_data(as_text=True)


def test_what_breaks_says_that_nothing_saved_is_lost(world, monkeypatch):
    world.app.testing = False
    monkeypatch.setattr(pages, "home", lambda *_rest: 1 / 0)
    with world.app.test_client().get("/") as answer:
        assert answer.status_code == 500
        said = answer.get_data(as_text=True)
    assert "Wat al bewaard was, blijft bewaard" in said
    assert "ZeroDivision" not in said


def test_health_asks_the_database(world):
    with world.app.test_client().get("/gezond") as answer:
        assert (answer.json["status"], answer.json["parts"]["database"]) == ("ok", "ok")


def test_a_page_says_who_is_signed_in_only_to_them(world):
    assert "Afmelden" in world.client("auditor").get("/").said
    assert "Aanmelden" in world.client().get("/").said
    with world.client("auditor").client.get("/") as answer:
        assert answer.headers["Cache-Control"] == "no-store"
