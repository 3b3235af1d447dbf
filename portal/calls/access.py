"""Which calls somebody may see."""

from __future__ import annotations

from portal.access import Person


def sees_drafts(person: Person) -> bool:
    """Drafts are the department's."""
    return person.in_department
