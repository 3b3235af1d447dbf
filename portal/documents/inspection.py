"""Inspecting an upload: the fenced child reads it, the schema says which values count and what it was made
for.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from jsonschema import Draft202012Validator

from portal import text
from portal.documents.scanning import Scanner, ScannerDown
from portal.lifecycle import Refusal

TIMEOUT = 15
PATIENCE = 3  # seconds a file waits for a reader before the worker gets it
MOST_OUTPUT = 4_000_000
CODES = frozenset(
    {
        "file_empty",
        "file_not_pdf",
        "file_encrypted",
        "file_damaged",
        "file_has_too_many_pages",
        "file_is_active",
        "file_is_too_heavy",
    }
)
_readers = threading.BoundedSemaphore(2)  # of this process: a heavy file must not take every thread


@dataclass(frozen=True)
class Inspection:
    """What was found in a file.

    `values` are texts by answer (`section.field`), `stamp` says what the form was made for (call, round,
    region, definition). A file without either was not read: a scan, or a form of another make.
    """

    refusals: tuple[Refusal, ...] = ()
    pages: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    stamp: Mapping[str, str] = field(default_factory=dict)

    @property
    def read(self) -> bool:
        """Whether answers could be read from it."""
        return bool(self.values)

    def to_json(self) -> dict[str, Any]:
        """As it is kept beside the document."""
        return {"pages": self.pages, "values": dict(self.values), "stamp": dict(self.stamp)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Inspection:
        """As it was kept."""
        return cls(pages=kept["pages"], values=kept["values"], stamp=kept["stamp"])


class Later(Exception):
    """No verdict now: the scanner is away, or too many files are being read. The file waits for the worker."""


def examine(stream: BinaryIO, schema: Mapping[str, Any], scanner: Scanner) -> Inspection:
    """Scan a file, then read it in the fenced child.

    Raises:
        Later: when there is no verdict now.
    """
    try:
        if not scanner.scan(stream):
            return Inspection((Refusal("file_infected", {}, "file"),))
    except ScannerDown as problem:
        raise Later(f"the scanner: {problem}") from problem
    stream.seek(0)
    if not _readers.acquire(timeout=PATIENCE):
        raise Later("too many files at once")
    try:
        return inspect(stream, schema)
    finally:
        _readers.release()


def inspect(stream: BinaryIO, schema: Mapping[str, Any]) -> Inspection:
    """Read a PDF in the fenced child, at most 15 seconds; whatever goes wrong there is an answer here."""
    limits = schema["x-limits"]
    command = [
        sys.executable,
        "-I",
        "-m",
        "portal.documents.child",
        str(limits["pages"]),
        str(limits["fields"]),
    ]
    try:
        ran = subprocess.run(  # noqa: S603 - our own module, numbers as arguments
            command, stdin=stream, capture_output=True, timeout=TIMEOUT, env={}, cwd="/", check=False
        )
        found = json.loads(ran.stdout) if ran.returncode == 0 and len(ran.stdout) < MOST_OUTPUT else None
    except (subprocess.TimeoutExpired, ValueError):
        found = None
    if found is None:
        return Inspection((Refusal("file_is_too_heavy", {}, "file"),))
    problems = [p for p in found["problems"] if p["code"] in CODES]
    if problems:
        return Inspection(tuple(Refusal(p["code"], p["facts"], "file") for p in problems))
    return read_fields(found["fields"], found["pages"], schema)


def read_fields(fields: Mapping[str, str], pages: int, schema: Mapping[str, Any]) -> Inspection:
    """Answers and stamp from the names and values of a form's fields, as far as the schema allows them."""
    names = {v: k for k, v in schema["x-stamp"].items()}
    stamp = {names[n]: text.marked(text.line(v)) for n, v in fields.items() if n in names and v}
    mapped = schema.get("x-fields", {})
    values = {}
    for name, value in fields.items():
        path = mapped.get(name) or name.replace("/", ".", 1)
        if name not in names and value.strip() and ("/" in name or name in mapped):
            values[path] = text.marked(text.lines(value))
    wrong = {str(e.path[0]) for e in Draft202012Validator(schema).iter_errors(values) if e.path}
    return Inspection(pages=pages, values={k: v for k, v in values.items() if k not in wrong}, stamp=stamp)


def field_name(path: str, schema: Mapping[str, Any]) -> str:
    """The name a PDF field carries for the answer `section.field`."""
    inverse = {v: k for k, v in schema.get("x-fields", {}).items()}
    return str(inverse.get(path) or path.replace(".", "/", 1))
