"""Shapes of input for sharing a page."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField

from portal import web


class SharePageForm(FlaskForm):
    """Which page is shared."""

    path = HiddenField(validators=[web.at_most(300), web.no_odd_sign])
