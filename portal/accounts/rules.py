"""What an organisation, an address and a grant must be."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from stdnum.be import vat
from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError

from portal.access import Role
from portal.lifecycle import Refusal

EMAIL = re.compile(r"[^@\s]{1,64}@[^@\s]+\.[^@\s]{2,}")
GRANTABLE = frozenset({Role.REVIEWER, Role.ADMINISTRATOR, Role.COSIGNER, Role.AUDITOR})


def enterprise_number(text: str) -> tuple[str, str | None]:
    """Ten digits of an enterprise number, and what is wrong with it: a code, or None.

    Source: Kruispuntbank van Ondernemingen: ten digits, the first 0 or 1, the last two 97 less the first eight
    modulo 97.
    """
    digits = vat.compact(text)
    try:
        vat.validate(text)
        # 97 less a remainder is never 0; python-stdnum takes 00 for 97.
        return digits, "number_check_fails" if digits.endswith("00") else None
    except InvalidChecksum:
        return digits, "number_check_fails"
    except InvalidComponent:
        return digits, "number_starts_wrong"
    except ValidationError:
        return digits, "number_has_not_ten_digits"


def number_is_right(text: str) -> Refusal | None:
    """An organisation is known by its enterprise number (rule 6)."""
    _digits, problem = enterprise_number(text)
    return Refusal(problem, {"number": text}, "number") if problem else None


def address_is_right(text: str) -> Refusal | None:
    """An address as people have them."""
    return None if EMAIL.fullmatch(text) and len(text) <= 254 else Refusal("not_an_address", {}, "email")


@dataclass(frozen=True)
class GrantFacts:
    """A grant somebody wants to give."""

    role: Role
    regions: tuple[str, ...] | None
    known: frozenset[str]
    until: date | None
    today: date


def grant_is_right(facts: GrantFacts) -> Iterable[Refusal]:
    """A grant is of a department's role, for regions that exist, and does not end in the past."""
    if facts.role not in GRANTABLE:
        yield Refusal("role_not_grantable", {"role": facts.role.value}, "role")
    for key in facts.regions or ():
        if key not in facts.known:
            yield Refusal("unknown_region", {"region": key}, "regions")
    if facts.until is not None and facts.until < facts.today:
        yield Refusal("grant_ends_in_the_past", {}, "until")


def holds(until: date | None, today: date) -> bool:
    """A grant holds to the end of its last day."""
    return until is None or today <= until
