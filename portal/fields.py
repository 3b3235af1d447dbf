"""The fields that forms of every room are made of: a line, a longer text, a day. One place cleans and checks
them.
"""

from __future__ import annotations

from typing import Any

from wtforms import StringField, TextAreaField

from portal import web
from portal.i18n import lazy


def line(label: Any, most: int, wanted: Any = None) -> StringField:
    """One line of at most `most` signs; with `wanted`, the sentence that says so where it is empty."""
    return StringField(label, filters=[web.one_line], validators=_checks(most, wanted))


def text(label: Any, most: int, wanted: Any = None) -> TextAreaField:
    """A text of at most `most` signs, in lines; with `wanted`, the sentence that says so where it is empty."""
    return TextAreaField(label, filters=[web.in_lines], validators=_checks(most, wanted))


def day(label: Any, *, wanted: bool = True) -> StringField:
    """A day as people write it; empty only where it is not `wanted`."""
    needed = [web.required(lazy("Vul een dag in, bijvoorbeeld 15/05/2023."))] if wanted else []
    return StringField(label, filters=[web.one_line], validators=[*needed, web.at_most(20), web.is_day])


def _checks(most: int, wanted: Any) -> list[Any]:
    return [*([web.required(wanted)] if wanted is not None else []), web.at_most(most), web.no_odd_sign]
