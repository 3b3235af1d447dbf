"""What a mailed link is for, and how long it counts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.lifecycle import Refusal


class Purpose(StrEnum):
    """What a mailed link is for."""

    ENROL = "enrol"
    RESET = "reset"
    ADDRESS = "address"
    INVITE = "invite"
    IDENTITY = "identity"


# OWASP ASVS 5.0, V6.4.1: a link to set a password lives an hour; one that only proves an address may wait for
# its reader.
LIFETIMES = {
    Purpose.ENROL: timedelta(days=7),
    Purpose.RESET: timedelta(hours=1),
    Purpose.ADDRESS: timedelta(days=1),
    Purpose.INVITE: timedelta(days=7),
    Purpose.IDENTITY: timedelta(days=1),
}
MAILS_PER_HOUR = 3


@dataclass(frozen=True)
class LinkFacts:
    """A mailed link at a moment of real time; `epoch` and `epoch_now` are the account's, where it has one.

    `stands` while what it was made for does: the account is active, who invited still decides.
    """

    purpose: Purpose
    made_at: datetime
    used_at: datetime | None
    epoch: int | None
    epoch_now: int | None
    stands: bool
    now: datetime


def link_is_good(facts: LinkFacts) -> Refusal | None:
    """Once, in time, and while the account is what it was."""
    late = facts.now >= facts.made_at + LIFETIMES[facts.purpose]
    changed = facts.epoch != facts.epoch_now or not facts.stands
    return Refusal("link_is_spent") if facts.used_at is not None or late or changed else None
