"""Every page a role can open from its menu and first links: axe silent, no wider than a phone, no noise."""

from tests.journeys.conftest import Visitor

PUBLIC = [
    "/",
    "/oproepen",
    "/oproepen/2022-samenwerkingsverband-zorg",
    "/mandaten",
    "/regios/midwest",
    "/regios/kempen",
    "/zoek?gemeente=ber",
    "/controleer",
    "/aanmelden",
    "/toegankelijkheid",
    "/privacy",
    "/informatie/elektronisch-indienen",
    "/demo/mails",
    "/demo/mails/1",
]
DESK = [
    "/beheer", "/beheer/oproepen", "/beheer/ontvankelijkheid", "/beheer/toewijzing", "/beheer/beslissingen",
    "/beheer/dekking", "/beheer/regios/limburg", "/beoordeling/regio/limburg", "/account",
    "/beheer/berichten", "/beheer/documenten",
]  # fmt: skip
ROLES = [
    ("", PUBLIC),
    ("aanvrager", ["/aanvragen", "/aanvragen/nieuw", "/mijn-mandaten", "/account"]),
    ("beoordelaar 1", ["/beoordeling", "/beoordeling/belangen", "/account"]),
    ("beheerder", [*DESK, "/beheer/gebruikers", "/beheer/toewijzing/midwest", "/beheer/dekking/heropenen"]),
    ("medeondertekenaar", ["/beheer", "/beheer/beslissingen"]),
    ("auditor", ["/beheer/ontvankelijkheid", "/beheer/gebruikers"]),
]


def walk(browser, demo, phone):
    """Every page as each role, and the first few that it leads to; how many those were."""
    seen = set()
    for role, paths in ROLES:
        visitor = Visitor(browser, demo, phone=phone)
        if role:
            visitor.bar(role)
        for path in paths:
            visitor.go(path)
            details = visitor.page.locator("main a[href^='/aanvragen/SVZ'], main a[href^='/beheer/aanvragen/']")
            details = details.or_(
                visitor.page.locator("main a[href^='/beoordeling/SVZ'], main a[href*='/BES-']")
            )
            if details.count() and (found := details.first.get_attribute("href")) not in seen:
                seen.add(found)
                visitor.go(found)
    return seen


def test_every_page_of_every_role(browser, demo):
    opener = Visitor(browser, demo)
    opener.bar("beoordeling")
    for phone in (False, True):
        seen = walk(browser, demo, phone)
        assert len(seen) >= 4, seen


def test_d05_where_the_browser_stands_changes_no_word(browser, demo):
    read = set()
    for zone in ("Europe/Brussels", "Asia/Tokyo", "America/Los_Angeles"):
        page = browser.new_context(timezone_id=zone, locale="nl-BE").new_page()
        page.goto(f"{demo}/oproepen/2022-samenwerkingsverband-zorg")
        page.wait_for_load_state("networkidle")
        read.add(page.locator("main").inner_text())
    assert len(read) == 1
    assert "maandag 15 mei 2023, 24.00 uur" in read.pop()
