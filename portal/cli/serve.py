"""`portal serve` and `portal migrate`."""

from __future__ import annotations

from typing import Any

import click

from portal import settings as portal_settings
from portal.cli import serving
from portal.cli.whole import Whole
from portal.gate import uploading
from portal.journal.actions import record_start


@click.command()
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65_535))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--workers", default=2, show_default=True, type=click.IntRange(1, 64))
def serve(port: int, host: str, workers: int) -> None:
    """Serve the portal with the PORTAL_ settings of the environment."""
    from portal import create_app

    parts = create_app(portal_settings.read()).extensions[
        "portal"
    ]  # a mistake stops the start here, with its sentence
    record_start(parts.database, "serve", parts.clock.now())
    parts.database.dispose()
    serving.run("portal.cli.serve:app", host=host, port=port, workers=workers, environ={})


def app() -> Any:
    """The application, in a server's worker."""
    from portal import create_app, logs

    logs.configure()
    settings = portal_settings.read()
    return Whole(create_app(settings), serving.THREADS, kept=uploading(settings))


@click.command()
def migrate() -> None:
    """Bring the schema to the newest revision, and load regions and call types from `config/`."""
    from portal import definitions, migrations, schema

    settings = portal_settings.read()
    defined = definitions.load(settings.project_dir)
    schema.migrate(settings.database_url, defined, owner_url=settings.owner_database_url)
    click.echo(f"The schema is {migrations.head()}.")
