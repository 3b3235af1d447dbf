"""Enterprise numbers of the Kruispuntbank van Ondernemingen."""

from __future__ import annotations

from stdnum.be import vat
from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError

from portal.lifecycle import Refusal


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
