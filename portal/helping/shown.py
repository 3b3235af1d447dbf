"""A page as it was shown, without anything to press: what an applicant shares with the department's help.

The page is made anew for who shares it, by the whole gate, and what it says is kept: words, headings, tables,
what stands in its fields. Forms, links, addresses, scripts and hidden fields are not. It is sealed with the
code that the applicant is given.
"""

from __future__ import annotations

import base64
import json
from html import escape
from html.parser import HTMLParser

import nh3
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from markupsafe import Markup

UNHEARD = "template"  # with everything in it
NAMES = {
    "output": UNHEARD,  # what a field holds, said once more for paper
    "h1": "h2",
    "h2": "h3",
    "h3": "h4",
    "label": "p",
    "legend": "p",
    "summary": "p",
    "a": "span",
    "article": "div",
    "section": "div",
    "b": "strong",
    "select": "span",
    "button": "em",
}
KEPT = {
    "h2",
    "h3",
    "h4",
    "p",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "div",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "span",
    "strong",
    "em",
    "small",
    "code",
    "samp",
}
DROPPED = {"script", "style", "svg", "noscript", UNHEARD}
MARKS = {"radio": ("● ", "○ "), "checkbox": ("☑ ", "☐ ")}  # chosen, not chosen


class _Reader(HTMLParser):
    """What stands in `<main>`, with what its fields hold as text; nh3 makes it harmless afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.title = ""
        self._last = ""
        self._inside = False
        self._choice = UNHEARD

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told, self._last = {name: value or "" for name, value in attrs}, tag
        self._inside = self._inside or tag == "main"
        if not self._inside:
            return
        if tag == "input":
            self._input(told)
            return
        if tag == "option":
            self._choice = "samp" if "selected" in told else UNHEARD
        self.parts.append(f"<{self._name(tag)}>")

    def _name(self, tag: str) -> str:
        return {"option": self._choice, "textarea": "samp"}.get(tag) or NAMES.get(tag, tag)

    def _input(self, told: dict[str, str]) -> None:
        kind = told.get("type")
        if kind in MARKS:
            self.parts.append(MARKS[kind]["checked" not in told])
        elif kind not in ("hidden", "submit", "password", "file"):
            self.parts.append(f"<samp>{escape(told.get('value', ''))}</samp>")

    def handle_endtag(self, tag: str) -> None:
        self._last = ""
        if self._inside:
            self.parts.append(f"</{self._name(tag)}>")
        self._inside = self._inside and tag != "main"

    def handle_data(self, data: str) -> None:
        if self._last == "title":
            self.title += data
        elif self._inside:
            self.parts.append(escape(data))


def read(html: str) -> tuple[str, str]:
    """The title of a page, and what it says as harmless markup."""
    reader = _Reader()
    reader.feed(html)
    body = nh3.clean("".join(reader.parts), tags=KEPT, attributes={}, clean_content_tags=DROPPED, link_rel=None)
    return reader.title.strip(), body


def _box(code: str) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"shared page").derive(code.encode())
    return Fernet(base64.urlsafe_b64encode(key))


def sealed(code: str, title: str, body: str) -> str:
    """The page, to be read by who has the code alone."""
    return _box(code).encrypt(json.dumps([title, body]).encode()).decode()


def opened(code: str, kept: str) -> tuple[str, Markup] | None:
    """Title and body of a sealed page; None where the code is another."""
    try:
        title, body = json.loads(_box(code).decrypt(kept.encode()))
    except (InvalidToken, ValueError):
        return None
    return title, Markup(body)  # noqa: S704 - nh3 wrote every tag in it, and who opens it had the code
