"""Somebody at one server over one connection that stays open, who looks at the clock."""

from __future__ import annotations

import http.client
import time
import urllib.parse
from dataclasses import dataclass
from typing import Any

from tests.browser import Browser, multipart


@dataclass
class Timed:
    """An answer and how long it took, in seconds."""

    status: int
    size: int
    seconds: float


class Client:
    """One connection to `port` with the cookies of a signed-in browser."""

    def __init__(self, port: int, browser: Browser | None = None) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
        self.browser = browser

    def get(self, path: str) -> Timed:
        """Ask for a page."""
        return self._ask("GET", path, None, {})

    def post(self, path: str, data: dict[str, Any], file: tuple[str, bytes] | None = None) -> Timed:
        """Send a form, with one file in its field `file`."""
        if file is None:
            body, kind = urllib.parse.urlencode(data).encode(), "application/x-www-form-urlencoded"
        else:
            body, kind = multipart(data, {"file": file})
        return self._ask("POST", path, body, {"Content-Type": kind})

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> Timed:
        if self.browser is not None:
            headers["Cookie"] = "; ".join(f"{c.name}={c.value}" for c in self.browser.cookies)
        begin = time.perf_counter()
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        size = len(answer.read())
        return Timed(answer.status, size, time.perf_counter() - begin)
