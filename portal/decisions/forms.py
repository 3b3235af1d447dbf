"""Shapes of input for decisions."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectField, StringField

from portal import fields, web
from portal.decisions.labels import OUTCOME
from portal.decisions.rules import Outcome
from portal.definitions import CallType
from portal.i18n import lazy, words


def decision_form(definition: CallType, *, merits: bool) -> type[FlaskForm]:
    """Outcome, reasons per criterion (on the merits), the reason as a whole, a deviation, and who decides."""
    outcomes = (Outcome.APPROVED, Outcome.REJECTED) if merits else (Outcome.INADMISSIBLE,)
    members: dict[str, Any] = {
        "outcome": RadioField(
            lazy("Beslissing"),
            choices=[web.choice(o.value, OUTCOME[o]) for o in outcomes],
            validators=[web.required(lazy("Kies de beslissing."))],
            validate_choice=False,
        )
    }
    if merits:
        for criterion in definition.appraisal.criteria:
            members[f"reason_{criterion.key}"] = fields.text(words(criterion.label), 6000)
    members["reason"] = fields.text(lazy("Motivering van de beslissing"), 6000)
    if merits:
        members["deviation"] = fields.text(lazy("Reden om af te wijken van het advies"), 6000)
    members["seen"] = HiddenField()
    members["authority"] = SelectField(
        lazy("Wie beslist"),
        choices=[web.choice(a.key, words(a.name)) for a in definition.authorities],
        validate_choice=False,
    )
    return type("DecisionForm", (FlaskForm,), members)


class ConfirmForm(FlaskForm):
    """Confirm what was shown (`seen`), or give it back with a reason (the button named `withdraw`)."""

    seen = HiddenField()
    withdraw = StringField()
    reason = fields.text(lazy("Waarom geeft u ze terug?"), 6000)


class ReleaseForm(FlaskForm):
    """One button."""
