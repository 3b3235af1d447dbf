"""One cleaner of texts: what comes out of it can stand in every exit, and is cleaned once and for all."""

import json
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import text
from portal.canonical import canonical

WOMAN_AT_WORK = "\U0001f469\u200d\U0001f4bb"


@pytest.mark.parametrize(
    ("typed", "line", "lines"),
    [
        ("  OCMW   Aalst ", "OCMW Aalst", "OCMW   Aalst"),
        ("een\r\ntwee\rdrie", "een twee drie", "een\ntwee\ndrie"),
        ("een\u2028twee\u0085drie\x0bvier", "een twee drie vier", "een\ntwee\ndrie\nvier"),
        ("a\tb\u00a0c\u202fd", "a b c d", "a b c d"),
        ("CAW\u200b\u00ad Oost\ufeff", "CAW Oost", "CAW Oost"),
        ("\u202efdp.exe", "fdp.exe", "fdp.exe"),
        ("jan\u200dpiet", "janpiet", "janpiet"),
        ("\u3164\u2800", "", ""),
        ("\uf0b7 eerste punt", "• eerste punt", "• eerste punt"),
        ("e\u0301", "é", "é"),
        (WOMAN_AT_WORK, WOMAN_AT_WORK, WOMAN_AT_WORK),
        ("een \u200d\u200d twee", "een twee", "een  twee"),
        ("\u212a\u200da", "Ka", "Ka"),
        ("é\u200b\u200dé", "é\u200dé", "é\u200dé"),
    ],
)
def test_what_was_typed_is_cleaned(typed, line, lines):
    assert (text.line(typed), text.lines(typed)) == (line, lines)


@pytest.mark.parametrize(
    "sign", ["\0", "\x07", "\x1b", chr(0xD800), "\uf123", "\U000f0000", "\ufffd", "\uffff", "\u0378"]
)
def test_what_no_text_holds_is_named(sign):
    told = text.odd(f"een{sign}twee")
    assert told == f"U+{ord(sign):04X}"
    assert text.odd(text.marked(f"een{sign}twee")) == "U+FFFD"


def test_every_sign_of_unicode_is_cleaned_or_named():
    """All 1.1 million, so every category: what is kept stays the same when it comes in again."""
    kept = set()
    for code in range(sys.maxunicode + 1):
        sign = chr(code)
        clean = text.lines(f"a{sign}b")
        if text.odd(clean) is not None:
            assert unicodedata.category(sign)[0] == "C" or sign == text.MARK, hex(code)
            continue
        assert text.lines(clean) == clean, hex(code)
        kept.add(unicodedata.category(sign))
        json.loads(canonical(clean))
        assert "\0" not in clean
        assert "\r" not in clean
    assert {"Lu", "Ll", "Lo", "Mn", "Nd", "So", "Sc", "Pd"} <= kept


UNSEEN = st.sampled_from(" \u200b\u200c\u200d\ufe0f\u00ad\u212a\u037e\u0301aé\r\n\uf0b7👩")


@given(st.one_of(st.text(), st.text(UNSEEN)))
def test_cleaned_once_is_cleaned(typed):
    for clean in (text.line, text.lines):
        once = clean(typed)
        assert clean(once) == once
        assert text.odd(text.marked(once).replace(text.MARK, "")) is None
    assert "\n" not in text.line(typed)
