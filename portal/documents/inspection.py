"""Inspecting an upload: the fenced child reads it, the schema says which values count and what it was made
for.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, BinaryIO

from jsonschema import Draft202012Validator

from portal import text
from portal.documents.scanning import Scanner, ScannerDown
from portal.lifecycle import Refusal

TIMEOUT = 15  # seconds
QUICKLY = 2  # seconds within a request; what takes longer is for the worker
PATIENCE = 1  # seconds a request waits for its turn
MOST_OUTPUT = 4_000_000
LONGEST_STAMP = 100  # signs: a longer one is of no form of ours, and a refusal repeats it
CODES = frozenset(
    {
        "file_empty",
        "file_not_pdf",
        "file_encrypted",
        "file_damaged",
        "file_has_too_many_pages",
        "file_is_active",
        "file_carries_files",
        "file_is_too_heavy",
    }
)
TOO_HEAVY = Refusal("file_is_too_heavy", {}, "file")
_reader = threading.Lock()  # one of this process: heavy files must not take every thread and processor
_reading_for: set[int] = set()  # accounts: one file at a time each


@dataclass(frozen=True)
class Inspection:
    """What was found in a file.

    `values` are texts by answer (`section.field`), `stamp` says what the form was made for (call, round,
    region, definition). A file without either was not read: a scan, or a form of another make. `filled`:
    whether anything stands in its boxes. `twice` and `long` are answers that stand there twice otherwise, or
    too long to read.
    """

    refusals: tuple[Refusal, ...] = ()
    pages: int = 0
    values: Mapping[str, str] = field(default_factory=dict)
    stamp: Mapping[str, str] = field(default_factory=dict)
    filled: bool = False
    twice: tuple[str, ...] = ()
    long: tuple[str, ...] = ()

    def of(self, answers: Collection[str]) -> Inspection:
        """What it says of these answers: other fields are no business of ours, and make nothing 'read'."""
        return replace(
            self,
            values={path: text for path, text in self.values.items() if path in answers},
            refusals=(
                *self.refusals,
                *(_of_answer("form_says_twice", path) for path in self.twice if path in answers),
                *(_of_answer("form_says_too_much", path) for path in self.long if path in answers),
            ),
        )

    @property
    def read(self) -> bool:
        """Whether answers could be read from it."""
        return bool(self.values)

    def to_json(self) -> dict[str, Any]:
        """As it is kept beside the document."""
        told = {"pages": self.pages, "filled": self.filled}
        return {**told, "values": dict(self.values), "stamp": dict(self.stamp)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Inspection:
        """As it was kept."""
        return cls(**{name: kept[name] for name in ("pages", "values", "stamp", "filled")})


def _of_answer(code: str, path: str) -> Refusal:
    section, _point, key = path.partition(".")
    return Refusal(code, {"section": section, "field": key}, "file")


class Later(Exception):
    """No verdict now: the scanner is away, the file is heavy, or others are read. It waits for the worker."""


def examine(stream: BinaryIO, schema: Mapping[str, Any], scanner: Scanner) -> Inspection:
    """Scan a file, then read it in the fenced child, as long as it takes.

    Raises:
        Later: when there is no verdict now.
    """
    return _scanned(stream, scanner) or inspect(stream, schema)


def examine_quickly(
    stream: BinaryIO, schema: Mapping[str, Any], scanner: Scanner, account_id: int
) -> Inspection:
    """As `examine`, within the request of an account: what is heavy, or not its turn, holds nobody else up.

    Raises:
        Later: when there is no verdict now.
    """
    if found := _scanned(stream, scanner):
        return found
    if account_id in _reading_for:
        raise Later("another file of the same account is read")
    _reading_for.add(account_id)
    try:
        if not _reader.acquire(timeout=PATIENCE):
            raise Later("too many files at once")
        try:
            return _read(stream, schema, QUICKLY)
        except subprocess.TimeoutExpired as problem:
            raise Later("a heavy file") from problem
        finally:
            _reader.release()
    finally:
        _reading_for.discard(account_id)


def _scanned(stream: BinaryIO, scanner: Scanner) -> Inspection | None:
    try:
        if not scanner.scan(stream):
            return Inspection((Refusal("file_infected", {}, "file"),))
    except ScannerDown as problem:
        raise Later(f"the scanner: {problem}") from problem
    stream.seek(0)
    return None


def inspect(stream: BinaryIO, schema: Mapping[str, Any]) -> Inspection:
    """Read a PDF in the fenced child, at most 15 seconds; whatever goes wrong there is an answer here."""
    try:
        return _read(stream, schema, TIMEOUT)
    except subprocess.TimeoutExpired:
        return Inspection((TOO_HEAVY,))


def _read(stream: BinaryIO, schema: Mapping[str, Any], seconds: float) -> Inspection:
    limits = schema["x-limits"]
    command = [
        sys.executable,
        "-I",
        "-m",
        "portal.documents.child",
        str(limits["pages"]),
        str(limits["fields"]),
    ]
    ran = subprocess.run(  # noqa: S603 - our own module, numbers as arguments
        command, stdin=stream, capture_output=True, timeout=seconds, env={}, cwd="/", check=False
    )
    try:
        found = json.loads(ran.stdout) if ran.returncode == 0 and len(ran.stdout) < MOST_OUTPUT else None
    except ValueError:
        found = None
    if found is None:
        return Inspection((TOO_HEAVY,))
    problems = [p for p in found["problems"] if p["code"] in CODES]
    if problems:
        return Inspection(tuple(Refusal(p["code"], p["facts"], "file") for p in problems))
    return read_fields(found["fields"], found["pages"], schema, twice=found["twice"], long=found["long"])


def read_fields(
    fields: Mapping[str, str],
    pages: int,
    schema: Mapping[str, Any],
    *,
    twice: Collection[str] = (),
    long: Collection[str] = (),
) -> Inspection:
    """Answers and stamp from the names and values of a form's fields, as far as the schema allows them."""
    names = {v: k for k, v in schema["x-stamp"].items()}
    stamp = {names[n]: text.marked(text.line(v))[:LONGEST_STAMP] for n, v in fields.items() if n in names and v}
    mapped = schema.get("x-fields", {})

    def path(name: str) -> str | None:
        known = name not in names and ("/" in name or name in mapped)
        return (mapped.get(name) or name.replace("/", ".", 1)) if known else None

    values = {
        at: text.marked(text.lines(value))
        for name, value in fields.items()
        if value.strip() and (at := path(name))
    }
    wrong = {str(e.path[0]) for e in Draft202012Validator(schema).iter_errors(values) if e.path}
    return Inspection(
        pages=pages,
        values={k: v for k, v in values.items() if v and k not in wrong},
        stamp=stamp,
        filled=bool(long) or any(v.strip() for name, v in fields.items() if name not in names),
        twice=tuple(at for name in twice if (at := path(name))),
        long=(*(at for name in long if (at := path(name))), *sorted(wrong)),
    )


def field_name(path: str, schema: Mapping[str, Any]) -> str:
    """The name a PDF field carries for the answer `section.field`."""
    inverse = {v: k for k, v in schema.get("x-fields", {}).items()}
    return str(inverse.get(path) or path.replace(".", "/", 1))
