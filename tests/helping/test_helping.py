"""Help without acting as somebody: one page, an hour, to read, on record; the code is the only key."""

import re
from datetime import timedelta

import pytest

from portal.accounts import actions, queries
from portal.accounts.models import Failures, MailedLink, SignIn
from portal.helping import actions as helping_actions
from portal.helping import shown as helping_shown
from portal.helping.models import SharedPage
from portal.journal.models import Delivery, Entry
from tests import make
from tests.conftest import ON_SQLITE

pytestmark = ON_SQLITE

SECTION = "/aanvragen/{}/formulier/aanpak"


def shared(world, path):
    """The code of a page that the lead shares."""
    lead = world.client("aanvrager")
    assert lead.post(f"/hulp?pagina={path}", page=lead.get(f"/hulp?pagina={path}")) == "/hulp"
    return re.search(r"[0-9A-Z]{4}(?:-[0-9A-Z]{4}){3}", lead.get("/hulp").said)[0]


def draft(world):
    found = make.draft(world)
    make.answer(world, found)
    return found


def verbs(world):
    world.session.rollback()
    return [
        e.verb for e in world.session.query(Entry).filter(Entry.verb.like("account.%page%")).order_by(Entry.id)
    ]


def test_the_desk_reads_the_page_as_it_was_when_it_was_shared_and_nothing_else(world, real):
    found = draft(world)
    lead, desk = world.client("aanvrager"), world.client("beheerder")
    assert "Hulp bij deze pagina" in lead.get(f"/aanvragen/{found.reference}").said
    code = shared(world, SECTION.format(found.reference))
    make.done(
        actions_save(world, found, "deskundigheid", "Later gewijzigd. " * 5)
    )  # what is changed afterwards is not shared
    where = desk.post("/beheer/hulp", {"code": code.lower().replace("-", " ")})
    page = desk.get(where)
    assert make.LONG.strip() in page.said
    assert "Later gewijzigd" not in page.said
    assert [f for f in page.forms if "aanvragen" in (f["action"] or "")] == []
    assert not any("aanvragen" in link for link in page.links)
    desk.get(f"/aanvragen/{found.reference}", status=403)
    assert verbs(world) == ["account.page_shared", "account.page_opened", "account.shared_page_read"]
    (told,) = world.session.query(Delivery).filter_by(kind="page_opened")
    assert told.address == "aanvrager@proef.example"
    assert "geopend" in lead.get("/hulp").said


def actions_save(world, application, key, value):
    from portal.applications import actions as application_actions

    application = make.again(world, application)
    values = {**make.ANSWERS["aanpak"], key: value}
    revision = next(a.revision for a in application.answers if a.section == "aanpak")
    return application_actions.save_section(
        application,
        section="aanpak",
        values=values,
        revision=revision,
        by=world.person("aanvrager"),
        now=world.now,
    )


def test_the_database_alone_does_not_tell_what_was_shared(world, real):
    code = shared(world, SECTION.format(draft(world).reference))
    world.session.rollback()
    (row,) = world.session.query(SharedPage)
    told = " ".join(map(str, vars(row).values()))
    assert code not in told
    assert code.replace("-", "") not in told
    assert max(make.LONG.split(), key=len) not in row.body
    assert helping_shown.opened("0" * 16, row.body) is None


def test_an_hour_to_the_microsecond_and_then_it_is_gone(world, real):
    code = shared(world, SECTION.format(draft(world).reference))
    desk = world.client("beheerder")
    where = desk.post("/beheer/hulp", {"code": code})
    real.at += timedelta(hours=1) - timedelta(microseconds=1)
    desk = again(world, desk)
    where = desk.post("/beheer/hulp", {"code": code})
    desk.get(where)
    real.at += timedelta(microseconds=1)
    desk.get(where, status=404)
    assert "haar uur is om" in desk.post("/beheer/hulp", {"code": code}).said
    shared(world, SECTION.format(make.draft(world, region="kempen").reference))
    world.session.rollback()
    assert [bool(p.body) for p in world.session.query(SharedPage).order_by(SharedPage.id)] == [False, True]


def again(world, _client):
    return world.client("beheerder")


def test_whoever_opened_it_first_is_the_only_one_who_can(world, real):
    from portal.access import SYSTEM, Role

    code = shared(world, SECTION.format(draft(world).reference))
    world.session.rollback()
    other = queries.by_email(world.session, "auditor@proef.example")
    make.done(actions.grant(other, role=Role.ADMINISTRATOR, by=SYSTEM, now=world.now))
    first, second = world.client("beheerder"), world.client("auditor")
    where = first.post("/beheer/hulp", {"code": code})
    assert "klopt niet" in second.post("/beheer/hulp", {"code": code}).said
    second.get(where, status=404)
    first.get(where)
    world.client("beheerder").get(where, status=404)  # another browser of theirs: the code again


def test_a_page_that_is_withdrawn_is_gone_at_once(world, real):
    code = shared(world, SECTION.format(draft(world).reference))
    desk, lead = world.client("beheerder"), world.client("aanvrager")
    where = desk.post("/beheer/hulp", {"code": code})
    world.session.rollback()
    (row,) = world.session.query(SharedPage)
    lead.post("/hulp", page=lead.get("/hulp"), action=f"/hulp/{row.id}/intrekken")
    desk.get(where, status=404)
    assert "klopt niet" in desk.post("/beheer/hulp", {"code": code}).said


@pytest.mark.parametrize(
    "path",
    [
        "/account",
        "/account/tweede-stap",
        "/",
        "/oproepen",
        "/hulp",
        "/beheer",
        "https://kwaad.example",
        "//kwaad.example",
        "/aanvragen/SVZ-00000000",
        "/afmelden",
        "/static/portal.css",
        "aanvragen",
        "/aanvragen\x00",
        "/" + "x" * 400,
    ],
)
def test_only_pages_of_ones_own_work_are_shared(world, path):
    lead = world.client("aanvrager")
    page = lead.get("/hulp?pagina=/aanvragen")
    data = {**page.form()["data"], "path": path}
    with lead.client.post("/hulp", data=data) as answer:
        assert answer.status_code == 422
    world.session.rollback()
    assert world.session.query(SharedPage).count() == 0


def test_nobody_shares_what_is_not_theirs_or_reads_with_a_code_alone(world, real):
    found = draft(world)
    rival = world.client("rivaal")
    page = rival.get("/hulp?pagina=/aanvragen")
    data = {**page.form()["data"], "path": f"/aanvragen/{found.reference}"}
    with rival.client.post("/hulp", data=data) as answer:
        assert answer.status_code == 422
    code = shared(world, SECTION.format(found.reference))
    for name in ("aanvrager", "beoordelaar1", "auditor", "medeondertekenaar"):
        with world.client(name).client.get("/beheer/hulp") as answer:
            assert answer.status_code == 403
    assert "klopt niet" in world.client("beheerder").post("/beheer/hulp", {"code": code[:-1] + "!"}).said


def test_too_many_at_once_are_refused(world, real):
    path = SECTION.format(draft(world).reference)
    for _time in range(5):
        shared(world, path)
    lead = world.client("aanvrager")
    page = lead.post(f"/hulp?pagina={path}", page=lead.get(f"/hulp?pagina={path}"))
    assert "U deelt al 5 pagina's" in page.said


HOSTILE = """<html><head><title>Titel</title></head><body><nav>menu</nav><main>
<h1 onclick="x()">Kop <a href="//kwaad">hier</a></h1>
<form action="/x"><input type="hidden" name="csrf_token" value="GEHEIM"><label for="a">Naam</label>
<input id="a" value="&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;"><input type="radio" checked>ja
<input type="checkbox">nee
<textarea>&lt;/samp&gt;&lt;b&gt;</textarea>
<select><option value="een">Een</option><option value="twee" selected>Twee</option></select>
<input type="password" value="GEHEIM"><button formaction="//kwaad">Weg</button></form>
<script>slecht()</script><svg><text>beeld</text></svg>
<output for="a">op papier</output><p style="x">einde</main><footer>voet</footer></body></html>"""


def test_what_is_shown_is_what_it_says_and_nothing_that_acts():
    title, body = helping_shown.read(HOSTILE)
    assert title == "Titel"
    assert set(re.findall(r"<(/?\w+)[^>]*>", body)) <= {
        "h2",
        "/h2",
        "span",
        "/span",
        "p",
        "/p",
        "samp",
        "/samp",
        "em",
        "/em",
    }
    assert re.findall(r"<\w+ ", body) == []  # no attribute at all
    for word in ("Kop", "hier", "Naam", "● ja", "☐ nee", "Twee", "Weg", "einde", "&lt;/samp&gt;&lt;b&gt;"):
        assert word in body, word
    for word in ("GEHEIM", "kwaad", "slecht", "menu", "voet", "beeld", "papier", "<script"):
        assert word not in body, word


def swept(world, at):
    """How many rows the worker's sweeping takes away at a moment."""
    return actions.sweep(world.database, at) + helping_actions.sweep(world.database, at)


def test_what_no_longer_serves_is_swept_and_what_does_stays(world, real):
    """A device is remembered for a year, a link for its life and a week more, a failure for a day."""
    shared(world, SECTION.format(draft(world).reference))
    world.client().post("/wachtwoord-vergeten", {"email": "aanvrager@proef.example"})
    world.client().post("/aanmelden", {"email": "aanvrager@proef.example", "password": "fout"})
    signed_in = counted(world)[SignIn]
    assert signed_in
    swept(world, real.at + timedelta(minutes=59))
    assert counted(world) == {SharedPage: 1, MailedLink: 1, SignIn: signed_in, Failures: 3}
    assert world.session.query(SharedPage).one().body
    swept(world, real.at + timedelta(hours=1))
    world.session.rollback()
    assert world.session.query(SharedPage).one().body == ""
    assert swept(world, real.at + timedelta(days=15)) == 5
    assert counted(world) == {SharedPage: 0, MailedLink: 0, SignIn: signed_in, Failures: 0}
    assert swept(world, real.at + timedelta(days=366)) == signed_in


def counted(world):
    world.session.rollback()
    return {model: world.session.query(model).count() for model in (SharedPage, MailedLink, SignIn, Failures)}


def test_what_stands_apart_on_a_page_stands_apart_here():
    _title, body = shown_page_of("<article>een</article><section>twee</section><b>drie</b>")
    assert body == "<div>een</div><div>twee</div><strong>drie</strong>"


def shown_page_of(inside):
    return helping_shown.read(f"<title>t</title><main>{inside}</main>")
