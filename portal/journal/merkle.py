"""The tree over the journal (RFC 9162, section 2.1): hashes, roots, and proofs that something stands in it.

Pure. A tree of `size` leaves falls into full subtrees; `get(level, number)` gives the hash of the full subtree
of 2**level leaves with this number, from the left. Hashes are 32 bytes of SHA-256; leaves are numbered from 0.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence

Get = Callable[[int, int], bytes]
EMPTY = hashlib.sha256(b"").digest()


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf: kept apart from that of a node by its first byte (2.1.1)."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of a node over its two halves (2.1.1)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def _split(size: int) -> int:
    """The largest power of two smaller than `size`, which is at least 2."""
    return 1 << ((size - 1).bit_length() - 1)


def parts(size: int) -> list[tuple[int, int]]:
    """The full subtrees (level, number) that a tree of `size` leaves falls into, from the left."""
    levels = [level for level in reversed(range(size.bit_length())) if size >> level & 1]
    return [(level, (size >> level) - 1) for level in levels]


def root(size: int, get: Get, begin: int = 0) -> bytes:
    """The root over `size` leaves from `begin` on (2.1.1)."""
    if size == 0:
        return EMPTY
    if size & (size - 1) == 0:
        return get(size.bit_length() - 1, begin // size)
    left = _split(size)
    return node_hash(root(left, get, begin), root(size - left, get, begin + left))


def appended(size: int, leaf: bytes, get: Get) -> Iterator[tuple[int, int, bytes]]:
    """The full subtrees (level, number, hash) that a leaf completes in a tree of `size` leaves: itself, and
    those above.
    """
    level, number, digest = 0, size, leaf
    yield level, number, digest
    while number & 1:
        digest = node_hash(get(level, number - 1), digest)
        level, number = level + 1, number >> 1
        yield level, number, digest


def inclusion(number: int, size: int, get: Get, begin: int = 0) -> list[bytes]:
    """The audit path of a leaf, from its sibling to a child of the root (2.1.3.1).

    Raises:
        IndexError: when the tree has no such leaf.
    """
    if not 0 <= number < size:
        raise IndexError(number)
    if size == 1:
        return []
    left = _split(size)
    if number < left:
        return [*inclusion(number, left, get, begin), root(size - left, get, begin + left)]
    return [*inclusion(number - left, size - left, get, begin + left), root(left, get, begin)]


def root_from(leaf: bytes, number: int, size: int, path: Sequence[bytes]) -> bytes | None:
    """The root that a leaf's audit path leads to; None where the path has the wrong length (2.1.3.2)."""
    if not 0 <= number < size:
        return None
    last, digest = size - 1, leaf
    for sibling in path:
        if last == 0:
            return None
        if number & 1 or number == last:
            digest = node_hash(sibling, digest)
            while not number & 1 and number:
                number, last = number >> 1, last >> 1
        else:
            digest = node_hash(digest, sibling)
        number, last = number >> 1, last >> 1
    return digest if last == 0 else None
