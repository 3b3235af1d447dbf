"""`portal journal verify`: recompute every chain; `portal journal key`: make the key that signs its heads."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from portal import settings as portal_settings
from portal.db import Database
from portal.journal import notes, queries


@click.group()
def journal() -> None:
    """The journal's chains."""


@journal.command()
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path), help="The demo's folder, instead of the settings."
)
def verify(folder: Path | None) -> None:
    """Recompute every chain: 1 and a line for each entry that does not hold."""
    url = f"sqlite:///{folder.resolve()}/portal.sqlite" if folder else portal_settings.read().database_url
    with Database(url).session() as session:
        wrong = queries.verify(session)
    for line in wrong:
        click.echo(line, err=True)
    click.echo("every chain holds" if not wrong else f"{len(wrong)} mistakes")
    sys.exit(1 if wrong else 0)


@journal.command()
@click.argument("name")
def key(name: str) -> None:
    """Make a key that signs heads, for PORTAL_JOURNAL_KEY; NAME is the log's, like portaal.example/journaal."""
    if not name or "+" in name or any(sign.isspace() for sign in name):
        raise click.BadParameter("a name has no spaces and no plus sign")
    made = notes.Signer(name, Ed25519PrivateKey.generate())
    click.echo(str(made))
    click.echo(f"public: {made.verifier}", err=True)
