"""A browser without a screen that talks to a real server: cookies, forms, uploads; one connection a request."""

from __future__ import annotations

import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
import uuid
from dataclasses import dataclass
from typing import Any

from tests.pages import Page


@dataclass
class Answer:
    """What came back: the status, where to go next, and the page."""

    status: int
    location: str
    text: str

    @property
    def said(self) -> str:
        """The page as it reads."""
        return Page(self.text).said


class Stay(urllib.request.HTTPRedirectHandler):
    """A redirect is an answer, not an order."""

    def redirect_request(self, *_arguments: Any) -> None:
        return None


class Browser:
    """Somebody at one server (`base`); `at` moves them, with their cookies, to another."""

    def __init__(self, base: str, cookies: http.cookiejar.CookieJar | None = None) -> None:
        self.base, self.cookies = base, cookies if cookies is not None else http.cookiejar.CookieJar()
        self.token = ""
        handlers = (urllib.request.HTTPCookieProcessor(self.cookies), Stay())
        self.opener = urllib.request.build_opener(*handlers)

    def at(self, base: str) -> Browser:
        """The same person at another server of the same name."""
        return Browser(base, self.cookies)

    def get(self, path: str) -> Answer:
        """A page."""
        return self._ask(urllib.request.Request(self.base + path))

    def post(
        self, path: str, data: dict[str, Any], files: dict[str, tuple[str, bytes]] | None = None
    ) -> Answer:
        """Send a form, with files where there are any."""
        if not files:
            body, kind = urllib.parse.urlencode(data).encode(), "application/x-www-form-urlencoded"
        else:
            body, kind = multipart(data, files)
        return self._ask(urllib.request.Request(self.base + path, body, {"Content-Type": kind}))

    def form(self, path: str, action: str | None = None) -> dict[str, Any]:
        """What the form of a page would send."""
        data: dict[str, Any] = Page(self.get(path).text).form(action)["data"]
        return data

    def sign_in(self, email: str, password: str = "demo") -> Browser:
        """Sign in; the browser."""
        data = {**self.form("/aanmelden"), "email": email, "password": password}
        assert self.post("/aanmelden", data).status == 303
        return self

    def _ask(self, request: urllib.request.Request) -> Answer:
        try:
            with self.opener.open(request, timeout=60) as answer:
                return Answer(answer.status, "", answer.read().decode("utf-8", "replace"))
        except urllib.error.HTTPError as answer:
            with answer:
                location = (answer.headers.get("Location") or "").removeprefix(self.base)
                return Answer(answer.code, location, answer.read().decode("utf-8", "replace"))


def multipart(data: dict[str, Any], files: dict[str, tuple[str, bytes]]) -> tuple[bytes, str]:
    """A form with files, as browsers send it: the body and its type."""
    edge = uuid.uuid4().hex
    parts = [
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in data.items()
    ]
    for name, (file, body) in files.items():
        head = f'--{edge}\r\nContent-Disposition: form-data; name="{name}"; filename="{file}"\r\n'
        parts.append(f"{head}Content-Type: application/pdf\r\n\r\n".encode() + body + b"\r\n")
    return b"".join(parts) + f"--{edge}--\r\n".encode(), f"multipart/form-data; boundary={edge}"
