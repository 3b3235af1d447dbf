"""The files of an application, and where they say otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from portal.applications.content import Difference, differences
from portal.applications.models import Attachment
from portal.applications.pages.common import Frame
from portal.documents.labels import INSPECTED
from portal.documents.models import Inspected


@dataclass(frozen=True)
class FileLine:
    """An attached file: what inspection made of it, and whether it may be opened."""

    id: int
    type: str
    name: str
    size: int
    tag: str
    state: str
    inspected: str
    open: bool


def files(page: Frame) -> list[FileLine]:
    """The files that stand with the application, or with its version that counts."""
    known = {a.document_id: a for a in page.application.files}
    return [_file(known[f.id]) for f in page.facts.files]


TAGS = {
    Inspected.RECEIVED: "todo",
    Inspected.READABLE: "ok",
    Inspected.UNREAD: "warn",
    Inspected.REFUSED: "bad",
}


def _file(attachment: Attachment) -> FileLine:
    document = attachment.document
    return FileLine(
        id=document.id,
        type=attachment.type,
        name=document.name,
        size=document.size,
        tag=TAGS[document.inspected],
        state=str(INSPECTED[document.inspected]),
        inspected=document.inspected.value,
        open=document.open,
    )


def differing(page: Frame) -> list[Difference]:
    """Every answer that the attached form says otherwise."""
    return list(differences(page.facts))
