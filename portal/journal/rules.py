"""What makes a chain: canonical bytes, salted payload digests, and the link to the entry before."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Any

from portal.canonical import canonical, digest

FIRST = "0" * 64
DESTROYED = "portal.payloads_destroyed"
"""The act that destroys payloads: its own payload names the entries, by their digests."""


ACTOR = re.compile(r"account (\d+)(?: \((.*)\))?")


def written_actor(account_id: int, roles: Iterable[str]) -> str:
    """Who acts, as it stands in an entry: the account's number and the roles of that moment, never a name."""
    held = ", ".join(sorted(roles))
    return f"account {account_id} ({held})" if held else f"account {account_id}"


def read_actor(text: str) -> tuple[int | None, frozenset[str]]:
    """The account and its roles, from what stands in an entry; no account for the portal itself or a
    visitor.
    """
    found = ACTOR.fullmatch(text)
    if found is None:
        return None, frozenset()
    return int(found[1]), frozenset(filter(None, (found[2] or "").split(", ")))


def payload_digest(salt: bytes, body: bytes) -> str:
    """SHA-256 over 32 bytes of salt and the canonical payload."""
    return hashlib.sha256(salt + body).hexdigest()


def rows_digest(written: Iterable[tuple[str, str, str | None]]) -> str:
    """SHA-256 over the rows that an act wrote: table, key and digest of each, in order of table and key."""
    return digest([list(row) for row in written])


def entry_digest(previous: str, columns: dict[str, Any]) -> str:
    """SHA-256 over the digest before and the canonical other columns."""
    return hashlib.sha256(previous.encode() + canonical(columns)).hexdigest()
