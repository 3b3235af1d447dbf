"""Shapes of input for accounts."""

from __future__ import annotations

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, RadioField, SelectMultipleField
from wtforms.validators import ValidationError

from portal import fields, web
from portal.access import Role
from portal.accounts.labels import ROLES
from portal.accounts.rules.granting import GRANTABLE
from portal.accounts.rules.passwords import password_is_right
from portal.i18n import lazy


class SignInForm(FlaskForm):
    """Address and password."""

    email = fields.line(lazy("E-mailadres"), 254, lazy("Vul uw e-mailadres in."))
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
    """Long enough and hard to guess; what anybody would try first for this person, the route says in
    `own_words`.
    """
    settings = web.parts().settings
    refusal = password_is_right(field.data, (*form.own_words(), settings.service, settings.portal_name))
    if refusal is not None:
        raise ValidationError(web.sentence(refusal))


def _new_password(label: Any) -> PasswordField:
    chosen = web.required(lazy("Kies een wachtwoord."))
    return PasswordField(label, validators=[chosen, web.at_most(2000), web.no_nul, _hard_to_guess])


class AddressForm(FlaskForm):
    """An address of one's own."""

    email = fields.line(lazy("E-mailadres"), 254, lazy("Vul uw e-mailadres in."))


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

    label = fields.line(lazy("Uw functie"), 120, lazy("Vul uw functie in."))
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


class KeptForm(FlaskForm):
    """What comes along from a page before."""

    onward = HiddenField()
    kept = HiddenField()


class FunctionForm(FlaskForm):
    """What somebody does, for the account of who signs in elsewhere."""

    label = fields.line(lazy("Uw functie"), 120, lazy("Vul uw functie in."))


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
    until = fields.day(lazy("Tot en met welke dag?"), wanted=False)


class SwitchForm(FlaskForm):
    """Why an organisation is disabled or enabled."""

    reason = fields.text(lazy("Waarom?"), 500, lazy("Zeg waarom."))


class SignOutForm(FlaskForm):
    """One button."""
