"""Codes of the second step: made, shown, sealed and recognised. The verbs know only steps and digests."""

from __future__ import annotations

import base64
import hmac
import secrets
from datetime import datetime

import pyotp
import segno
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from markupsafe import Markup

from portal.accounts.queries import digest_of
from portal.second_step.rules import RECOVERY_CODES, steps_around
from portal.settings import Settings

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no letter that looks like another


def _box(settings: Settings) -> Fernet:
    key = HKDF(SHA256(), 32, salt=None, info=b"authenticator secrets").derive(settings.secret_key.encode())
    return Fernet(base64.urlsafe_b64encode(key))


def new_secret(settings: Settings) -> str:
    """A new secret, sealed (160 random bits, as RFC 4226 advises)."""
    return _box(settings).encrypt(pyotp.random_base32().encode()).decode()


def _secret(settings: Settings, sealed: str) -> str | None:
    try:
        return _box(settings).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def shown(settings: Settings, sealed: str, email: str) -> tuple[Markup, str] | None:
    """What a person scans (an SVG) or types; None where the portal's key is another than it was."""
    secret = _secret(settings, sealed)
    if secret is None:
        return None
    uri = pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=settings.portal_name)
    picture = segno.make(uri, error="m").svg_inline(scale=5, border=2, light="#fff", omitsize=True)
    code = Markup(picture)  # noqa: S704 - a drawing that segno made, without a word in it
    return code, " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))


def step_of(settings: Settings, sealed: str, code: str, real: datetime) -> int | None:
    """The half-minute whose code this is; None for a wrong one."""
    secret = _secret(settings, sealed)
    given = "".join(code.split())
    if secret is None or not (given.isascii() and given.isdigit()):
        return None
    made = pyotp.TOTP(secret)
    right = [step for step in steps_around(real) if hmac.compare_digest(made.generate_otp(step), given)]
    return right[0] if right else None


def new_code() -> str:
    """A code to print or to say: 16 characters in groups of four, 80 random bits."""
    made = "".join(secrets.choice(ALPHABET) for _each in range(16))
    return "-".join(made[i : i + 4] for i in range(0, 16, 4))


def plain(code: str) -> str:
    """A code however it was typed."""
    return "".join(c for c in code.upper() if c.isalnum()).replace("O", "0").replace("I", "1").replace("L", "1")


def new_codes() -> tuple[list[str], list[str]]:
    """Recovery codes to print, and the digests that are kept of them."""
    made = [new_code() for _code in range(RECOVERY_CODES)]
    return made, [digest_of_code(code) for code in made]


def digest_of_code(code: str) -> str:
    """What is kept of a recovery code, however it was typed."""
    return digest_of(f"recovery {plain(code)}")
