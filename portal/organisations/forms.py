"""Shapes of input for organisations."""

from __future__ import annotations

from flask_wtf import FlaskForm

from portal import fields
from portal.i18n import lazy


class JoinForm(FlaskForm):
    """For which organisation somebody wants to act."""

    number = fields.line(lazy("Ondernemingsnummer"), 20, lazy("Vul het ondernemingsnummer in."))
    name = fields.line(lazy("Naam van de organisatie"), 200, lazy("Vul de naam van de organisatie in."))


class RefuseForm(FlaskForm):
    """Why somebody may not act for an organisation."""

    reason = fields.text(lazy("Waarom niet?"), 500, lazy("Zeg waarom niet. De aanvrager leest dit."))


class MergeForm(FlaskForm):
    """In which organisation another went, since when, and by what."""

    into = fields.line(lazy("In welke organisatie ging ze op?"), 20, lazy("Vul het ondernemingsnummer in."))
    on = fields.day(lazy("Sinds welke dag?"))
    reason = fields.text(lazy("Op grond waarvan?"), 500, lazy("Zeg waarom."))
