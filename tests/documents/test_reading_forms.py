"""What the fenced child reads out of forms, and what it finds that acts: each oddity its right reading, or its
right sentence.
"""

import json
import random
import tempfile
import zlib

import pytest

from portal.documents import child, inspection
from portal.documents.inspection import Inspection
from tests import pdfs
from tests.pdfs import STAMP, form, stream, string, written

ANSWERS = {"contact.contact-functie", "contact.contact-mail", "contact.standplaatsen", "contact.inbedding"}
GIVEN = {"contact/contact-functie": "coördinator", "contact/standplaatsen": "4"}
READ = {"contact.contact-functie": "coördinator", "contact.standplaatsen": "4"}
SCRIPT = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"


@pytest.fixture(scope="module")
def schema(defined):
    return defined.schemas["aanmeldingsformulier"]


def look(body, schema):
    with tempfile.TemporaryFile() as out:
        out.write(body)
        out.seek(0)
        return inspection.inspect(out, schema).of(ANSWERS)


def codes(found):
    return [r.code for r in found.refusals]


@pytest.mark.parametrize(
    ("where", "changes"),
    [
        ("the catalogue", {"catalogue": b"/OpenAction" + SCRIPT}),
        ("the catalogue's events", {"catalogue": b"/AA<</WC" + SCRIPT + b">>"}),
        ("names", {"catalogue": b"/Names<</JavaScript<</Names[(a)" + SCRIPT + b"]>>>>"}),
        ("a page", {"page": b"/AA<</O" + SCRIPT + b">>"}),
        ("a field", {"field": b"/AA<</K" + SCRIPT + b">>"}),
        ("a click", {"field": b"/A" + SCRIPT}),
        ("behind another action", {"field": b"/A<</S/GoTo/D[3 0 R/Fit]/Next[" + SCRIPT + b"]>>"}),
        ("a bookmark", {"catalogue": b"/Outlines<</First<</Title(x)/A" + SCRIPT + b">>>>"}),
        ("an object of its own", {"field": b"/A 50 0 R", "more": {50: SCRIPT}}),
        ("a program", {"page": b"/AA<</O<</S/Launch/F(calc.exe)>>>>"}),
        ("a program at a click", {"field": b"/A<</S/Launch/F(calc.exe)>>"}),
        ("sending the form away", {"field": b"/A<</S/SubmitForm/F(http://kwaad.example)>>"}),
        ("an address that opens by itself", {"catalogue": b"/OpenAction<</S/URI/URI(http://kwaad.example)>>"}),
        ("a form of another language", {"catalogue": b"/X<</XFA(x)>>"}),
    ],
)
def test_what_runs_is_found_wherever_it_stands(schema, where, changes):
    assert codes(look(form(GIVEN, **changes), schema)) == ["file_is_active"], where


ATTACHED = b"<</Type/Filespec/F(a.exe)/EF<</F 50 0 R>>>>"


@pytest.mark.parametrize(
    ("where", "changes"),
    [
        ("names", {"catalogue": b"/Names<</EmbeddedFiles<</Names[(a)" + ATTACHED + b"]>>>>"}),
        ("associated", {"catalogue": b"/AF[" + ATTACHED + b"]"}),
        ("on a page", {"page": b"/AF[" + ATTACHED + b"]"}),
        ("an annotation", {"more": {60: b"<</Subtype/FileAttachment/Rect[0 0 1 1]>>"}, "page": b"/X 60 0 R"}),
        ("a film", {"more": {60: b"<</Subtype/RichMedia/Rect[0 0 1 1]>>"}, "page": b"/X 60 0 R"}),
    ],
)
def test_what_is_carried_inside_is_found(schema, where, changes):
    more = {50: stream(b"MZ"), **changes.pop("more", {})}
    assert codes(look(form(GIVEN, more=more, **changes), schema)) == ["file_carries_files"], where


@pytest.mark.parametrize(
    ("what", "changes"),
    [
        ("a page to open at", {"catalogue": b"/OpenAction[3 0 R/XYZ null null 0]"}),
        ("the same as an action", {"catalogue": b"/OpenAction<</S/GoTo/D[3 0 R/Fit]>>"}),
        ("printing", {"catalogue": b"/OpenAction<</S/Named/N/Print>>"}),
        ("a link", {"field": b"/A<</S/URI/URI(https://www.departementzorg.be)>>"}),
        ("no events", {"page": b"/AA null", "catalogue": b"/AA<<>>/OpenAction null"}),
        ("structure", {"catalogue": b"/StructTreeRoot<</Type/StructTreeRoot/K<</S/Document>>>>"}),
        ("a circle", {"catalogue": b"/X 50 0 R", "more": {50: b"[50 0 R 51 0 R]", 51: b"<</Y 50 0 R>>"}}),
    ],
)
def test_what_only_shows_something_is_read(schema, what, changes):
    found = look(form(GIVEN, **changes), schema)
    assert (codes(found), dict(found.values)) == ([], READ), what


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (b"null", None),
        (b"(gewoon)", "gewoon"),
        (b"(caf\\351)", "café"),
        (string("Dvořák → 80 %"), "Dvořák → 80 %"),
        (string("goed \U0001f44d"), "goed \U0001f44d"),
        (string("half \ud83d teken"), "half \ufffd teken"),
        (string("voor\0na"), "voor\ufffdna"),
        (b"<FFFE610062006300>", "abc"),
        (b"<EFBBBFC3A9C3A9>", "éé"),
        (b"/Ja", "Ja"),
        (b"/Off", None),
        (b"[(een) (twee)]", "een, twee"),
        (b"true", "true"),
        (b"<</X 1>>", None),
        (b"50 0 R", "één lange tekst"),
        (b"99 0 R", None),
        (string("\r\nregel\rregel\u2028regel\t"), "regel\nregel\nregel"),
    ],
)
def test_a_value_is_read_as_what_it_says(schema, value, read):
    long = stream(b"\xfe\xff" + "één lange tekst".encode("utf-16-be"))
    found = look(form({"contact/inbedding": value}, more={50: long}), schema)
    assert codes(found) == []
    assert found.values.get("contact.inbedding") == read


def test_fields_may_stand_in_a_tree_and_inherit(schema):
    body = form({}, more={
        60: b"<</T(groep)/V(van boven)/Kids[61 0 R 62 0 R]>>",
        61: b"<</T(contact/inbedding)/Parent 60 0 R/Kids[63 0 R]>>",
        62: b"<</T(contact/contact-mail)/V(eigen)/Parent 60 0 R>>",
        63: b"<</Subtype/Widget/Rect[0 0 1 1]/Parent 61 0 R>>",
    }).replace(b"/Fields[", b"/Fields[60 0 R ")  # fmt: skip
    told = child.look(body, 60, 400)["fields"]
    assert told["groep.contact/inbedding"] == "van boven"
    assert told["groep.contact/contact-mail"] == "eigen"


def test_a_field_that_says_two_things_is_refused_by_name(schema):
    found = look(form({"contact/standplaatsen": "4", "contact/standplaatsen#": "5"}), schema)
    (refusal,) = found.refusals
    assert (refusal.code, refusal.facts) == (
        "form_says_twice",
        {"section": "contact", "field": "standplaatsen"},
    )
    assert codes(look(form({"contact/standplaatsen": "4", "contact/standplaatsen#": "4"}), schema)) == []
    assert codes(look(form({"iets/anders": "4", "iets/anders#": "5"}), schema)) == []


def test_six_thousand_signs_are_read_and_what_is_too_long_is_named(schema):
    long = ("lang " * 1200).strip()
    assert look(form({"contact/inbedding": long}), schema).values["contact.inbedding"] == long
    found = look(form({"contact/inbedding": "lang " * 5000}), schema)
    (refusal,) = found.refusals
    assert (refusal.code, refusal.facts) == ("form_says_too_much", {"section": "contact", "field": "inbedding"})


def test_renamed_fields_are_not_read_and_an_empty_form_is_empty(schema):
    renamed = look(form({f"{name}_1": value for name, value in GIVEN.items()}), schema)
    assert (renamed.read, renamed.filled) == (False, True)
    empty = look(form(dict.fromkeys(GIVEN, " ")), schema)
    assert (empty.read, empty.filled, empty.stamp["round"]) == (False, False, "1")


def test_a_stamp_is_bounded(schema):
    assert len(look(form(GIVEN, stamp={**STAMP, "_regio": "Z" * 9000}), schema).stamp["region"]) == 100


def test_a_file_without_its_last_line_is_read(schema):
    assert look(form(GIVEN)[: -len(b"%%EOF\n")], schema).values == READ


def test_a_lock_for_a_certificate_is_a_lock(schema):
    pages = {1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>"}
    lock = b"/Encrypt<</Filter/Adobe.PubSec/SubFilter/adbe.pkcs7.s5/V 5/CF<<>>>>/ID[<00><00>]"
    assert codes(look(written(pages, lock), schema)) == ["file_encrypted"]


def test_small_files_that_grow_are_too_heavy_and_never_a_large_row(schema):
    bomb = zlib.compress(b"\xfe\xff" + b"\0a" * 30_000_000, 9)
    assert len(bomb) < 70_000
    packed = stream(bomb, b"/Filter/FlateDecode")
    found = look(form({"contact/inbedding": b"50 0 R"}, more={50: packed}), schema)
    assert codes(found) in (["form_says_too_much"], ["file_is_too_heavy"])
    many = {f"contact/veld-{number}": b"50 0 R" for number in range(390)}
    text = stream(zlib.compress("\ufefflang ".encode("utf-16-be") * 1500, 9), b"/Filter/FlateDecode")
    told = look(form(many, more={50: text}), schema)
    assert codes(told) == ["file_is_too_heavy"]
    assert len(json.dumps(told.to_json())) < 2000


def test_more_fields_or_objects_than_a_form_has_are_too_heavy(schema, monkeypatch):
    assert codes(look(form({f"x/{number}": "" for number in range(420)}), schema)) == ["file_is_too_heavy"]
    monkeypatch.setattr(child, "MOST_OBJECTS", 5)
    assert child.look(form(GIVEN), 60, 400)["problems"][0]["code"] == "file_is_too_heavy"


def test_the_reader_raises_nothing_over_mutated_forms(schema):
    """Bits, bytes and pieces of real forms changed by chance: each is an answer that the portal knows."""
    seeds = [
        form({**GIVEN, "contact/inbedding": b"50 0 R"}, more={50: stream(b"\xfe\xff\0a")}),
        form(GIVEN, catalogue=b"/Names<</JavaScript<</Names[(a)" + SCRIPT + b"]>>>>"),
        pdfs.plain(2),
        pdfs.encrypted(),
        pdfs.with_attachment(),
    ]
    words = [
        b"/Kids",
        b"/Parent",
        b"<<",
        b">>",
        b"[",
        b"]",
        b"R",
        b"null",
        b"obj",
        b"stream",
        b"/V",
        b"999999999",
    ]
    chance = random.Random(17)
    met = set()
    for _each in range(1500):
        body = bytearray(chance.choice(seeds))
        for _change in range(chance.randint(1, 6)):
            at = chance.randrange(len(body))
            match chance.randrange(4):
                case 0:
                    body[at] = chance.randrange(256)
                case 1:
                    del body[at : at + chance.randint(1, 40)]
                case 2:
                    body[at:at] = chance.choice(words)
                case 3:
                    body[at : at + 6] = body[(other := chance.randrange(len(body))) : other + 6]
        told = child.look(bytes(body), 60, 400)
        assert {p["code"] for p in told["problems"]} <= inspection.CODES
        json.loads(json.dumps(told))
        if not told["problems"]:
            found = inspection.read_fields(
                told["fields"], told["pages"], schema, twice=told["twice"], long=told["long"]
            )
            assert Inspection.from_json(json.loads(json.dumps(found.to_json()))).values == found.values
        met |= {p["code"] for p in told["problems"]} or {"read"}
    assert {"read", "file_damaged", "file_encrypted"} <= met
