"""Mailed links: a signed number, made when the mail is written and nowhere kept.

The row `mailed_link` holds a nonce; the link signs it with the portal's key. Who reads the database, the queue
of mails or a backup of them has no link.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy.orm import Session

from portal.accounts import queries
from portal.accounts.models import MailedLink
from portal.accounts.rules.links import Purpose
from portal.settings import Settings

PATHS = {
    Purpose.ENROL: "/account/nieuw/",
    Purpose.RESET: "/wachtwoord-vergeten/",
    Purpose.ADDRESS: "/account/adres/",
    Purpose.INVITE: "/organisatie/uitnodiging/",
    Purpose.IDENTITY: "/aanmelden/overheid/adres/",
}


def _signer(secret: str, purpose: str) -> URLSafeSerializer:
    how = {"digest_method": hashlib.sha256, "key_derivation": "hmac"}
    return URLSafeSerializer(secret, salt=f"mailed-link-{purpose}", signer_kwargs=how)


def facts_of(link: MailedLink, onward: str = "") -> dict[str, Any]:
    """What a delivery carries of a link: enough to write it, for who has the portal's key; and where its reader
    wanted to go.
    """
    told = {"id": link.id, "nonce": link.nonce, "purpose": link.purpose.value}
    return {**told, "onward": onward} if onward else told


def address_of(settings: Settings, link: Mapping[str, Any]) -> str:
    """The link as it is mailed, from what the delivery carries."""
    token = _signer(settings.secret_key, link["purpose"]).dumps([link["id"], link["nonce"]])
    onward = f"?{urlencode({'verder': link['onward']})}" if link.get("onward") else ""
    return f"{settings.base_url}{PATHS[Purpose(link['purpose'])]}{token}{onward}"


def read(session: Session, settings: Settings, purpose: Purpose, token: str) -> MailedLink | None:
    """The row a link stands for, used or not; None for what we never mailed."""
    try:
        link_id, nonce = _signer(settings.secret_key, purpose.value).loads(token)
    except (BadData, ValueError, TypeError):
        return None
    found = queries.one_link(session, link_id)
    return found if found is not None and found.nonce == nonce and found.purpose is purpose else None
