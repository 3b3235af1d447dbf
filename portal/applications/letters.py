"""The receipt of a submission, as PDF: for its page, and for the mail it goes out with."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from portal import web
from portal.applications import queries
from portal.applications.models import Submission
from portal.calls import queries as calls
from portal.documents.letters import write
from portal.i18n import moment, size, speaking
from portal.settings import Settings


def receipt_name(reference: str) -> str:
    """What the file is called."""
    return f"ontvangstbewijs-{reference}.pdf"


@speaking("nl")
def receipt_letter(submission: Submission, settings: Settings) -> bytes:
    """The receipt's PDF: the same bytes every time, since its moment is the submission's."""
    found = submission.application
    sent, definition = queries.version(submission), calls.definition(found.round)
    data = {
        "demo": settings.demo,
        "portal": settings.portal_name,
        "service": settings.service,
        "contact": settings.contact,
        "reference": found.reference,
        "number": submission.number,
        "call": found.round.call.content["title"]["nl"],
        "round": found.round.number,
        "region": found.region.name,
        "moment": moment(submission.submitted_at, precise=True),
        "sha256": submission.sha256,
        "partners": [
            {"seat": definition.seat(p.seat).label.nl, "name": p.name, "number": web.kbo(p.number)}
            for p in sent.partners
        ],
        "files": [{"name": f.name, "size": size(f.size), "sha256": f.sha256} for f in sent.files],
        "check": f"{settings.base_url}/controleer",
    }
    template = settings.project_dir / "templates" / "letters" / "ontvangstbewijs.typ"
    return write(template, data, at=submission.submitted_at)


def receipt(session: Session, data: Mapping[str, Any], settings: Settings) -> tuple[str, bytes]:
    """The receipt a mail is about: of exactly that version, whatever was submitted since."""
    found = queries.submission_by_digest(session, data["reference"], data["sha256"])
    if found is None:
        raise LookupError("no such submission")
    return receipt_name(data["reference"]), receipt_letter(found, settings)


ATTACHMENTS = {"receipt": receipt}
