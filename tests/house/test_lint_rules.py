"""The linter's security rules hold for the whole portal; each exception has its reason beside it."""

import re
import tomllib

from tests.conftest import PROJECT

LINT = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
CODE = {path: path.read_text("utf-8") for path in (PROJECT / "portal").rglob("*.py")}
MARKED_UP = {"portal/web.py", "portal/helping/shown.py", "portal/second_step/factors.py"}


def test_security_rules_are_on_and_nothing_of_the_portal_is_left_out():
    """No `eval`, no statement of pieces of text, no weak chance, digest or TLS, no pickle, no shell
    (flake8-bandit).
    """
    assert "S" in LINT["select"]
    assert not [rule for rule in LINT["ignore"] if re.match(r"S\d*$", rule)]
    for place, rules in LINT["per-file-ignores"].items():
        assert not place.startswith("portal/") or not [rule for rule in rules if rule.startswith("S")], place


def test_every_exception_says_why():
    bare = [
        (path.name, line.strip())
        for path, text in CODE.items()
        for line in text.splitlines()
        if re.search(r"#\s*(noqa|nosec)", line) and not re.search(r"# noqa: [A-Z]+\d+ - \w+", line)
    ]
    assert bare == []


def test_markup_is_made_in_few_places_and_never_in_a_template():
    made = {str(path.relative_to(PROJECT)) for path, text in CODE.items() if re.search(r"\bMarkup\(", text)}
    assert made <= MARKED_UP
    templates = [path.read_text("utf-8") for path in (PROJECT / "templates").rglob("*.html")]
    assert not [text for text in templates if re.search(r"\|\s*safe\b|autoescape", text)]
