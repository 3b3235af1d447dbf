"""Finding the region of a municipality."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from portal.definitions import Region


def plain(text: str) -> str:
    """Letters and digits alone, small, without accents: how names are compared."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in decomposed if c.isalnum() and not unicodedata.combining(c))


def find(regions: Iterable[Region], text: str) -> list[tuple[Region, str]]:
    """Regions with the municipality (or the region's own name) that `text` names.

    A whole name wins over a beginning; nothing for fewer than two letters.
    """
    wanted = plain(text)
    if len(wanted) < 2:
        return []
    names = [(r, m.name) for r in regions for m in r.municipalities] + [(r, r.name) for r in regions]
    exact = [(r, name) for r, name in names if plain(name) == wanted]
    found = exact or [(r, name) for r, name in names if plain(name).startswith(wanted)]
    return sorted(found, key=lambda pair: pair[1])
