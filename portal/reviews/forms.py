"""Shapes of input for reviews. The checklist and the criteria come from the definition."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, IntegerField, RadioField, SelectMultipleField
from wtforms.validators import Optional as MayBeEmpty

from portal import fields, web
from portal.definitions import CallType
from portal.i18n import lazy, words
from portal.reviews.labels import TIES

YES_NO = {"yes": True, "no": False}


def finding_form(definition: CallType) -> type[FlaskForm]:
    """The checklist of admissibility, the conclusion and the reason."""
    yes_no = [web.choice("yes", str(lazy("Ja"))), web.choice("no", str(lazy("Nee")))]
    members: dict[str, Any] = {
        f"check_{check.key}": RadioField(words(check.label), choices=yes_no, validate_choice=False)
        for check in definition.admissibility
    }
    members["admissible"] = RadioField(
        lazy("Is de aanvraag ontvankelijk?"),
        choices=[
            web.choice("yes", str(lazy("Ontvankelijk"))),
            web.choice("no", str(lazy("Niet ontvankelijk"))),
        ],
        validate_choice=False,
    )
    members["reason"] = fields.text(lazy("Reden"), 4000)
    return type("FindingForm", (FlaskForm,), members)


def checks(form: FlaskForm, definition: CallType) -> dict[str, bool | None]:
    """The answers of the checklist; None where none was given."""
    return {c.key: YES_NO.get(form[f"check_{c.key}"].data or "") for c in definition.admissibility}


class AssignForm(FlaskForm):
    """Who appraises a region."""

    reviewers = SelectMultipleField(
        lazy("Beoordelaars"),
        coerce=int,
        validators=[web.required(lazy("Kies minstens één beoordelaar."))],
        validate_choice=False,
    )


class TakeBackForm(FlaskForm):
    """Why an assignment is taken back, as the page showed it (`seen`)."""

    seen = HiddenField()
    reason = fields.text(lazy("Waarom neemt u deze toewijzing terug?"), 1000)


class TieForm(FlaskForm):
    """A tie to an organisation: no data of relatives."""

    number = fields.line(
        lazy("Ondernemingsnummer van de organisatie"), 20, lazy("Vul het ondernemingsnummer in.")
    )
    kind = RadioField(
        lazy("Welke band?"),
        choices=[web.choice(key, label) for key, label in TIES.items()],
        validators=[web.required(lazy("Kies welke band het is."))],
    )


class FreeForm(FlaskForm):
    """One button: I have no tie."""


def score_form(definition: CallType) -> type[FlaskForm]:
    """A level and a reason for each criterion."""
    levels = [web.choice(str(level.score), words(level.label)) for level in definition.appraisal.levels]
    members: dict[str, Any] = {"revision": IntegerField(validators=[MayBeEmpty()]), "seen": HiddenField()}
    for criterion in definition.appraisal.criteria:
        members[f"score_{criterion.key}"] = RadioField(
            words(criterion.label), choices=levels, validate_choice=False
        )
        members[f"reason_{criterion.key}"] = fields.text(lazy("Motivering"), 4000)
    return type("ScoreForm", (FlaskForm,), members)


def given(form: FlaskForm, definition: CallType) -> dict[str, tuple[int | None, str]]:
    """Level and reason by criterion as filled in; a level that is no number counts as none."""
    found = {}
    for criterion in definition.appraisal.criteria:
        level = form[f"score_{criterion.key}"].data or ""
        number = int(level) if level.isascii() and level.isdigit() and len(level) < 4 else None
        found[criterion.key] = (number, form[f"reason_{criterion.key}"].data or "")
    return found
