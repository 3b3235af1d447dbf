"""Who may do what to an application: the lead writes, partners confirm, fill their part and sign."""

from __future__ import annotations

from portal.access import Person


def is_lead(person: Person, organisation_id: int) -> bool:
    """The lead is the organisation that started the application."""
    return organisation_id in person.organisations


def seats_of(person: Person, seats: dict[str, str]) -> frozenset[str]:
    """The seats (key to enterprise number) that the person's organisations take."""
    return frozenset(seat for seat, number in seats.items() if number in person.numbers)


def may_edit_section(
    person: Person, organisation_id: int, seat: str | None, seats: dict[str, str], confirmed: frozenset[str]
) -> bool:
    """The lead fills in everything, a partner its seat's own section; common ones whoever confirmed its seat
    (rule 6).
    """
    mine = seats_of(person, seats)
    return is_lead(person, organisation_id) or (bool(mine & confirmed) if seat is None else seat in mine)
