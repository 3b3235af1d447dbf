"""The language of a page is chosen by its reader, at any address; what is official stays Dutch."""

from portal.accounts.models import SignIn
from portal.applications.lifecycle import Status
from tests import make
from tests.conftest import ON_SQLITE

pytestmark = ON_SQLITE


def test_a_switch_stands_on_every_page_and_is_remembered(world):
    client = world.client()
    page = client.get("/")
    assert "/?taal=en" in page.links
    assert "still translating" not in page.said
    assert "still translating" in client.get("/?taal=en").said
    page = client.get("/mandaten")
    assert "still translating" in page.said
    assert "/mandaten?taal=nl" in page.links
    client.post("/aanmelden", {"email": "aanvrager@proef.example", "password": "demo"})
    assert "still translating" in client.get("/account").said
    client.post("/account", page=client.get("/account"), action="/afmelden")
    assert "still translating" in client.get("/").said
    assert "still translating" not in client.get("/?taal=nl").said
    assert "still translating" not in client.get("/?taal=xx").said


def test_one_reader_speaks_for_nobody_else(world):
    english, dutch = world.client(), world.client()
    english.get("/?taal=en")
    assert "still translating" not in dutch.get("/").said


def test_what_is_official_and_what_is_kept_is_dutch_whatever_its_reader_speaks(world):
    found = make.application(world, Status.SUBMITTED)
    dutch, english = world.client("aanvrager"), world.client("aanvrager")
    english.get("/?taal=en")
    path = f"/aanvragen/{found.reference}/ontvangstbewijs/pdf"
    assert english.bytes(path) == dutch.bytes(path)
    newcomer = world.client()
    newcomer.get("/?taal=en")
    newcomer.post("/aanmelden", {"email": "aanvrager@proef.example", "password": "demo"})
    world.session.rollback()
    assert {s.device for s in world.session.query(SignIn)} == {"een ander toestel"}
