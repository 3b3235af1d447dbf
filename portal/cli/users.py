"""`portal user`: the first administrator, and roles."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import click
from sqlalchemy.orm import Session

from portal import settings as portal_settings
from portal import text
from portal.access import SYSTEM, Role
from portal.accounts import actions, passwords, queries
from portal.accounts.models import Account
from portal.accounts.rules.granting import GRANTABLE
from portal.accounts.rules.passwords import SHORTEST, password_is_right
from portal.clock import SystemClock
from portal.db import Database
from portal.lifecycle import Done, Refused
from portal.second_step import actions as second_step_actions


@click.group()
def user() -> None:
    """Accounts of the department."""


@user.command()
@click.argument("email")
@click.option("--role", type=click.Choice(sorted(r.value for r in GRANTABLE)), required=True)
@click.option("--label", default="medewerker", show_default=True, help="A function, not a name.")
@click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="The last day of the role.")
@click.password_option()
def add(email: str, role: str, label: str, until: datetime | None, password: str) -> None:
    """Make an account with a role of the department."""
    now = SystemClock().now()
    with Database(portal_settings.read().database_url).session() as session:
        account = queries.by_email(session, email)
        if account is None:
            hashed = _hash(email, password)
            called = text.tame(label)
            made = actions.enrol(session, email=email, label=called, password_hash=hashed, by=SYSTEM, now=now)
            account = _value(made)
        last = until.date() if until else None
        _value(actions.grant(account, role=Role(role), until=last, by=SYSTEM, now=now))
    click.echo(f"{email}: {role}")


@user.command()
@click.argument("email")
def disable(email: str) -> None:
    """End all access of an account."""
    with Database(portal_settings.read().database_url).session() as session:
        _value(actions.disable(_known(session, email), by=SYSTEM, now=SystemClock().now()))
    click.echo(f"{email}: disabled")


@user.command()
@click.argument("email")
@click.password_option()
def password(email: str, password: str) -> None:
    """Give an account a new password; it is signed out everywhere."""
    hashed = _hash(email, password)
    with Database(portal_settings.read().database_url).session() as session:
        changed = actions.change_password(
            _known(session, email), password_hash=hashed, by=SYSTEM, now=SystemClock().now()
        )
        _value(changed)
    click.echo(f"{email}: new password")


@user.command("remove-second-step")
@click.argument("email")
def remove_second_step(email: str) -> None:
    """Take the second step of an account away: its device and recovery codes are lost. It is told by mail."""
    with Database(portal_settings.read().database_url).session() as session:
        taken = second_step_actions.take_second_step(_known(session, email), by=SYSTEM, now=SystemClock().now())
        _value(taken)
    click.echo(f"{email}: no second step any more; one is asked again at the next sign-in")


def _hash(email: str, password: str) -> str:
    if refusal := password_is_right(password, (email,)):
        raise click.ClickException(
            f"{refusal.code}: take at least {SHORTEST} characters that are hard to guess"
        )
    return passwords.hash_of(password)


def _known(session: Session, email: str) -> Account:
    found = queries.by_email(session, email)
    if found is None:
        raise click.ClickException(f"there is no account {email}")
    return found


def _value(outcome: Done | Refused) -> Any:
    if isinstance(outcome, Refused):
        raise click.ClickException("; ".join(r.code for r in outcome.refusals))
    return outcome.value
