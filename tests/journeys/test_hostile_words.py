"""Words that would be a script, in every text there is, read by everybody in a real browser: none of them
runs.
"""

from portal.access import SYSTEM
from portal.accounts import actions as account_actions
from portal.accounts import queries as accounts
from portal.applications import queries
from portal.organisations import actions as organisation_actions
from portal.organisations import queries as organisations
from tests import make
from tests.conftest import ON_SQLITE, ORGANISATIONS
from tests.journeys.conftest import signed_in

pytestmark = ON_SQLITE

EVIL = (
    '"><img src=x onerror="window.kwaad=1"><script>window.kwaad=2</script>'
    "{{7777*7777}}</textarea></title>'-window.kwaad-'"
)


def hostile(world):
    """An application whose every text is a script, submitted and closed."""
    session, now = world.session, world.now
    for name in ORGANISATIONS:
        with make.by_hand(world) as owner:
            organisations.organisation(owner, ORGANISATIONS[name][0]).name = f"{EVIL}{name}"
    session.rollback()
    answers = {
        section: {key: f"{EVIL} {value}" if value == make.LONG else value for key, value in values.items()}
        for section, values in make.ANSWERS.items()
    }
    found = make.draft(world)
    make.name_partners(world, found)
    for section, values in answers.items():
        saved = make.actions.save_section(
            make.again(world, found),
            section=section,
            values=values,
            revision=0,
            by=world.person("aanvrager"),
            now=now,
        )
        make.done(saved)
    pdf = make.form_pdf(world, make.again(world, found))
    make.done(make.attach(world, make.again(world, found), pdf, name=f"{EVIL}.pdf"))
    account_actions.enrol(
        session,
        email="evil@proef.example",
        label=EVIL[:120],
        password_hash=accounts.by_email(session, "aanvrager@proef.example").password,
        by=SYSTEM,
        now=now,
    )
    asker = accounts.by_email(session, "evil@proef.example")
    asked = organisation_actions.ask_to_join(
        asker, number=ORGANISATIONS["aanvrager"][0], name=EVIL, by=world.person("evil"), now=now
    )
    make.done(asked)
    return found.reference


def walk(browser, base, name, paths):
    """Everything at these addresses, read by somebody; what a script would have left behind."""
    one = signed_in(browser, base, name)
    for path in paths:
        one.go(path)  # silent: a policy that stopped a script would have said so
        assert one.page.evaluate("window.kwaad === undefined"), path
        assert "60481729" not in one.page.locator("h1").inner_text(), path
    return one


def test_a_60_no_word_of_anybody_is_a_script(browser, world, base):
    reference = hostile(world)
    own = f"/aanvragen/{reference}"
    below = ("", "/consortium", "/formulier/aanpak", "/documenten", "/ondertekening", "/controle", "/tijdlijn")
    one = walk(browser, base, "aanvrager", ["/", "/organisatie", "/aanvragen", *(own + part for part in below)])
    with one.page.expect_download() as download:  # a document is taken home, never opened in our own house
        one.page.evaluate(
            "path => { const a = document.createElement('a'); a.href = path; document.body.append(a); "
            "a.click(); }",
            f"{own}/documenten/1",
        )
    assert download.value.suggested_filename.endswith(".pdf")
    found = queries.one_visible_to(world.session, world.person("aanvrager"), reference)
    make.sign(world, make.again(world, found))
    make.done(make.submit(world, make.again(world, found)))
    make.closed(world)
    make.admit(world, make.again(world, found))
    make.appraise(world, make.again(world, found))
    walk(
        browser,
        base,
        "beoordelaar1",
        ["/beoordeling", f"/beoordeling/{reference}", "/beoordeling/regio/midwest"],
    )
    walk(
        browser,
        base,
        "beheerder",
        [
            f"/beheer/aanvragen/{reference}",
            "/beheer",
            "/beheer/gebruikers?zoek=evil",
            "/beheer/organisaties",
            "/beheer/ontvankelijkheid",
            f"/beheer/organisaties/{ORGANISATIONS['aanvrager'][0]}",
        ],
    )
