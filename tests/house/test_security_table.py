"""docs/security.md names tests there are; what has none says so."""

import re
from pathlib import Path

from tests.conftest import PROJECT

TABLE = (PROJECT / "docs/security.md").read_text("utf-8")
ROWS = re.findall(r"^\| ((?:[AV]-?\d[^|]*)) \| [^|]+ \| (.+) \|$", TABLE, re.MULTILINE)
ATTACKS = {key: tried for keys, tried in ROWS for key in re.findall(r"A-\d+", keys)}
REQUIREMENTS = {key: tried for keys, tried in ROWS for key in re.findall(r"V\d+\.\d+\.\d+", keys)}
FLAWS = {key: tried for keys, tried in ROWS for key in re.findall(r"V-\d+", keys)}


def is_open(tried):
    return tried.startswith("open")


def is_told(tried):
    return is_open(tried) or tried.startswith("there are none") or "`tests/" in tried or "`docs/" in tried


def test_every_test_it_names_is_there():
    named = re.findall(r"`(tests/[a-z_/]+\.py)::(test_[a-z0-9_]+)`", TABLE)
    assert named
    lost = [n for n in named if f"def {n[1]}(" not in (PROJECT / n[0]).read_text("utf-8")]
    assert lost == []


def test_a_row_names_a_test_or_says_that_it_is_open():
    assert (len(ATTACKS), len(FLAWS), len(REQUIREMENTS)) == (98, 58, 218)
    silent = [key for key, tried in ROWS if not is_told(tried) and not re.match(r"A-\d", tried)]
    assert silent == []


def test_a_row_that_leans_on_another_stands_on_one_that_was_tried():
    leaning = {
        key: re.findall(r"A-\d+", tried) for key, tried in (FLAWS | REQUIREMENTS).items() if not is_open(tried)
    }
    assert [
        key for key, others in leaning.items() if any(is_open(ATTACKS.get(a, "open")) for a in others)
    ] == []


def test_it_counts_what_is_open():
    for rows, name in ((ATTACKS, "attacks"), (FLAWS, "flaws"), (REQUIREMENTS, "requirements")):
        still = sum(is_open(tried) for tried in rows.values())
        assert f"{len(rows)} {name}, {still} open" in TABLE, (len(rows), still)


def test_every_page_it_names_is_there():
    named = re.findall(r"`(docs/[^`]+)`", TABLE)
    assert [page for page in named if not (PROJECT / page).is_file()] == []


def test_the_reporting_page_is_there():
    assert "docs/security.md" in Path(PROJECT / "SECURITY.md").read_text("utf-8")
