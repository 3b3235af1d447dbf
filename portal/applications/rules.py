"""What an application must be. Pure questions over facts; every docstring names its source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from portal import reading, text
from portal.addresses import is_address
from portal.applications.content import DECIMALS, differences, sign_off_state
from portal.applications.facts import Facts
from portal.definitions import Field
from portal.lifecycle import Refusal

REMINDERS = (1, 24)  # hours before the closing, the last first
ARRIVAL_KEPT_FOR = timedelta(minutes=30)
ASKED_AGAIN_AFTER = timedelta(days=1)
A_DAY = timedelta(days=1)
INVITED_A_DAY, INVITING_A_DAY = 5, 20  # invitations to one address, and of one application
KNOWN_A_DAY = 60  # to an address that somebody here proved to have: a consortium may apply for every region
LATE_AN_HOUR = 3  # mails to one address about attempts of one application that came too late
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U


def call_is_not_cancelled(facts: Facts) -> Refusal | None:
    """A cancelled call takes nothing (rule 15)."""
    return Refusal("call_cancelled") if facts.cancelled else None


def round_is_open(facts: Facts) -> Refusal | None:
    """*Tot en met*: half-open, by the moment of arrival; once recorded, closed stays closed, but for a request
    whose arrival was kept (rule 3).
    """
    if facts.at < facts.opens_at:
        return Refusal("round_not_open", {"opens_at": facts.opens_at.isoformat()})
    shut = facts.closing_recorded and not facts.extended_for_us and not facts.arrival_kept
    if facts.at >= facts.closes_at or shut:
        moments = {"closes_at": facts.closes_at.isoformat(), "at": facts.at.isoformat(timespec="microseconds")}
        return Refusal("round_closed", moments)
    return None


def region_is_in_round(facts: Facts) -> Refusal | None:
    """A round takes applications for the regions it names (rule 2)."""
    if facts.region not in facts.round_regions:
        return Refusal("region_not_in_round", {"region": facts.region})
    return None


def consortium_is_complete(facts: Facts) -> Iterable[Refusal]:
    """Every seat is taken (rule 6)."""
    taken = {p.seat for p in facts.partners}
    for seat in facts.definition.seats:
        if seat.key not in taken:
            yield Refusal("seat_empty", {"seat": seat.key})


def seats_are_filled(facts: Facts) -> Iterable[Refusal]:
    """Every seat is taken by another organisation, of a kind the seat allows, and confirmed by itself (rule
    6).
    """
    yield from consortium_is_complete(facts)
    numbers: dict[str, str] = {}
    for partner in facts.partners:
        seat = facts.definition.seat(partner.seat)
        if partner.kind not in {k.key for k in seat.kinds}:
            yield Refusal("kind_not_allowed", {"seat": partner.seat})
        if partner.number in numbers:
            yield Refusal("same_organisation_twice", {"seat": partner.seat, "other": numbers[partner.number]})
        numbers[partner.number] = partner.seat
        if not partner.confirmed:
            yield Refusal("seat_not_confirmed", {"seat": partner.seat})


def answers_are_complete(facts: Facts) -> Iterable[Refusal]:
    """Every required field of every section has an answer that fits (rule 7)."""
    for section in facts.definition.sections:
        given = facts.answers.get(section.key, {})
        if any(field_problem(field, given.get(field.key)) for field in section.fields):
            yield Refusal("section_incomplete", {"section": section.key})


def documents_are_in_order(facts: Facts) -> Iterable[Refusal]:
    """Required documents are there, none is of another call, round or region (rule 7)."""
    for wanted in facts.definition.documents:
        files = [f for f in facts.files if f.type == wanted.key]
        if wanted.required and not files:
            yield Refusal("document_missing", {"document": wanted.key})
        if len(files) > wanted.maximum:
            yield Refusal("too_many_documents", {"document": wanted.key, "maximum": wanted.maximum})
        for file in files:
            if file.state == "refused":
                yield Refusal("file_was_refused", {"name": file.name})
            yield from stamp_refusals(facts, file.name, file.stamp)


def stamp_refusals(facts: Facts, name: str, stamp: Mapping[str, str]) -> Iterable[Refusal]:
    """A form that says it was made for another call, round or region is refused by name."""
    if (call := stamp.get("call")) and call != facts.call:
        yield Refusal("form_of_other_call", {"name": name, "call": call}, "file")
    elif (number := stamp.get("round")) and number != str(facts.round):
        yield Refusal("form_of_other_round", {"name": name, "round": number}, "file")
    elif (region := stamp.get("region")) and region != facts.region:
        yield Refusal("form_of_other_region", {"name": name, "region": region}, "file")


def answers_match_the_form(facts: Facts) -> Iterable[Refusal]:
    """Fields marked `must_match` read the same in the form and on the page (rule 7)."""
    for found in differences(facts):
        if found.field.must_match:
            said = {
                "section": found.section,
                "field": found.field.key,
                "answered": found.answered,
                "read": found.read,
            }
            yield Refusal("form_differs", said)


def sign_offs_suffice(facts: Facts) -> Iterable[Refusal]:
    """Where the call type says so, a missing sign-off blocks; else admissibility judges it (rule 6)."""
    if facts.definition.missing_sign_off != "block" or facts.definition.sign_off == "signed_form":
        return
    for partner in facts.partners:
        if sign_off_state(facts, partner) != "valid":
            yield Refusal("sign_off_missing", {"seat": partner.seat})


def may_be_asked(asked_at: datetime | None, now: datetime) -> bool:
    """Whether a partner may be asked (again) by mail: nobody is asked more than once a day."""
    return asked_at is None or now - asked_at >= ASKED_AGAIN_AFTER


def may_be_invited(to_address: int, of_application: int, *, known: bool) -> bool:
    """Whether an address that somebody typed may get another invitation, after so many within a day: the portal
    is nobody's way to write to strangers.
    """
    return to_address < (KNOWN_A_DAY if known else INVITED_A_DAY) and of_application < INVITING_A_DAY


def reminder(closes_at: datetime, now: datetime) -> int | None:
    """Which reminder a draft is due at `now`, in hours before the closing: 24, 1, or none."""
    left = closes_at - now
    if left <= timedelta(0):
        return None
    return next((hours for hours in REMINDERS if left <= timedelta(hours=hours)), None)


def reference(prefix: str, random: bytes) -> str:
    """A prefix and eight Crockford characters of 5 random bytes: it tells nothing about rivals."""
    value = int.from_bytes(random[:5], "big")
    return f"{prefix}-" + "".join(ALPHABET[(value >> shift) & 31] for shift in range(35, -1, -5))


def _unread(field: Field, typed: str) -> str:
    """Why a text that was typed, or read from a form, is not the number that is asked."""
    found = reading.number(typed, DECIMALS[field.kind])
    problem = found.value if isinstance(found, reading.Unread) else "not_a_number"
    whole = field.kind == "integer" and problem == reading.Unread.POINT
    amount = field.kind == "amount" and problem == reading.Unread.NO_NUMBER
    return reading.Unread.NOT_WHOLE.value if whole else "not_an_amount" if amount else problem


def malformed(field: Field, value: Any) -> str | None:
    """What is wrong with an answer that cannot be kept: a code, or None. A missing or short one can be."""
    problem = field_problem(field, value)
    return None if problem in ("required", "too_short") else problem


def field_problem(field: Field, value: Any) -> str | None:
    """What is wrong with one answer: a code, or None. Used for the whole and for one page alike."""
    if value in (None, ""):
        return "required" if field.required else None
    match field.kind:
        case "integer" | "amount":
            if not isinstance(value, int):
                return _unread(field, str(value))
            if value < (field.minimum if field.minimum is not None else 0):
                return "too_small"
            if field.maximum is not None and value > field.maximum:
                return "too_large"
        case "choice":
            return None if value in {c.key for c in field.choices} else "not_a_choice"
        case "yesno":
            return None if value in ("yes", "no") else "not_a_choice"
        case "date":
            try:
                date.fromisoformat(value)
            except (TypeError, ValueError):
                return "not_a_date"
        case _:
            if text.odd(value) is not None:
                return "odd_sign"
            if field.kind == "email" and not is_address(value):
                return "not_an_address"
            if field.max_length is not None and len(value) > field.max_length:
                return "too_long"
            if field.min_length is not None and len(value) < field.min_length:
                return "too_short"
    return None
