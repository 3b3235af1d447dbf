"""Shapes of input at the desk."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import StringField


class ProposalForm(FlaskForm):
    """Two buttons: confirm, or withdraw (named `withdraw`)."""

    withdraw = StringField()
