"""Serving bytes: always as attachment, with their own type, sandboxed, and on record before the first byte."""

from __future__ import annotations

import hashlib
import io
import tempfile
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import IO, Any

from flask import Response, abort, send_file

from portal import web
from portal.access import Person
from portal.documents.labels import NOT_IN_ZIP
from portal.documents.models import Document
from portal.documents.storage import Changed
from portal.journal.actions import record_reading


def serve(document: Document, *, subject: Any | None, by: Person, now: datetime) -> Response:
    """The document as a download; 404 until it was looked at, and when something is wrong with it. `subject` is
    whose file the reading is recorded in; None: one's own.

    Raises:
        Changed: when the store gives other bytes than were received; nothing goes out.
        Missing, Unavailable: when it gives none.
    """
    if not document.open:
        abort(404)
    stream = web.parts().storage.open(document.storage_key)
    if hashlib.file_digest(stream, "sha256").hexdigest() != document.sha256:
        stream.close()
        raise Changed(document.storage_key)
    stream.seek(0)
    if subject is not None:
        payload = {"document": document.name, "sha256": document.sha256}
        record_reading(web.parts().database, "document.read", subject, payload, by=by, now=now)
    return download(stream, document.name, document.size, document.media_type)


def made(body: bytes, name: str, media_type: str = "application/pdf") -> Response:
    """Bytes made for this answer, as a download."""
    return download(io.BytesIO(body), name, len(body), media_type)


@dataclass(frozen=True)
class Part:
    """A file within a zip: its path there, and its bytes or the document that holds them."""

    path: str
    body: bytes | Document


def together(parts: Iterable[Part], name: str) -> Response:
    """Several files in one zip, as a download; a document that may not be opened is named in a note instead.

    Raises:
        Changed: when the store gives other bytes of a document than were received; nothing goes out.
        Missing, Unavailable: when it gives none.
    """
    kept = tempfile.TemporaryFile()  # noqa: SIM115 - closed by the answer, or here
    try:
        with zipfile.ZipFile(kept, "w", zipfile.ZIP_STORED) as archive:
            shut = [part.path for part in parts if not _put(archive, part)]
            if shut:
                archive.writestr(
                    _member("niet-in-dit-bestand.txt"), str(NOT_IN_ZIP) + "\n" + "\n".join(shut) + "\n"
                )
        size = kept.tell()
        kept.seek(0)
    except BaseException:
        kept.close()
        raise
    return download(kept, name, size, "application/zip")


def _put(archive: zipfile.ZipFile, part: Part) -> bool:
    if isinstance(part.body, bytes):
        archive.writestr(_member(part.path), part.body)
        return True
    if not part.body.open:
        return False
    digest = hashlib.sha256()
    with web.parts().storage.open(part.body.storage_key) as stream, archive.open(_member(part.path), "w") as to:
        while chunk := stream.read(1 << 16):
            digest.update(chunk)
            to.write(chunk)
    if digest.hexdigest() != part.body.sha256:
        raise Changed(part.body.storage_key)
    return True


def _member(path: str) -> zipfile.ZipInfo:
    """The same zip every time: no clock of ours in it."""
    return zipfile.ZipInfo(path)


def download(stream: IO[bytes], name: str, size: int, media_type: str) -> Response:
    """Bytes as a file to keep, under their name in any alphabet: no sniffing, no running, no copy on the
    way.
    """
    response = send_file(
        stream, mimetype=media_type, as_attachment=True, download_name=name, conditional=False, etag=False
    )
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Length"] = str(size)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response
