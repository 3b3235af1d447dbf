"""What the department grants, and what somebody may because of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from portal.access import VISITOR, Person, Role
from portal.lifecycle import Refusal

GRANTABLE = frozenset({Role.REVIEWER, Role.ADMINISTRATOR, Role.COSIGNER, Role.AUDITOR})


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
    """A grant is of a department's role, for regions that exist, does not end in the past, and is not to
    oneself.
    """
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
    """What is on record of who asks: grants as (role, regions or all, last day or none), organisations that
    stand as (id, enterprise number) with what merged into them, and the roles that the government's sign-in
    claims.
    """

    account_id: int
    email: str
    active: bool
    epoch: int
    grants: frozenset[tuple[Role, frozenset[str] | None, date | None]]
    acts_for: frozenset[tuple[int, str]] = frozenset()
    manages: frozenset[int] = frozenset()
    claimed: frozenset[Role] = frozenset()

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
                    (
                        (role, regions)
                        for role, regions, _until in grants
                        if regions is not None and role not in self.claimed
                    ),
                    key=lambda limit: limit[0],
                )
            ),
            epoch=self.epoch,
        )
