"""One section of the form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from portal.applications import rules
from portal.applications.content import shown
from portal.applications.forms import box, value
from portal.applications.pages.common import Frame
from portal.definitions import Section
from portal.i18n import _, words


@dataclass(frozen=True)
class SectionPage:
    """One section: whether it can be filled in, what is still missing, and what somebody else saved
    meanwhile.
    """

    section: Section
    editable: bool
    missing: tuple[str, ...]
    others: dict[str, str]


def section_page(page: Frame, section: Section, editable: bool) -> SectionPage:
    """The page of a section as it stands."""
    given = page.facts.answers.get(section.key, {})
    missing = tuple(words(f.label) for f in section.fields if rules.field_problem(f, given.get(f.key)))
    return SectionPage(section, editable, missing if given else (), {})


def stale_section(page: Frame, section: Section, form: Any) -> SectionPage:
    """The page after somebody else saved first: beside each typed answer what stands there now."""
    given = page.facts.answers.get(section.key, {})
    others = {
        box(f): shown(f, given.get(f.key)) or _("(leeg)")
        for f in section.fields
        if value(form, f) != given.get(f.key)
    }
    return SectionPage(section, True, (), others)
