"""What a password must be."""

from __future__ import annotations

import re
from collections.abc import Iterable

import zxcvbn

from portal.lifecycle import Refusal

SHORTEST, LONGEST = 12, 1024
GUESSES = 8  # tens of a guesser's tries: 10^8, zxcvbn's bar for 'safely unguessable' behind a slow hash
LOOKED_AT = 72  # characters zxcvbn takes


def password_is_right(text: str, own_words: Iterable[str] = ()) -> Refusal | None:
    """Long enough and not easy to guess, whatever the characters. Lists of common passwords and names come with
    zxcvbn.

    Source: OWASP ASVS 5.0, V6.2 (length over composition, a list of common passwords, no truncation).
    `own_words` are what anybody would try first: the address, the organisation, the portal.
    """
    if len(text) < SHORTEST:
        return Refusal("password_too_short", {"least": SHORTEST}, "password")
    if len(text) > LONGEST:
        return Refusal("password_too_long", {"most": LONGEST}, "password")
    known = [part for word in own_words for part in (word.lower(), *re.split(r"\W+", word.lower())) if part]
    if zxcvbn.zxcvbn(text[:LOOKED_AT], known)["guesses_log10"] < GUESSES:
        return Refusal("password_too_easy", {}, "password")
    return None
