"""What an organisation, an address and a grant must be."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

import zxcvbn
from stdnum.be import vat
from stdnum.exceptions import InvalidChecksum, InvalidComponent, ValidationError

from portal.access import VISITOR, Person, Role
from portal.lifecycle import Refusal
from portal.settings import Government

# Letters that look like others (a Cyrillic e, a full-width b) are in no address: it would be taken for another's.
EMAIL = re.compile(r"[!-?A-~]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,}")
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


@dataclass(frozen=True)
class AdmissionFacts:
    """Somebody decides on a request to act for an organisation; `managed` when it has somebody who can decide."""

    own: bool
    managed: bool
    by_manager: bool
    at_desk: bool


def may_decide(facts: AdmissionFacts) -> Iterable[Refusal]:
    """Its managers decide; the department does where there are none. Nobody decides on their own request."""
    if facts.own:
        yield Refusal("own_request")
    if not (facts.by_manager or (facts.at_desk and not facts.managed)):
        yield Refusal("managers_decide")


@dataclass(frozen=True)
class MergerFacts:
    """An organisation that went into another, since a day."""

    same: bool
    known: bool
    into_stands: bool
    merged: bool
    on: date
    today: date


def merger_is_right(facts: MergerFacts) -> Iterable[Refusal]:
    """Into another that stands, once, and not before it happened."""
    if facts.same:
        yield Refusal("merged_into_itself", {}, "into")
    elif not facts.known:
        yield Refusal("unknown_organisation", {}, "into")
    elif not facts.into_stands:
        yield Refusal("merged_into_none", {}, "into")
    if facts.merged:
        yield Refusal("merged_already")
    if facts.on > facts.today:
        yield Refusal("merger_to_come", {}, "on")


def may_go(*, manager: bool, other_managers: int, others: int) -> Refusal | None:
    """The last manager does not leave, or step back, while there are people without one."""
    return Refusal("last_manager") if manager and others and not other_managers else None


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
    own: bool = False


def grant_is_right(facts: GrantFacts) -> Iterable[Refusal]:
    """A grant is of a department's role, for regions that exist, does not end in the past, and is not to oneself."""
    if facts.own:
        yield Refusal("own_role")
    if facts.regions == ():
        yield Refusal("role_without_region", {}, "regions")
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


@dataclass(frozen=True)
class Known:
    """What is on record of who asks: grants as (role, regions or all, last day or none), organisations that stand as
    (id, enterprise number) with what merged into them, and the roles that the government's sign-in claims."""

    account_id: int
    email: str
    active: bool
    epoch: int
    grants: frozenset[tuple[Role, frozenset[str] | None, date | None]]
    acts_for: frozenset[tuple[int, str]]
    manages: frozenset[int]
    claimed: frozenset[Role]

    def person(self, today: date) -> Person:
        """What they may be today."""
        if not self.active:
            return VISITOR
        grants = [g for g in self.grants if holds(g[2], today)]
        acting = {Role.APPLICANT} if self.acts_for else set[Role]()
        return Person(
            roles=frozenset({Role.MEMBER, *self.claimed, *(role for role, *_rest in grants), *acting}),
            account_id=self.account_id,
            email=self.email,
            organisations=frozenset(one for one, _number in self.acts_for),
            numbers=frozenset(number for _one, number in self.acts_for),
            manages=self.manages,
            regions=tuple(
                sorted(
                    ((role, regions) for role, regions, _until in grants
                     if regions is not None and role not in self.claimed),
                    key=lambda limit: limit[0],
                )
            ),
            epoch=self.epoch,
        )  # fmt: skip


@dataclass(frozen=True)
class Limits:
    """How long somebody stays signed in: without doing anything, and at most."""

    idle: timedelta
    most: timedelta


# OWASP ASVS 5.0, V7.1.1 and V7.3: who handles others' files is signed out sooner than who types a long text.
AT_THE_DESK = Limits(idle=timedelta(minutes=30), most=timedelta(hours=12))
AT_HOME = Limits(idle=timedelta(hours=12), most=timedelta(days=7))
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
    """The browser and the system that a browser says it is, each empty when it is none we know: for people to recognise.

    Nothing of what was sent is kept: a user agent is hostile text.
    """
    known = [next((name for mark, name in names if mark in user_agent), "") for names in (BROWSERS, SYSTEMS)]
    return known[0], known[1]


class Purpose(StrEnum):
    """What a mailed link is for."""

    ENROL = "enrol"
    RESET = "reset"
    ADDRESS = "address"
    INVITE = "invite"
    IDENTITY = "identity"


# OWASP ASVS 5.0, V6.4.1: a link to set a password lives an hour; one that only proves an address may wait for its reader.
LIFETIMES = {
    Purpose.ENROL: timedelta(days=7),
    Purpose.RESET: timedelta(hours=1),
    Purpose.ADDRESS: timedelta(days=1),
    Purpose.INVITE: timedelta(days=7),
    Purpose.IDENTITY: timedelta(days=1),
}
MOST_INVITATIONS = 20  # of one organisation at a time
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


SHORTEST, LONGEST = 12, 1024
GUESSES = 8  # tens of a guesser's tries: 10^8, zxcvbn's bar for 'safely unguessable' behind a slow hash
LOOKED_AT = 72  # characters zxcvbn takes


def password_is_right(text: str, own_words: Iterable[str] = ()) -> Refusal | None:
    """Long enough and not easy to guess, whatever the characters. Lists of common passwords and names come with zxcvbn.

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


class Tried(StrEnum):
    """What failures are counted by."""

    PAIR = "pair"  # this account from this place
    ACCOUNT = "account"  # this account from anywhere
    PLACE = "place"  # any account from this place


@dataclass(frozen=True)
class Patience:
    """How many failures cost nothing, and how long somebody waits at most after more."""

    free: int
    most: timedelta


# Who guesses waits ever longer; nobody is locked out. An account that is guessed at from everywhere keeps half a minute's
# wait for its owner, a place that many share (a town hall, a proxy) a minute's (OWASP ASVS V6.3.1; CVE notes of peers).
PATIENCE = {
    Tried.PAIR: Patience(free=5, most=timedelta(minutes=15)),
    Tried.ACCOUNT: Patience(free=20, most=timedelta(seconds=30)),
    Tried.PLACE: Patience(free=50, most=timedelta(minutes=1)),
}
FORGOTTEN = timedelta(days=1)


def wait_after(tried: Tried, count: int, last_at: datetime, now: datetime) -> timedelta:
    """How long somebody still waits: twice as long after each failure, from a second on. Half-open, as every term."""
    over = count - PATIENCE[tried].free
    if over < 0 or now >= last_at + FORGOTTEN:
        return timedelta()
    wait = min(timedelta(seconds=2 ** min(over, 20)), PATIENCE[tried].most)
    return max(timedelta(), last_at + wait - now)


def place_of(address: str) -> str:
    """What counts as one place: an IPv4 address, or the /64 of an IPv6 one, which one household has whole."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return ""
    if isinstance(ip, ipaddress.IPv6Address):
        return str(ip.ipv4_mapped or ipaddress.ip_network((ip, 64), strict=False))
    return str(ip)


HALF = timedelta(minutes=10)  # between password and second step
TRIES = 5  # codes for one password (OWASP ASVS V6.6.3)
STEP = 30  # seconds a code stands (RFC 6238)
DRIFT = 1  # steps that a device's clock may be early or late
RECOVERY_CODES = 10


def steps_around(now: datetime) -> range:
    """The half-minutes whose code is taken now: this one, and as many around it as clocks may differ."""
    step = int(now.timestamp()) // STEP
    return range(step - DRIFT, step + DRIFT + 1)


def must_have_second_step(roles: frozenset[Role]) -> bool:
    """Whoever handles what is others' (OWASP ASVS V6.3.3)."""
    return not roles.isdisjoint(GRANTABLE)


SHARED_FOR = timedelta(hours=1)
MOST_SHARED = 5  # pages of one account at a time


@dataclass(frozen=True)
class SharedFacts:
    """A shared page at a moment of real time, and who opens it."""

    shared_at: datetime
    emptied: bool
    opened_by: int | None
    by: int | None
    own: bool
    now: datetime


def may_open(facts: SharedFacts) -> Refusal | None:
    """Within the hour, by the one person who opened it first; never by who shared it, who would learn nothing."""
    late = facts.emptied or facts.now >= facts.shared_at + SHARED_FOR
    taken = facts.opened_by is not None and facts.opened_by != facts.by
    return Refusal("wrong_shared_code", {}, "code") if late or taken or facts.own else None


PROOF_LASTS = 600  # seconds between coming back from the provider and going on


@dataclass(frozen=True)
class Claims:
    """What the government's provider says of somebody: who (`subject`), for which organisation, with which roles, proved how."""

    subject: str
    organisation: str
    organisation_name: str
    roles: tuple[str, ...]
    acr: str
    proved_at: datetime


@dataclass(frozen=True)
class Rights:
    """What claims give for as long as this sign-in lasts; `organisation` is an enterprise number, or empty."""

    roles: tuple[Role, ...] = ()
    organisation: str = ""
    organisation_name: str = ""
    strong: bool = False


def rights_of(claims: Claims, government: Government) -> Rights:
    """Department roles count for the department itself alone; elsewhere one may act for one's organisation, or nothing.

    A role may name the organisation it is for, as in `Role:0123456789` (the 3D roles of ACM/IDM): then for that one alone.
    """
    ours = dict(government.roles)
    told = [role.partition(":") for role in claims.roles]
    held = {ours[name] for name, _colon, key in told if name in ours and key in ("", claims.organisation)}
    strong = claims.acr in government.strong
    if claims.organisation and claims.organisation == government.department:
        return Rights(tuple(sorted(r for r in GRANTABLE if r.value in held)), strong=strong)
    digits, problem = enterprise_number(claims.organisation)
    if problem or Role.APPLICANT.value not in held:
        return Rights(strong=strong)
    return Rights(organisation=digits, organisation_name=claims.organisation_name or digits, strong=strong)


MOST_PASSKEYS = 10


def count_is_right(kept: int, told: int) -> bool:
    """Whether a passkey's counter went on; one that stands still for two devices was copied. Many always tell 0."""
    return told > kept or kept == told == 0
