"""Mandaatportaal. `create_app` is the composition root: the only place that knows every room."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flask import Flask

    from portal.clock import Clock
    from portal.documents.scanning import Scanner
    from portal.documents.storage import Storage
    from portal.mail import Mailer
    from portal.settings import Settings


def create_app(
    settings: Settings,
    *,
    clock: Clock | None = None,
    storage: Storage | None = None,
    mailer: Mailer | None = None,
    scanner: Scanner | None = None,
) -> Flask:
    """The portal as a WSGI application, joined from its rooms.

    Raises:
        DefinitionError: when `config/` or `uploads_schema/` hold a mistake.
        SchemaError: when the database is at another schema.
    """
    from portal.compose import compose

    return compose(settings, clock=clock, storage=storage, mailer=mailer, scanner=scanner)
