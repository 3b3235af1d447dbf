"""Shapes of input for mandates and reopening."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField, TextAreaField
from wtforms.validators import ValidationError

from portal import web
from portal.i18n import lazy


def a_day(text: str) -> date | None:
    """A day as people write it, `15/05/2023`; None for anything else."""
    parts = text.replace("-", "/").replace(".", "/").split("/")
    if (
        len(parts) != 3
        or not all(p.isascii() and p.isdigit() and len(p) <= 4 for p in parts)
        or len(parts[2]) != 4
    ):
        return None
    try:
        return date(int(parts[2]), int(parts[1]), int(parts[0]))
    except ValueError:
        return None


def _is_day(_form: Any, field: StringField) -> None:
    if a_day(field.data or "") is None:
        raise ValidationError(
            str(lazy("Schrijf een bestaande dag als dag/maand/jaar, bijvoorbeeld 15/05/2023."))
        )


def _day(label: Any) -> StringField:
    needed = web.required(lazy("Vul een dag in, bijvoorbeeld 15/05/2023."))
    return StringField(label, filters=[web.clean], validators=[needed, _is_day])


class ReopenForm(FlaskForm):
    """Which regions, from when, to and including which day, and why."""

    regions = SelectMultipleField(
        lazy("Voor welke regio's?"),
        validators=[web.required(lazy("Kies minstens één regio."))],
        validate_choice=False,
    )
    opens_on = _day(lazy("Open vanaf"))
    last_day = _day(lazy("Indienen kan tot en met"))
    mandates_start_on = _day(lazy("Mandaten starten op"))
    reason = TextAreaField(
        lazy("Waarom wordt de oproep heropend?"),
        filters=[web.clean],
        validators=[web.required(lazy("Zeg waarom. De reden is openbaar.")), web.at_most(1000), web.no_nul],
    )


class ReleaseForm(FlaskForm):
    """One button."""
