"""`portal demo`: everything embedded in one folder, with a clock that can be put forward."""

from __future__ import annotations

import fcntl
import os
import shutil
import signal
import threading
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TextIO

import click

from portal import settings as portal_settings
from portal.cli import serving
from portal.cli.whole import Whole
from portal.clock import parse_local


def _moment(_context: Any, _parameter: Any, value: str) -> datetime:
    try:
        return parse_local(value)
    except ValueError as problem:
        raise click.BadParameter("write it like 2023-05-10T09:00") from problem


def _claim(asked: Path | None) -> tuple[Path, TextIO]:
    """A folder that no running demo uses, with the lock that keeps it so.

    Raises:
        click.ClickException: when the folder that was asked for is in use.
    """
    base = portal_settings.project_dir() / "var" / "demo"
    for folder in [asked] if asked else [base, *(base.with_name(f"demo-{n}") for n in range(2, 10))]:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            lock.close()
            continue
        return folder.resolve(), lock
    raise click.ClickException(
        f"another demo runs in {asked or base}: stop it, or name another folder with --dir"
    )


@click.command()
@click.option("--port", default=5000, show_default=True, type=click.IntRange(1, 65_535))
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option(
    "--dir", "folder", type=click.Path(file_okay=False, path_type=Path), help="Where the demo keeps its data."
)
@click.option(
    "--at", default="2023-05-10T09:00", show_default=True, callback=_moment, help="Where the clock stands."
)
def demo(port: int, host: str, folder: Path | None, at: datetime) -> None:
    """Start the demo anew: no server, account or key needed."""
    from portal.demo import prepare

    folder, _lock = _claim(folder)  # held as long as the demo runs
    chosen = portal_settings.demo(folder, f"http://{host}:{port}")
    for kept in ("files", "mails"):
        shutil.rmtree(folder / kept, ignore_errors=True)
    for name in ("portal.sqlite", "portal.sqlite-wal", "portal.sqlite-shm"):
        (folder / name).unlink(missing_ok=True)
    click.echo("Preparing the demo.")
    # In a process of its own: the letter writer keeps threads, which a server that forks would lose.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        skipped = pool.submit(prepare.prepare, chosen, at).result()
    for line in skipped:
        click.echo(f"Skipped: {line}")
    found = serving.free_port(host, port)  # as late as can be: another may have taken it meanwhile
    if found != port:
        click.echo(f"Port {port} is busy: taking {found}.")
    base = f"http://{host}:{found}"
    click.echo(f"The demo runs on {base} (stop it with Ctrl-C).")
    worker = get_context("spawn").Process(target=work, args=(folder, base), daemon=True)
    worker.start()
    serving.run(
        "portal.cli.demo:app",
        host=host,
        port=found,
        workers=1,
        environ={"PORTAL_DEMO_DIR": str(folder), "PORTAL_BASE_URL": base},
    )


def work(folder: Path, base: str) -> None:
    """Send the demo's mails and record its closings, beside the server."""
    from portal.cli.deliver import run
    from portal.demo import app as demo_app

    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    signal.signal(signal.SIGINT, lambda *_: stop.set())
    run(demo_app.make(portal_settings.demo(folder, base)), stop, "demo")


def app() -> Any:
    """The demo's application, in the server's worker."""
    from portal.demo import app as demo_app

    folder = Path(os.environ["PORTAL_DEMO_DIR"])
    made = demo_app.make(portal_settings.demo(folder, os.environ["PORTAL_BASE_URL"]))
    return Whole(made, serving.THREADS)
