"""Texts of every category of Unicode, for the tests that send them through every exit."""

from __future__ import annotations

import sys
import unicodedata
from collections import defaultdict
from functools import cache

from portal import text

EACH = 130  # signs of a category, spread evenly over it


@cache
def signs() -> dict[str, list[str]]:
    """Some signs of every category, its first and last among them."""
    found = defaultdict(list)
    for code in range(sys.maxunicode + 1):
        found[unicodedata.category(chr(code))].append(chr(code))
    return {name: [of[i * (len(of) - 1) // EACH] for i in range(EACH + 1)] for name, of in found.items()}


@cache
def typed() -> tuple[str, ...]:
    """At least 2,000 texts, as somebody may type them: each sign at the start, within a word, and doubled."""
    each = [f"{sign}begin mid{sign}den {sign}{sign} slot" for of in signs().values() for sign in of]
    return (
        *dict.fromkeys(each),
        "Doel ≥ 80 % → dr. Dvořák, Kovač, Ελλάδα",
        "\uf0b7\tinbedding",
        "👍🏽 👩\u200d⚕️ 🇧🇪",
        "x\u0301\u0302\u0303 q\u0308",
        "مرحبا שלום हिन्दी 中文",
        "zonderspatie" * 30,
        "W" * 200,
        "<b>&amp; {{ 7 * 7 }} %s \\n #eval(1) *vet* _schuin_ $x$",
    )


@cache
def accepted() -> tuple[str, ...]:
    """Those that the portal takes, as it keeps them on one line."""
    clean = dict.fromkeys(text.line(each) for each in typed())
    return tuple(each for each in clean if each and text.odd(each) is None)


def batches(size: int) -> list[list[str]]:
    """The accepted texts, so many at a time."""
    all_of_them = accepted()
    return [list(all_of_them[i : i + size]) for i in range(0, len(all_of_them), size)]


def bare(text: str) -> str:
    """A text without blanks: where lines end is a matter of layout."""
    return "".join(text.split())
