"""How long somebody stays signed in, and on what."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from portal.access import VISITOR, Person, Role
from portal.accounts.rules.granting import GRANTABLE


@dataclass(frozen=True)
class Limits:
    """How long somebody stays signed in: without doing anything, and at most."""

    idle: timedelta
    most: timedelta


# OWASP ASVS 5.0, V7.1.1 and V7.3: who handles others' files is signed out sooner than who types a long text.
AT_THE_DESK = Limits(idle=timedelta(minutes=30), most=timedelta(hours=12))
AT_HOME = Limits(idle=timedelta(hours=12), most=timedelta(days=7))
HALF = timedelta(minutes=10)  # between password and second step
FRESH = timedelta(minutes=30)
TOUCH = timedelta(minutes=5)
REMEMBERED_DEVICE = timedelta(days=365)  # a device not seen for so long is a new one


@dataclass(frozen=True)
class SignInFacts:
    """A sign-in at a moment of real time."""

    roles: frozenset[Role]
    began_at: datetime
    fresh_at: datetime
    last_seen_at: datetime
    ended: bool
    now: datetime


def limits_of(roles: frozenset[Role]) -> Limits:
    """The department's roles have the shorter limits."""
    return AT_HOME if roles.isdisjoint(GRANTABLE) else AT_THE_DESK


def lasts(facts: SignInFacts) -> bool:
    """Whether somebody is still signed in; half-open, like every term."""
    limits = limits_of(facts.roles)
    ends = min(facts.last_seen_at + limits.idle, facts.began_at + limits.most)
    return not facts.ended and facts.now < ends


def is_fresh(facts: SignInFacts) -> bool:
    """Whether somebody proved who they are not long ago (ASVS V7.5.1)."""
    return facts.now < facts.fresh_at + FRESH


def asking_by(person: Person, facts: SignInFacts, *, sign_in_id: int, protected: bool) -> Person:
    """Who asks by a sign-in at this moment: a visitor once it ended, with sleeping roles where they must be
    `protected`.
    """
    if not person.signed_in or not lasts(facts):
        return VISITOR
    person = replace(person, sign_in_id=sign_in_id, fresh=is_fresh(facts))
    if protected or not must_have_second_step(person.roles):
        return person
    return replace(person, roles=person.roles - GRANTABLE, dormant=person.roles & GRANTABLE)


def to_be_touched(facts: SignInFacts) -> bool:
    """Whether it is worth a write to put down that somebody is still here."""
    return facts.now >= facts.last_seen_at + TOUCH


BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
           ("Mac OS", "macOS"), ("Linux", "Linux"))  # fmt: skip


def device_of(user_agent: str) -> tuple[str, str]:
    """The browser and the system that a browser says it is, each empty when it is none we know: for people to
    recognise.

    Nothing of what was sent is kept: a user agent is hostile text.
    """
    known = [next((name for mark, name in names if mark in user_agent), "") for names in (BROWSERS, SYSTEMS)]
    return known[0], known[1]


def must_have_second_step(roles: frozenset[Role]) -> bool:
    """Whoever handles what is others' (OWASP ASVS V6.3.3)."""
    return not roles.isdisjoint(GRANTABLE)
