"""Versions that were submitted: read whole, compared, and downloaded, their exact bytes too."""

from __future__ import annotations

from flask import abort, g, request
from werkzeug.wrappers import Response

from portal import web
from portal.applications import pages, queries
from portal.applications.letters import receipt_letter, receipt_name
from portal.applications.models import Submission
from portal.applications.pages import Frame
from portal.applications.routes.common import bp, frame, load
from portal.applications.version import Version, working
from portal.documents import serve
from portal.documents.serve import Part
from portal.gate import requires


def _one(reference: str, number: int) -> tuple[Frame, Submission, Version]:
    """A version that the person may read, as it was kept and as it reads; else 404."""
    page = frame(load(reference))
    chosen = pages.readable(page).get(number) or abort(404)
    return page, next(s for s in page.application.submissions if s.number == number), chosen


@bp.get("/aanvragen/<reference>/versies/<int:number>")
@requires("applications.read")
def version(reference: str, number: int) -> str:
    """One version, whole."""
    page, _submission, chosen = _one(reference, number)
    return web.page(page=page, part=pages.version_page(page, chosen))


@bp.get("/aanvragen/<reference>/versies/<int:number>/bytes")
@requires("applications.read")
def version_bytes(reference: str, number: int) -> Response:
    """The exact bytes that were kept, hashed and receipted."""
    _page, submission, _chosen = _one(reference, number)
    return serve.made(submission.content, f"{reference}-versie-{number}.json", "application/json")


@bp.get("/aanvragen/<reference>/versies/<int:number>/bewijs")
@requires("applications.read")
def version_proof(reference: str, number: int) -> Response:
    """That this version stands in the journal: a file that anybody's checker reads; 404 before it was taken
    in.
    """
    page, _submission, _chosen = _one(reference, number)
    told = queries.proof(g.session, page.application, number) or abort(404)
    return serve.made(told.encode(), f"{reference}-versie-{number}.tlog-proof", "text/plain")


@bp.get("/aanvragen/<reference>/versies/<int:number>/alles")
@requires("applications.read")
def version_zip(reference: str, number: int) -> Response:
    """Everything of a version in one file: its exact bytes, its receipt, and the documents that may be
    opened.
    """
    page, submission, chosen = _one(reference, number)
    documents = {a.document_id: a.document for a in page.application.files}
    told = queries.proof(g.session, page.application, number)
    proofs = [Part(f"{reference}-versie-{number}.tlog-proof", told.encode())] if told else []
    parts = [
        Part(f"{reference}-versie-{number}.json", submission.content),
        Part(receipt_name(reference), receipt_letter(submission, web.parts().settings)),
        *(Part(f"documenten/{i}-{f.name}", documents[f.document]) for i, f in enumerate(chosen.files, start=1)),
        *proofs,
    ]
    return serve.together(parts, f"{reference}-versie-{number}.zip")


@bp.get("/aanvragen/<reference>/vergelijken")
@requires("applications.read")
def compare(reference: str) -> str:
    """Two versions beside each other: the one that counts with the working copy, where nothing else is
    asked.
    """
    page = frame(load(reference))
    known = pages.readable(page)
    first = known.get(request.args.get("van", max(known, default=0), int))
    wanted = request.args.get("met", 0, int)
    second = known.get(wanted) if wanted else _now(page)
    if first is None or second is None:
        abort(404)
    return web.page(page=page, part=pages.comparison(page, first, second))


def _now(page: Frame) -> Version | None:
    """The working copy, for who works on it and nobody else."""
    return working(queries.facts(page.application, g.now)) if page.works else None
