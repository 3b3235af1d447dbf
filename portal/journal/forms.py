"""Shapes of input for the journal."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField, TextAreaField

from portal import web
from portal.i18n import lazy


class DestroyForm(FlaskForm):
    """Which file, up to which day, and the list it stands on."""

    file = StringField(
        lazy("Dossier in het journaal"), filters=[web.clean],
        validators=[web.required(lazy("Schrijf welk dossier.")), web.at_most(120), web.no_nul],
    )  # fmt: skip
    until = StringField(
        lazy("Tot en met"), filters=[web.clean],
        validators=[web.required(lazy("Vul een dag in, bijvoorbeeld 15/05/2023.")), web.is_day],
    )  # fmt: skip
    reason = TextAreaField(
        lazy("Lijst en reden"), filters=[web.clean],
        validators=[web.required(lazy("Schrijf op welke lijst het staat, en waarom.")), web.at_most(500), web.no_nul],
    )  # fmt: skip
