"""Two at once: one outcome, the same for both."""

from portal.applications.lifecycle import Status
from portal.journal import queries as journal
from tests import make
from tests.conftest import ON_BOTH
from tests.parts import at_once

pytestmark = ON_BOTH


def test_two_submits_at_once_are_one_submission_and_the_same_receipt_twice(world):
    found = make.ready(world)
    home = f"/aanvragen/{found.reference}"
    clients = [world.client("aanvrager") for _each in range(2)]
    pages = [c.get(f"{home}/controle") for c in clients]

    def submit(client, page):
        return lambda: client.post(f"{home}/controle", page=page, action=f"{home}/indienen")

    answers = at_once(*(submit(c, p) for c, p in zip(clients, pages, strict=True)))
    assert answers == [f"{home}/ontvangstbewijs"] * 2
    again = make.again(world, found)
    assert (again.status, len(again.submissions)) == (Status.SUBMITTED, 1)
    assert clients[0].bytes(f"{home}/ontvangstbewijs/pdf") == clients[1].bytes(f"{home}/ontvangstbewijs/pdf")


def test_two_edits_at_once_leave_one_and_tell_the_other(world):
    found = make.draft(world)
    path = f"/aanvragen/{found.reference}/formulier/contact"
    clients = [world.client("aanvrager") for _each in range(2)]
    pages = [c.get(path) for c in clients]

    def save(client, page, text):
        return lambda: client.post(path, {"contact_functie": text}, page=page)

    answers = at_once(save(clients[0], pages[0], "een"), save(clients[1], pages[1], "twee"))
    told = [a for a in answers if not isinstance(a, str)]
    assert len(told) == 1
    assert "Iemand anders wijzigde dit intussen" in told[0].said
    assert journal.verify(world.session) == []


def test_two_people_confirming_at_once_do_it_once(world):
    from tests.calls.test_pages import draft

    draft(world)
    first = world.client("beheerder")
    first.post("/beheer/oproepen/proef")
    seconds = [world.client("medeondertekenaar") for _each in range(2)]
    pages = [c.get("/beheer/voorstellen/1") for c in seconds]

    def confirm(client, page):
        return lambda: client.client.post("/beheer/voorstellen/1", data=page.form()["data"]).status_code

    answers = at_once(*(confirm(c, p) for c, p in zip(seconds, pages, strict=True)))
    assert sorted(answers) in ([303, 404], [303, 422])
    entries = journal.timeline(world.session, "call", "proef")
    assert [line.entry.verb for line in entries].count("call.published") == 1
    del world.app.extensions["portal"].definitions.calls["proef"]
