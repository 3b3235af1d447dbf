"""Shapes of input for applications. Section forms are made from the definition."""

from __future__ import annotations

from functools import partial
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional as MayBeEmpty
from wtforms.validators import ValidationError

from portal import fields, web
from portal.addresses import address_is_right
from portal.applications import labels, rules
from portal.applications.content import cleaned, shown, typed
from portal.definitions import Field, Section
from portal.i18n import _, lazy, words
from portal.kbo import number_is_right
from portal.lifecycle import Refusal

READ = ("integer", "amount", "date")  # kinds that are read, not kept as they are typed


class StartForm(FlaskForm):
    """Which region, and which seat the own organisation takes."""

    region = RadioField(
        lazy("Voor welke regio?"), validators=[web.required(lazy("Kies een regio."))], validate_choice=False
    )
    organisation = SelectField(
        lazy("Voor welke organisatie?"),
        coerce=int,
        validators=[web.required(lazy("Kies een organisatie."))],
        validate_choice=False,
    )
    seat_kind = RadioField(
        lazy("Wat is uw organisatie?"),
        validators=[web.required(lazy("Kies wat uw organisatie is."))],
        validate_choice=False,
    )


class PartnerForm(FlaskForm):
    """Who takes one seat."""

    number = fields.line(lazy("Ondernemingsnummer"), 20, lazy("Vul het ondernemingsnummer in."))
    name = fields.line(lazy("Naam van de organisatie"), 200, lazy("Vul de naam van de organisatie in."))
    kind = RadioField(
        lazy("Soort organisatie"),
        validators=[web.required(lazy("Kies één soort organisatie."))],
        validate_choice=False,
    )
    email = fields.line(lazy("E-mailadres van de partner"), 254, lazy("Vul een e-mailadres in."))

    def validate_number(self, field: StringField) -> None:
        """Say which digit rule fails."""
        _say(number_is_right(field.data or ""))

    def validate_email(self, field: StringField) -> None:
        """An address as people have them."""
        _say(address_is_right(field.data or ""))


def _say(refusal: Refusal | None) -> None:
    if refusal:
        raise ValidationError(web.sentence(refusal))


class EmptyForm(FlaskForm):
    """One button."""


class UploadForm(FlaskForm):
    """One file of one type."""

    file = FileField(lazy("Bestand"))
    type = HiddenField()


class SignForm(FlaskForm):
    """Sign off on what was shown."""

    seen = HiddenField()
    agree = BooleanField(lazy("Wij gaan akkoord met alles wat hierboven staat."))

    def validate_agree(self, field: BooleanField) -> None:
        """Signing is a deed, not a default."""
        if not field.data:
            raise ValidationError(str(lazy("Vink aan dat u akkoord gaat. Anders kunt u niet ondertekenen.")))


class SubmitForm(FlaskForm):
    """Submit this revision."""

    revision = IntegerField(validators=[MayBeEmpty()])


class WithdrawForm(FlaskForm):
    """Take the application back."""

    reason = fields.text(
        lazy("Waarom trekt u de aanvraag in?"), 1000, lazy("Zeg waarom u de aanvraag intrekt.")
    )


class CheckForm(FlaskForm):
    """What stands on a receipt; it asks and changes nothing, so it needs no token."""

    class Meta:
        """Asked by GET."""

        csrf = False

    reference = fields.line(lazy("Dossiernummer"), 20, lazy("Vul het dossiernummer in."))
    digest = fields.line(lazy("Controlegetal (SHA-256)"), 100, lazy("Vul het controlegetal in: 64 tekens."))


def section_form(section: Section) -> type[FlaskForm]:
    """The form of one section: text fields throughout, so that nothing typed is ever lost."""
    members: dict[str, Any] = {"revision": IntegerField(default=0, validators=[MayBeEmpty()])}
    members["seen"] = HiddenField()
    for field in section.fields:
        members[box(field)] = _input(field)
    return type("SectionForm", (FlaskForm,), members)


def box(field: Field) -> str:
    """The name of a field's input."""
    return field.key.replace("-", "_")


def _input(field: Field) -> Any:
    label = words(field.label)
    if field.by_label:
        choices = [web.choice(key, text) for text, key in field.by_label.items()]
        return RadioField(label, choices=choices, validators=[_fits(field)], validate_choice=False)
    kind = TextAreaField if field.kind == "longtext" else StringField
    return kind(label, filters=[partial(_cleaned, field)], validators=[web.no_odd_sign, _fits(field)])


def _cleaned(field: Field, given: str | None) -> str | None:
    return None if given is None else cleaned(field, given)


def as_typed(form: FlaskForm, section: Section) -> dict[str, str]:
    """What stands in the boxes, written as the page would show it again."""
    return {
        box(f): (form[box(f)].data or "") if f.by_label else shown(f, value(form, f)) for f in section.fields
    }


def value(form: FlaskForm, field: Field) -> Any:
    """What was filled in, as the value of its field; None for nothing."""
    data = form[box(field)].data
    return (data or None) if field.by_label else typed(field, data or "")


def read_otherwise(form: FlaskForm, section: Section) -> list[str]:
    """What was typed in one way and is kept in another, each in a sentence: how a number or a day was read.

    Points between thousands that were left out are no other way.
    """
    told = []
    for field in section.fields:
        typed_in = form[box(field)].data or ""
        kept = shown(field, value(form, field)) if field.kind in READ else typed_in
        if typed_in not in (kept, kept.replace(".", "")):
            facts = {"label": words(field.label), "typed": typed_in, "kept": kept}
            told.append(_("“%(label)s”: u schreef %(typed)s, wij lazen %(kept)s.", **facts))
    return told


def malformed(field: Field, value: Any) -> str | None:
    """What is wrong with an answer that cannot be kept, in a sentence."""
    problem = rules.malformed(field, value)
    if problem is None:
        return None
    facts = {
        "minimum": shown(field, field.minimum or 0),
        "maximum": shown(field, field.maximum),
        "min_length": field.min_length,
    }
    return labels.say(f"field_{problem}", label=words(field.label), max_length=field.max_length, **facts)


def _fits(field: Field) -> Any:
    """A malformed answer blocks saving."""

    def check(form: FlaskForm, _box: Any) -> None:
        if (sentence := malformed(field, value(form, field))) is not None:
            raise ValidationError(sentence)

    return check
