"""What the routes of the second step share."""

from __future__ import annotations

from flask import Blueprint

bp = Blueprint("second_step", __name__)
