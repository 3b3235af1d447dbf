"""Reading what people write, on a page or in the box of a PDF: numbers and days, as in Belgium.

A comma stands before decimals; a point or a blank stands between thousands (*1.234,50*, *1 234,50*). What
could be read in two ways is not read at all: whoever wrote it is asked. Nothing here raises an exception.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

LONGEST = 12  # digits before the comma: with two after it still below 2^53, as every reader of JSON keeps
BLANKS = "\u0020\u00a0\u2007\u2009\u202f"  # also those that word processors put between thousands
MINUS = "-\u2212"
GROUPED = re.compile(rf"[1-9][0-9]{{0,2}}(?:([.{BLANKS}])[0-9]{{3}})(?:\1[0-9]{{3}})*")
PLAIN = re.compile(r"[0-9]+")
EURO = re.compile(r"€|euro|EUR", re.IGNORECASE)


class Unread(StrEnum):
    """Why a text is not read as the number that is asked."""

    NO_NUMBER = "not_a_number"
    NOT_WHOLE = "not_whole"  # it has decimals, and a whole number is asked
    POINT = "point_before_decimals"  # *12.50*: twelve and a half, or a slip in 1.250?
    TOO_PRECISE = "too_precise"  # more than two decimals: *1,234* may be a thousand
    TOO_LONG = "too_long_a_number"


@dataclass(frozen=True)
class Number:
    """A number that was read, in units of its last decimal (euro cents where two are asked)."""

    units: int


def number(text: str, decimals: int = 0) -> Number | Unread:
    """A number with at most so many decimals, or why it is none; an amount (two) may carry its euro sign."""
    bare = text.strip()
    if decimals == 2:
        bare = EURO.sub("", bare, count=1).strip()
    negative = bare[:1] in MINUS and bare != ""
    whole, comma, rest = (bare[1:] if negative else bare).strip().partition(",")
    if comma and not PLAIN.fullmatch(rest):
        return Unread.NO_NUMBER
    if not PLAIN.fullmatch(whole) and not GROUPED.fullmatch(whole):
        before, point, after = whole.partition(".")
        pointed = point and not comma and PLAIN.fullmatch(before) and PLAIN.fullmatch(after)
        return Unread.POINT if pointed else Unread.NO_NUMBER
    digits = re.sub(rf"[.{BLANKS}]", "", whole)
    if len(digits) > LONGEST:
        return Unread.TOO_LONG
    if comma and len(rest) > decimals:
        return Unread.TOO_PRECISE if decimals else Unread.NOT_WHOLE
    units = int(digits + rest.ljust(decimals, "0"))
    return Number(-units if negative else units)


def written(units: int, decimals: int = 0) -> str:
    """A number as it is shown and can be read again: *1.234,50*."""
    sign, digits = "-" if units < 0 else "", str(abs(units)).rjust(decimals + 1, "0")
    whole, rest = (digits[:-decimals], digits[-decimals:]) if decimals else (digits, "")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{sign}{grouped},{rest}" if decimals else f"{sign}{grouped}"


def day(text: str) -> date | None:
    """A day as people write it, *15/05/2023*, or as machines do, *2023-05-15*; None for anything else."""
    bare = text.strip()
    found = re.fullmatch(r"([0-9]{1,2})([/.-])([0-9]{1,2})\2([0-9]{4})", bare, re.ASCII)
    machine = re.fullmatch(r"([0-9]{4})-([0-9]{2})-([0-9]{2})", bare, re.ASCII)
    if found is None and machine is None:
        return None
    parts = (found[4], found[3], found[1]) if found is not None else machine.groups()  # type: ignore[union-attr]
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def written_day(value: date) -> str:
    """A day as it is shown in a box and can be read again: *15/05/2023*."""
    return f"{value.day:02d}/{value.month:02d}/{value.year:04d}"
