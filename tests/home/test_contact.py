"""How people reach the service stands at the foot of every page, on a page of its own, in mails and letters."""

import re

from portal import compose
from portal.applications.lifecycle import Status
from tests import make
from tests.conftest import ON_SQLITE
from tests.documents.test_exits import read

pytestmark = ON_SQLITE
TOLD = {
    "contact_email": "vragen@zorg.example",
    "contact_phone": "02 000 00 00",
    "contact_address": "Voorbeeldstraat 1, 1000 Brussel",
}


def test_it_stands_wherever_somebody_may_look_for_it(world):
    found = make.application(world, Status.SUBMITTED)
    settings = world.app.extensions["portal"].settings.model_copy(update=TOLD)
    world.use(settings=settings)
    client = world.client("aanvrager")
    for path in ("/", "/aanvragen", f"/aanvragen/{found.reference}/controle"):
        page = client.get(path)
        assert "Vragen? vragen@zorg.example, 02 000 00 00" in page.said
        assert "/contact" in page.links
    assert TOLD["contact_address"] in client.get("/contact").said
    _subject, text = compose.composer(settings).worded("no_account", {"link": None})
    assert "Vragen? vragen@zorg.example, 02 000 00 00, Voorbeeldstraat 1" in text
    receipt = read(client.bytes(f"/aanvragen/{found.reference}/ontvangstbewijs/pdf"))
    assert "vragen@zorg.example, 02 000 00 00" in re.sub(r"\s+", " ", receipt)
