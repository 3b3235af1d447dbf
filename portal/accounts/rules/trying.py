"""How long who fails to prove themselves waits."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Tried(StrEnum):
    """What failures are counted by."""

    PAIR = "pair"  # this account from this source
    ACCOUNT = "account"  # this account from anywhere
    SOURCE = "source"  # any account from this source


@dataclass(frozen=True)
class Patience:
    """How many failures cost nothing, and how long somebody waits at most after more."""

    free: int
    most: timedelta


# Who guesses waits ever longer; nobody is locked out. An account that is guessed at from everywhere keeps half
# a minute's wait for its owner, a source that many share (a town hall, a proxy) a minute's (OWASP ASVS V6.3.1;
# CVE notes of peers).
PATIENCE = {
    Tried.PAIR: Patience(free=5, most=timedelta(minutes=15)),
    Tried.ACCOUNT: Patience(free=20, most=timedelta(seconds=30)),
    Tried.SOURCE: Patience(free=50, most=timedelta(minutes=1)),
}
FORGOTTEN = timedelta(days=1)


def wait_after(tried: Tried, count: int, last_at: datetime, now: datetime) -> timedelta:
    """How long somebody still waits: twice as long after each failure, from a second on. Half-open, as every
    term.
    """
    over = count - PATIENCE[tried].free
    if over < 0 or now >= last_at + FORGOTTEN:
        return timedelta()
    wait = min(timedelta(seconds=2 ** min(over, 20)), PATIENCE[tried].most)
    return max(timedelta(), last_at + wait - now)


def source_of(address: str) -> str:
    """What counts as one source: an IPv4 address, or the /64 of an IPv6 one, which one household has whole."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)
