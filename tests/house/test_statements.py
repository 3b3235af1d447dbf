"""A page takes a fixed number of statements, however much there is."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event

from portal.applications.lifecycle import Status
from tests import make
from tests.conftest import ON_SQLITE

pytestmark = ON_SQLITE

REGIONS = ("midwest", "kempen", "limburg", "waasland")


BEGUN = ("BEGIN", "PRAGMA")  # said where a connection changes its kind, whatever the page


@contextmanager
def counted(world):
    engine, found = world.database.engine, []

    def note(_connection, _cursor, statement, *_rest):
        if not statement.startswith(BEGUN):
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def statements(world, name, path):
    client = world.client(name)
    with counted(world) as found:
        client.get(path)
    return found


PAGES = [
    (None, "/"),
    (None, "/oproepen"),
    (None, "/mandaten"),
    (None, "/regios/midwest"),
    ("aanvrager", "/aanvragen"),
    ("beheerder", "/beheer"),
    ("beheerder", "/beheer/ontvankelijkheid"),
    ("beheerder", "/beheer/toewijzing"),
    ("beheerder", "/beheer/beslissingen"),
    ("beheerder", "/beheer/dekking"),
    ("beheerder", "/beheer/regios"),
    ("beheerder", "/beheer/regios/midwest?ronde=1"),
    ("beoordelaar1", "/beoordeling"),
]


def test_no_list_asks_more_for_more(world):
    found = [make.application(world, Status.SUBMITTED, region) for region in REGIONS]
    make.closed(world)
    counts = {}
    for index, one in enumerate(found):
        one = make.again(world, one)
        make.admit(world, one)
        make.appraise(world, one)
        make.done(make.confirm(world, make.done(make.prepare(world, one))))
        make.done(make.release(world, one))
        if index in (0, 3):
            counts[index] = [len(statements(world, name, path)) for name, path in PAGES]
    told = dict(zip(PAGES, zip(counts[0], counts[3], strict=True), strict=True))
    assert {page: n for page, n in told.items() if n[0] != n[1]} == {}
    assert max(counts[3]) <= 38, told


def test_nor_for_more_decisions_that_wait(world):
    found = [make.application(world, Status.SUBMITTED, region) for region in REGIONS]
    make.closed(world)
    paths, counts = ("/beheer", "/beheer/beslissingen", "/beheer/regios"), {}
    for index, one in enumerate(found):
        make.admit(world, make.again(world, one))
        make.appraise(world, make.again(world, one))
        make.done(make.prepare(world, make.again(world, one)))
        if index in (0, 3):
            counts[index] = [len(statements(world, "beheerder", path)) for path in paths]
    assert counts[0] == counts[3]


@pytest.mark.parametrize("path", ["", "/formulier/aanpak", "/documenten", "/controle"])
def test_an_application_opens_in_few_statements(world, path):
    one = make.ready(world)
    found = statements(world, "aanvrager", f"/aanvragen/{one.reference}{path}")
    assert len(found) <= 20, found
