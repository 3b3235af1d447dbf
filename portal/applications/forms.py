"""Shapes of input for applications. Section forms are made from the definition."""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional as MayBeEmpty
from wtforms.validators import ValidationError

from portal import web
from portal.applications import labels
from portal.applications.rules import field_problem
from portal.definitions import CallType, Field, Section
from portal.i18n import _, lazy


class StartForm(FlaskForm):
    """Which region, and which seat the own organisation takes."""

    region = RadioField(lazy("Voor welke regio?"), validators=[web.required(lazy("Kies een regio."))])
    organisation = SelectField(
        lazy("Voor welke organisatie?"), coerce=int, validators=[web.required(lazy("Kies een organisatie."))]
    )
    seat_kind = RadioField(
        lazy("Wat is uw organisatie?"), validators=[web.required(lazy("Kies wat uw organisatie is."))]
    )


class PartnerForm(FlaskForm):
    """Who takes one seat."""

    number = StringField(
        lazy("Ondernemingsnummer"), filters=[web.clean],
        validators=[web.required(lazy("Vul het ondernemingsnummer in.")), web.at_most(20), web.no_nul],
    )  # fmt: skip
    name = StringField(
        lazy("Naam van de organisatie"), filters=[web.clean],
        validators=[web.required(lazy("Vul de naam van de organisatie in.")), web.at_most(200), web.no_nul],
    )  # fmt: skip
    kind = RadioField(lazy("Soort organisatie"), validators=[web.required(lazy("Kies één soort organisatie."))])
    email = StringField(
        lazy("E-mailadres van de partner"), filters=[web.clean],
        validators=[web.required(lazy("Vul een e-mailadres in.")), web.at_most(254), web.no_nul],
    )  # fmt: skip

    def validate_number(self, field: StringField) -> None:
        """Say which digit rule fails."""
        from portal.applications.rules import enterprise_number

        _digits, problem = enterprise_number(field.data)
        if problem:
            raise ValidationError(labels.say(problem, number=field.data))

    def validate_email(self, field: StringField) -> None:
        """An address as people have them."""
        from portal.applications.rules import EMAIL

        if not EMAIL.fullmatch(field.data):
            raise ValidationError(_("Dit is geen e-mailadres. Schrijf het zoals info@organisatie.example."))


class EmptyForm(FlaskForm):
    """One button."""


class UploadForm(FlaskForm):
    """One file of one type."""

    file = FileField(lazy("Bestand"))
    type = HiddenField()


class DetachForm(FlaskForm):
    """Which file to take out."""

    document = IntegerField(validators=[web.required(lazy("Kies een bestand."))])


class SignForm(FlaskForm):
    """Sign off on what was shown."""

    seen = HiddenField()
    agree = BooleanField(lazy("Wij gaan akkoord met alles wat hierboven staat."))

    def validate_agree(self, field: BooleanField) -> None:
        """Signing is a deed, not a default."""
        if not field.data:
            raise ValidationError(_("Vink aan dat u akkoord gaat. Anders kunt u niet ondertekenen."))


class SubmitForm(FlaskForm):
    """Submit this revision."""

    revision = IntegerField(validators=[MayBeEmpty()])


class WithdrawForm(FlaskForm):
    """Take the application back."""

    reason = TextAreaField(
        lazy("Waarom trekt u de aanvraag in?"), filters=[web.clean],
        validators=[web.required(lazy("Zeg waarom u de aanvraag intrekt.")), web.at_most(1000), web.no_nul],
    )  # fmt: skip


class CheckForm(FlaskForm):
    """What stands on a receipt."""

    reference = StringField(
        lazy("Dossiernummer"), filters=[web.clean],
        validators=[web.required(lazy("Vul het dossiernummer in.")), web.at_most(20), web.no_nul],
    )  # fmt: skip
    digest = StringField(
        lazy("Controlegetal (SHA-256)"), filters=[web.clean],
        validators=[web.required(lazy("Vul het controlegetal in: 64 tekens.")), web.at_most(100), web.no_nul],
    )  # fmt: skip


def section_form(definition: CallType, section: Section) -> type[FlaskForm]:
    """The form of one section: text fields throughout, so that nothing typed is ever lost."""
    members: dict[str, Any] = {"revision": IntegerField(default=0, validators=[MayBeEmpty()])}
    for field in section.fields:
        members[field.key.replace("-", "_")] = _input(field)
    return type("SectionForm", (FlaskForm,), members)


def _input(field: Field) -> Any:
    label = lazy_text(field.label)
    checks = [web.no_nul, _fits(field)]
    if field.kind == "longtext":
        return TextAreaField(label, filters=[web.clean], validators=checks)
    if field.kind == "choice":
        choices = [(c.key, lazy_text(c.label)) for c in field.choices]
        return RadioField(label, choices=choices, validators=[_fits(field)], validate_choice=False)
    if field.kind == "yesno":
        choices = [("yes", lazy("Ja")), ("no", lazy("Nee"))]
        return RadioField(label, choices=choices, validators=[_fits(field)], validate_choice=False)
    return StringField(label, filters=[web.clean], validators=checks)


def lazy_text(text: Any) -> Any:
    """A definition's text in the language of the request."""
    from babel.support import LazyProxy

    return LazyProxy(lambda: web.words(text), enable_cache=False)


def _fits(field: Field) -> Any:
    def check(form: FlaskForm, box: Any) -> None:
        problem = field_problem(field, typed(field, box.data))
        if problem:
            facts = {"minimum": field.minimum, "maximum": field.maximum, "min_length": field.min_length}
            raise ValidationError(
                labels.say(
                    f"field_{problem}", label=web.words(field.label), max_length=field.max_length, **facts
                )
            )

    return check


def typed(field: Field, text: Any) -> Any:
    """What was typed as the kind of the field; what cannot be read stays text, so that it is refused by name."""
    if text in (None, ""):
        return None
    text = str(text)
    if field.kind == "integer":
        compact = text.replace(" ", "").replace(".", "")
        return int(compact) if compact.lstrip("-").isascii() and compact.lstrip("-").isdigit() else text
    if field.kind == "amount":
        try:
            cents = Decimal(text.replace("€", "").replace(" ", "").replace(".", "").replace(",", ".")) * 100
        except InvalidOperation:
            return text
        return int(cents) if cents == cents.to_integral_value() else text
    if field.kind == "date" and len(parts := text.replace("-", "/").split("/")) == 3 and len(parts[2]) == 4:
        try:
            return date(int(parts[2]), int(parts[1]), int(parts[0])).isoformat()
        except ValueError:
            return text
    return text


def shown(field: Field, value: Any) -> str:
    """A stored value as it stands in its box."""
    if value is None:
        return ""
    if field.kind == "amount" and isinstance(value, int):
        return f"{value // 100},{value % 100:02d}"
    return str(value)
