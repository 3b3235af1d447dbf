"""A bare Flask application: as many bytes as it is asked for, and one statement.

    python -m benchmarks.bare PORT      (BARE_DATABASE and BARE_FOLDER say where it keeps things)

A GET reads one row; a POST reads its form, keeps its file where it has one, and writes one row.
"""

from __future__ import annotations

import os
import sys
import uuid
from pathlib import Path

from flask import Flask, Response, request
from sqlalchemy import text

from portal.cli import serving
from portal.cli.whole import Whole
from portal.db import Database


def app() -> Whole:
    """The application, in a server's worker."""
    made = Flask("bare")
    database = Database(os.environ["BARE_DATABASE"])
    folder = Path(os.environ["BARE_FOLDER"])

    @made.get("/<int:size>")
    def read(size: int) -> Response:
        with database.session() as session:
            session.execute(text("SELECT count FROM bare")).scalar_one()
        return Response("x" * size, mimetype="text/html")

    @made.post("/<int:size>")
    def write(size: int) -> Response:
        request.form.get("csrf_token")
        if file := request.files.get("file"):
            file.save(folder / uuid.uuid4().hex)
        with database.writing() as session:
            session.execute(text("UPDATE bare SET count = count + 1"))
        return Response("x" * size, mimetype="text/html")

    return Whole(made, serving.THREADS)


def prepare(url: str) -> None:
    """The one table with its one row."""
    database = Database(url)
    with database.writing() as session:
        session.execute(text("CREATE TABLE bare (count integer NOT NULL)"))
        session.execute(text("INSERT INTO bare VALUES (0)"))
    database.dispose()


if __name__ == "__main__":
    serving.run("benchmarks.bare:app", host="127.0.0.1", port=int(sys.argv[1]), workers=1, environ={})
