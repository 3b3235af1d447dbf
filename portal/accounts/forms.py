"""Shapes of input for accounts."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.validators import ValidationError

from portal import web
from portal.access import Role
from portal.accounts.labels import ROLES
from portal.accounts.rules import GRANTABLE, password_is_right
from portal.i18n import lazy


def _line(label: Any, wanted: Any, most: int) -> StringField:
    """A line of text that must be there."""
    return StringField(
        label, filters=[web.clean], validators=[web.required(wanted), web.at_most(most), web.no_nul]
    )


def _reason(label: Any, wanted: Any) -> TextAreaField:
    return TextAreaField(
        label, filters=[web.clean], validators=[web.required(wanted), web.at_most(500), web.no_nul]
    )


class SignInForm(FlaskForm):
    """Address and password."""

    email = _line(lazy("E-mailadres"), lazy("Vul uw e-mailadres in."), 254)
    password = PasswordField(
        lazy("Wachtwoord"),
        validators=[web.required(lazy("Vul uw wachtwoord in.")), web.at_most(2000), web.no_nul],
    )
    onward = HiddenField()
    kept = HiddenField()


class ProveForm(FlaskForm):
    """The password of who is signed in."""

    password = PasswordField(
        lazy("Wachtwoord"),
        validators=[web.required(lazy("Vul uw wachtwoord in.")), web.at_most(2000), web.no_nul],
    )
    onward = HiddenField()
    kept = HiddenField()


def _hard_to_guess(form: Any, field: Any) -> None:
    """Long enough and hard to guess; what anybody would try first for this person, the route says in `own_words`."""
    settings = web.parts().settings
    refusal = password_is_right(field.data, (*form.own_words(), settings.service, settings.portal_name))
    if refusal is not None:
        raise ValidationError(web.sentence(refusal))


def _new_password(label: Any) -> PasswordField:
    chosen = web.required(lazy("Kies een wachtwoord."))
    return PasswordField(label, validators=[chosen, web.at_most(2000), web.no_nul, _hard_to_guess])


class AddressForm(FlaskForm):
    """An address of one's own."""

    email = _line(lazy("E-mailadres"), lazy("Vul uw e-mailadres in."), 254)


class PasswordForm(FlaskForm):
    """A new password of somebody with this address."""

    def __init__(self, email: str) -> None:
        super().__init__()
        self.email = email

    def own_words(self) -> tuple[str, ...]:
        """What anybody would try first."""
        return (self.email,)


class NewAccountForm(PasswordForm):
    """What an account needs once its address is proved."""

    label = _line(lazy("Uw functie"), lazy("Vul uw functie in."), 120)
    password = _new_password(lazy("Wachtwoord"))

    def own_words(self) -> tuple[str, ...]:
        """The function too."""
        return (self.email, self.label.data or "")


class NewPasswordForm(PasswordForm):
    """A new password by a mailed link."""

    password = _new_password(lazy("Nieuw wachtwoord"))


class ChangePasswordForm(NewPasswordForm):
    """A new password by who knows the old one."""

    current = PasswordField(
        lazy("Huidig wachtwoord"),
        validators=[web.required(lazy("Vul uw huidige wachtwoord in.")), web.at_most(2000), web.no_nul],
    )


class CodeForm(FlaskForm):
    """A code of an app, or one from paper."""

    code = _line(lazy("Code"), lazy("Vul de code in."), 40)
    onward = HiddenField()
    kept = HiddenField()


class PasskeyForm(FlaskForm):
    """What a browser answered for a passkey, as JSON."""

    credential = HiddenField()
    onward = HiddenField()
    kept = HiddenField()


class KeptForm(FlaskForm):
    """What comes along from a page before."""

    onward = HiddenField()
    kept = HiddenField()


class SharePageForm(FlaskForm):
    """Which page is shared."""

    path = HiddenField(validators=[web.at_most(300), web.no_nul])


class FunctionForm(FlaskForm):
    """What somebody does, for the account of who signs in elsewhere."""

    label = _line(lazy("Uw functie"), lazy("Vul uw functie in."), 120)


class GrantForm(FlaskForm):
    """A role of the department, where it holds, and its last day."""

    role = RadioField(
        lazy("Welke rol?"),
        choices=[web.choice(role.value, ROLES[role]) for role in Role if role in GRANTABLE],
        validators=[web.required(lazy("Kies een rol."))],
        validate_choice=False,
    )
    reach = RadioField(
        lazy("Waar geldt de rol?"),
        choices=[
            web.choice("everywhere", lazy("In alle regio's")),
            web.choice("some", lazy("Alleen in de regio's die u hieronder aankruist")),
        ],
        validators=[web.required(lazy("Kies waar de rol geldt."))],
    )
    regions = SelectMultipleField(lazy("Regio's"), validate_choice=False)
    until = StringField(
        lazy("Tot en met welke dag?"), filters=[web.clean], validators=[web.at_most(20), web.is_day]
    )


class JoinForm(FlaskForm):
    """For which organisation somebody wants to act."""

    number = _line(lazy("Ondernemingsnummer"), lazy("Vul het ondernemingsnummer in."), 20)
    name = _line(lazy("Naam van de organisatie"), lazy("Vul de naam van de organisatie in."), 200)


class RefuseForm(FlaskForm):
    """Why somebody may not act for an organisation."""

    reason = _reason(lazy("Waarom niet?"), lazy("Zeg waarom niet. De aanvrager leest dit."))


class MergeForm(FlaskForm):
    """In which organisation another went, since when, and by what."""

    into = _line(lazy("In welke organisatie ging ze op?"), lazy("Vul het ondernemingsnummer in."), 20)
    on = StringField(
        lazy("Sinds welke dag?"),
        filters=[web.clean],
        validators=[
            web.required(lazy("Vul een dag in, bijvoorbeeld 15/05/2023.")),
            web.at_most(20),
            web.is_day,
        ],
    )
    reason = _reason(lazy("Op grond waarvan?"), lazy("Zeg waarom."))


class SwitchForm(FlaskForm):
    """Why an organisation is disabled or enabled."""

    reason = _reason(lazy("Waarom?"), lazy("Zeg waarom."))


class SignOutForm(FlaskForm):
    """One button."""
