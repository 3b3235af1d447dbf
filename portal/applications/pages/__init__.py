"""What the pages of an application show."""

from portal.applications.pages.common import Frame, frame
from portal.applications.pages.consortium import lines, panel, tasks
from portal.applications.pages.documents import differing, files
from portal.applications.pages.form import boxes, merged_section, section_page
from portal.applications.pages.submitting import check, signing
from portal.applications.pages.telling import told
from portal.applications.pages.version import comparison, dossier, readable, unsent, version_page

__all__ = [
    "Frame",
    "boxes",
    "check",
    "comparison",
    "differing",
    "dossier",
    "files",
    "frame",
    "lines",
    "merged_section",
    "panel",
    "readable",
    "section_page",
    "signing",
    "tasks",
    "told",
    "unsent",
    "version_page",
]
