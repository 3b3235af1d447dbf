"""Shapes of input for the second step."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField

from portal import fields
from portal.i18n import lazy


class CodeForm(FlaskForm):
    """A code of an app, or one from paper."""

    code = fields.line(lazy("Code"), 40, lazy("Vul de code in."))
    onward = HiddenField()
    kept = HiddenField()


class PasskeyForm(FlaskForm):
    """What a browser answered for a passkey, as JSON."""

    credential = HiddenField()
    onward = HiddenField()
    kept = HiddenField()
