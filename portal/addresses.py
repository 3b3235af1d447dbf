"""Addresses of mail: what is taken is what can be mailed."""

from __future__ import annotations

import re

from portal.lifecycle import Refusal

# Letters that look like others (a Cyrillic e, a full-width b) are in no address: it would be taken for another's.
EMAIL = re.compile(r"[!-?A-~]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,}")


def address_is_right(text: str) -> Refusal | None:
    """An address as people have them."""
    return None if EMAIL.fullmatch(text) and len(text) <= 254 else Refusal("not_an_address", {}, "email")
