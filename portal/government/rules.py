"""What the government's provider says of somebody, and what that gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.access import Role
from portal.accounts.rules.granting import GRANTABLE
from portal.kbo import enterprise_number
from portal.settings import Government

PROOF_LASTS = 600  # seconds between coming back from the provider and going on


@dataclass(frozen=True)
class Claims:
    """What the government's provider says of somebody: who (`subject`), for which organisation, with which
    roles, proved how.
    """

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
    """Department roles count for the department itself alone; elsewhere one may act for one's organisation, or
    nothing.

    A role may name the organisation it is for, as in `Role:0123456789` (the 3D roles of ACM/IDM): then for that
    one alone.
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
