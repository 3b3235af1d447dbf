"""Bytes that are no request, to the server as it runs: answered or cut off, never taken for two, and others go
on.
"""

from __future__ import annotations

import re
import resource
import signal
import socket
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from portal.cli.serving import STOPS_WITHIN
from tests.browser import Browser
from tests.conftest import ON_SQLITE

HOST = "Host: 127.0.0.1\r\n"
INNER = f"GET /gesmokkeld HTTP/1.1\r\n{HOST}\r\n"


def send(base: str, data: bytes, *, wait: float = 3) -> bytes:
    """What comes back on a connection of its own, until it is closed or nothing comes any more."""
    found = b""
    with socket.create_connection(("127.0.0.1", urlsplit(base).port), timeout=wait) as line:
        try:
            line.sendall(data)
            while part := line.recv(65_536):
                found += part
        except (TimeoutError, ConnectionError):
            pass
    return found


def statuses(answer: bytes) -> list[int]:
    return [int(code) for code in re.findall(rb"HTTP/1\.[01] (\d{3})", answer)]


def asked(log: Path, path: str) -> int:
    """How often the portal itself saw this path."""
    return log.read_text().count(f'"path": "{path}"')


POST = f"POST /aanmelden HTTP/1.1\r\n{HOST}"
AMBIGUOUS = {
    "both lengths": f"{POST}Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n{INNER}",
    "an odd coding": f"{POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n{INNER}",
    "a coding with a blank": f"{POST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n{INNER}",
    "two codings": f"{POST}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n{INNER}",
    "two lengths": f"{POST}Content-Length: 0\r\nContent-Length: 5\r\n\r\n{INNER}",
    "a signed length": f"{POST}Content-Length: +5\r\n\r\n{INNER}",
    "a hexadecimal length": f"{POST}Content-Length: 0x5\r\n\r\n{INNER}",
    "a negative length": f"{POST}Content-Length: -1\r\n\r\n{INNER}",
    "a folded header": f"GET /gezond HTTP/1.1\r\n{HOST}X-A: a\r\n b\r\n\r\n",
    "a chunk that is too large": f"{POST}Transfer-Encoding: chunked\r\n\r\n{'F' * 17}\r\n{INNER}",
    "a chunk of no size": f"{POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n{INNER}",
    "no protocol": "GET\r\n\r\n",
    "a NUL": f"GET /gezond HTTP/1.1\r\n{HOST}X-A: a\x00b\r\n\r\n",
}


@pytest.mark.parametrize("what", AMBIGUOUS)
def test_a_90_a_request_with_two_meanings_is_not_taken_for_two(shared, what):
    base, _process, log = shared
    answer = send(base, AMBIGUOUS[what].encode("latin-1"))
    assert asked(log, "/gesmokkeld") == 0, answer
    assert 200 not in statuses(answer)
    assert Browser(base).get("/gezond").status == 200


def test_a_91_trailers_name_no_host_and_no_cookie(shared):
    base, _process, log = shared
    trailer = "5\r\na=b&c\r\n0\r\nHost: kwaad.example\r\nCookie: sid=x\r\n\r\n"
    send(base, f"{POST}Transfer-Encoding: chunked\r\n\r\n{trailer}".encode())
    assert "kwaad.example" not in log.read_text()
    assert Browser(base).get("/gezond").status == 200


def test_a_92_what_follows_a_refused_body_is_not_anothers(shared):
    base, _process, _log = shared
    large = b"a" * 3_000_000
    head = f"{POST}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {len(large)}\r\n\r\n"
    answer = send(
        base,
        head.encode() + large + f"GET /account HTTP/1.1\r\n{HOST}Connection: close\r\n\r\n".encode(),
        wait=5,
    )
    found = statuses(answer)
    assert found[0] in (303, 400, 413)
    assert set(found[1:]) <= {303}  # to the page where one signs in: nobody is known by what another sent


@pytest.mark.parametrize("method", ["TRACE", "CONNECT", "OPTIONS", "PROPFIND"])
def test_a_93_no_other_method_is_answered_with_a_page(shared, method):
    base, _process, _log = shared
    target = "127.0.0.1:80" if method == "CONNECT" else "/account"
    answer = send(
        base, f"{method} {target} HTTP/1.1\r\n{HOST}X-Geheim: kanarie\r\nConnection: close\r\n\r\n".encode()
    )
    assert b"kanarie" not in answer
    assert not [s for s in statuses(answer) if s == 200] or (method == "OPTIONS" and b"<html" not in answer)


ENDLESS = {
    "a header": f"GET /gezond HTTP/1.1\r\n{HOST}X-A: {'a' * 1_000_000}\r\n\r\n",
    "a thousand cookies": f"GET /gezond HTTP/1.1\r\n{HOST}"
    + "".join(f"Cookie: c{n}=x\r\n" for n in range(1000))
    + "\r\n",
    "an address": f"GET /{'a' * 1_000_000} HTTP/1.1\r\n{HOST}\r\n",
}


@pytest.mark.parametrize("what", ENDLESS)
def test_a_109_endless_heads_are_cut_off(shared, what):
    base, _process, log = shared
    found = statuses(send(base, ENDLESS[what].encode()))
    assert not found or found[0] in (400, 404, 414, 431)
    assert max(map(len, log.read_text().splitlines()), default=0) < 20_000
    assert Browser(base).get("/gezond").status == 200


def memory(pid: int) -> int:
    """Kilobytes of a process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    pages = [int(Path(f"/proc/{one}/statm").read_text().split()[1]) for one in (pid, *children)]
    return sum(pages) * resource.getpagesize() // 1024


BOUNDARY = "x" * 30
PART = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"\r\n\r\nb\r\n'


def form(body: bytes, kind: str = f"multipart/form-data; boundary={BOUNDARY}") -> bytes:
    head = f"{POST}Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    return head.encode("latin-1") + body


BODIES = {
    "ten thousand parts": form((PART * 10_000).encode() + f"--{BOUNDARY}--\r\n".encode()),
    "a thousand and one fields": form(
        b"&".join(b"f%d=x" % n for n in range(1001)), "application/x-www-form-urlencoded"
    ),
    "one huge field": form(b"email=" + b"a" * 2_000_000, "application/x-www-form-urlencoded"),
    "a part with an endless header": form(
        (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="a"; x="{"y" * 1_000_000}"\r\n\r\n'
            f"b\r\n--{BOUNDARY}--\r\n"
        ).encode()
    ),
    "no end": form(PART.encode()),
    "a boundary of line ends": form(b"\r" * 200_000, "multipart/form-data; boundary=\r"),
    "a part in a part": form(
        (
            f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=a\r\n"
            f"Content-Type: multipart/mixed; boundary=y\r\n\r\n--y\r\n\r\nb\r\n--y--\r\n--{BOUNDARY}--\r\n"
        ).encode()
    ),
}


@pytest.mark.parametrize("what", BODIES)
def test_a_107_bodies_made_to_hurt_are_answered_soon_and_hurt_nobody(shared, what):
    base, process, _log = shared
    send(base, form(b"a=b", "application/x-www-form-urlencoded"))
    before, began = memory(process.pid), time.monotonic()
    answer = send(base, BODIES[what], wait=10)
    assert time.monotonic() - began < 8
    assert statuses(answer)[:1] in ([303], [400], [413], [422], [])
    assert memory(process.pid) - before < 80_000
    assert Browser(base).get("/gezond").status == 200


def test_a_107_a_gigabyte_is_not_read(shared):
    """Said to be a gigabyte: it is answered long before that much was sent, and kept nowhere."""
    base, process, _log = shared
    before = memory(process.pid)
    head = f"{POST}Content-Type: text/plain\r\nContent-Length: 1000000000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", urlsplit(base).port), timeout=5) as line:
        line.sendall(head.encode())
        sent = 0
        try:
            while sent < 30_000_000:
                sent += line.send(b"a" * 65_536)
        except (TimeoutError, ConnectionError):
            pass
        assert Browser(base).get("/gezond").status == 200
    assert memory(process.pid) - before < 80_000


def test_a_108_slow_senders_do_not_keep_others_out(shared):
    """Fifty who send a byte now and then: the server's threads are for whole requests, or for who is done."""
    base, _process, _log = shared
    lines, stop = [], threading.Event()
    try:
        for _one in range(50):
            line = socket.create_connection(("127.0.0.1", urlsplit(base).port), timeout=5)
            line.sendall(f"GET /gezond HTTP/1.1\r\n{HOST}X-A: ".encode())
            lines.append(line)

        def drip() -> None:
            while not stop.wait(0.2):
                for line in lines:
                    line.send(b"a")

        dripping = threading.Thread(target=drip, daemon=True)
        dripping.start()
        began = time.monotonic()
        for _time in range(5):
            assert Browser(base).get("/gezond").status == 200
        assert time.monotonic() - began < 5
    finally:
        stop.set()
        for line in lines:
            line.close()


@ON_SQLITE
def test_after_such_requests_a_server_still_stops(served):
    base, process, _log = served
    for what in ("a signed length", "two lengths", "a folded header"):
        send(base, AMBIGUOUS[what].encode("latin-1"))
    process.send_signal(signal.SIGTERM)
    assert process.wait(STOPS_WITHIN + 6) == 0
