"""`portal`: the one program. A small file per command group; errors are sentences, never a traceback."""

from __future__ import annotations

import sys

import click
from sqlalchemy.exc import OperationalError

from portal.cli import check, deliver, demo, journal, seed, serve, users, verify
from portal.definitions import DefinitionError
from portal.documents.storage import Unavailable
from portal.migrations import SchemaError
from portal.settings import SettingsError


@click.group()
def program() -> None:
    """Mandaatportaal."""


program.add_command(demo.demo)
program.add_command(serve.serve)
program.add_command(serve.migrate)
program.add_command(deliver.deliver)
program.add_command(check.check)
program.add_command(journal.journal)
program.add_command(users.user)
program.add_command(seed.seed)
program.add_command(verify.verify)


def main() -> None:
    """Run the program; a wrong setting or definition ends it with a sentence for each mistake."""
    try:
        program.main(standalone_mode=True)
    except (SettingsError, DefinitionError, SchemaError) as problem:
        click.echo(str(problem), err=True)
        sys.exit(2)
    except Unavailable as problem:
        click.echo(f"PORTAL_STORAGE_URL: {problem}", err=True)
        sys.exit(2)
    except OperationalError as problem:
        click.echo(f"PORTAL_DATABASE_URL: the database does not answer: {str(problem.orig).strip()}", err=True)
        sys.exit(2)
