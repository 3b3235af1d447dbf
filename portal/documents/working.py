"""What the worker does with documents: look at those that could not be looked at in their request."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from portal.access import SYSTEM
from portal.db import Database
from portal.documents import actions, queries
from portal.documents.inspection import Inspection, Later, examine
from portal.documents.scanning import Scanner
from portal.documents.storage import Missing, Storage, Unavailable
from portal.jobs import GiveUp, TryLater


def inspect_later(
    subject: str,
    *,
    database: Database,
    storage: Storage,
    scanner: Scanner,
    schemas: Mapping[str, Any],
    now: datetime,
) -> None:
    """Scan and read the document with this id, and put down what was found.

    Raises:
        TryLater: when the store or the scanner is away.
        GiveUp: when the file is not there.
    """
    with database.session() as session:
        document = queries.one(session, int(subject))
        if document is None:
            raise GiveUp("no such document")
        try:
            with storage.open(document.storage_key) as stream:
                found: Inspection = examine(stream, schemas[document.schema], scanner)
        except Missing as problem:
            raise GiveUp("the file is not in the store") from problem
        except (Unavailable, Later) as problem:
            raise TryLater(str(problem), patient=True) from problem
        actions.settle(document, inspection=found, by=SYSTEM, now=now)
