"""Who decides about accounts for the department."""

from __future__ import annotations

from portal.access import Person, may, scoped


def at_desk(person: Person) -> bool:
    """Whether the person decides about accounts for the department, in every region: an organisation is of no
    region.
    """
    return may(person, "accounts.manage") and scoped(person, "accounts.manage").within is None
