"""What the pages of an application show."""

from portal.applications.pages.common import Frame, frame
from portal.applications.pages.consortium import lines, panel, tasks
from portal.applications.pages.documents import differing, files
from portal.applications.pages.form import section_page, stale_section
from portal.applications.pages.submitting import check, signing

__all__ = [
    "Frame",
    "check",
    "differing",
    "files",
    "frame",
    "lines",
    "panel",
    "section_page",
    "signing",
    "stale_section",
    "tasks",
]
