"""Shapes of input for calls."""

from __future__ import annotations

from flask_wtf import FlaskForm


class PublishForm(FlaskForm):
    """One button: the facts stand in the definition."""
