"""A page as it was shown, without anything to press: what an applicant shares with the department's help.

The page is made anew for who shares it, by the whole gate, and what it says is kept: words, headings, tables, what stands in
its fields. Forms, links, addresses, scripts and hidden fields are not. It is sealed with the code that the applicant is given.
"""

from __future__ import annotations

import base64
import json
from html import escape
from html.parser import HTMLParser

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from markupsafe import Markup

KEPT = {
    "h1": "h2", "h2": "h3", "h3": "h4", "h4": "h5", "p": "p", "ul": "ul", "ol": "ol", "li": "li", "dl": "dl", "dt": "dt",
    "dd": "dd", "div": "div", "table": "table", "caption": "caption", "thead": "thead", "tbody": "tbody", "tr": "tr",
    "th": "th", "td": "td", "span": "span", "strong": "strong", "em": "em", "small": "small", "b": "strong", "article":
    "div", "section": "div", "label": "p", "legend": "p", "summary": "p", "a": "span", "button": "em", "code": "code",
}  # fmt: skip
DROPPED = {"script", "style", "svg", "template", "noscript", "option"}
MARKS = {"radio": ("● ", "○ "), "checkbox": ("☑ ", "☐ ")}  # chosen, not chosen


class _Reader(HTMLParser):
    """What stands in `<main>`, as harmless markup."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self.title = ""
        self._open: list[str] = []
        self._inside = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        told = {name: value or "" for name, value in attrs}
        if tag == "input":
            self._input(told)
        elif tag == "option" and "selected" in told and "main" in self._open:
            self.parts.append(f"<samp>{escape(told.get('value', ''))}</samp>")
        if tag in ("input", "br", "img", "hr", "meta", "link"):
            return
        self._open.append(tag)
        if self._heard() and tag in KEPT:
            self.parts.append(f"<{KEPT[tag]}>")
        elif self._heard() and tag == "textarea":
            self.parts.append("<samp>")

    def _input(self, told: dict[str, str]) -> None:
        if not self._heard() or told.get("type") in ("hidden", "submit", "password", "file"):
            return
        if told.get("type") in MARKS:
            self.parts.append(MARKS[told["type"]]["checked" not in told])
        else:
            self.parts.append(f"<samp>{escape(told.get('value', ''))}</samp>")

    def handle_endtag(self, tag: str) -> None:
        while tag in self._open:
            last = self._open[-1]
            if self._heard() and last in KEPT:
                self.parts.append(f"</{KEPT[last]}>")
            elif self._heard() and last == "textarea":
                self.parts.append("</samp>")
            self._open.pop()
            if last == tag:
                return

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1] == "title":
            self.title += data
        elif self._heard():
            self.parts.append(escape(data))

    def _heard(self) -> bool:
        return "main" in self._open and DROPPED.isdisjoint(self._open)


def read(html: str) -> tuple[str, str]:
    """The title of a page, and what it says as harmless markup."""
    reader = _Reader()
    reader.feed(html)
    return reader.title.strip(), "".join(reader.parts)


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
    return title, Markup(body)  # noqa: S704 - our own reader wrote every tag in it
