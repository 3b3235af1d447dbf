"""The benchmarks run: a table that nobody can make again is worth nothing. No time is tested."""

import os
import subprocess
import sys

from tests.conftest import PROJECT

ROWS = 8


def test_the_table_is_made():
    small = ["--applications", "2", "--drafts", "3", "--most", "2", "--only", "sqlite"]
    clean = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", *small], cwd=PROJECT, env=clean, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("| ")]
    assert len(lines) == 1 + ROWS
    assert all(float(cell) > 0 for line in lines[1:] for cell in line.strip("| ").split(" | ")[1:])
