"""Serving with granian, for `serve` and `demo` alike."""

from __future__ import annotations

import os
import socket
from typing import Any

import click
from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

STOPS_WITHIN = (
    8  # seconds for requests under way; after odd requests a worker may not stop by itself, and is ended
)
THREADS = 4  # of each worker: requests that the portal answers at one time
CONNECTIONS = 1000  # of each worker: requests that are taken in at one time
HEADERS_WITHIN = 10_000  # milliseconds
HEADERS = 64 * 1024  # bytes


def free_port(host: str, wanted: int) -> int:
    """`wanted`, or the next port nobody listens on.

    Raises:
        click.ClickException: when the next hundred are busy too.
    """
    for port in range(wanted, min(wanted + 100, 65_536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, port))
            except OSError:
                continue
            return port
    raise click.ClickException(f"no free port from {wanted} on: choose another with --port")


def run(target: str, *, host: str, port: int, workers: int, environ: dict[str, str]) -> None:
    """Serve the factory `target` until stopped; `environ` reaches the workers."""
    os.environ.update(environ)
    server: Any = Server(
        target,
        address=host,
        port=port,
        interface=Interfaces.ASGI,
        workers=workers,
        http1_settings=HTTP1Settings(header_read_timeout=HEADERS_WITHIN, max_buffer_size=HEADERS),
        backpressure=CONNECTIONS,
        workers_kill_timeout=STOPS_WITHIN,
        factory=True,
        log_level=LogLevels.warning,
    )
    server.serve()
