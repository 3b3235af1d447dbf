"""Every text that is taken in through a page comes out of each exit: page, check, form, bytes that count,
receipt, mail, letter, file name.
"""

import email
import io
import json
import zipfile
from email import policy

import pytest
from werkzeug.http import parse_options_header

from portal import compose, text
from portal.applications import content, queries
from portal.canonical import canonical
from portal.documents.glyphs import shown
from portal.journal.models import Delivery
from tests import make, texts
from tests.conftest import ON_SQLITE
from tests.documents.test_exits import boxes, read

pytestmark = ON_SQLITE
LONGTEXT = 3000  # signs that fit in one answer, with room


def in_answers():
    """All accepted texts, in as few answers as hold them."""
    answer = ""
    for each in texts.accepted():
        if len(answer) + len(each) >= LONGTEXT:
            yield answer
            answer = ""
        answer += f"{each}\n"
    yield answer


def test_every_text_comes_out_of_page_check_form_and_bytes(world):
    found = make.draft(world)
    path, client = f"/aanvragen/{found.reference}/formulier/contact", world.client("aanvrager")
    for answer in in_answers():
        said = client.post(path, {"inbedding": answer})
        assert isinstance(said, str), said.said[:2000]
        kept = answer.strip()
        page = client.get(path)
        assert page.form()["data"]["inbedding"].replace("\r\n", "\n") == kept
        assert kept in client.get(f"/aanvragen/{found.reference}/controle").text
        value, _drawn = boxes(client.bytes(f"/aanvragen/{found.reference}/documenten/formulier"))[
            "contact/inbedding"
        ]
        assert value == kept
        exact = canonical(content.said(queries.facts(make.again(world, found), world.now)))
        assert json.loads(exact)["answers"]["contact"]["inbedding"] == kept


@pytest.mark.parametrize("sign", ["\0", "\x07", "\uf123", "\ufffe", "\u0378"])
def test_what_no_text_can_hold_is_refused_by_name_and_given_back(world, sign):
    found = make.draft(world)
    path, client = f"/aanvragen/{found.reference}/formulier/contact", world.client("aanvrager")
    page = client.post(path, {"inbedding": f"een {sign} twee", "contact_functie": "functie die blijft"})
    assert f"U+{ord(sign):04X}" in page.said
    assert page.form()["data"]["contact_functie"] == "functie die blijft"


NAMES = [f"CGG {of[len(of) // 3]} en {of[-1]} {of[0]}" for of in texts.signs().values()]
NAMES = [each for each in map(text.line, NAMES) if text.odd(each) is None]


def test_every_text_comes_out_of_subject_and_body_of_a_mail(world):
    composer = compose.composer(world.app.extensions["portal"].settings)
    facts = {
        "reference": "SVZ-1",
        "call": "Oproep",
        "seat": "GGZ-partner",
        "until": world.now.isoformat(),
        "onward": "/x",
    }
    for each in texts.accepted():
        owed = Delivery(
            key="sleutel", kind="invitation", address="a@proef.example", owed_at=world.now,
            data={**facts, "lead": each, "region": each},
        )  # fmt: skip
        sent = composer.message(world.session, owed).as_bytes(policy=policy.SMTP)
        read_there = email.message_from_bytes(sent, policy=policy.default)
        assert set(read_there) >= {"To", "From", "Subject"}
        assert "Bcc" not in read_there
        assert texts.bare(read_there["Subject"]).endswith(texts.bare(each))
        assert f"{each} noemt uw organisatie" in read_there.get_body().get_content()


def test_every_name_comes_out_of_receipt_letter_timeline_and_zip(world):
    assert len(NAMES) > 20
    names = [" ".join(NAMES[i::3]) for i in range(3)]  # of two partners and a file
    assert max(map(len, names)) < 200
    found = make.draft(world)
    home, client = f"/aanvragen/{found.reference}", world.client("aanvrager")
    for seat, name in zip(("ggz", "vaph"), names, strict=False):
        number, _name = make.ORGANISATIONS[seat]
        typed = {"number": number, "name": name, "kind": make.KINDS[seat], "email": f"{seat}@proef.example"}
        assert isinstance(client.post(f"{home}/consortium/{seat}", typed), str)
        make.done(
            make.actions.confirm_seat(make.again(world, found), seat=seat, by=world.person(seat), now=world.now)
        )
        assert name in client.get(f"{home}/consortium").said
    make.answer(world, make.again(world, found))
    pdf = make.form_pdf(world, make.again(world, found))
    file = f"{names[2]}.pdf"
    sent = client.client.post(
        f"{home}/documenten",
        data={
            "csrf_token": client.get(f"{home}/documenten").form()["data"]["csrf_token"],
            "type": "aanmeldingsformulier",
            "file": (io.BytesIO(pdf), file),
        },
    )
    assert sent.status_code == 303
    make.sign(world, make.again(world, found))
    make.done(make.submit(world, make.again(world, found)))
    kept = make.again(world, found).files[-1].document.name
    assert kept.endswith(".pdf")
    assert names[2].startswith(kept[:-4])

    for path, told in ((f"{home}/documenten", kept), (f"{home}/versies/1", names[0])):
        assert told in client.get(path).said
    receipt = texts.bare(read(client.bytes(f"{home}/ontvangstbewijs/pdf")))
    for told in (names[0], names[1], kept):
        assert set(texts.bare(shown(told))) <= set(receipt)
    with client.client.get(f"{home}/documenten/1") as answer:
        _kind, options = parse_options_header(answer.headers["Content-Disposition"])
    assert options["filename"] == kept
    with zipfile.ZipFile(io.BytesIO(client.bytes(f"{home}/versies/1/alles"))) as archive:
        assert f"documenten/1-{kept}" in archive.namelist()
        archive.extractall(world.folder / "uitgepakt")
    decided(world, found, names)


def decided(world, found, names):
    """The reasons typed by the desk come out of the page of who confirms, and of the draft of the letter."""
    make.closed(world)
    make.admit(world, make.again(world, found))
    make.appraise(world, make.again(world, found))
    desk, second = world.client("beheerder"), world.client("medeondertekenaar")
    reasons = {
        f"reason_{key}": f"{make.REASON} {name}" for key, name in zip(make.CRITERIA, 2 * names, strict=False)
    }
    path = f"/beheer/beslissingen/voorbereiden/{found.reference}"
    typed = {**reasons, "reason": "\n".join(names), "outcome": "approved", "authority": "departement-zorg"}
    place = desk.post(path, typed)
    assert isinstance(place, str), place.said
    for reader in (desk, second):
        said = reader.get(place).text
        assert all(name in said for name in names)
    drawn = set(read(desk.bytes(f"{place}/ontwerp")))
    assert set(texts.bare(shown("".join(names)))) <= drawn
