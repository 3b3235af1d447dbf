"""Serving with granian, for `serve` and `demo` alike."""

from __future__ import annotations

import os
import socket
from typing import Any

import click
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

STOPS_WITHIN = (
    8  # seconds for requests under way; after odd requests a worker may not stop by itself, and is ended
)


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
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        workers_kill_timeout=STOPS_WITHIN,
        factory=True,
        log_level=LogLevels.warning,
    )
    server.serve()
