"""What a file may be called."""

import pytest

from portal.documents.rules import safe_name


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
