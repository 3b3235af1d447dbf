"""Two tabs, or two people, on one form: what each of them changed is kept, and only what both changed is asked.

A page carries a mark of every value it showed. Where something newer stands meanwhile, a value that one did not
touch becomes the newer one; one that nobody else touched stays as it was typed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from portal.canonical import digest

LENGTH = 16  # hex digits of a mark


@dataclass(frozen=True)
class Merged:
    """What the form holds now; the names of values that came from elsewhere (`taken`), and of those that both
    changed (`both`): there stands what was typed, beside what is asked.
    """

    values: Mapping[str, str]
    taken: tuple[str, ...]
    both: tuple[str, ...]


def _mark(value: str) -> str:
    return digest(value)[:LENGTH]


def marks(shown: Mapping[str, str | None]) -> str:
    """A mark of every value that a page shows, for its hidden field."""
    return json.dumps({name: _mark(value or "") for name, value in shown.items()}, separators=(",", ":"))


def merge(seen: str, current: Mapping[str, str | None], typed: Mapping[str, str | None]) -> Merged:
    """Typed values, and those that stand there now, by the marks of what was `seen`; whatever is unknown of a
    value counts as changed by both.
    """
    known = _read(seen)
    values, taken, both = {}, [], []
    for name, mine in typed.items():
        ours, theirs = mine or "", current.get(name) or ""
        values[name] = ours
        if ours == theirs or known.get(name) == _mark(theirs):
            continue
        if known.get(name) == _mark(ours):
            values[name] = theirs
            taken.append(name)
        else:
            both.append(name)
    return Merged(values, tuple(taken), tuple(both))


def _read(seen: str) -> Mapping[str, object]:
    try:
        told = json.loads(seen)
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}
