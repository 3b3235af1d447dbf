"""The signs that official documents can draw: those of the fonts that travel with the portal.

Whatever text is taken in comes out of every document: what has no glyph is shown by its name, so that making a
document never fails and no sign vanishes without a word.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from portal.text import JOINING

FOLDER = Path(__file__).parent / "fonts"
PLAIN, BOLD = "DejaVuSansCondensed", "DejaVuSansCondensed-Bold"


@cache
def font(name: str) -> TTFont:
    """One of the fonts, registered with reportlab (which embeds what was drawn of it)."""
    found = TTFont(name, FOLDER / f"{name}.ttf")
    pdfmetrics.registerFont(found)
    return found


@cache
def drawable() -> frozenset[str]:
    """Every sign that both fonts can draw; without controls and signs of private use, which PDF/A refuses, and
    those beyond the first plane, which reportlab draws but lets nobody copy.
    """
    plain, bold = (set(map(chr, font(name).face.charToGlyph)) for name in (PLAIN, BOLD))
    return frozenset(c for c in plain & bold if c <= "\uffff" and unicodedata.category(c)[0] != "C")


def shown(text: str) -> str:
    """A text as it can be drawn: signs without a glyph by their name, *[U+1F44D THUMBS UP SIGN]*."""
    if text.isascii() and text.isprintable():  # nearly every text, told at once
        return text
    known = drawable()
    return "".join(c if c == "\n" or c in known else _named(c) for c in text)


def _named(sign: str) -> str:
    if sign in JOINING:  # they join signs that are shown one by one now
        return ""
    return f"[U+{ord(sign):04X} {unicodedata.name(sign, '')}".rstrip() + "]"


def broken(text: str, size: float, width: float, name: str = PLAIN) -> list[str]:
    """The lines of a text (as `shown`) in a column (points): after a blank, within a word that is too long."""
    font(name)
    lines = []
    for line in text.split("\n"):
        start, blank, used = 0, 0, 0.0  # where the line starts, may end; its width so far
        since = 0.0  # the width after that blank
        for i, sign in enumerate(line):
            wide = pdfmetrics.stringWidth(sign, name, size)
            if used + wide > width and i > start and sign != " ":
                end = blank if blank > start else i
                lines.append(line[start:end].rstrip(" "))
                used = since if blank > start else 0.0
                start = end
            used, since = used + wide, since + wide
            if sign == " ":
                blank, since = i + 1, 0.0
        lines.append(line[start:].rstrip(" "))
    return lines
