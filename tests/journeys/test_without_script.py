"""Everything works without JavaScript and by keyboard; too large a file is told, whatever its size."""

import re

from tests.journeys.conftest import Visitor


def test_without_javascript_a_file_that_is_too_large_is_told(browser, demo, tmp_path):
    lead = Visitor(browser, demo, script=False)
    lead.bar("aanvrager")
    lead.go("/aanvragen/nieuw")
    lead.choose("Midwest")
    lead.choose("OCMW (welzijnspartner)")
    lead.click("Begin")
    lead.click("Documenten")
    for size, said in (
        (10_000_001, "Dit bestand is te groot. Een bestand mag hoogstens 10,0 MB zijn"),
        (40_000_000, "Wat u verstuurde, is te groot: hoogstens 10,0 MB"),
    ):
        large = tmp_path / f"{size}.pdf"
        large.write_bytes(b"%PDF-1.7" + b"0" * size)
        lead.page.locator("input[type=file]").set_input_files(large)
        lead.click("Toevoegen")
        assert said in lead.said
    lead.page.locator("input[type=file]").set_input_files([])
    lead.click("Toevoegen")
    assert "Kies eerst een bestand" in lead.said


def test_by_keyboard_an_application_is_started(browser, demo):
    lead = Visitor(browser, demo)
    lead.bar("aanvrager")
    lead.go("/aanvragen/nieuw")
    keys = lead.page.keyboard
    lead.page.locator(".govuk-skip-link").focus()
    keys.press("Enter")
    for key in ("Tab", "Space", "Tab", "Tab", "Space", "Tab"):  # region, organisation, kind, button
        keys.press(key)
    with lead.page.expect_navigation():
        keys.press("Enter")
    assert re.search(r"/aanvragen/SVZ-", lead.page.url), lead.said
