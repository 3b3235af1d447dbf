"""Passkeys: what a browser is asked, and whether what it answers is right (WebAuthn Level 3, by the library
`webauthn`).

A challenge is never kept: it is the portal's signature over the sign-in as it stands, which changes with each
answer.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from portal.accounts.models import Account, SignIn
from portal.second_step.models import Passkey
from portal.second_step.rules import count_is_right
from portal.settings import Settings

LONGEST = 20_000  # characters of an answer


@dataclass(frozen=True)
class Site:
    """For whom a passkey answers: a name, and the origin that asks."""

    name: str
    origin: str

    @property
    def possible(self) -> bool:
        """No passkey is made for a number: the demo must be reached as localhost."""
        return not self.name.replace(".", "").isdigit()


def site_of(settings: Settings, asked: str) -> Site:
    """The portal's own address; in the demo the one that was asked for."""
    parts = urlsplit(asked if settings.demo else settings.base_url)
    return Site(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")


def _challenge(settings: Settings, purpose: str, *facts: Any) -> bytes:
    told = json.dumps([purpose, *facts]).encode()
    return hmac.new(settings.secret_key.encode(), b"passkey challenge" + told, hashlib.sha256).digest()


def challenge_to_add(settings: Settings, digest: str, known: Sequence[Passkey]) -> bytes:
    """Changes once a passkey was added, and with every proof of who somebody is."""
    return _challenge(settings, "add", digest, sorted(k.id for k in known))


def challenge_to_sign_in(settings: Settings, half: SignIn) -> bytes:
    """Changes with each try; after the right one the token is another."""
    return _challenge(settings, "sign in", half.digest, half.tries)


def to_add(settings: Settings, site: Site, account: Account, challenge: bytes, known: Sequence[Passkey]) -> str:
    """What a browser is asked to make one, as JSON."""
    options = webauthn.generate_registration_options(
        rp_id=site.name,
        rp_name=settings.portal_name,
        user_name=account.email,
        challenge=challenge,
        user_id=hashlib.sha256(f"account {account.id}".encode()).digest(),
        exclude_credentials=_named(known),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
    )
    return webauthn.options_to_json(options)


def to_sign_in(site: Site, challenge: bytes, known: Sequence[Passkey]) -> str:
    """What a browser is asked to answer with one, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=site.name,
        challenge=challenge,
        allow_credentials=_named(known),
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def _named(known: Sequence[Passkey]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=base64url_to_bytes(k.credential)) for k in known]


def added(site: Site, answer: str, challenge: bytes) -> tuple[str, bytes, int] | None:
    """Id, public key and counter of a new passkey; None where the answer is wrong in any way."""
    try:
        made = webauthn.verify_registration_response(
            credential=answer[:LONGEST],
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError, RecursionError):
        return None
    return bytes_to_base64url(made.credential_id), made.credential_public_key, made.sign_count


def answered(site: Site, answer: str, challenge: bytes, known: Sequence[Passkey]) -> tuple[int, int] | None:
    """Which passkey answered rightly, with its new counter; None where the answer is wrong in any way."""
    try:
        wanted = json.loads(answer[:LONGEST]).get("id")
        passkey = next(k for k in known if k.credential == wanted)
        told = webauthn.verify_authentication_response(
            credential=answer[:LONGEST],
            expected_challenge=challenge,
            expected_rp_id=site.name,
            expected_origin=site.origin,
            credential_public_key=passkey.public_key,
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except (WebAuthnException, StopIteration, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    right = count_is_right(passkey.sign_count, told.new_sign_count)
    return (passkey.id, told.new_sign_count) if right else None
