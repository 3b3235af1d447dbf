"""Shapes of input for accounts."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField

from portal import web
from portal.i18n import lazy


class SignInForm(FlaskForm):
    """Address and password."""

    email = StringField(
        lazy("E-mailadres"),
        filters=[web.clean],
        validators=[web.required(lazy("Vul uw e-mailadres in.")), web.at_most(254), web.no_nul],
    )
    password = PasswordField(
        lazy("Wachtwoord"),
        validators=[web.required(lazy("Vul uw wachtwoord in.")), web.at_most(200), web.no_nul],
    )
    onward = HiddenField()
    kept = HiddenField()


class ProveForm(FlaskForm):
    """The password of who is signed in."""

    password = PasswordField(
        lazy("Wachtwoord"),
        validators=[web.required(lazy("Vul uw wachtwoord in.")), web.at_most(200), web.no_nul],
    )
    onward = HiddenField()
    kept = HiddenField()


class SignOutForm(FlaskForm):
    """One button."""
