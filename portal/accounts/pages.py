"""Panels: what later rooms say of an account or an organisation on its page."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class PanelRow:
    """Something of theirs: where it stands, in which state (`tag` is its colour), and what it is to them."""

    label: str
    url: str
    what: str
    tag: str
    state: str


@dataclass(frozen=True)
class Panel:
    """What a later room shows; `empty` is said where there is nothing."""

    title: str
    empty: str
    rows: tuple[PanelRow, ...]
