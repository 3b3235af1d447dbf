"""Shapes of input for mandates and reopening."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField, StringField, TextAreaField

from portal import web
from portal.i18n import lazy


def _day(label: Any) -> StringField:
    needed = web.required(lazy("Vul een dag in, bijvoorbeeld 15/05/2023."))
    return StringField(label, filters=[web.clean], validators=[needed, web.is_day])


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
