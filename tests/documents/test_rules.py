"""What a file may be called."""

import pytest

from portal.documents.rules import kept_name, safe_name


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("formulier.pdf", "formulier.pdf"),
        ("../../etc/passwd", "passwd"),
        ("C:\\map\\stuk.pdf", "stuk.pdf"),
        ("a\x00b\r\n.pdf", "ab .pdf"),
        ("\u202egepj.pdf", "gepj.pdf"),
        ("", "document.pdf"),
        ("...", "document.pdf"),
        ("é" * 300 + ".pdf", "é" * 98 + ".pdf"),
        ("a" * 300 + ".pdf", "a" * 116 + ".pdf"),
        ("\U0001f40e" * 300 + ".pdf", "\U0001f40e" * 49 + ".pdf"),
        ("a" * 300, "a" * 120),
    ],
)
def test_names_are_tamed(sent, kept):
    assert safe_name(sent) == kept


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("form.pdf", "form.pdf"),
        ("FORM.PDF", "FORM.PDF"),
        ("form.pdf.exe", "form.pdf.exe.pdf"),
        ("form", "form.pdf"),
        ("", "document.pdf"),
    ],
)
def test_an_upload_ends_as_what_it_is(sent, kept):
    assert kept_name(sent, "application/pdf") == kept
    assert kept_name("x.csv", "text/csv") == "x.csv"
