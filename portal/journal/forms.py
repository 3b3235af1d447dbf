"""Shapes of input for the journal."""

from __future__ import annotations

from flask_wtf import FlaskForm

from portal import fields
from portal.i18n import lazy


class DestroyForm(FlaskForm):
    """Which file, up to which day, and the list it stands on."""

    file = fields.line(lazy("Dossier in het journaal"), 120, lazy("Schrijf welk dossier."))
    until = fields.day(lazy("Tot en met"))
    reason = fields.text(lazy("Lijst en reden"), 500, lazy("Schrijf op welke lijst het staat, en waarom."))
