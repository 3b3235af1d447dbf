"""docs/security.md names tests there are; what has none says so."""

import re
from pathlib import Path

from tests.conftest import PROJECT

TABLE = (PROJECT / "docs/security.md").read_text("utf-8")
ROWS = re.findall(r"^\| (A-\d+)[^|]*\| [^|]+ \| (.+) \|$", TABLE, re.MULTILINE)


def test_every_test_it_names_is_there():
    named = re.findall(r"`(tests/[a-z_/]+\.py)::(test_[a-z0-9_]+)`", TABLE)
    assert named
    lost = [n for n in named if f"def {n[1]}(" not in (PROJECT / n[0]).read_text("utf-8")]
    assert lost == []


def test_a_row_names_a_test_or_says_that_it_is_open():
    assert len(ROWS) > 50
    silent = [key for key, tried in ROWS if "`tests/" not in tried and tried not in ("open", "there are none")]
    assert silent == []


def test_the_reporting_page_is_there():
    assert "docs/security.md" in Path(PROJECT / "SECURITY.md").read_text("utf-8")
