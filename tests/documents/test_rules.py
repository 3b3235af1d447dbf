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
        ("é" * 300 + ".pdf", "é" * 116 + ".pdf"),
    ],
)
def test_names_are_tamed(sent, kept):
    assert safe_name(sent) == kept
