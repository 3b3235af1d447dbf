"""Measure: seed both kinds of database, start the portal and the bare server on each, print the table.

    python -m benchmarks [--applications 1000] [--drafts 50] [--most 100] [--only sqlite|postgresql]

Both answer the same client in turn, so that what slows the machine slows both. What is printed is the median of
each and the ratio of the medians: seconds belong to one machine, ratios travel better.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from benchmarks import bare
from benchmarks.client import Client
from benchmarks.rows import REGION, ROWS, Field
from portal.db import Database
from portal.documents.stores import from_settings
from portal.settings import read
from tests import parts
from tests.browser import Browser

PROJECT = Path(__file__).resolve().parent.parent
PROGRAM = Path(sys.executable).parent / "portal"


@dataclass
class Place:
    """A filled database: its settings, the bare server's database, the password of its accounts."""

    environ: dict[str, str]
    bare: str
    folder: Path
    password: str = ""


def places(stack: ExitStack, kinds: list[str]) -> dict[str, Place]:
    """A database of each kind for the portal and one for the bare server."""
    found = {}
    for kind in kinds:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        owner = ""
        if kind == "sqlite":
            url, other = f"sqlite:///{folder}/portal.sqlite", f"sqlite:///{folder}/bare.sqlite"
        else:
            server = stack.enter_context(parts.postgresql(durable=True))
            server.run("CREATE DATABASE bench OWNER portal_owner", "CREATE DATABASE bare OWNER portal")
            url, owner, other = (
                server.url(*which).render_as_string(False)
                for which in (("bench", "portal"), ("bench", "portal_owner"), ("bare", "portal"))
            )
        environ = {k: v for k, v in os.environ.items() if not k.startswith("PORTAL_")}
        environ |= {
            "PORTAL_DATABASE_URL": url,
            "PORTAL_STORAGE_URL": f"file://{folder}/files",
            "PORTAL_SECRET_KEY": "a key of the measuring, nobody else's",
            "PORTAL_BASE_URL": "http://127.0.0.1",
            "PORTAL_SMTP_URL": "smtp+plain://localhost:9",
            "PORTAL_MAIL_FROM": "portaal@demo.example",
            "PORTAL_CONTACT_EMAIL": "mandaten@demo.example",
            "PORTAL_CONTACT_PHONE": "02 000 00 00",
            "PORTAL_CONTACT_ADDRESS": "Voorbeeldstraat 1, 1000 Brussel",
        }
        if owner:
            environ["PORTAL_OWNER_DATABASE_URL"] = owner
        (folder / "kept").mkdir()
        found[kind] = Place(environ, other, folder)
    return found


def fill(kind: str, place: Place, applications: int, drafts: int) -> None:
    """Migrate and seed, in processes of their own, and say how far it is."""
    subprocess.run([PROGRAM, "migrate"], env=place.environ, check=True, stdout=subprocess.DEVNULL)
    place.environ.pop("PORTAL_OWNER_DATABASE_URL", None)
    asked = ["--applications", str(applications), "--drafts", str(drafts), "--region", REGION]
    with subprocess.Popen(
        [PROGRAM, "seed", *asked], env=place.environ, stdout=subprocess.PIPE, text=True
    ) as seed:
        for line in seed.stdout or ():
            print(f"  {kind}: {line.split(' take the password ')[0].strip()}", file=sys.stderr)
            if said := re.search(r"password (\S+)$", line):
                place.password = said[1]
    if seed.returncode:
        sys.exit(f"{kind}: seeding failed")
    bare.prepare(place.bare)


@contextmanager
def served(place: Place) -> Iterator[Field]:
    """The portal and the bare server on a filled place, one worker each."""
    ports = parts.free_port(), parts.free_port()
    bare_environ = {**os.environ, "BARE_DATABASE": place.bare, "BARE_FOLDER": str(place.folder / "kept")}
    with (place.folder / "log").open("a") as log, ExitStack() as stack:
        asked = [
            ([str(PROGRAM), "serve", "--workers", "1", "--port", str(ports[0])], place.environ),
            ([sys.executable, "-m", "benchmarks.bare", str(ports[1])], bare_environ),
        ]
        for command, environ in asked:
            process = subprocess.Popen(command, env=environ, cwd=PROJECT, stdout=log, stderr=log)
            stack.callback(process.wait)
            stack.callback(process.terminate)
        parts.until(lambda: Browser(f"http://127.0.0.1:{ports[0]}").get("/oproepen"))
        parts.until(lambda: Browser(f"http://127.0.0.1:{ports[1]}").get("/1"))
        database = Database(place.environ["PORTAL_DATABASE_URL"])
        stack.callback(database.dispose)
        with database.session() as session:
            storage = from_settings(read(place.environ))
            yield Field(ports[0], Client(ports[1]), place.password, session, storage)


def main() -> None:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--applications", type=int, default=1000)
    asked.add_argument("--drafts", type=int, default=50)
    asked.add_argument("--most", type=int, default=100, help="times each thing is done at most")
    asked.add_argument("--only", choices=["sqlite", "postgresql"])
    given = asked.parse_args()
    kinds = [given.only] if given.only else ["sqlite", "postgresql"]
    with ExitStack() as stack:
        found = places(stack, kinds)
        with ThreadPoolExecutor() as pool:
            list(pool.map(lambda kind: fill(kind, found[kind], given.applications, given.drafts), kinds))
        cells: dict[str, list[str]] = {name: [] for name, _row, _times in ROWS}
        for kind in kinds:
            with served(found[kind]) as on:
                for name, row, times in ROWS:
                    pairs = list(islice(row(on), min(times, given.most)))
                    ours, theirs = (statistics.median(side) for side in zip(*pairs, strict=True))
                    cells[name] += [f"{ours * 1000:.1f}", f"{theirs * 1000:.2f}", f"{ours / theirs:.1f}"]
                    print(f"  {kind}: {name}, {len(pairs)} times", file=sys.stderr)
    print(f"{os.cpu_count()} cores, Python {platform.python_version()}, {given.applications} applications\n")
    print("| | " + " | ".join(f"{k}, ms | bare, ms | ratio" for k in kinds) + " |")
    print("|---" * (1 + 3 * len(kinds)) + "|")
    for name, row_cells in cells.items():
        print(f"| {name.format(applications=given.applications)} | {' | '.join(row_cells)} |")


if __name__ == "__main__":
    main()
