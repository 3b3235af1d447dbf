"""The one value that is signed, submitted and hashed: what an application says, in exact bytes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal import reading
from portal import text as clean
from portal.applications.facts import Facts, File, Seated
from portal.canonical import canonical, digest
from portal.definitions import Field

DECIMALS = {"integer": 0, "amount": 2}  # of the numbers that are answers; an amount is kept in cents


def what_to_sign(facts: Facts, seat: str) -> dict[str, str]:
    """Digests of what concerns a seat: the consortium, common sections, its own, all files (rule 6).

    Only substantive fields count, so that a new telephone number voids nothing.
    """
    result = {"consortium": digest([[p.seat, p.number, p.kind] for p in facts.partners])}
    for section in facts.definition.sections:
        if section.seat in (None, seat):
            given = facts.answers.get(section.key, {})
            result[section.key] = digest({f.key: given.get(f.key) for f in section.fields if f.substantive})
    for file in facts.files:
        result[f"file:{file.sha256}"] = file.sha256
    return result


def sign_off_state(facts: Facts, partner: Seated) -> str:
    """`missing`, `void` (signed something that changed since) or `valid`."""
    mine = [s for s in facts.signed if s.seat == partner.seat and s.number == partner.number]
    if not mine:
        return "missing"
    return "valid" if dict(mine[-1].digests) == what_to_sign(facts, partner.seat) else "void"


def manifest(facts: Facts) -> list[dict[str, Any]]:
    """The attached files with size and SHA-256, in the order they were attached."""
    return [
        {"type": f.type, "name": f.name, "size": f.size, "sha256": f.sha256, "document": f.id}
        for f in facts.files
    ]


def said(facts: Facts) -> dict[str, Any]:
    """Everything an application says. Where a partner gets mail is not: partners read these bytes, and each
    other's addresses are not theirs.
    """
    return {
        "partners": [
            {"seat": p.seat, "number": p.number, "name": p.name, "kind": p.kind} for p in facts.partners
        ],
        "answers": {k: dict(v) for k, v in facts.answers.items()},
        "files": manifest(facts),
        "sign_offs": [
            {"seat": p.seat, "number": p.number, "state": sign_off_state(facts, p)} for p in facts.partners
        ],
        "differences": [[d.section, d.field.key, d.answered, d.read] for d in differences(facts)],
    }


def exact_bytes(facts: Facts, reference: str, at: datetime) -> bytes:
    """RFC 8785 bytes of everything an application says at `at`: these are kept, hashed and receipted."""
    return canonical(
        {
            "reference": reference,
            "call": facts.call,
            "round": facts.round,
            "region": facts.region,
            "definition": facts.definition.digest,
            "lead_seat": facts.lead_seat,
            "submitted_at": at.isoformat(timespec="microseconds"),
            **said(facts),
        }
    )


def read_back(body: bytes) -> dict[str, Any]:
    """What a submission's exact bytes say."""
    told: dict[str, Any] = json.loads(body)
    return told


@dataclass(frozen=True)
class Difference:
    """One answer that reads otherwise in the attached form; both as people see them."""

    section: str
    field: Field
    answered: str
    read: str


def differences(facts: Facts) -> Iterable[Difference]:
    """Every answer that an attached form, as far as it was read, says otherwise (rule 7)."""
    for file in facts.files:
        yield from differing(facts, file)


def differing(facts: Facts, file: File) -> Iterable[Difference]:
    """Every answer that this file, as far as it was read, says otherwise."""
    if not file.values:
        return
    for section in facts.definition.sections:
        for field in section.fields:
            given = facts.answers.get(section.key, {}).get(field.key)
            text = file.values.get(f"{section.key}.{field.key}", "")
            if typed(field, text) != given:
                yield Difference(section.key, field, shown(field, given), text)


def to_take_over(facts: Facts, file: File) -> list[Difference]:
    """What taking over from this file would change: what it leaves empty takes nothing away."""
    return [found for found in differing(facts, file) if found.read]


def as_seen(found: Iterable[Difference]) -> str:
    """The digest of differences that somebody was shown."""
    return digest([[d.section, d.field.key, d.answered, d.read] for d in found])


def cleaned(field: Field, given: str) -> str:
    """What was typed, or read from a form, cleaned as texts of this field are."""
    return clean.lines(given) if field.kind == "longtext" else clean.line(given)


def typed(field: Field, given: str) -> Any:
    """What was typed, or read from a form, as the value of its field; None for nothing.

    What cannot be read as its kind stays text, so that it is refused by name and not lost.
    """
    text = cleaned(field, given)
    if not text:
        return None
    match field.kind:
        case "integer" | "amount":
            found = reading.number(text, DECIMALS[field.kind])
            return found.units if isinstance(found, reading.Number) else text
        case "date":
            day = reading.day(text)
            return day.isoformat() if day else text
        case "choice" | "yesno":
            return field.by_label.get(text, text)
        case _:
            return text


def shown(field: Field, value: Any) -> str:
    """A value as people see it and as it stands in its box."""
    if value is None:
        return ""
    if field.kind in DECIMALS and isinstance(value, int):
        return reading.written(value, DECIMALS[field.kind])
    if field.kind == "date" and (day := reading.day(str(value))):
        return reading.written_day(day)
    if field.by_label:
        return next((label for label, key in field.by_label.items() if key == value), str(value))
    return str(value)
