"""`portal check`: one line for each part; 0 when all are right."""

from __future__ import annotations

import os

import click

from portal import definitions, mail, migrations
from portal import settings as portal_settings
from portal.db import Database
from portal.documents.scanning import Clamd, ScannerDown
from portal.documents.storage import Unavailable
from portal.documents.stores import from_settings
from portal.jobs import TryLater
from portal.journal.log import signer_of


@click.command()
def check() -> None:
    """Check definitions, and settings where any are given."""
    folder = portal_settings.project_dir()
    defined = definitions.load(folder)
    lines = [
        f"regions: {len(defined.regions)}, {sum(len(r.municipalities) for r in defined.regions)} municipalities"
        + ("" if defined.regions_confirmed else ", not confirmed"),
        *(f"call type {k}: {t.digest[:12]}{_open(t)}" for k, t in defined.call_types.items()),
        *(
            f"call {k}: {len(c.first_round.regions)} regions, until {c.first_round.last_day}"
            for k, c in defined.calls.items()
        ),
        *(f"upload {k}: at most {s['x-limits']['bytes']} bytes" for k, s in defined.schemas.items()),
    ]
    if any(name.startswith("PORTAL_") and name != "PORTAL_PROJECT_DIR" for name in os.environ):
        found = portal_settings.read()
        lines.append(f"settings: {found.base_url}")
        lines += _parts(found)
    else:
        portal_settings.defaults(folder)
        lines.append("settings: none given (the demo needs none)")
    for line in lines:
        click.echo(f"ok  {line}")


def _parts(settings: portal_settings.Settings) -> list[str]:
    """Each part that the settings name, asked; a part in trouble ends the check with its sentence."""
    database = Database(settings.database_url)
    try:
        migrations.require(database)
        from_settings(settings).check()
        if settings.clamd:
            Clamd(settings.clamd).check()
        mail.from_url(settings.smtp_url).check()
    except Unavailable as problem:
        raise click.ClickException(f"PORTAL_STORAGE_URL: {problem}") from problem
    except ScannerDown as problem:
        raise click.ClickException(f"PORTAL_CLAMD: {problem}") from problem
    except TryLater as problem:
        raise click.ClickException(f"PORTAL_SMTP_URL: {problem}") from problem
    finally:
        database.dispose()
    return [
        f"database: schema {migrations.head()}",
        f"storage: {settings.storage_url}",
        f"scanner: {settings.clamd or 'none, files are not scanned'}",
        f"mail: from {settings.mail_from}",
        f"journal: heads are signed by {signer_of(settings).verifier}"
        + ("" if settings.journal_key else ", made from PORTAL_SECRET_KEY"),
    ]


def _open(call_type: definitions.CallType) -> str:
    points = call_type.unconfirmed()
    return f", not confirmed: {', '.join(points)}" if points else ""
