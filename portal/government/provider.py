"""Signing in by the government's provider: OpenID Connect, authorization code with PKCE.

What counts of an answer: our own state, the exact issuer, a signature by one of the provider's keys, us as the
only audience, our nonce, and a moment of proof. Everything else is refused with a word for the log. Source:
OpenID Connect Core 1.0, 3.1.3.7; RFC 9207 (issuer in the answer); OWASP ASVS 5.0, V10.5.
"""

from __future__ import annotations

import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from requests.exceptions import RequestException

from portal import text
from portal.government.rules import Claims
from portal.settings import Government

ALGORITHMS = ["RS256", "PS256", "ES256"]  # never none, never a key that both sides share
PATIENCE = 5  # seconds for an answer of the provider
REMEMBERED = timedelta(hours=1)  # how long its addresses and keys are taken for true
SKEW = timedelta(seconds=60)  # that clocks may differ
LARGEST = 256 * 1024  # bytes of a document of the provider
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
LONGEST = 12 * 3600  # seconds since somebody last proved themselves there
UNDER_WAY = timedelta(minutes=10)  # between leaving for the provider and coming back


class Unreachable(Exception):
    """The provider does not answer, or not as a provider does."""


class NotProved(Exception):
    """The answer proves nothing; `str()` is why, in a word for the log."""


@dataclass(frozen=True)
class UnderWay:
    """What we remember of somebody who left for the provider: in the cookie of their own browser."""

    state: str
    nonce: str
    verifier: str
    began_at: float

    def kept(self) -> dict[str, Any]:
        """As a cookie holds it."""
        return dict(self.__dict__)


def under_way(kept: Any) -> UnderWay:
    """What a cookie held.

    Raises:
        NotProved: when it holds none.
    """
    try:
        return UnderWay(str(kept["state"]), str(kept["nonce"]), str(kept["verifier"]), float(kept["began_at"]))
    except (TypeError, KeyError, ValueError) as problem:
        raise NotProved("no state") from problem


class GovernmentSignIn:
    """The provider of one installation, with what it last said about itself."""

    def __init__(self, government: Government, redirect_uri: str) -> None:
        self.government, self.redirect_uri = government, redirect_uri
        self._known: tuple[datetime, dict[str, Any], KeySet] | None = None

    def begin(self, now: datetime, *, again: bool) -> tuple[str, UnderWay]:
        """Where to send somebody, and what to remember; `again` asks the provider to let them prove themselves
        now.

        Raises:
            Unreachable: when the provider cannot be asked for its addresses.
        """
        about, _keys = self._about(now)
        going = UnderWay(
            secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), now.timestamp()
        )
        asked: dict[str, Any] = {"max_age": 0, "prompt": "login"} if again else {"max_age": LONGEST}
        if self.government.strong:
            asked["acr_values"] = " ".join(self.government.strong)  # wished for, not demanded
        with self._client() as client:
            url, _state = client.create_authorization_url(
                about["authorization_endpoint"],
                state=going.state,
                code_verifier=going.verifier,
                nonce=going.nonce,
                **asked,
            )
        return url, going

    def finish(self, going: UnderWay, answer: Mapping[str, str], now: datetime) -> Claims:
        """Who came back.

        Raises:
            NotProved: when the answer is not one to what we asked, or proves nothing.
            Unreachable: when the provider cannot be asked.
        """
        if not hmac.compare_digest(answer.get("state", "").encode(), going.state.encode()):
            raise NotProved("state")
        if not timedelta() <= now - datetime.fromtimestamp(going.began_at, UTC) < UNDER_WAY:
            raise NotProved("too late")
        if answer.get("iss", self.government.issuer) != self.government.issuer:
            raise NotProved("issuer of the answer")
        if "error" in answer or not answer.get("code"):
            raise NotProved("refused by the provider")
        about, keys = self._about(now)
        token = self._exchanged(about, answer["code"], going.verifier)
        return self._claims(self._signed(token, keys, now), going, now)

    def _client(self) -> OAuth2Session:
        one = self.government
        return OAuth2Session(
            one.client_id,
            one.client_secret,
            scope=one.scope,
            redirect_uri=self.redirect_uri,
            code_challenge_method="S256",
            default_timeout=PATIENCE,
        )

    def _about(self, now: datetime, *, anew: bool = False) -> tuple[dict[str, Any], KeySet]:
        if self._known and not anew and now - self._known[0] < REMEMBERED:
            return self._known[1], self._known[2]
        about = _fetched(f"{self.government.issuer.rstrip('/')}/.well-known/openid-configuration")
        if about.get("issuer") != self.government.issuer:
            raise Unreachable("it names another issuer")
        scheme = self.government.issuer.partition(":")[0]
        if not all(str(about.get(name, "")).startswith(f"{scheme}://") for name in ENDPOINTS):
            raise Unreachable("it lacks addresses")
        try:
            keys = KeySet.import_key_set(_fetched(about["jwks_uri"]))  # type: ignore[arg-type]
        except (JoseError, ValueError, KeyError, TypeError) as problem:
            raise Unreachable("it has no keys") from problem
        self._known = now, about, keys
        return about, keys

    def _exchanged(self, about: dict[str, Any], code: str, verifier: str) -> str:
        try:
            with self._client() as client:
                answer = client.fetch_token(about["token_endpoint"], code=code, code_verifier=verifier)
        except RequestException as problem:
            raise Unreachable("it does not exchange the code") from problem
        except (AuthlibBaseError, ValueError) as problem:
            raise NotProved("code") from problem
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise NotProved("no token")
        return token

    def _signed(self, token: str, keys: KeySet, now: datetime) -> dict[str, Any]:
        for anew in (False, True):  # the provider may have new keys
            try:
                return dict(jwt.decode(token, keys, algorithms=ALGORITHMS).claims)
            except (JoseError, ValueError, RecursionError) as problem:
                if anew:
                    raise NotProved("signature") from problem
            _about, keys = self._about(now, anew=True)
        raise AssertionError("returned or raised")

    def _claims(self, told: dict[str, Any], going: UnderWay, now: datetime) -> Claims:
        one, moments = self.government, {name: _moment(told, name) for name in ("exp", "iat", "auth_time")}
        known = {"client_id": one.client_id, "nonce": going.nonce, "max_age": LONGEST}
        options = {
            name: {"essential": True, "value": value}
            for name, value in (("iss", one.issuer), ("aud", one.client_id))
        }
        try:
            CodeIDToken(told, {}, options, known).validate(int(now.timestamp()), int(SKEW.total_seconds()))
        except (JoseError, TypeError, ValueError) as problem:
            raise NotProved(f"claims: {problem}") from problem
        if told["aud"] not in (one.client_id, [one.client_id]):  # a token for others too is none for us
            raise NotProved("audience")
        if not 0 < len(told["sub"]) <= 255:
            raise NotProved("subject")
        return Claims(
            subject=told["sub"],
            organisation=_word(told.get("vo_orgcode"))[:40],
            organisation_name=_word(told.get("vo_orgnaam"))[:200],
            roles=_roles(told.get(one.role_claim)),
            acr=_word(told.get("acr"))[:200],
            proved_at=min(moments["auth_time"], now),
        )


def _moment(told: dict[str, Any], name: str) -> datetime:
    value = told.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 2**40:
        raise NotProved(name)
    return datetime.fromtimestamp(value, UTC)


def _word(value: Any) -> str:
    """A text of the provider without what no text has."""
    return text.tame(value) if isinstance(value, str) else ""


def _roles(value: Any) -> tuple[str, ...]:
    """Roles as a list, or as one text with commas between them."""
    found = value.split(",") if isinstance(value, str) else value if isinstance(value, list) else []
    return tuple(_word(role)[:200] for role in found[:100])


def _fetched(url: str) -> dict[str, Any]:
    """A JSON document of the provider: at once, of a sane size, from where we asked."""
    try:
        with requests.get(url, timeout=PATIENCE, stream=True, allow_redirects=False) as answer:
            if answer.status_code != 200:
                raise Unreachable(f"it answers {answer.status_code}")
            body = bytearray()
            for part in answer.iter_content(1 << 14):
                body += part
                if len(body) > LARGEST:
                    raise Unreachable("it answers too much")
        found = json.loads(body)
    except (RequestException, OSError, ValueError, RecursionError) as problem:
        raise Unreachable("no answer") from problem
    if not isinstance(found, dict):
        raise Unreachable("no document")
    return found
