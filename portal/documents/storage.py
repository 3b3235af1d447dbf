"""Where bytes lie: a folder, one file per key. (S3 keeps the same contract, in its own class, when it comes.)"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol
from urllib.parse import unquote, urlsplit

CHUNK = 1 << 16


class TooLarge(Exception):
    """The stream holds more than the limit; nothing was kept."""


class Missing(Exception):
    """There are no bytes under this key."""


@dataclass(frozen=True)
class Stored:
    """Bytes that are safely kept: their key, size in bytes and SHA-256 (hex)."""

    key: str
    size: int
    sha256: str


class Storage(Protocol):
    """What the portal asks of a store."""

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """Keep the stream under a fresh random key while hashing it."""
        ...

    def open(self, key: str) -> BinaryIO:
        """The bytes under `key`."""
        ...

    def delete(self, key: str) -> None:
        """Forget bytes that no document points to."""
        ...


class FolderStorage:
    """One file per key below a folder; written aside, synced, then named: a key never names half a file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        root.mkdir(parents=True, exist_ok=True)

    def _path(self, key: str) -> Path:
        if not re.fullmatch(r"[0-9a-f]{40}", key):
            raise Missing(key)
        return self.root / key[:2] / key

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """Keep the stream.

        Raises:
            TooLarge: after `limit` bytes; nothing is left behind.
        """
        key, digest, size = secrets.token_hex(20), hashlib.sha256(), 0
        path = self._path(key)
        path.parent.mkdir(exist_ok=True)
        aside = path.with_suffix(".part")
        try:
            with aside.open("xb") as out:
                while chunk := stream.read(CHUNK):
                    size += len(chunk)
                    if size > limit:
                        raise TooLarge(limit)
                    digest.update(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            aside.rename(path)
            _sync_folder(path.parent)
        finally:
            aside.unlink(missing_ok=True)
        return Stored(key, size, digest.hexdigest())

    def open(self, key: str) -> BinaryIO:
        """The bytes under `key`.

        Raises:
            Missing: when there are none.
        """
        try:
            return self._path(key).open("rb")
        except FileNotFoundError as problem:
            raise Missing(key) from problem

    def delete(self, key: str) -> None:
        """Forget bytes; none there is fine."""
        self._path(key).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def from_url(url: str) -> FolderStorage:
    """The store a setting names: `file:///folder`.

    Raises:
        ValueError: for another kind of address.
    """
    parts = urlsplit(url)
    if parts.scheme != "file":
        raise ValueError(f"no store of kind {parts.scheme} yet")
    return FolderStorage(Path(unquote(parts.path)))
