"""`portal check`: one line for each part; 0 when all are right."""

from __future__ import annotations

import os

import click

from portal import definitions
from portal import settings as portal_settings


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
    else:
        portal_settings.defaults(folder)
        lines.append("settings: none given (the demo needs none)")
    for line in lines:
        click.echo(f"ok  {line}")


def _open(call_type: definitions.CallType) -> str:
    points = call_type.unconfirmed()
    return f", not confirmed: {', '.join(points)}" if points else ""
