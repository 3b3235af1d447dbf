"""Official documents as PDF/A-2a and PDF/UA-1, written by typst from a template and inert data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typst


def write(template: Path, data: Mapping[str, Any], *, at: datetime) -> bytes:
    """The letter of `template` with `data`: the same bytes for the same data and moment.

    Raises:
        RuntimeError: when the template does not compile or is not accessible (typst refuses those).
    """
    return typst.compile(
        template.read_bytes(),
        format="pdf",
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=at,
        ignore_system_fonts=True,
    )
