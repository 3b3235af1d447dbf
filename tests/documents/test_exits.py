"""Every text that is accepted comes out of every document that the portal makes."""

import io
import re
import unicodedata
from collections import Counter
from datetime import UTC, datetime

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject
from reportlab.pdfbase.pdfmetrics import stringWidth

from portal.documents import glyphs, letters
from portal.documents.glyphs import broken, shown
from portal.documents.pdf_form import FormFor, blank, filled
from tests import texts
from tests.conftest import PROJECT

NOW = datetime(2023, 7, 1, 12, tzinfo=UTC)


def test_there_are_two_thousand_of_every_category_that_texts_hold():
    assert len(texts.typed()) > 2500
    assert len(texts.accepted()) > 2000
    assert len(texts.signs()) == 30


def lettered(kind, some):
    """A letter with these texts in every place that a text has."""
    one = some[0]
    partners = [{"seat": "GGZ", "name": each, "number": one} for each in some]
    named = {"text": one, "confirmed": False, "name": one, "ground": one}
    remedy = {"body": one, "term_days": 60, "counting": one, "form": one, "confirmed": True}
    reason = {"label": "x", "weight": 10, "average": "1", "threshold": "1", "points": "1"}
    data = {
        **dict.fromkeys(("portal", "service", "call", "region", "moment", "day", "received", "outcome"), one),
        **dict.fromkeys(("sentence", "deviation", "check", "contact", "reference", "application"), one),
        **dict.fromkeys(("sha256", "digest", "submission"), "ab" * 32),
        "demo": True, "draft": True, "number": 1, "round": 1, "reason": one,
        "total": "1", "total_threshold": 1, "highest": 5,
        "because": [one], "partners": partners, "grounds": [named], "authority": named, "remedies": [remedy],
        "reasons": [{**reason, "reason": each} for each in some],
        "files": [{"name": each, "size": "1 kB", "sha256": "cd" * 32} for each in some[:20]],
    }  # fmt: skip
    return letters.write(PROJECT / "templates" / "letters" / kind, data, at=NOW)


def read(pdf):
    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


@pytest.mark.parametrize("kind", ["ontvangstbewijs.typ", "beslissing.typ"])
def test_every_text_comes_out_of_every_letter(kind):
    for some in texts.batches(300):
        found = set(read(lettered(kind, some)))
        assert not {sign for each in some for sign in texts.bare(shown(each))} - found


def test_what_a_letter_says_can_be_read():
    told = read(lettered("beslissing.typ", ["Doel ≥ 80 % → dr. Dvořák, Ελλάδα", "\uf0b7 en 👍", "zonder" * 40]))
    assert "Doel ≥ 80 % → dr. Dvořák, Ελλάδα" in told
    assert "[U+F0B7] en [U+1F44D THUMBS UP SIGN]" in re.sub(r"\s+", " ", told)
    assert "zonder" * 40 in texts.bare(told)


@pytest.mark.parametrize("sign", ["\0", "\uf0b7", chr(0xD800), "\uffff", "\U0010ffff", "\ufeff"])
def test_a_letter_never_fails_on_what_was_kept_before_it_was_refused(sign):
    assert f"[U+{ord(sign):04X}" in read(lettered("ontvangstbewijs.typ", [f"een{sign}twee"]))


@pytest.fixture(scope="module")
def subject(defined):
    return FormFor(
        "2022-x", "Oproep ≥ Łódź", 2, "midwest", "Řegio", defined.call_types["samenwerkingsverband-zorg"]
    )


@pytest.fixture(scope="module")
def schema(defined):
    return defined.schemas["aanmeldingsformulier"]


def boxes(pdf):
    """The fields of a form: value, and what its box shows."""
    found = {}
    for page in PdfReader(io.BytesIO(pdf)).pages:
        for annotation in page.get("/Annots", []):
            box = annotation.get_object()
            found[box["/T"]] = (box["/V"], drawn(box["/AP"]["/N"]) if "/AP" in box else "")
    return found


def drawn(look):
    """What a form XObject draws, read as if it were a page."""
    writer = PdfWriter()
    page = writer.add_blank_page(500, 700)
    page[NameObject("/Resources")] = look["/Resources"].clone(writer)
    stream = StreamObject()
    stream.set_data(look.get_data())
    page[NameObject("/Contents")] = writer._add_object(stream)
    return page.extract_text()


def test_every_text_comes_out_of_the_form(subject, schema):
    for some in texts.batches(40):
        every = "\n".join(some)
        pdf = filled(
            subject, {"contact.inbedding": every, "contact.contact-functie": some[0]}, {"ggz": some[0]}, schema
        )
        found = boxes(pdf)
        assert found["contact/inbedding"][0] == every
        for name in ("contact/contact-functie", "_partner.ggz"):
            assert found[name][0] == some[0]
            assert texts.bare(found[name][1]) == texts.bare(shown(some[0]))
        box = texts.bare(found["contact/inbedding"][1])
        if "bijlage" in box:
            annex = texts.bare(read(pdf).split("Bijlage: antwoorden", 1)[1])
            assert not Counter(texts.bare(shown(every))) - Counter(annex)
            assert all(texts.bare(shown(each)) in annex for each in some if not leftwards(each))
        else:
            assert Counter(box) == Counter(texts.bare(shown(every)))


def leftwards(text):
    """Whether it has signs that a reader of PDF puts in another order."""
    return any(unicodedata.bidirectional(sign) in ("R", "AL", "AN") for sign in text)


def test_a_text_longer_than_its_box_stands_whole_in_the_annex(subject, schema):
    lines = "\n".join(f"- actie {i:02d}: wij doen dit samen" for i in range(1, 86))
    pdf = filled(subject, {"contact.inbedding": lines, "continuiteit.vervanging": lines}, {}, schema)
    assert "Het hele antwoord staat in de bijlage, punt 2." in boxes(pdf)["continuiteit/vervanging"][1]
    assert read(pdf).split("Bijlage: ")[1].count("- actie 85: wij doen dit samen") == 2
    assert "Bijlage" not in read(blank(subject, schema))


def test_a_column_breaks_after_a_blank_and_within_a_word_that_is_too_long():
    assert broken("een twee drie", 9, 40) == ["een twee", "drie"]
    assert all(len(line) > 5 for line in broken("W" * 60, 9, 80)[:-1])
    assert "".join(broken("W" * 60, 9, 80)) == "W" * 60
    assert broken("", 9, 80) == [""]
    assert broken("a\n\nb", 9, 80) == ["a", "", "b"]


@pytest.mark.parametrize("some", texts.batches(500))
def test_no_line_is_wider_than_its_column(some):
    for each in some:
        lines = broken(shown(each), 9, 120)
        assert texts.bare("".join(lines)) == texts.bare(shown(each))
        assert all(stringWidth(line, glyphs.PLAIN, 9) <= 120.01 for line in lines), each
