"""Every status and refusal has words."""

import ast
from pathlib import Path

from portal import compose, web

ROOT = Path(__file__).resolve().parents[2] / "portal"


def codes():
    """Every code given to a `Refusal(...)` anywhere in the portal."""
    for path in ROOT.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Refusal" and node.args:
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield path.relative_to(ROOT).parts[0], first.value


def test_every_refusal_has_words(world):
    known = world.app.extensions["portal"].sentences
    rooms = {room.__name__.split(".")[1] for room in compose.LABELS}
    mounted = [code for room, code in codes() if room in rooms or room.endswith(".py")]
    assert len(mounted) > 5
    assert [c for c in mounted if c not in known] == []


def test_no_refusal_has_two_sets_of_words():
    told = [code for room in compose.LABELS for code in room.REFUSALS] + list(web.GENERAL)
    assert sorted({code for code in told if told.count(code) > 1}) == []
    done = [verb for room in compose.LABELS for verb in room.ENTRIES]
    assert sorted({verb for verb in done if done.count(verb) > 1}) == []
