"""What every test stands on."""

from __future__ import annotations

from pathlib import Path

import pytest

from portal import definitions

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="session")
def defined() -> definitions.Definitions:
    """The project's own definitions."""
    return definitions.load(PROJECT)
