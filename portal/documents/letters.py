"""Official documents as PDF/A-2a and PDF/UA-1, written by typst from a template and inert data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import typst

from portal.documents import glyphs


@cache
def _fonts() -> typst.Fonts:
    """Its own fonts, and ours for signs that those have not."""
    return typst.Fonts(include_system_fonts=False, font_paths=[glyphs.FOLDER])


def write(template: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The letter of `template` with `data`: the same bytes for the same data and moment. Every text comes out:
    PDF/A refuses signs without a glyph, so those are shown by their name.

    Raises:
        RuntimeError: when the template does not compile or is not accessible (typst refuses those).
    """
    return typst.compile(
        template.read_bytes(),
        format="pdf",
        sys_inputs={"data": json.dumps(_shown(data), ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=at,
        font_paths=_fonts(),
    )


def _shown(value: Any) -> Any:
    if isinstance(value, str):
        return glyphs.shown(value)
    if isinstance(value, Mapping):
        return {key: _shown(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_shown(each) for each in value]
    return value
