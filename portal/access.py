"""Who may do what: one table from permission to roles. No mark on a route means 403.

*Who* is answered here, *which* by `visible_to` in each room, *when* by the lifecycle.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Role(StrEnum):
    """The roles of `product.md`, and `MEMBER`: whoever has an account. A person may hold several."""

    VISITOR = "visitor"
    MEMBER = "member"
    APPLICANT = "applicant"
    REVIEWER = "reviewer"
    ADMINISTRATOR = "administrator"
    COSIGNER = "cosigner"
    AUDITOR = "auditor"
    SYSTEM = "system"


@dataclass(frozen=True)
class Person:
    """Who asks: a value, so that it stays true while transactions come and go.

    `organisations` are ids and `numbers` the enterprise numbers of what the person is a member of, and
    `manages` the ids of those where they decide who else is; `regions` limits a role to regions (by key): a
    role that is not named there holds everywhere. `within` are the regions where what is asked now may be about
    (None: all); the gate sets it by the permission of the route. `epoch` counts the changes of the account: an
    act by somebody whose account changed since is refused. `sign_in_id` is how the person is here, `fresh`
    whether they proved who they are not long ago; `dormant` roles wait for a second step of signing in.
    """

    roles: frozenset[Role]
    account_id: int | None = None
    email: str = ""
    organisations: frozenset[int] = frozenset()
    numbers: frozenset[str] = frozenset()
    manages: frozenset[int] = frozenset()
    regions: tuple[tuple[Role, frozenset[str]], ...] = ()
    within: frozenset[str] | None = None
    epoch: int = 0
    sign_in_id: int | None = None
    fresh: bool = False
    dormant: frozenset[Role] = frozenset()

    @property
    def signed_in(self) -> bool:
        """Whether this is somebody with an account."""
        return self.account_id is not None

    def has(self, *roles: Role) -> bool:
        """Whether the person holds one of `roles`."""
        return not self.roles.isdisjoint(roles)

    def covers(self, role: Role, region: str) -> bool:
        """Whether the person holds `role` for the region with this key."""
        limits = dict(self.regions)
        return role in self.roles and region in limits.get(role, frozenset({region}))

    def reaches(self, *regions: str) -> bool:
        """Whether what is asked now may be about all of these regions (by key)."""
        return self.within is None or self.within.issuperset(regions)

    def acting_for(self, numbers: Mapping[int, str]) -> Person:
        """The same person as a member of these organisations alone: ids with enterprise numbers."""
        return replace(self, organisations=frozenset(numbers), numbers=frozenset(numbers.values()))

    @property
    def in_department(self) -> bool:
        """Whether the person works at the department's desk (or audits it)."""
        return self.has(Role.ADMINISTRATOR, Role.COSIGNER, Role.AUDITOR, Role.SYSTEM)


VISITOR = Person(frozenset({Role.VISITOR}))
SYSTEM = Person(frozenset({Role.SYSTEM}))

_ALL = frozenset(Role)
_MEMBER = frozenset({Role.MEMBER})
_APPLICANT = frozenset({Role.APPLICANT})
_REVIEWER = frozenset({Role.REVIEWER})
_ADMIN = frozenset({Role.ADMINISTRATOR})
_DESK = frozenset({Role.ADMINISTRATOR, Role.COSIGNER, Role.AUDITOR})
_SECOND = frozenset({Role.ADMINISTRATOR, Role.COSIGNER})

PERMISSIONS: dict[str, frozenset[Role]] = {
    "home.read": _ALL,
    "home.desk": _DESK,
    "journal.heads": _ALL,
    "journal.desk": _DESK,
    "journal.destroy": _ADMIN,
    "documents.desk": _DESK,
    "documents.retry": _ADMIN,
    "letters.retry": _ADMIN,
    "accounts.sign_in": _ALL,
    "accounts.own": _MEMBER,
    "organisations.own": _APPLICANT,
    "support.share": _APPLICANT,
    "support.open": _ADMIN,
    "accounts.read_all": frozenset({Role.ADMINISTRATOR, Role.AUDITOR}),
    "accounts.manage": _ADMIN,
    "calls.read": _ALL,
    "calls.desk": _DESK,
    "calls.prepare": _ADMIN,
    "proposals.confirm": _SECOND,
    "applications.read": _APPLICANT,
    "applications.write": _APPLICANT,
    "receipts.check": _ALL,
    "reviews.read_own": _REVIEWER,
    "reviews.write": _REVIEWER,
    "reviews.declare": _REVIEWER | _SECOND,
    "reviews.compare": _REVIEWER | _DESK,
    "reviews.desk": _DESK,
    "reviews.judge": _ADMIN,
    "decisions.desk": _DESK,
    "decisions.prepare": _ADMIN,
    "decisions.confirm": _SECOND,
    "mandates.read": _ALL,
    "mandates.own": _APPLICANT,
    "mandates.desk": _DESK,
    "mandates.reopen": _ADMIN,
    "demo.play": _ALL,
}


def may(person: Person, permission: str) -> bool:
    """Whether one of the person's roles carries `permission`. An unknown permission is refused."""
    return not PERMISSIONS.get(permission, frozenset()).isdisjoint(person.roles)


def scoped(person: Person, permission: str) -> Person:
    """The person as far as `permission` reaches: to the regions where a role that carries it holds."""
    limits = dict(person.regions)
    carrying = person.roles & PERMISSIONS.get(permission, frozenset())
    if not carrying <= limits.keys():
        return replace(person, within=None)
    return replace(person, within=frozenset[str]().union(*(limits[role] for role in carrying)))
