"""Who sends or reads slowly holds a connection and nobody else up: `portal serve` without a proxy before it."""

import asyncio
import http.client
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import pytest

from portal.cli import whole
from portal.cli.whole import Whole

SENDERS = 60  # many times the threads of all workers


def connected(base):
    where = urlsplit(base)
    return socket.create_connection((where.hostname, where.port), timeout=20)


def asked(base):
    """Whether a page comes at once."""
    where = urlsplit(base)
    client = http.client.HTTPConnection(where.hostname, where.port, timeout=5)
    client.request("GET", "/gezond")
    with client.getresponse() as answer:
        status = answer.status
    client.close()
    return status == 200


HEAD = "POST /aanmelden HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"


def test_slow_bodies_and_slow_headers_hold_nobody_up(served):
    base, _process, _log = served
    head = HEAD.format(host=urlsplit(base).netloc)
    slow = [connected(base) for _each in range(SENDERS)]
    for number, one in enumerate(slow):
        one.sendall((head + ("Content-Length: 100000\r\n\r\na=b&a" if number % 2 else "X-")).encode())
    try:
        for _round in range(5):
            assert asked(base)
            for number, one in enumerate(slow):
                if number % 2:
                    one.sendall(b"a=b&a")
            time.sleep(0.1)
    finally:
        for one in slow:
            one.close()
    assert asked(base)


def told(one):
    """Headers without an end, until the server had enough; its answer, or nothing where it just left."""
    try:
        for _each in range(64):
            one.sendall(b"X-More: " + b"y" * 16_000 + b"\r\n")
        return one.recv(1000)
    except (BrokenPipeError, ConnectionResetError):
        return b""


def test_headers_without_end_are_refused(served):
    base, _process, _log = served
    with connected(base) as one:
        one.sendall(HEAD.format(host="x").encode())
        answer = told(one)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 4"), answer
    assert asked(base)


class Given:
    """What a server gives and takes of one request."""

    def __init__(self, *messages, wait=0.0):
        self.messages, self.wait, self.said = list(messages), wait, []

    async def receive(self):

        await asyncio.sleep(self.wait)
        return self.messages.pop(0) if self.messages else await asyncio.Event().wait()

    async def send(self, message):
        self.said.append(message)


SCOPE = {
    "type": "http",
    "method": "POST",
    "path": "/é",
    "query_string": b"a=1",
    "http_version": "1.1",
    "scheme": "http",
    "server": ("127.0.0.1", 80),
    "client": ("127.0.0.1", 9),
    "headers": [(b"host", b"x"), (b"content-length", b"6"), (b"cookie", b"a=1"), (b"cookie", b"b=2")],
}


def body(told, *, more=False):
    return {"type": "http.request", "body": told, "more_body": more}


def answered(given, app, scope=SCOPE, **more):
    """What one request is answered, in a loop of its own (a browser's may run in this thread)."""

    def run():
        asyncio.run(asyncio.wait_for(Whole(app, 1, **more)(scope, given.receive, given.send), 10))

    with ThreadPoolExecutor(1) as pool:
        pool.submit(run).result()
    return given.said


def test_a_request_reaches_the_portal_whole_and_with_its_moment():
    told = {}

    def app(environ, start):
        told.update(environ, read=environ["wsgi.input"].read())
        start("200 OK", [("X-Some", "é")])
        yield b"een"
        yield b"twee"

    said = answered(Given(body(b"abc", more=True), body(b"def")), app)
    assert told["read"] == b"abcdef"
    assert (told["PATH_INFO"], told["HTTP_COOKIE"]) == ("/\xc3\xa9", "a=1; b=2")
    assert 0 <= whole.monotonic() - told["portal.complete_at"] < 5
    assert said[0]["headers"] == [(b"x-some", b"\xe9")]
    assert [m["body"] for m in said[1:]] == [b"een", b"twee", b""]


def test_what_was_sent_in_pieces_has_a_length_all_the_same():
    told = {}

    def app(environ, start):
        told.update(environ)
        start("200 OK", [])
        return []

    pieces = {**SCOPE, "headers": [(b"transfer-encoding", b"chunked")]}
    answered(Given(body(b"abc", more=True), body(b"defg")), app, pieces)
    assert told["CONTENT_LENGTH"] == "7"
    assert "HTTP_TRANSFER_ENCODING" not in told
    told.clear()
    answered(Given(body(b"")), app, {**SCOPE, "method": "GET", "headers": []})
    assert "CONTENT_LENGTH" not in told


def test_a_body_that_takes_too_long_is_told_and_takes_no_thread(monkeypatch):
    monkeypatch.setattr(whole, "SECONDS", 0.05)
    given = Given(body(b"a", more=True), body(b"b", more=True))
    said = answered(given, lambda *_a: pytest.fail("it was not whole"))
    assert said[0]["status"] == 408


def test_who_is_gone_while_sending_is_nobody():
    said = answered(Given(body(b"a", more=True), {"type": "http.disconnect"}), lambda *_a: pytest.fail("gone"))
    assert said == []


def test_more_than_any_route_takes_is_read_on_and_not_kept():
    sizes = []

    def app(environ, start):
        sizes.append(len(environ["wsgi.input"].read()))
        start("200 OK", [])
        return [b"x"]

    answered(Given(body(b"x" * 8, more=True), body(b"y" * 8)), app, kept=10)
    assert sizes == [8]


def test_who_reads_nothing_for_long_frees_the_thread(monkeypatch):
    monkeypatch.setattr(whole, "READS_WITHIN", 0.05)
    closed = threading.Event()

    class Answer:
        def __iter__(self):
            yield b"x" * 1000

        def close(self):
            closed.set()

    def app(_environ, start):
        start("200 OK", [])
        return Answer()

    class Stuck(Given):
        async def send(self, message):

            await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        answered(Stuck(body(b"")), app)
    assert closed.is_set()
