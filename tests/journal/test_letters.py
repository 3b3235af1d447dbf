"""Mails: each kind is put into words from what the acts owe; what did not arrive is seen and can be sent
again.
"""

from sqlalchemy import text

from portal import compose
from portal.clock import SystemClock
from portal.jobs import GiveUp, TryLater, WorkState
from portal.journal.delivering import deliver_one
from portal.journal.labels import LETTERS
from portal.journal.models import Delivery
from tests import make
from tests.conftest import ON_SQLITE


class Post:
    """Takes every mail but those to `refused` addresses; what it took, by address."""

    def __init__(self, *refused):
        self.refused, self.took = refused, {}

    def send(self, message):
        if message["To"] in self.refused:
            raise GiveUp("550 no such user <geheim@proef.example>")
        self.took.setdefault(message["To"], []).append(message)


def send(world, post):
    composer = compose.composer(world.app.extensions["portal"].settings)
    while deliver_one(world.database, composer, post, real=SystemClock().now(), now=world.now):
        pass
    world.session.rollback()


def owed(world, kind):
    world.session.rollback()
    return sorted(d.address for d in world.session.query(Delivery).filter_by(kind=kind))


def text_of(message):
    return message.get_body(("plain",)).get_content()


@ON_SQLITE
def test_a_partner_whose_mail_bounced_is_shown_to_the_lead_and_can_be_corrected(world):
    found = make.draft(world)
    make.name_partners(world, found)
    post = Post("ggz@proef.example")
    send(world, post)
    path = f"/aanvragen/{found.reference}/consortium"
    lead = world.client("aanvrager")
    assert "Ons bericht aan ggz@proef.example kwam niet aan" in lead.get(path).said
    desk = world.client("beheerder")
    page = desk.get("/beheer/berichten")
    assert "De mailserver weigert dit adres (code 550)." in page.said
    assert "@proef.example" not in page.said  # the application is sealed, and so is who takes part
    assert found.reference not in page.said
    desk.post("/beheer/berichten", page=page, action=f"/beheer/berichten/{failed(world).id}/opnieuw")
    send(world, post := Post())
    assert len(post.took["ggz@proef.example"]) == 1
    assert "kwam niet aan" not in lead.get(path).said
    assert "Alle berichten zijn verstuurd" in desk.get("/beheer/berichten").said


def failed(world):
    world.session.rollback()
    return world.session.query(Delivery).filter_by(state=WorkState.FAILED).one()


@ON_SQLITE
def test_an_auditor_reads_and_does_not_send(world):
    make.name_partners(world, make.draft(world))
    send(world, Post("ggz@proef.example"))
    auditor = world.client("auditor")
    page = auditor.get("/beheer/berichten")
    assert "Verstuur opnieuw" not in page.said
    data = {"csrf_token": page.forms[0]["data"]["csrf_token"]}
    with auditor.client.post(f"/beheer/berichten/{failed(world).id}/opnieuw", data=data) as answer:
        assert answer.status_code == 403


def test_a_corrected_address_is_invited_again(world):
    found = make.draft(world)
    by = world.person("aanvrager")
    from portal.applications import actions

    for address in ("fout@proef.example", "ggz@proef.example", "ggz@proef.example"):
        make.done(
            actions.name_partner(
                found,
                seat="ggz",
                number="0000200235",
                name="CGG Proef",
                kind="cgg",
                email=address,
                by=by,
                now=world.now,
            )
        )
    assert owed(world, "invitation") == ["fout@proef.example", "ggz@proef.example"]


@ON_SQLITE
def test_the_lead_asks_the_others_to_sign_once_a_day(world):
    found = make.draft(world)
    lead, path = world.client("aanvrager"), f"/aanvragen/{found.reference}/ondertekening"
    make.name_partners(world, found)
    make.sign(world, found, seats=("vaph",))
    page = lead.get(path)
    lead.post(path, page=page, action=f"{path}/vragen")
    assert owed(world, "sign_off_asked") == ["ggz@proef.example"]
    send(world, post := Post())
    said = text_of(post.took["ggz@proef.example"][-1])
    assert "OCMW Proefstad vraagt uw organisatie om de aanvraag te ondertekenen: GGZ-partner" in said
    assert f"http://localhost/aanvragen/{found.reference}/ondertekening" in said
    page = lead.get(path)
    lead.post(path, page=page, action=f"{path}/vragen")
    assert "minder dan een dag geleden" in lead.get(path).said
    assert len(owed(world, "sign_off_asked")) == 1
    make.sign(world, found, seats=("ggz",))
    assert "Vraag de partners" not in lead.get(path).said


@ON_SQLITE
def test_only_the_lead_asks(world):
    found = make.draft(world)
    make.name_partners(world, found)
    partner, path = world.client("ggz"), f"/aanvragen/{found.reference}/ondertekening"
    page = partner.get(path)
    assert "Vraag de partners" not in page.said
    token = {"csrf_token": page.forms[0]["data"]["csrf_token"]}
    with partner.client.post(f"{path}/vragen", data=token) as answer:
        assert answer.status_code == 303
    assert "Alleen de penhouder" in partner.get(path).said
    assert owed(world, "sign_off_asked") == []


def test_a_mistake_of_ours_holds_nobody_up(world, caplog):
    make.name_partners(world, make.draft(world))
    with world.database.writing() as session:
        session.execute(text("UPDATE delivery SET data = '{}' WHERE address = 'ggz@proef.example'"))
    send(world, post := Post())
    assert list(post.took) == ["vaph@proef.example"]
    assert "UndefinedError" in caplog.text
    delivery = world.session.query(Delivery).filter_by(address="ggz@proef.example").one()
    assert (delivery.state, delivery.error) == (WorkState.OWED, "UndefinedError")


def test_nothing_is_asked_of_a_server_in_trouble_twice_in_a_round(world):
    class Down:
        def send(self, _message):
            raise TryLater("down", patient=True)

    make.name_partners(world, make.draft(world))
    from portal.cli.deliver import round_of_work

    world.use(mailer=Down())
    assert round_of_work(world.app) == {"later": 1}


@ON_SQLITE
def test_every_kind_of_mail_has_words(world):
    composer = compose.composer(world.app.extensions["portal"].settings)
    facts = {
        "reference": "AV-1",
        "call": "Oproep\nmet een regel",
        "region": "Midwest",
        "lead": "Léád",
        "seat": "partner",
        "onward": "/aanvragen/AV-1",
        "until": "2023-05-15T22:00:00+00:00",
        "closes_at": "2023-05-15T22:00:00+00:00",
        "at": "2023-05-15T22:00:00.000001+00:00",
        "sha256": "a" * 64,
        "number": 1,
        "decision": "BE-1",
        "slug": "x",
        "regions": ["Midwest", "Vlaamse Ardennen"],
        "opens_on": "2023-04-03",
        "last_day": "2023-05-15",
        "reason": "R",
        "name": "form.pdf",
        "refusals": [{"code": "file_has_too_many_pages", "facts": {"pages": 61, "limit": 60}}],
        "link": {"id": 1, "nonce": "n", "purpose": "reset"},
        "left": 9,
        "device": "Firefox op Windows",
        "organisation": "OCMW Proefstad",
        "admitted": False,
        "into": "OCMW Grootstad",
        "on": "2023-01-01",
        "active": False,
        "path": "/aanvragen/AV-1",
        "size": 7,
        "note": "portaal.example/journaal\n7\nAA==\n",
    }
    for letter in LETTERS:
        subject, text = composer.worded(letter, facts)
        assert "\n" not in subject
        assert text.startswith("Demonstratie, geen overheidswebsite.")
        assert "<" not in text
        assert max(map(len, text.splitlines())) < 200
    assert "tot en met maandag 15 mei 2023, 24.00 uur" in composer.worded("invitation", facts)[1]
    assert "16 mei 2023, 00:00:00.000001 (UTC+02:00)" in composer.worded("too_late", facts)[1]
    assert composer.worded("reopened", facts)[0] == "De oproep is opnieuw open voor Midwest en Vlaamse Ardennen"
