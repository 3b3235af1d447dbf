"""What makes a chain: canonical bytes, salted payload digests, and the link to the entry before."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from typing import Any

FIRST = "0" * 64
DESTROYED = "portal.payloads_destroyed"
"""The act that destroys payloads: its own payload names the entries, by their digests."""


ACTOR = re.compile(r"account (\d+)(?: \((.*)\))?")


def written_actor(account_id: int, roles: Iterable[str]) -> str:
    """Who acts, as it stands in an entry: the account's number and the roles of that moment, never a name."""
    held = ", ".join(sorted(roles))
    return f"account {account_id} ({held})" if held else f"account {account_id}"


def read_actor(text: str) -> tuple[int | None, frozenset[str]]:
    """The account and its roles, from what stands in an entry; no account for the portal itself or a visitor."""
    found = ACTOR.fullmatch(text)
    if found is None:
        return None, frozenset()
    return int(found[1]), frozenset(filter(None, (found[2] or "").split(", ")))


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of `value` (no floats in it; keys are ASCII, so code point order is the order).

    Raises:
        TypeError: on a float or anything JSON does not know.
    """
    _no_floats(value)
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def _no_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("floats have no one way of writing")
    if isinstance(value, dict):
        for item in value.values():
            _no_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _no_floats(item)


def payload_digest(salt: bytes, body: bytes) -> str:
    """SHA-256 over 32 bytes of salt and the canonical payload."""
    return hashlib.sha256(salt + body).hexdigest()


def rows_digest(written: Iterable[tuple[str, str, str | None]]) -> str:
    """SHA-256 over the rows that an act wrote: table, key and digest of each, in order of table and key."""
    return hashlib.sha256(canonical([list(row) for row in written])).hexdigest()


def entry_digest(previous: str, columns: dict[str, Any]) -> str:
    """SHA-256 over the digest before and the canonical other columns."""
    return hashlib.sha256(previous.encode() + canonical(columns)).hexdigest()
