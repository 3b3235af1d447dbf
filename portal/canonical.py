"""Canonical JSON (RFC 8785): the one way to write a value down, so that everybody computes the same digest of
it.
"""

from __future__ import annotations

import hashlib
from typing import Any

import rfc8785


def canonical(value: Any) -> bytes:
    """RFC 8785 bytes of `value`, which holds no float: amounts are integers of cents, other decimals are texts.

    Raises:
        TypeError: on a float.
        ValueError: on what JSON does not know, a whole number that its readers do not keep (from 2^53 on), or
            text that is no Unicode.
    """
    _no_floats(value)
    return rfc8785.dumps(value)


def digest(value: Any) -> str:
    """SHA-256 over the canonical bytes, in hex."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _no_floats(value: Any) -> None:
    if isinstance(value, float):
        raise TypeError("floats have no one way of writing")
    if isinstance(value, dict):
        for item in value.values():
            _no_floats(item)
    elif isinstance(value, list | tuple):
        for item in value:
            _no_floats(item)
