"""The table of `table.toml`, written out: for each page or canary and each stage, who."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Any

from tests.matrix.scene import CAST, STAGES
from tests.matrix.walk import WHOSE

Table = dict[str, dict[str, set[str]]]


def load(part: str) -> Table:
    """One part of the table: `pages`, `canaries` or `acts`."""
    told = tomllib.loads((Path(__file__).parent / "table.toml").read_text("utf-8"))
    table: Table = {}
    for key, stages in told[part].items():
        for whose in WHOSE if "*" in key else [next((w for w in WHOSE if w in key), "")]:
            table[key.replace("*", whose)] = _written_out(stages, whose, told["groups"])
    return table


def _written_out(stages: dict[str, str], whose: str, groups: dict[str, Any]) -> dict[str, set[str]]:
    who: set[str] = set()
    found = {}
    for stage in STAGES:
        if stage in stages:
            who = set().union(*(_names(word, whose, groups) for word in stages[stage].split()))
        found[stage] = who
    assert stages.keys() <= set(STAGES), stages
    return found


def _names(word: str, whose: str, groups: dict[str, Any]) -> set[str]:
    if word in groups:
        return set[str]().union(*(_names(one, whose, groups) for one in groups[word]))
    name = word.replace("*", whose)
    assert name in CAST, word
    return {name}


def differences(
    seen: Table, table: Table, names: Iterable[str] = CAST, stages: Iterable[str] = STAGES
) -> list[str]:
    """What these people got at these stages and should not, and the reverse, in words."""
    found, who = [], set(names)
    for key, stage in product(sorted(seen.keys() | table.keys()), stages):
        got, meant = (part.get(key, {}).get(stage, set()) & who for part in (seen, table))
        if got != meant:
            found.append(f"{stage}: {key}: too many {sorted(got - meant)}, missing {sorted(meant - got)}")
    return found
