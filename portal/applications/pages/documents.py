"""The files of an application, and where they say otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from portal.applications.content import Difference, as_seen, differences, to_take_over
from portal.applications.facts import File
from portal.applications.models import Attachment
from portal.applications.pages.common import Frame
from portal.documents.labels import INSPECTED
from portal.documents.models import Inspected


@dataclass(frozen=True)
class FileLine:
    """An attached file: what inspection made of it, whether it may be opened, and whether it is one of our
    forms with nothing in it. Taking over would fill in `new` answers and replace others; `seen` says which.
    """

    id: int
    type: str
    name: str
    size: int
    tag: str
    state: str
    inspected: str
    open: bool
    empty: bool
    new: int
    replaced: int
    seen: str


def files(page: Frame) -> list[FileLine]:
    """The files that stand with the application, or with its version that counts."""
    known = {a.document_id: a for a in page.application.files}
    return [_file(known[f.id], f, to_take_over(page.facts, f)) for f in page.facts.files]


TAGS = {
    Inspected.RECEIVED: "todo",
    Inspected.READABLE: "ok",
    Inspected.UNREAD: "warn",
    Inspected.REFUSED: "bad",
}


def _file(attachment: Attachment, file: File, taken: list[Difference]) -> FileLine:
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
        empty=bool(file.stamp) and not file.filled,
        new=sum(not each.answered for each in taken),
        replaced=sum(bool(each.answered) for each in taken),
        seen=as_seen(taken),
    )


def differing(page: Frame) -> list[Difference]:
    """Every answer that the attached form says otherwise."""
    return list(differences(page.facts))
