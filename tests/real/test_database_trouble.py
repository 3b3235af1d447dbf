"""The database away, in the middle of work and at start: a sentence, and work goes on when it is back."""

import pytest
from sqlalchemy import event, make_url
from sqlalchemy.exc import OperationalError

from portal.applications import actions
from portal.db import Database
from tests import make
from tests.cli.test_program import RIGHT, run
from tests.conftest import ON_POSTGRESQL, ON_SQLITE

pytestmark = ON_SQLITE


def away(world, postgres, *, back=False):
    """Nobody gets into the database of this world, and who is in is thrown out; or everyone may again."""
    name = make_url(world.owner_url).database
    postgres.run(
        f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {str(back).lower()}",
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}' AND {not back}",
    )


@ON_POSTGRESQL
def test_a_database_that_goes_and_comes_back(world, postgres):
    found = make.draft(world)
    client = world.client("aanvrager")
    path = f"/aanvragen/{found.reference}/formulier/contact"
    page = client.get(path)
    world.session.rollback()
    away(world, postgres)
    for method in (client.client.get, client.client.post):
        with method(path, data=page.form()["data"] if method == client.client.post else None) as answer:
            assert answer.status_code == 503
            assert answer.headers["Retry-After"] == "60"
            assert "even niet bereikbaar" in answer.text
            assert "postgres" not in answer.text.lower()
    away(world, postgres, back=True)
    assert client.post(path, {"contact_functie": "coördinator"}, page=page) == f"/aanvragen/{found.reference}"


@ON_POSTGRESQL
def test_a_connection_cut_within_an_act_leaves_nothing_half(world, postgres):

    found = make.draft(world)
    values = {"contact-functie": "coördinator"}

    def cut(*_arguments, **_more):
        away(world, postgres)

    event.listen(world.session, "after_flush", cut, once=True)
    with pytest.raises(OperationalError):
        actions.save_section(
            found, section="contact", values=values, revision=0, by=world.person("aanvrager"), now=world.now
        )
    away(world, postgres, back=True)
    again = Database(world.app.extensions["portal"].settings.database_url)
    with again.session() as session:
        assert session.get(type(found), found.id).answers == []
    again.dispose()


def full(connection, *_record):
    """No page more than there are now: what SQLite says when the disk is full."""
    (pages,) = connection.execute("PRAGMA page_count").fetchone()
    connection.execute(f"PRAGMA max_page_count = {pages}")


def test_a_full_disk_is_a_sentence_and_nothing_half(world):
    found = make.draft(world)
    client = world.client("aanvrager")
    path = f"/aanvragen/{found.reference}/formulier/aanpak"
    page = client.get(path)
    world.session.rollback()
    before = world.image()
    world.database.dispose()
    event.listen(world.database.engine, "checkout", full)
    data = {**page.form()["data"], "deskundigheid": "x" * 4000, "herstel": "y" * 4000}
    with client.client.post(path, data=data) as answer:
        assert answer.status_code == 503
        assert "even niet bereikbaar" in answer.text
    assert world.image() == before
    event.remove(world.database.engine, "checkout", full)
    world.database.dispose()
    with client.client.post(path, data=data) as answer:
        assert answer.status_code == 303


@pytest.mark.parametrize("command", ["serve", "migrate", "verify"])
def test_a_database_that_is_not_there_stops_the_start_with_a_sentence(command, tmp_path):
    wrong = {**RIGHT, "PORTAL_STORAGE_URL": f"file://{tmp_path}"}
    done = run(command, **{**wrong, "PORTAL_DATABASE_URL": "postgresql://portal:geheim@127.0.0.1:9/portal"})
    assert done.returncode == 2
    assert done.stderr.startswith("PORTAL_DATABASE_URL: the database does not answer: ")
    assert "geheim" not in done.stderr
    assert "Traceback" not in done.stderr
