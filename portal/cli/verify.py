"""`portal verify`: every stored file, submission, letter and chain against what is on record."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path

import click
from sqlalchemy.orm import Session

from portal import settings as portal_settings
from portal.applications import queries as applications
from portal.db import Database
from portal.documents import queries as documents
from portal.documents.storage import Missing, Storage
from portal.documents.stores import from_settings
from portal.journal import log, notes
from portal.journal import queries as journal


@click.command()
@click.option(
    "--dir", "folder", type=click.Path(path_type=Path), help="The demo's folder, instead of the settings."
)
@click.option(
    "--head",
    "heads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    multiple=True,
    help="A head of the journal that somebody kept: does the log still hold what it held then?",
)
@click.option("--key", help="The key that signed it, where it is not the one of the settings.")
def verify(folder: Path | None, heads: tuple[Path, ...], key: str | None) -> None:
    """Check everything that was acknowledged: 1 and a line for each thing that does not hold."""
    settings = portal_settings.demo(folder.resolve(), "http://127.0.0.1") if folder else portal_settings.read()
    with Database(settings.database_url).session() as session:
        wrong = [
            *_files(session, from_settings(settings)),
            *_submissions(session),
            *journal.verify(session),
            *(line for file in heads for line in _head(session, file, settings, key)),
        ]
    for line in wrong:
        click.echo(line, err=True)
    click.echo("everything holds" if not wrong else f"{len(wrong)} mistakes")
    sys.exit(1 if wrong else 0)


def _files(session: Session, storage: Storage) -> list[str]:
    wrong, count = [], 0
    for key, size, sha256 in documents.all_stored(session):
        count += 1
        try:
            with storage.open(key) as stream:
                body = stream.read()
        except Missing:
            wrong.append(f"file {key}: is missing")
            continue
        if (len(body), hashlib.sha256(body).hexdigest()) != (size, sha256):
            wrong.append(f"file {key}: was changed")
    click.echo(f"{count} files")
    return wrong


def _submissions(session: Session) -> list[str]:
    found = applications.all_submissions(session)
    click.echo(f"{len(found)} submissions")
    return [
        f"submission {number} of {reference}: was changed"
        for reference, number, content, sha256 in found
        if hashlib.sha256(content).hexdigest() != sha256
    ]


def _head(session: Session, file: Path, settings: portal_settings.Settings, key: str | None) -> list[str]:
    """Whether the log only grew since a head that somebody kept."""
    try:
        verifier = notes.Verifier.read(key) if key else log.signer_of(settings).verifier
        kept = notes.read_head(file.read_text("utf-8"), verifier)
    except (notes.NoteError, OSError, UnicodeDecodeError) as problem:
        return [f"{file}: {problem}"]
    size = log.size_of(session)
    if kept.size > size:
        return [f"{file}: is over {kept.size} acts, and the log holds {size}"]
    if log.root_of(session, kept.size) != kept.root:
        return [f"{file}: the log is not what it was when this head was signed"]
    click.echo(f"the log grew from {kept.size} to {size} acts since that head, and nothing before it changed")
    return []
