"""Where bytes lie: one contract for a folder, here, and a bucket (`s3`)."""

from __future__ import annotations

import contextlib
import hashlib
import io
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

CHUNK = 1 << 16


class TooLarge(Exception):
    """The stream holds more than the limit; nothing was kept."""


class Missing(Exception):
    """There are no bytes under this key."""


class Changed(Exception):
    """The bytes under this key are not those that were kept; nobody gets them."""


class Unavailable(Exception):
    """The store is down, full, or not ours; `str()` says why, for the log. Nothing was kept or given."""


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

    def kept_before(self, moment: datetime) -> Iterator[str]:
        """Keys of what was kept before `moment`, by the store's own clock."""
        ...

    def check(self) -> None:
        """Do nothing when the store works; `Unavailable` otherwise."""
        ...


def is_key(name: str) -> bool:
    """Whether this is a key of ours: a store may hold other things."""
    return re.fullmatch(r"[0-9a-f]{40}", name) is not None


def well_formed(key: str) -> str:
    """The key, when it is one of ours.

    Raises:
        Missing: for anything else, so that no path is ever made of it.
    """
    if not is_key(key):
        raise Missing(key)
    return key


class FolderStorage:
    """One file per key below a folder; written aside, synced, then named: a key never names half a file."""

    def __init__(self, root: Path) -> None:
        self.root = root
        try:
            root.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise Unavailable(f"the folder {root}: {problem.strerror}") from problem

    def _path(self, key: str) -> Path:
        well_formed(key)
        return self.root / key[:2] / key

    def put(self, stream: BinaryIO, *, limit: int) -> Stored:
        """Keep the stream.

        Raises:
            TooLarge: after `limit` bytes; nothing is left behind.
            Unavailable: when the disk is full, away or read-only.
        """
        key, digest, size = secrets.token_hex(20), hashlib.sha256(), 0
        path = self._path(key)
        aside = path.with_suffix(".part")
        try:
            path.parent.mkdir(exist_ok=True)
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
        except OSError as problem:
            _away(path)
            raise Unavailable(f"the folder: {problem.strerror}") from problem
        finally:
            _away(aside)
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

    def kept_before(self, moment: datetime) -> Iterator[str]:
        """Keys of what was kept before `moment`."""
        for path in self.root.glob("??/*"):
            with contextlib.suppress(FileNotFoundError):
                if is_key(path.name) and path.stat().st_mtime < moment.timestamp():
                    yield path.name

    def check(self) -> None:
        """Write and forget a byte.

        Raises:
            Unavailable: with the reason.
        """
        self.delete(self.put(io.BytesIO(b"1"), limit=1).key)


def _away(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
