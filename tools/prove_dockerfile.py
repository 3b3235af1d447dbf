"""Prove the Dockerfile's steps in a clean folder, where there is no engine to build it with.

Takes what is committed, does each COPY and RUN below a temporary root, then starts CMD as the USER named, with
the settings of a production start, and asks it for its health and its front page. Knows just the instructions
used here.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
PORT = 8077


def instructions(text: str) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile with their arguments."""
    lines = [line.strip() for line in text.splitlines()]
    return [(w, rest) for w, _blank, rest in (x.partition(" ") for x in lines if x and not x.startswith("#"))]


def main() -> int:
    """Do every step; 0 when the portal answered."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        context = root / "context"
        context.mkdir()
        archive = subprocess.run(
            ["git", "-C", PROJECT, "archive", "HEAD"], capture_output=True, check=True
        ).stdout
        subprocess.run(["tar", "-x", "-C", context], input=archive, check=True)
        stages: dict[str, Path] = {}
        here, user, command = root, "0:0", []
        for word, rest in instructions((context / "Dockerfile").read_text("utf-8")):
            sys.stdout.write(f"{word} {rest}\n")
            sys.stdout.flush()
            if word == "FROM":
                name = rest.split(" AS ")[-1] if " AS " in rest else "last"
                stages[name] = root / name
            elif word == "WORKDIR":
                here = list(stages.values())[-1] / rest.lstrip("/")
                here.mkdir(parents=True)
            elif word == "COPY":
                copy(rest, context, stages, here)
            elif word == "RUN":
                # the system's Python, since one below a home cannot be run by the image's user
                path = f"/usr/bin:{os.environ['PATH']}"
                subprocess.run(["bash", "-ec", rest], cwd=here, env={**os.environ, "PATH": path}, check=True)
            elif word == "USER":
                user = rest
            elif word == "CMD":
                command = json.loads(rest)
        return serve(here, command, user, root)


def copy(rest: str, context: Path, stages: dict[str, Path], here: Path) -> None:
    """COPY from the context, or from an earlier stage."""
    parts = shlex.split(rest)
    source = context
    if parts[0].startswith("--from="):
        source = stages[parts.pop(0).removeprefix("--from=")]
    origin, target = source / parts[0].lstrip("/"), here / parts[1]
    if origin.is_dir():
        shutil.copytree(origin, target, dirs_exist_ok=True)
    else:
        shutil.copy(origin, target)


def serve(here: Path, command: list[str], user: str, root: Path) -> int:
    """Start CMD as USER and ask for two pages."""
    uid, gid = (int(part) for part in user.split(":"))
    if uid == 0:
        sys.stderr.write("the image would run as root\n")
        return 1
    data = root / "data"
    data.mkdir(mode=0o700)
    if os.getuid() == 0:
        os.chown(data, uid, gid)
    settings = {
        "PORTAL_DATABASE_URL": f"sqlite:///{data}/portal.sqlite",
        "PORTAL_STORAGE_URL": f"file://{data}/files",
        "PORTAL_SECRET_KEY": "only-for-this-proof-" * 2,
        "PORTAL_BASE_URL": f"http://127.0.0.1:{PORT}",
        "PORTAL_SMTP_URL": "smtp://127.0.0.1",
        "PORTAL_MAIL_FROM": "portaal@zorg.example",
        "PORTAL_CONTACT_EMAIL": "mandaten@demo.example",
        "PORTAL_CONTACT_PHONE": "02 000 00 00",
        "PORTAL_CONTACT_ADDRESS": "Voorbeeldstraat 1, 1000 Brussel",
    }
    command = [str(PORT) if part == "8000" else part for part in command]
    drop = {"user": uid, "group": gid, "extra_groups": []} if os.getuid() == 0 else {}
    environ = {"PATH": os.environ["PATH"], "HOME": str(data), **settings}
    migrate = [here / command[0], "migrate"]
    subprocess.run(migrate, cwd=here, env=environ, check=True, **drop)  # type: ignore[call-overload]
    process = subprocess.Popen([here / command[0], *command[1:]], cwd=here, env=environ, **drop)
    try:
        for path in ("/gezond", "/"):
            sys.stdout.write(f"{path}: {ask(path)}\n")
    finally:
        process.terminate()
        process.wait(20)
    return 0


def ask(path: str) -> int:
    """The status of a page, waiting up to 20 seconds for the server."""
    for _try in range(100):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{PORT}{path}") as answer:
                return int(answer.status)
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{path}: no answer")


if __name__ == "__main__":
    sys.exit(main())
