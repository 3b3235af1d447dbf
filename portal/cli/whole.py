"""Whole requests first: between the server, which takes in thousands of connections, and the portal, whose few
threads each do one request.

A request is taken in whole, in the server's own loop and within a time, before a thread is given to it: who
sends slowly holds a connection and nothing else. Who reads an answer slowly is let go after a while. (The
server itself knows no limit to the time of a body: decision 18.)
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import IO, Any

from portal.clock import monotonic

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
SECONDS = 20  # for a body, and more for a longer one:
PER_SECOND = 20_000  # bytes
IN_MEMORY = 256 * 1024  # bytes of a body; the rest lies in a file of the system
MOST = 200 * 1024 * 1024  # bytes that are read on, so that a browser comes to see our sentence
READS_WITHIN = 30  # seconds for a piece of an answer


class Whole:
    """An ASGI application of a WSGI one, with so many threads; of a body so much is kept (bytes) as any route
    takes.
    """

    def __init__(self, app: Callable[..., Iterable[bytes]], threads: int, kept: int = 16 * 1024 * 1024) -> None:
        self.app, self.kept = app, kept
        self.threads = ThreadPoolExecutor(threads, thread_name_prefix="portal")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take one request in, and answer it."""
        if scope["type"] != "http":
            return
        with tempfile.SpooledTemporaryFile(IN_MEMORY) as body:
            try:
                async with asyncio.timeout(_allowed(scope, self.kept)):
                    size = await _taken_in(body, receive, self.kept)
            except TimeoutError:
                await _refuse(send, 408, "Het versturen duurde te lang. Probeer het opnieuw.")
                return
            if size is None:
                return
            environ = _environ(scope, body, size)
            loop = asyncio.get_running_loop()
            await loop.run_in_executor(self.threads, self._answer, environ, _Sender(send, loop))

    def _answer(self, environ: dict[str, Any], sender: _Sender) -> None:
        """In a thread: let the portal answer, and hand over what it says piece by piece."""
        answer = self.app(environ, sender.start)
        try:
            for piece in answer:
                sender.piece(piece)
            sender.end()
        finally:
            getattr(answer, "close", lambda: None)()


class _Sender:
    """What a thread gives to the server's loop; a client that is gone, or reads nothing for long, ends it."""

    def __init__(self, send: Send, loop: asyncio.AbstractEventLoop) -> None:
        self.send, self.loop = send, loop
        self.head: dict[str, Any] | None = None

    def start(self, status: str, headers: list[tuple[str, str]], _problem: Any = None) -> Callable[..., None]:
        """WSGI's `start_response`."""
        told = [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers]
        self.head = {"type": "http.response.start", "status": int(status[:3]), "headers": told}
        return self.piece

    def piece(self, body: bytes, *, more: bool = True) -> None:
        """A piece of the answer, after its head."""
        if self.head is not None:
            head, self.head = self.head, None
            self._give(head)
        if body or not more:
            self._give({"type": "http.response.body", "body": bytes(body), "more_body": more})

    def end(self) -> None:
        """No more."""
        self.piece(b"", more=False)

    def _give(self, message: dict[str, Any]) -> None:
        taken = asyncio.run_coroutine_threadsafe(_awaited(self.send(message)), self.loop)
        try:
            taken.result(READS_WITHIN)
        except TimeoutError:
            taken.cancel()
            raise


async def _awaited(given: Awaitable[None]) -> None:
    await given


def _allowed(scope: Scope, kept: int) -> float:
    """Seconds for the body of a request: some, and what a slow line needs for what is announced."""
    told = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
    return SECONDS + min(int(told) if told.isdigit() else 0, kept) / PER_SECOND


async def _taken_in(body: IO[bytes], receive: Receive, kept: int) -> int | None:
    """Read a body to its end, and keep what any route may take of it; its size, or None when the client is
    gone.
    """
    size, more = 0, True
    while more and size < MOST:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        piece, more = message.get("body", b""), message.get("more_body", False)
        if size + len(piece) <= kept:
            body.write(piece)
        size += len(piece)
    body.seek(0)
    return size


async def _refuse(send: Send, status: int, told: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": told.encode()})


def _environ(scope: Scope, body: IO[bytes], size: int) -> dict[str, Any]:
    """PEP 3333's environment of an ASGI request, with the moment at which it was complete (monotonic), and its
    length also where it was sent in pieces without one: routes have limits.
    """
    host, port = scope.get("server") or ("localhost", 80)
    client = scope.get("client") or ("", 0)
    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": scope["path"].encode("utf-8", "surrogateescape").decode("latin-1"),
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "SERVER_NAME": host,
        "SERVER_PORT": str(port),
        "REMOTE_ADDR": client[0],
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.input": body,
        "wsgi.input_terminated": True,
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "portal.complete_at": monotonic(),
    }
    if all(name != b"content-length" for name, _value in scope["headers"]) and size:
        environ["CONTENT_LENGTH"] = str(size)
    for raw, value in scope["headers"]:
        if raw == b"transfer-encoding":  # of the way here: the body is whole
            continue
        name = raw.decode("latin-1").upper().replace("-", "_")
        key = name if name in ("CONTENT_LENGTH", "CONTENT_TYPE") else f"HTTP_{name}"
        told = value.decode("latin-1")
        joint = "; " if name == "COOKIE" else ","
        environ[key] = f"{environ[key]}{joint}{told}" if key in environ else told
    return environ
