"""The story plays whole by the real verbs; the bar moves its clock forward; nothing of it is in production."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from portal import create_app, definitions, schema, settings
from portal.applications.lifecycle import Status
from portal.applications.models import Application
from portal.clock import parse_local
from portal.demo import app as demo_app
from portal.demo import cast, prepare, routes, story
from portal.documents import queries as documents
from portal.journal import queries as journal
from portal.journal.models import Delivery
from portal.kbo import enterprise_number
from tests.conftest import ON_SQLITE, PROJECT
from tests.pages import PageClient


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """The demo as it starts; its folder, and what was skipped."""
    folder = tmp_path_factory.mktemp("demo")
    chosen = settings.demo(folder, "http://localhost")
    return chosen, prepare.prepare(chosen, parse_local("2023-05-10T09:00"))


@pytest.fixture
def app(played):
    """The demo put back to its start."""
    file = prepare.database_file(played[0])
    prepare.copy(file.with_suffix(".start"), file)
    made = demo_app.make(played[0])
    made.testing = True
    yield made
    made.extensions["portal"].database.dispose()
    made.extensions["portal"].clock.database.dispose()


def press(client, action, data=None):
    page = client.get("/")
    return client.post("/", data, page=page, action=action)


def counts(app):
    with app.extensions["portal"].database.session() as session:
        found = [(a.round.number, a.status) for a in session.query(Application)]
        assert journal.verify(session) == []
    return {key: found.count(key) for key in set(found)}


def test_the_first_round_is_whole(app, played):
    assert played[1] == []
    found = counts(app)
    assert found[1, Status.APPROVED] == 13
    assert found[1, Status.REJECTED] == 3
    assert found[1, Status.INADMISSIBLE] == 1
    assert found[1, Status.DRAFT] == 1


@ON_SQLITE
def test_every_bookmark_in_turn_plays_without_a_gap(app):
    client = PageClient(app.test_client())
    for mark in routes.BOOKMARKS:
        assert press(client, f"/demo/naar/{mark.key}") == "/"
        page = client.get("/")
        assert "ging dit van het verhaal niet door" not in page.said
        assert mark.label in page.said
    found = counts(app)
    assert found[2, Status.APPROVED] == 1
    assert found[2, Status.REJECTED] == 1
    assert "niet gedekt (15)" in client.get("/").said  # every mandate ended
    assert "Beëindigd" in client.get("/mandaten").said


@ON_SQLITE
def test_queues_are_not_empty_at_the_bookmarks(app):
    client = PageClient(app.test_client())
    press(client, "/demo/naar/beoordeling")
    assert press(client, "/demo/aanmelden/beoordelaar1") == "/beoordeling"
    assert "Nog 2 beoordelingen te doen" in client.get("/beoordeling").said
    press(client, "/demo/naar/beslissing")
    press(client, "/demo/aanmelden/medeondertekenaar")
    assert "Voorbereid" in client.get("/beheer/beslissingen").said


@ON_SQLITE
def test_one_click_signs_in_as_each_role(app):
    client = PageClient(app.test_client())
    for name, (_label, _home) in routes.ACTORS.items():
        landed = press(client, f"/demo/aanmelden/{name}")
        assert client.get(landed).title
        assert f"{name}@demo.example" in client.get("/account").said
    assert client.post("/aanmelden", {"email": "auditor@demo.example", "password": "demo"}) == "/"


@ON_SQLITE
def test_the_clock_goes_forward_to_the_microsecond_stops_and_runs(app):
    client = PageClient(app.test_client())
    clock = app.extensions["portal"].clock
    press(client, "/demo/klok", {"moment": "2023-05-15T23:59:59.999999"})
    assert "maandag 15 mei 2023, 23:59:59.999999" in client.get("/").said
    press(client, "/demo/klok", {"moment": "2023-05-15T23:59:59.999998"})
    assert "gaat alleen vooruit" in client.get("/").said
    press(client, "/demo/klok", {"moment": "volgende week"})
    assert "Schrijf het moment zoals" in client.get("/").said
    before = clock.now()
    press(client, "/demo/klok", {"by": "uur"})
    assert clock.now() == before + timedelta(hours=1)
    assert clock.now() == clock.now()
    press(client, "/demo/klok", {"by": "loop"})
    first = clock.now()
    assert clock.now() > first
    press(client, "/demo/klok", {"by": "stop"})
    assert clock.now() == clock.now()


@ON_SQLITE
def test_moving_the_clock_plays_nothing_and_what_became_impossible_is_told(app):
    client = PageClient(app.test_client())
    press(client, "/demo/klok", {"moment": "2023-05-16T09:00"})
    assert (2, Status.SUBMITTED) not in counts(app)
    press(client, "/demo/naar/beoordeling")
    assert "ging dit van het verhaal niet door" in client.get("/").said


@ON_SQLITE
def test_starting_over_puts_everything_back(app):
    client = PageClient(app.test_client())
    press(client, "/demo/naar/mandaten")
    press(client, "/demo/opnieuw")
    page = client.get("/")
    assert "woensdag 10 mei 2023, 09:00:00" in page.said
    assert "niet gedekt (2)" in page.said


@ON_SQLITE
def test_every_page_says_it_is_no_government_website(app):
    client = PageClient(app.test_client())
    for path in ("/", "/oproepen", "/mandaten", "/aanmelden", "/controleer", "/privacy"):
        assert "Demonstratie, geen overheidswebsite" in client.get(path).said


def test_nothing_of_the_demo_is_in_a_production_start(tmp_path):
    chosen = settings.Settings(
        project_dir=PROJECT,
        database_url=f"sqlite:///{tmp_path}/p.sqlite",
        storage_url=f"file://{tmp_path}/files",
        secret_key="x" * 32,
        base_url="https://portaal.example",
    )
    schema.migrate(chosen.database_url, definitions.load(PROJECT))
    app = create_app(chosen)
    assert [r for r in app.url_map.iter_rules() if "demo" in r.endpoint] == []
    assert "demo" not in app.blueprints
    app.extensions["portal"].database.dispose()


def test_all_numbers_are_of_the_unassigned_range():
    numbers = [o.number for c in cast.ALL for o in c.seats().values()]
    assert len(numbers) == len(set(numbers)) == 3 * len(cast.ALL)
    assert all(n.startswith("0000") and enterprise_number(n)[1] is None for n in numbers)
    assert all("(demo)" in o.name for c in cast.ALL for o in c.seats().values())


def test_scenes_stand_in_the_order_of_time():
    moments = [at for at, _scene in story.scenes()]
    assert moments == sorted(moments)


def test_verify_finds_a_changed_file(played, app):
    folder = prepare.database_file(played[0]).parent
    program = Path(sys.executable).parent / "portal"
    command = [program, "verify", "--dir", folder]
    right = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (right.returncode, right.stdout.splitlines()[-1]) == (0, "everything holds"), right.stderr
    with app.extensions["portal"].database.session() as session:
        key = documents.all_stored(session)[0][0]
    victim = folder / "files" / key[:2] / key
    body = victim.read_bytes()
    victim.write_bytes(body[:-1] + bytes([body[-1] ^ 1]))
    wrong = subprocess.run(command, capture_output=True, text=True, check=False)
    victim.write_bytes(body)
    assert wrong.returncode == 1
    assert f"file {victim.name}: was changed" in wrong.stderr


@ON_SQLITE
def test_every_mail_of_the_story_can_be_read_and_is_sent(app):
    from portal.cli.deliver import round_of_work

    client = PageClient(app.test_client())
    page = client.get("/demo/mails")
    assert "Uitnodiging aan een partner" in page.said
    with app.extensions["portal"].database.session() as session:
        owed = session.query(Delivery).count()
        receipt = session.query(Delivery).filter_by(kind="receipt").first().id
    assert round_of_work(app)["sent"] == owed > 50
    one = client.get(f"/demo/mails/{receipt}").said
    assert "Het ontvangstbewijs zit bij dit bericht" in one
    assert "ontvangstbewijs-" in one
    files = list(prepare.database_file(app.extensions["portal"].settings).parent.glob("mails/*.eml"))
    assert len(files) == owed
