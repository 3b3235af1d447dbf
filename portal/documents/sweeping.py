"""Bytes that no document points to: forgotten at once where it is known that none will, swept later by age
where it is not.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from itertools import islice

from portal.db import Database
from portal.documents import queries
from portal.documents.storage import Storage, Unavailable

log = logging.getLogger("portal.documents")
ORPHAN_AFTER = timedelta(days=2)  # a request lives minutes: what nothing points to after this, nothing will
BATCH = 500


def forget(storage: Storage, key: str) -> None:
    """Forget bytes after an act that was refused for certain. A store in trouble keeps them until the sweep."""
    try:
        storage.delete(key)
    except Unavailable as problem:
        log.warning("left for the sweep: %s", problem)


def sweep(database: Database, storage: Storage, real: datetime) -> int:
    """Forget what was stored two days ago and stands with no document; how many. Work of the portal's own."""
    gone, old = 0, storage.kept_before(real - ORPHAN_AFTER)
    try:
        while keys := list(islice(old, BATCH)):
            with database.session() as session:
                known = queries.known_keys(session, keys)
            for key in keys:
                if key not in known:
                    storage.delete(key)
                    gone += 1
    except Unavailable as problem:
        log.warning("sweeping: %s", problem)
    return gone
