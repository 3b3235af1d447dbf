"""A client that refuses pages no person should get: used by every test that asks for one."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

from flask.testing import FlaskClient

VOID = {"meta", "link", "input", "img", "br", "hr", "path", "rect", "polygon", "use", "circle"}


class Page(HTMLParser):
    """An answer's HTML: its headings, ids, inputs, forms, links and text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.html, self.text, self.title = html, "", ""
        self.ids: list[str] = []
        self.labels: set[str] = set()
        self.inputs: list[dict[str, str]] = []
        self.forms: list[dict[str, Any]] = []
        self.links: list[str] = []
        self.h1 = 0
        self._open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        a = {k: v or "" for k, v in attrs}
        assert "style" not in a and not any(k.startswith("on") for k in a), f"inline style or script: {tag} {a}"
        if "id" in a:
            self.ids.append(a["id"])
        if tag == "h1":
            self.h1 += 1
        if tag == "label":
            self.labels.add(a.get("for", ""))
        if tag == "a" and "href" in a:
            self.links.append(a["href"])
        if tag == "form":
            self.forms.append({"action": a.get("action"), "method": a.get("method", "get"), "data": {}})
        if tag in ("input", "textarea", "select"):
            self.inputs.append({**a, "tag": tag})
            if self.forms and "name" in a and a.get("type") not in ("radio", "checkbox", "file"):
                self.forms[-1]["data"][a["name"]] = a.get("value", "")
            if self.forms and a.get("type") in ("radio", "checkbox") and "checked" in a:
                self.forms[-1]["data"][a["name"]] = a.get("value", "on")
        if tag == "option" and self.forms:
            name = next(i["name"] for i in reversed(self.inputs) if i["tag"] == "select")
            if "selected" in a or not self.forms[-1]["data"][name]:
                self.forms[-1]["data"][name] = a.get("value", "")
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("a", "b", "strong", "em", "span"):
            self.text += " "
        while self._open and self._open.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if "script" in self._open:
            return
        if "title" in self._open:
            self.title += data
        elif "textarea" in self._open and self.forms:
            name = next(i["name"] for i in reversed(self.inputs) if i["tag"] == "textarea")
            self.forms[-1]["data"][name] += data.lstrip("\n")
        self.text += data

    @property
    def said(self) -> str:
        """The text as it reads, blanks folded."""
        return re.sub(r"\s+", " ", self.text)

    def form(self, action: str | None = None) -> dict[str, Any]:
        """The form with this action (its own page: None), the main one where there are several."""
        return next(f for f in self.forms if f["action"] == action)

    def check(self) -> None:
        """What every page must have."""
        assert self.title.strip(" –\n"), "no title"
        assert self.h1 == 1, f"{self.h1} h1"
        assert len(self.ids) == len(set(self.ids)), (
            f"ids twice: {[i for i in self.ids if self.ids.count(i) > 1]}"
        )
        for field in self.inputs:
            if field.get("type") not in ("hidden", "submit"):
                named = field.get("id") in self.labels or "aria-label" in field
                assert named, f"an input without label: {field}"
        for form in self.forms:
            if form["method"].lower() == "post":
                assert form["data"].get("csrf_token"), f"a form without token: {form}"


class PageClient:
    """A browser without a screen: follows what a person would see, and checks each page."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, status: int = 200) -> Page:
        """The page at `path`, which must answer `status`."""
        with self.client.get(path) as response:
            assert response.status_code == status, (
                f"{path}: {response.status_code} {response.headers.get('Location')}"
            )
            return self._page(response)

    def bytes(self, path: str, status: int = 200) -> bytes:
        """The bytes at `path`."""
        with self.client.get(path) as response:
            assert response.status_code == status, f"{path}: {response.status_code}"
            return bytes(response.data)

    def post(
        self,
        path: str,
        data: dict[str, Any] | None = None,
        *,
        page: Page | None = None,
        action: str | None = None,
    ) -> Any:
        """Send the form of `page` (or of the page at `path`) with `data` filled in; 303 after a success."""
        page = page or self.get(path)
        form = page.form(action)
        sent = {**form["data"], **(data or {})}
        target = action or path
        with self.client.post(target, data=sent, content_type="multipart/form-data") as response:
            response.request.environ["wsgi.input"].close()
            assert response.status_code in (303, 422), f"{target}: {response.status_code}"
            if response.status_code == 303:
                return response.headers["Location"]
            return self._page(response)

    def _page(self, response: Any) -> Page:
        assert response.mimetype == "text/html"
        found = Page(response.get_data(as_text=True))
        found.check()
        return found
