"""What a file may be called."""

from __future__ import annotations

from portal import text

ENDINGS = {"application/pdf": ".pdf"}
LONGEST = 120  # signs
HEAVIEST = 200  # bytes: what a name may weigh where it is unpacked from a zip is 255


def kept_name(name: str, media_type: str) -> str:
    """The tame name of an upload, with the ending of what it was found to be: no other program opens it."""
    tame, ending = safe_name(name), ENDINGS.get(media_type, "")
    return tame if tame.lower().endswith(ending) else tame + ending


def safe_name(name: str) -> str:
    """The name people see: the last part of what was sent, without control characters, at most 120 long.

    Bytes are stored under a random key; this name is shown and offered for saving, nothing else.
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = text.tame(last).strip(" .")
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) >= 10:
        stem, dot, ending = kept, "", ""
    tail = dot + ending
    stem = stem[: LONGEST - len(tail)].encode()[: HEAVIEST - len(tail.encode())].decode(errors="ignore")
    return stem + tail or "document.pdf"
