"""The files of an application, and where they say otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from portal.applications import queries
from portal.applications.content import Difference, differences
from portal.applications.models import Application, Attachment
from portal.applications.pages.common import Frame
from portal.documents.labels import INSPECTED
from portal.documents.models import Inspected


@dataclass(frozen=True)
class FileLine:
    """An attached file: what inspection made of it, and whether its answers can be taken over."""

    id: int
    type: str
    name: str
    size: int
    tag: str
    state: str
    unread: bool


def files(application: Application) -> list[FileLine]:
    """The files that stand with the application."""
    return [_file(attachment) for attachment in queries.attached(application)]


def _file(attachment: Attachment) -> FileLine:
    document = attachment.document
    unread = document.inspected is Inspected.UNREAD
    state = str(INSPECTED[document.inspected])
    return FileLine(
        document.id, attachment.type, document.name, document.size, "warn" if unread else "ok", state, unread
    )


def differing(page: Frame) -> list[Difference]:
    """Every answer that the attached form says otherwise."""
    return list(differences(page.facts))
