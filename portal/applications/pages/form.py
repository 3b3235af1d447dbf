"""One section of the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from portal import web
from portal.applications import rules
from portal.applications.content import shown
from portal.applications.forms import as_typed, box
from portal.applications.pages.common import Frame
from portal.definitions import Section
from portal.i18n import words


@dataclass(frozen=True)
class SectionPage:
    """One section: whether it can be filled in, what is still missing; what somebody else saved meanwhile
    (`others`, by box, where both changed it; `taken`: labels of what only they changed).
    """

    section: Section
    editable: bool
    missing: tuple[str, ...]
    others: Mapping[str, str] = field(default_factory=dict)
    taken: tuple[str, ...] = ()


def section_page(page: Frame, section: Section, editable: bool) -> SectionPage:
    """The page of a section as it stands."""
    given = page.facts.answers.get(section.key, {})
    missing = tuple(words(f.label) for f in section.fields if rules.field_problem(f, given.get(f.key)))
    return SectionPage(section, editable, missing if given else ())


def boxes(page: Frame, section: Section) -> dict[str, str]:
    """What the boxes of a section show as it stands."""
    given = page.facts.answers.get(section.key, {})
    return {
        box(f): str(given.get(f.key) or "") if f.by_label else shown(f, given.get(f.key))
        for f in section.fields
    }


def merged_section(page: Frame, section: Section, form: Any, part: SectionPage) -> SectionPage:
    """The page after somebody else saved first: untouched boxes hold what stands now, and beside what both
    changed stands theirs. The form becomes one of the newest revision.
    """
    now = page.revisions.get(section.key, 0)
    others, taken = web.merged(form, boxes(page, section), as_typed(form, section), now)
    labels = {box(f): words(f.label) for f in section.fields}
    return replace(part, others=others, taken=(*part.taken, *(labels[name] for name in taken)))
