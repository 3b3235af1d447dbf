"""The fenced child that reads one PDF from standard input and says what it found, as JSON.

A PDF is hostile until proven otherwise: this process has a limit on memory, processor time, files and output,
no secrets in its environment, and the web process takes nothing from it but checked JSON. Run as `python -I -m
portal.documents.child PAGES FIELDS`.
"""

from __future__ import annotations

import io
import json
import logging
import os
import resource
import sys
from collections.abc import Iterable, Iterator
from typing import Any

MEMORY = 768 << 20  # bytes
SECONDS = 8  # of processor
NICER = 10  # than whoever answers people
LONGEST_VALUE = 20_000  # signs of one field
MOST_TEXT = 400_000  # signs of all fields
MOST_OBJECTS = 200_000
# ISO 32000-2, 12.6.4: actions that run something, send something away, or open what is in another file. What
# only shows a place or a page of the web when somebody clicks (GoTo, URI, Named, Hide) is none of them.
RUNS = frozenset(
    [
        "/JavaScript",
        "/Launch",
        "/SubmitForm",
        "/ImportData",
        "/Rendition",
        "/Movie",
        "/Sound",
        "/GoToE",
        "/GoTo3DView",
        "/RichMediaExecute",
    ]
)
BY_ITSELF = RUNS | {"/URI", "/GoToR"}  # where nobody clicked
CARRIES = frozenset({"/FileAttachment", "/RichMedia", "/Screen", "/Movie", "/Sound", "/3D"})  # annotations
PASSIVE = frozenset(
    {"/Contents", "/Resources", "/Parent", "/P", "/PieceInfo", "/Metadata"}
)  # nothing acts there


class TooMuch(Exception):
    """More than a form or an annex ever holds."""


def fence() -> None:
    """Give up what reading needs not: memory, time, writing files, its turn before others."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    os.nice(NICER)


def look(body: bytes, most_pages: int, most_fields: int) -> dict[str, Any]:
    """What the bytes hold: `problems` (codes with facts), `pages`, `fields` (name to value), and the names of
    fields that say two things (`twice`) or more than can be read (`long`).
    """
    if not body:
        return _refused("file_empty")
    if b"%PDF-" not in body[:1024]:
        return _refused("file_not_pdf")
    if b"%%EOF" not in body[-1024:]:  # cut short by a program that forgot its last line; readers open it
        body += b"\n%%EOF\n"
    import pypdf
    from pypdf.errors import DependencyError, LimitReachedError

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
        root: Any = reader.trailer["/Root"].get_object()
        if found := _acting(root):
            return _refused(found)
        read, twice, long = _values(_fields(root.get("/AcroForm"), most_fields))
    except (LimitReachedError, MemoryError, RecursionError, TooMuch):
        return _refused("file_is_too_heavy")
    except (NotImplementedError, DependencyError):  # a lock that pypdf does not know: for a certificate
        return _refused("file_encrypted" if b"/Encrypt" in body else "file_damaged")
    except Exception:  # any foreign error of a reader over hostile bytes means one thing to people
        return _refused("file_damaged")
    return {"problems": [], "pages": pages, "fields": read, "twice": twice, "long": long}


def _acting(root: Any) -> str | None:
    """`file_is_active` where something runs, `file_carries_files` where another file is inside, wherever in the
    document it stands; None for paper.
    """
    from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject

    stack, seen, left = [root], set(), MOST_OBJECTS
    while stack:
        node = stack.pop()
        if isinstance(node, IndirectObject):
            if node.idnum in seen:
                continue
            seen.add(node.idnum)
            node = node.get_object()
        left -= 1
        if left < 0:
            raise TooMuch
        if isinstance(node, DictionaryObject):
            if code := _acts(node):
                return code
            below = [value for key, value in node.items() if key not in PASSIVE]
        else:
            below = list(node) if isinstance(node, ArrayObject) else []
        stack += [each for each in below if isinstance(each, IndirectObject | DictionaryObject | ArrayObject)]
    return None


def _acts(node: Any) -> str | None:
    if "/JS" in node or "/XFA" in node or _name(node.get("/S")) in RUNS:
        return "file_is_active"
    started = [node.get("/OpenAction"), *_entries(node.get("/AA"))]
    if any(_name(each.get("/S")) in BY_ITSELF for each in map(_open, started) if hasattr(each, "get")):
        return "file_is_active"
    if "/EF" in node or ("/Rect" in node and _name(node.get("/Subtype")) in CARRIES):
        return "file_carries_files"
    return None


def _entries(actions: Any) -> list[Any]:
    found = _open(actions)
    return list(found.values()) if hasattr(found, "values") else []


def _open(value: Any) -> Any:
    return value.get_object() if hasattr(value, "get_object") else value


def _name(value: Any) -> str:
    return str(_open(value))


def _fields(form: Any, most: int) -> Iterator[tuple[str, Any]]:
    """Names (from parent to child, with points) and raw values of the fields of a form, as they stand there."""
    tree = _open(form)
    stack = [(each, "", None) for each in reversed(_array(tree.get("/Fields")))] if hasattr(tree, "get") else []
    seen: set[int] = set()
    met, left = 0, most
    while stack:
        raw, above, inherited = stack.pop()
        node = _open(raw)
        if id(node) in seen or not hasattr(node, "get"):
            continue
        seen.add(id(node))
        met += 1
        if met > 10 * most:
            raise TooMuch
        own = _text(node.get("/T"))
        name = f"{above}.{own}" if above and own else above or own
        value = node.get("/V", inherited)
        kids = [kid for kid in _array(node.get("/Kids")) if "/T" in (_open(kid) or ())]
        if kids:
            stack += [(kid, name, value) for kid in reversed(kids)]
        elif name:
            left -= 1
            if left < 0:
                raise TooMuch
            yield name, value


def _values(fields: Iterable[tuple[str, Any]]) -> tuple[dict[str, str], list[str], list[str]]:
    """Texts by name; the names that stand there twice with another text; those whose text is too long."""
    read: dict[str, str] = {}
    twice, long = set(), set()
    left = MOST_TEXT
    for name, raw in fields:
        text = _text(raw)
        if len(text) > LONGEST_VALUE:
            long.add(name)
            text = ""
        left -= len(text) + len(name)
        if left < 0:
            raise TooMuch
        if read.setdefault(name, text) != text:
            twice.add(name)
    return read, sorted(twice), sorted(long)


def _array(value: Any) -> list[Any]:
    found = _open(value)
    return list(found) if isinstance(found, list) else []


def _text(raw: Any) -> str:
    """A value as text (ISO 32000-2, 7.9.2.2 and 12.7.5): a string, a stream, a name, several."""
    value = _open(raw)
    if hasattr(value, "get_data"):
        return _decoded(value.get_data()[: 4 * LONGEST_VALUE + 4])
    if hasattr(value, "original_bytes"):
        return _decoded(value.original_bytes) or _ends(str(value))
    if isinstance(value, bytes):
        return _decoded(value)
    if isinstance(value, list):
        return ", ".join(_text(each) for each in value[:100])
    if isinstance(value, str):  # a name: what stands behind a box that is ticked
        return "" if value == "/Off" else value.removeprefix("/")
    return str(value).lower() if isinstance(value, int | float) or hasattr(value, "value") else ""


def _decoded(told: bytes) -> str:
    from pypdf.generic import decode_pdfdocencoding

    marks = ((b"\xfe\xff", "utf-16-be"), (b"\xff\xfe", "utf-16-le"), (b"\xef\xbb\xbf", "utf-8"))
    for mark, encoding in marks:
        if told.startswith(mark):
            return _ends(told[len(mark) :].decode(encoding, "surrogatepass" if "16" in encoding else "replace"))
    try:
        return _ends(decode_pdfdocencoding(told))
    except UnicodeDecodeError:
        return _ends(told.decode("latin-1"))


def _ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _refused(code: str, **facts: int) -> dict[str, Any]:
    return {"problems": [{"code": code, "facts": facts}], "pages": 0, "fields": {}, "twice": [], "long": []}


def main() -> None:
    """Read standard input, print what was found."""
    fence()
    found = look(sys.stdin.buffer.read(), int(sys.argv[1]), int(sys.argv[2]))
    sys.stdout.write(json.dumps(found))


if __name__ == "__main__":
    main()
