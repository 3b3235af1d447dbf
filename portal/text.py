"""Texts as they come in, by every way: what people type or paste, what a PDF or the government's provider says.

One cleaner for all of them. What it leaves is what is kept, shown, printed, mailed and hashed; a sign that no
text can hold is refused by name (`odd`), or marked where nobody can be asked (`marked`).
"""

from __future__ import annotations

import re
import unicodedata

BLANKS = (  # category Zs, and the tab
    " \t\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
)
ENDS = re.compile("\r\n|[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]")
# Signs of the Symbol and Wingdings fonts, which word processors paste as if they were letters of their own.
SYMBOLS = {
    "\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uf0fc": "✓", "\uf0e0": "→", "\uf0de": "⇒", "\uf02d": "–",
    "\uf06f": "○", "\uf071": "☐", "\uf0a8": "☐", "\uf0fe": "☒", "\uf020": " ",
}  # fmt: skip
# Default_Ignorable_Code_Point of Unicode (DerivedCoreProperties): signs that show nothing.
UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]+"
)
PLAIN = str.maketrans({**SYMBOLS, **dict.fromkeys(BLANKS, " ")})
JOINING = "\u200c\u200d\ufe0e\ufe0f"  # say something between letters of some scripts, and after pictures
MARK = "\ufffd"


def lines(text: str) -> str:
    """A text in lines: composed (NFC), one kind of line end and of blank, nothing unseen, no blanks around."""
    bare = unicodedata.normalize("NFC", ENDS.sub("\n", text).translate(PLAIN))
    return unicodedata.normalize("NFC", UNSEEN.sub(_joined, bare)).strip()


def line(text: str) -> str:
    """A text on one line: as `lines`, with single blanks for ends of lines and for more than one."""
    return re.sub(r"[\n ]+", " ", lines(text))


def _joined(found: re.Match[str]) -> str:
    if not found.start():
        return ""
    before = found.string[found.start() - 1]
    return "" if before.isascii() or before.isspace() else "".join(c for c in found[0] if c in JOINING)


def odd(text: str) -> str | None:
    """The first sign that no text can hold, as people can look it up (*U+F0A3*); None where there is none."""
    if MARK not in text and text.replace("\n", "").isprintable():  # nearly every text, told at once
        return None
    return next((f"U+{ord(c):04X}" for c in text if _is_odd(c)), None)


def marked(text: str) -> str:
    """A text with a mark for each sign that it cannot hold, where nobody can be asked to take it out."""
    return "".join(MARK if _is_odd(c) else c for c in text)


def tame(text: str) -> str:
    """One line without the signs that no text can hold, where they are worth no question."""
    return "".join(c for c in line(text) if not _is_odd(c))


def _is_odd(sign: str) -> bool:
    """A control, half a sign (surrogate), one of private use, or none of Unicode's."""
    return sign == MARK or (sign != "\n" and sign not in JOINING and unicodedata.category(sign)[0] == "C")
