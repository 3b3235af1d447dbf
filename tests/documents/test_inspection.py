"""What the fenced child makes of files, and the form's way there and back."""

import io
import json

import pytest

from portal.documents import inspection
from portal.documents.pdf_form import FormFor, blank, filled
from tests import pdfs


@pytest.fixture(scope="module")
def schema(defined):
    return defined.schemas["aanmeldingsformulier"]


@pytest.fixture(scope="module")
def subject(defined):
    call_type = defined.call_types["samenwerkingsverband-zorg"]
    return FormFor("2022-x", "Mandaatoproep", 2, "midwest", "Midwest", call_type)


def look(body, schema):
    file = io.BytesIO(body)
    import tempfile

    with tempfile.TemporaryFile() as out:
        out.write(file.getvalue())
        out.seek(0)
        return inspection.inspect(out, schema)


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "file_empty"),
        (b"PK\x03\x04 een zip", "file_not_pdf"),
        (b"%PDF-1.7\nkapot", "file_damaged"),
        (pdfs.plain()[:300], "file_damaged"),
        (pdfs.encrypted(), "file_encrypted"),
        (pdfs.encrypted("geheim"), "file_encrypted"),
        (pdfs.with_script(), "file_is_active"),
        (pdfs.with_attachment(), "file_carries_files"),
        (pdfs.plain(61), "file_has_too_many_pages"),
    ],
)
def test_each_bad_file_has_its_own_answer(schema, body, code):
    assert [r.code for r in look(body, schema).refusals] == [code]


def test_a_child_that_dies_is_an_answer(schema, monkeypatch):
    monkeypatch.setattr(inspection, "TIMEOUT", 0.001)
    assert [r.code for r in look(pdfs.plain(), schema).refusals] == ["file_is_too_heavy"]


def test_a_scan_is_kept_and_said_to_be_unread(schema):
    found = look(pdfs.plain(), schema)
    assert (found.refusals, found.read, found.pages) == ((), False, 1)


def test_the_blank_form_is_the_same_every_time(subject, schema):
    assert blank(subject, schema) == blank(subject, schema)


def test_a_filled_form_reads_back_what_was_written(subject, schema):
    answers = {
        "contact.contact-mail": "łódź@proef.example",
        "contact.standplaatsen": 4,
        "aanpak.tandem": "principe",
        "continuiteit.start": "yes",
        "contact.inbedding": "Regel één.\nRegel twee: ✓ “Łódź” 日本",
    }
    found = look(filled(subject, answers, {"ggz": "CGG Łódź"}, schema), schema)
    assert found.refusals == ()
    assert found.stamp == subject.stamp()
    assert found.values == {
        "contact.contact-mail": "łódź@proef.example",
        "contact.standplaatsen": "4",
        "aanpak.tandem": "In principe, nog niet ondertekend",
        "continuiteit.start": "Ja",
        "contact.inbedding": "Regel één.\nRegel twee: ✓ “Łódź” 日本",
    }


def test_no_answer_ever_stands_in_a_log(subject, schema, caplog):
    filled(subject, {"contact.inbedding": "geheim ✓ Łódź"}, {}, schema)
    assert "geheim" not in caplog.text


def test_a_long_text_is_shown_whole_in_lines(subject, schema):
    from pypdf import PdfReader

    long = "een twee drie vier vijf " * 120
    reader = PdfReader(io.BytesIO(filled(subject, {"contact.inbedding": long}, {}, schema)))
    box = next(
        a.get_object()
        for page in reader.pages
        for a in page.get("/Annots", [])
        if a.get_object().get("/T") == "contact/inbedding"
    )
    assert box["/V"] == long
    assert box["/AP"]["/N"].get_data().count(b"Tj") > 20
    assert float(box["/Rect"][3]) - float(box["/Rect"][1]) > 250


def test_values_that_the_schema_refuses_are_left_out_and_named(schema):
    found = inspection.read_fields({"aanpak/x": "y" * 20_001, "aanpak/z": "kort"}, 1, schema)
    assert found.values == {"aanpak.z": "kort"}
    assert found.long == ("aanpak.x",)


def test_what_was_found_is_kept_as_json(subject, schema):
    found = look(blank(subject, schema), schema)
    assert inspection.Inspection.from_json(json.loads(json.dumps(found.to_json()))) == found
