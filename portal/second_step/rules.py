"""Codes and passkeys: how many, for how long."""

from __future__ import annotations

from datetime import datetime

TRIES = 5  # codes for one password (OWASP ASVS V6.6.3)


STEP = 30  # seconds a code stands (RFC 6238)


DRIFT = 1  # steps that a device's clock may be early or late


RECOVERY_CODES = 10


def steps_around(now: datetime) -> range:
    """The half-minutes whose code is taken now: this one, and as many around it as clocks may differ."""
    step = int(now.timestamp()) // STEP
    return range(step - DRIFT, step + DRIFT + 1)


MOST_PASSKEYS = 10


def count_is_right(kept: int, told: int) -> bool:
    """Whether a passkey's counter went on; one that stands still for two devices was copied. Many always tell
    0.
    """
    return told > kept or kept == told == 0
