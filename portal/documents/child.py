"""The fenced child that reads one PDF from standard input and says what it found, as JSON.

A PDF is hostile until proven otherwise: this process has a limit on memory, processor time, files and output,
no secrets in its environment, and the web process takes nothing from it but checked JSON. Run as `python -I -m
portal.documents.child PAGES FIELDS`.
"""

from __future__ import annotations

import io
import json
import logging
import resource
import sys
from typing import Any

MEMORY = 768 << 20
SECONDS = 8
LONGEST_VALUE = 10_000
ACTIVE = ("/OpenAction", "/AA")
ACTIVE_NAMES = ("/JavaScript", "/EmbeddedFiles")


def fence() -> None:
    """Give up what reading needs not: memory, time, writing files."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def look(body: bytes, most_pages: int, most_fields: int) -> dict[str, Any]:
    """What the bytes hold: `problems` (codes with facts), `pages` and `fields` (name to value)."""
    if not body:
        return _refused("file_empty")
    if b"%PDF-" not in body[:1024]:
        return _refused("file_not_pdf")
    import pypdf
    from pypdf.errors import LimitReachedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = pypdf.PdfReader(io.BytesIO(body))
        if reader.is_encrypted:
            return _refused("file_encrypted")
        pages = len(reader.pages)
        if pages == 0:
            return _refused("file_damaged")
        if pages > most_pages:
            return _refused("file_has_too_many_pages", pages=pages, limit=most_pages)
        if _active(reader):
            return _refused("file_is_active")
        fields = reader.get_fields() or {}
        if len(fields) > most_fields:
            return _refused("file_is_too_heavy")
        values = {str(name): _text(field.get("/V")) for name, field in fields.items()}
    except (LimitReachedError, MemoryError, RecursionError):
        return _refused("file_is_too_heavy")
    except Exception:  # any foreign error of a reader over hostile bytes means one thing to people
        return _refused("file_damaged")
    return {"problems": [], "pages": pages, "fields": values}


def _active(reader: Any) -> bool:
    root = reader.trailer["/Root"].get_object()
    names = root.get("/Names", {}).get_object() if "/Names" in root else {}
    return any(key in root for key in ACTIVE) or any(key in names for key in ACTIVE_NAMES)


def _text(value: Any) -> str:
    if value is None:
        return ""
    text = value.decode("latin-1") if isinstance(value, bytes) else str(value)
    return text.replace("\r\n", "\n").replace("\r", "\n")[:LONGEST_VALUE]


def _refused(code: str, **facts: int) -> dict[str, Any]:
    return {"problems": [{"code": code, "facts": facts}], "pages": 0, "fields": {}}


def main() -> None:
    """Read standard input, print what was found."""
    fence()
    found = look(sys.stdin.buffer.read(), int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
