"""Whatever keeps a request from being taken, what was typed comes back, with a way on."""

import importlib
import inspect
import io
import re
from urllib.parse import urlencode

import pytest
from flask_wtf import FlaskForm
from sqlalchemy.exc import OperationalError
from wtforms import PasswordField
from wtforms.fields.core import UnboundField

from portal import given
from portal.applications.lifecycle import Status
from portal.applications.models import Partner
from portal.definitions.call_type import RESERVED
from portal.gate import SMALL_BODY
from portal.reviews.models import Review
from tests import make
from tests.conftest import ON_BOTH, ON_SQLITE, PASSWORD, PROJECT
from tests.pages import Page

pytestmark = ON_SQLITE
TYPED = "Een uur getypt over de inbedding in de regio. " * 20
HERE = {"Sec-Fetch-Site": "same-origin"}
CHUNKED = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}


def sent(client, path, data, headers=HERE, status=None):
    with client.client.post(path, data=data, headers=headers) as answer:
        assert status is None or answer.status_code == status, answer.status_code
        return Page(answer.get_data(as_text=True))


def section(world):
    found = make.draft(world)
    path, client = f"/aanvragen/{found.reference}/formulier/contact", world.client("aanvrager")
    return found, path, client, {**client.get(path).form()["data"], "inbedding": TYPED}


def sign_in_again(client, page):
    form = page.form("/aanmelden")["data"]
    return sent(client, "/aanmelden", {**form, "email": "aanvrager@proef.example", "password": PASSWORD})


@pytest.mark.parametrize("how", ["signed out in another tab", "session forgotten"])
def test_who_was_signed_out_signs_in_and_sends_it_again(world, how):
    found, path, client, data = section(world)
    if how == "session forgotten":
        client.client.delete_cookie("session")
        client.client._cookies.clear()
    else:
        client.post("/account", page=client.get("/account"), action="/afmelden")
    page = sent(client, path, data, status=403)
    assert "gaat niet verloren" in page.said
    assert TYPED.strip() in page.said
    again = sign_in_again(client, page)
    assert TYPED.strip() in again.said
    with client.client.post(path, data=again.form(path)["data"]) as answer:
        assert answer.status_code == 303
    answers = {a.section: a.body for a in make.again(world, found).answers}
    assert answers["contact"]["inbedding"] == TYPED.strip()


def test_who_is_somebody_else_by_now_finds_it_on_the_page_that_is_not_theirs(world):
    _found, path, client, data = section(world)
    client.post("/account", page=client.get("/account"), action="/afmelden")
    client.post("/aanmelden", {"email": "ggz@proef.example", "password": PASSWORD})
    assert TYPED.strip() in sent(client, path, data, status=404).said
    client.post("/account", page=client.get("/account"), action="/afmelden")
    client.post("/aanmelden", {"email": "auditor@proef.example", "password": PASSWORD})
    assert TYPED.strip() in sent(client, path, data, status=403).said


def test_a_partner_replaced_while_typing_finds_it_on_the_page(world):
    found = make.draft(world)
    make.name_partners(world, found)
    path, client = f"/aanvragen/{found.reference}/formulier/contact", world.client("ggz")
    data = {**client.get(path).form()["data"], "inbedding": TYPED}
    with make.by_hand(world) as session:
        for partner in session.query(Partner).filter_by(seat="ggz"):
            session.delete(partner)
    assert TYPED.strip() in sent(client, path, data, status=404).said


def test_a_round_that_closed_while_typing_gives_it_back(world):
    _found, path, client, data = section(world)
    make.closed(world)
    page = sent(client, path, data, status=422)
    assert TYPED.strip() in page.said
    assert "niet bewaard" in page.said


def test_a_text_of_more_than_a_form_takes_comes_back_whole(world):
    _found, path, client, data = section(world)
    long = "lang " * 100_000
    page = sent(client, path, {**data, "inbedding": long}, status=413)
    assert long.strip() in page.said
    assert path in page.links
    assert "is te groot" in page.said


def test_a_body_that_tells_no_length_gets_no_more_than_the_route_takes(world):
    _found, path, client, data = section(world)
    body = urlencode({**data, "inbedding": "x" * 3 * SMALL_BODY}).encode()
    sent_so = {"input_stream": io.BytesIO(body), "environ_overrides": CHUNKED}
    kind = "application/x-www-form-urlencoded"
    with client.client.post(path, content_type=kind, headers=HERE, **sent_so) as answer:
        assert answer.request.content_length is None
        assert answer.status_code == 422  # of what was read the field is too long
        assert 0 < answer.text.count("x") < 2 * SMALL_BODY + 20_000  # box and paper, no more


def test_a_page_of_one_button_that_stood_open_too_long_shows_what_was_typed(world):
    found = make.draft(world)
    client = world.client("aanvrager")
    path = f"/aanvragen/{found.reference}/intrekken"
    page = client.get(path)
    data = {**page.form()["data"], "reason": TYPED, "csrf_token": "oud"}
    assert TYPED.strip() in sent(client, path, data).said


@pytest.mark.parametrize("broken", ["a database that is away", "a mistake of ours"])
def test_trouble_of_ours_gives_it_back(world, monkeypatch, broken):
    _found, path, client, data = section(world)
    problem = OperationalError("x", {}, Exception()) if broken.startswith("a database") else RuntimeError("x")

    def trouble(*_a, **_k):
        raise problem

    monkeypatch.setattr("portal.applications.actions.save_section", trouble)
    world.app.config["PROPAGATE_EXCEPTIONS"] = False
    assert TYPED.strip() in sent(client, path, data).said


def test_a_secret_never_comes_back_in_a_page(world):
    client = world.client("aanvrager")
    page = client.get("/account/wachtwoord")
    data = {**page.form()["data"], "current": "geheim-een", "password": "geheim-twee-lang"}
    client.client._cookies.clear()
    answer = sent(client, "/account/wachtwoord", data, status=403)
    assert "geheim" not in answer.html
    kept = given.opened
    with world.app.test_request_context():
        told = kept(answer.form("/aanmelden")["data"]["kept"])
    assert not {name for name, _value in told.fields} & given.SECRET


def every_password():
    """The names under which any form of ours asks for one."""
    for file in (PROJECT / "portal").glob("*/forms.py"):
        module = importlib.import_module(f"portal.{file.parent.name}.forms")
        for _name, form in inspect.getmembers(
            module, lambda m: inspect.isclass(m) and issubclass(m, FlaskForm)
        ):
            for name, field in inspect.getmembers(form, lambda m: isinstance(m, UnboundField)):
                if issubclass(field.field_class, PasswordField):
                    yield name


def test_every_secret_is_known_by_name_and_no_answer_bears_it():
    found = list(every_password())
    assert len(found) >= 4
    assert set(found) <= given.SECRET
    assert (given.SECRET | given.NOT_TYPED) - {"csrf_token"} <= RESERVED


# Two tabs


def test_two_tabs_on_a_section_keep_both_changes(world):
    found, path, client, _data = section(world)
    other = world.client("aanvrager")
    page = client.get(path)
    assert isinstance(other.post(path, {"contact_functie": "directeur"}), str)
    place = client.post(path, {"inbedding": TYPED}, page=page)
    assert "wijzigde iemand anders intussen: dat blijft staan" in client.get(place).said
    (answers,) = make.again(world, found).answers
    assert answers.body == {"contact-functie": "directeur", "inbedding": TYPED.strip()}


def test_what_both_changed_is_asked_once_and_nothing_else_is_undone(world):
    found, path, client, _data = section(world)
    other = world.client("aanvrager")
    page = client.get(path)
    other.post(path, {"contact_functie": "directeur", "contact_telefoon": "09 123 45 67"})
    told = client.post(path, {"contact_functie": "stafmedewerker", "inbedding": TYPED}, page=page)
    assert "Wat er nu staat, van iemand anders: directeur" in told.said
    assert told.form()["data"]["contact_telefoon"] == "09 123 45 67"
    assert isinstance(client.post(path, page=told), str)
    (answers,) = make.again(world, found).answers
    assert answers.body == {
        "contact-functie": "stafmedewerker",
        "contact-telefoon": "09 123 45 67",
        "inbedding": TYPED.strip(),
    }


@ON_BOTH
def test_two_tabs_of_a_reviewer_lose_nothing(world):
    found = make.application(world, Status.SUBMITTED)
    make.closed(world)
    make.admit(world, make.again(world, found))
    first, _second = make.assigned(world, make.again(world, found))
    name = first.reviewer.label
    make.done(make.reviews.declare_free(first, by=world.person(name), now=world.now))
    path = f"/beoordeling/{found.reference}"
    one, two = world.client(name), world.client(name)
    page = one.get(path)
    two.post(path, {"reason_inbedding": "In het tweede tabblad.", "reason_herstel": "Ook daar."})
    told = one.post(path, {"reason_inbedding": TYPED, "score_inbedding": "3"}, page=page)
    assert "Motivering die nu bewaard is: In het tweede tabblad." in told.said
    assert told.form()["data"]["reason_herstel"] == "Ook daar."
    assert isinstance(one.post(path, page=told), str)
    world.session.rollback()
    review = world.session.get(Review, first.id, populate_existing=True)
    assert {s.criterion: (s.score, s.reason) for s in review.scores if s.reason} == {
        "inbedding": (3, TYPED.strip()),
        "herstel": (None, "Ook daar."),
    }
    given_to_all = dict.fromkeys(make.CRITERIA, (4, make.REASON))
    page = one.get(path)
    make.done(
        make.reviews.hand_in(
            review, given=given_to_all, revision=review.revision, by=world.person(name), now=world.now
        )
    )
    told = one.post(path, {"reason_inbedding": "Te laat getypt."}, page=page)
    assert re.search(r"Wat u had ingevuld .* Te laat getypt\.", told.said)
    assert told.said.count(make.REASON) == len(make.CRITERIA)
