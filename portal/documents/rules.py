"""What a file may be called."""

from __future__ import annotations

from portal import text

LONGEST = 120


def safe_name(name: str) -> str:
    """The name people see: the last part of what was sent, without control characters, at most 120 long.

    Bytes are stored under a random key; this name is shown and offered for saving, nothing else.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = text.tame(last).strip(" .")
    if len(kept) > LONGEST:
        stem, dot, ending = kept.rpartition(".")
        kept = stem[: LONGEST - len(ending) - 1] + dot + ending if dot and len(ending) < 10 else kept[:LONGEST]
    return kept or "document.pdf"
