"""Looking for viruses: clamd, asked by INSTREAM. Whatever is not 'stream: OK' does not pass."""

from __future__ import annotations

import socket
import struct
from dataclasses import dataclass
from typing import BinaryIO, Protocol

CHUNK, TIMEOUT, MOST_ANSWER = 1 << 16, 20, 4096  # bytes, seconds, bytes


class ScannerDown(Exception):
    """The scanner gave no verdict; `str()` says why, for the log. The file waits."""


class Scanner(Protocol):
    """What the portal asks of a scanner."""

    def scan(self, stream: BinaryIO) -> bool:
        """Whether the stream is clean.

        Raises:
            ScannerDown: when there is no verdict.
        """
        ...

    def check(self) -> None:
        """Do nothing when it answers; `ScannerDown` otherwise."""
        ...


class NoScanner:
    """Where no scanner was set: nothing is looked for (`portal check` says so)."""

    def scan(self, stream: BinaryIO) -> bool:
        """Every stream passes."""
        return True

    def check(self) -> None:
        """Nothing can be wrong with it."""


@dataclass(frozen=True)
class Clamd:
    """A clamd at `host:port`, or at the path of its socket."""

    address: str

    def scan(self, stream: BinaryIO) -> bool:
        """Whether clamd says OK; False only when it names what it found."""
        with self._connection() as clamd:
            _say(clamd, b"zINSTREAM\0")
            while chunk := stream.read(CHUNK):
                if not _say(clamd, struct.pack("!I", len(chunk)) + chunk):
                    break  # it said what is wrong and hung up: too large, say
            _say(clamd, struct.pack("!I", 0))
            answer = _heard(clamd)
        if answer == "stream: OK":
            return True
        if answer.startswith("stream: ") and answer.endswith(" FOUND"):
            return False
        raise ScannerDown(answer or "no answer")

    def check(self) -> None:
        """PING."""
        with self._connection() as clamd:
            _say(clamd, b"zPING\0")
            answer = _heard(clamd)
        if answer != "PONG":
            raise ScannerDown(answer or "no answer")

    def _connection(self) -> socket.socket:
        try:
            if not self.address.startswith("/"):
                host, _colon, port = self.address.rpartition(":")
                return socket.create_connection((host, int(port)), TIMEOUT)
            found = socket.socket(socket.AF_UNIX)
            try:
                found.settimeout(TIMEOUT)
                found.connect(self.address)
            except OSError:
                found.close()
                raise
            return found
        except OSError as problem:
            raise ScannerDown(str(problem)) from problem


def _say(clamd: socket.socket, data: bytes) -> bool:
    try:
        clamd.sendall(data)
    except OSError:
        return False
    return True


def _heard(clamd: socket.socket) -> str:
    answer = b""
    try:
        while not answer.endswith(b"\0") and len(answer) < MOST_ANSWER and (more := clamd.recv(MOST_ANSWER)):
            answer += more
    except OSError as problem:
        raise ScannerDown(str(problem)) from problem
    return answer.rstrip(b"\0").decode("utf-8", "replace")
