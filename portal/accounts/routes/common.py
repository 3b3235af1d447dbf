"""What the routes of accounts share."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

bp = Blueprint("accounts", __name__)
Answer = str | Response | tuple[str, int]
