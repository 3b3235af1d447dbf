"""Passwords: argon2id. The same time for accounts that exist and for those that do not."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

_hasher = PasswordHasher()


def set_hasher(hasher: PasswordHasher) -> None:
    """Use another cost (tests)."""
    global _hasher
    _hasher = hasher
    _nobody.cache_clear()


def hash_of(password: str) -> str:
    """The argon2id hash of a password, the same however a keyboard composes its letters."""
    return _hasher.hash(unicodedata.normalize("NFC", password))


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash("nobody has this password")


def matches(hashed: str | None, password: str) -> bool:
    """Whether the password is the one that was hashed; None takes as long and never matches."""
    try:
        return (
            _hasher.verify(hashed or _nobody(), unicodedata.normalize("NFC", password)) and hashed is not None
        )
    except (Argon2Error, InvalidHashError):
        return False
