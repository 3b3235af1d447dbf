"""Shapes of input for mandates and reopening."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import SelectMultipleField

from portal import fields, web
from portal.i18n import lazy


class ReopenForm(FlaskForm):
    """Which regions, from when, to and including which day, and why."""

    regions = SelectMultipleField(
        lazy("Voor welke regio's?"),
        validators=[web.required(lazy("Kies minstens één regio."))],
        validate_choice=False,
    )
    opens_on = fields.day(lazy("Open vanaf"))
    last_day = fields.day(lazy("Indienen kan tot en met"))
    mandates_start_on = fields.day(lazy("Mandaten starten op"))
    reason = fields.text(
        lazy("Waarom wordt de oproep heropend?"), 1000, lazy("Zeg waarom. De reden is openbaar.")
    )


class ReleaseForm(FlaskForm):
    """One button."""
