"""Addresses of mail: what is taken is what can be mailed."""

from __future__ import annotations

from email_validator import EmailNotValidError, validate_email

from portal.lifecycle import Refusal

LONGEST = 254  # signs (RFC 5321, 4.5.3.1.3, less the brackets)


def is_address(text: str) -> bool:
    """Whether mail can go there (RFC 5321 and 5322, without quotes, comments or numbers of machines).

    Letters that look like others (a Cyrillic e, a full-width b) are in no address: it would be taken for
    another's, and a mail server that takes such letters is no common one.
    """
    if not text.isascii() or len(text) > LONGEST or len(text.rpartition(".")[2]) < 2:  # no such top domain
        return False
    try:
        validate_email(text, check_deliverability=False, allow_smtputf8=False, strict=True)
    except EmailNotValidError:
        return False
    return True


def address_is_right(text: str) -> Refusal | None:
    """An address as people have them."""
    return None if is_address(text) else Refusal("not_an_address", {}, "email")
