"""Templates: each is rendered by its view, includes or extends; none does arithmetic on its own."""

import re
from pathlib import Path

from portal.demo import routes as demo_routes
from portal.journal.labels import LETTERS

FOLDER = Path(__file__).resolve().parents[2] / "templates"


def test_every_page_belongs_to_a_view_and_every_part_is_used(world):
    views = {f"{r.endpoint.replace('.', '/')}.html" for r in world.app.url_map.iter_rules()}
    views |= {f"demo/{name}.html" for name in vars(demo_routes)}
    text = "".join(p.read_text("utf-8") for p in FOLDER.rglob("*.html"))
    code = "".join(p.read_text("utf-8") for p in (FOLDER.parent / "portal").rglob("*.py"))
    lost = [
        name
        for p in FOLDER.rglob("*")
        if p.is_file()
        and p.parent.name != "emails"
        and (name := p.relative_to(FOLDER).as_posix()) not in views
        and f'"{name}"' not in text
        and f'"{name}"' not in code
        and p.name not in code
    ]
    assert lost == []


def test_every_kind_of_letter_has_its_text_and_its_name():
    code = "".join(p.read_text("utf-8") for p in (FOLDER.parent / "portal").rglob("actions*/**/*.py"))
    code += "".join(p.read_text("utf-8") for p in (FOLDER.parent / "portal").rglob("actions.py"))
    owed = set(re.findall(r'\("([a-z_]+)", (?:a|[a-z.]*(?:address|email)), ', code))
    owed |= set(re.findall(r'(?:True|False)\): "([a-z_]+)"', code))  # one of two, as an account is there or not
    texts = {p.stem for p in (FOLDER / "emails").glob("*.txt")} - {"_frame"}
    assert owed == texts == set(LETTERS)


def test_no_template_carries_style_or_script_of_its_own():
    for path in FOLDER.rglob("*.html"):
        text = path.read_text("utf-8")
        assert not re.search(r"\sstyle=|<style|\son[a-z]+=|javascript:", text), path
        assert re.findall(r"<script(?![^>]*\ssrc=)", text) == [], path


def test_vendored_files_are_what_was_vendored():
    import hashlib

    for vendor in (FOLDER.parent / "portal/static/vendor", FOLDER.parent / "portal/documents/fonts"):
        for line in (vendor / "SHA256SUMS").read_text().splitlines():
            digest, name = line.split()
            assert hashlib.sha256((vendor / name).read_bytes()).hexdigest() == digest
