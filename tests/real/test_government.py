"""The government's sign-in against a certified provider, and against one that lies in one thing at a time."""

from __future__ import annotations

import base64
import hmac
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import RSAKey

from portal.clock import SystemClock
from portal.government.provider import GovernmentSignIn, NotProved, Unreachable, under_way
from portal.settings import Government
from tests.parts import openid_provider

BACK = "http://127.0.0.1:9/aanmelden/overheid/terug"


def now():
    return SystemClock().now()


@pytest.fixture(scope="module")
def provider():
    with openid_provider(BACK) as found:
        yield found


def query(url):
    return dict(parse_qsl(urlsplit(url).query))


def test_a_whole_sign_in_says_who_for_whom_and_with_which_roles(provider):
    provider.says(
        "alice", vo_orgcode="0000100166", vo_orgnaam="OCMW Proefstad", mandaatportaal_rol_3d="Aanvrager"
    )
    sign_in = GovernmentSignIn(provider.government, BACK)
    url, going = sign_in.begin(now(), again=False)
    asked = query(url)
    assert asked["code_challenge_method"] == "S256"
    assert "rrn" not in asked["scope"]
    claims = sign_in.finish(under_way(going.kept()), query(provider.visit(url, "alice")), now())
    assert claims.subject == "alice"
    assert (claims.organisation, claims.organisation_name) == ("0000100166", "OCMW Proefstad")
    assert claims.roles == ("Aanvrager",)
    assert timedelta() <= now() - claims.proved_at < timedelta(minutes=1)


def test_who_must_prove_themselves_again_does(provider):
    import requests

    sign_in, browser = GovernmentSignIn(provider.government, BACK), requests.Session()
    url, _going = sign_in.begin(now(), again=False)
    provider.visit(url, "bob", browser)
    url, going = sign_in.begin(now(), again=True)
    assert 'name="login"' in browser.get(url).text  # though the browser is known there
    url, going = sign_in.begin(now(), again=True)
    claims = sign_in.finish(going, query(provider.visit(url, "bob", browser)), now())
    assert now() - claims.proved_at < timedelta(seconds=20)


@pytest.mark.parametrize("what", ["verifier", "state", "code", "replayed", "issuer", "too late", "error"])
def test_a_88_an_answer_that_is_not_ours_is_refused(provider, what):
    sign_in = GovernmentSignIn(provider.government, BACK)
    url, going = sign_in.begin(now(), again=False)
    answer, moment = query(provider.visit(url, "carol")), now()
    if what == "verifier":
        going = replace(going, verifier="x" * 64)
    elif what == "replayed":
        sign_in.finish(going, answer, moment)
    elif what == "too late":
        moment += timedelta(minutes=11)
    else:
        changed = {
            "state": {"state": "x" * 43},
            "code": {"code": "x"},
            "issuer": {"iss": "https://kwaad.example"},
            "error": {"error": "access_denied"},
        }
        answer = {**answer, **changed[what]}
    with pytest.raises(NotProved):
        sign_in.finish(going, answer, moment)


def test_a_cookie_without_a_state_proves_nothing():
    for kept in (None, {}, {"state": 1}, "x", {"state": "a", "nonce": "b", "verifier": "c", "began_at": "x"}):
        with pytest.raises(NotProved):
            under_way(kept)


KEY, OTHER = RSAKey.generate_key(2048, {"kid": "a"}), RSAKey.generate_key(2048, {"kid": "a"})


@contextmanager
def lying(change) -> Iterator[Government]:
    """A provider whose answers `change` before they go out: its claims, header, key, documents."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path == "/jwks":
                return self.send({"keys": [KEY.as_dict(private=False)]})
            about = {
                "issuer": issuer,
                "authorization_endpoint": f"{issuer}/auth",
                "token_endpoint": f"{issuer}/token",
                "jwks_uri": f"{issuer}/jwks",
            }
            return self.send(change("about", about))

        def do_POST(self):
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            moment = int(now().timestamp())
            claims = {
                "iss": issuer,
                "aud": "portaal",
                "sub": "dave",
                "nonce": sent["code"][0],
                "iat": moment,
                "exp": moment + 600,
                "auth_time": moment,
            }
            header, key = {"alg": "RS256", "kid": "a"}, KEY
            header, claims, key = change("token", (header, claims, key))
            if header["alg"] in ("none", "HS256"):
                parts = [
                    base64.urlsafe_b64encode(json.dumps(p).encode()).rstrip(b"=") for p in (header, claims)
                ]
                signed = hmac.digest(KEY.as_pem(private=False), b".".join(parts), "sha256")
                last = base64.urlsafe_b64encode(signed).rstrip(b"=") if header["alg"] == "HS256" else b""
                token = b".".join([*parts, last]).decode()
            else:
                token = jwt.encode(header, claims, key, algorithms=[header["alg"]])
            self.send({"access_token": "x", "token_type": "Bearer", "id_token": token})

        def send(self, told):
            body = told if isinstance(told, bytes) else json.dumps(told).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_told):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Government(issuer=issuer, client_id="portaal", client_secret="geheim")
    finally:
        server.shutdown()
        server.server_close()


def come_back(government):
    """A sign-in there: the nonce travels as the code, so that the provider can put it in its token."""
    sign_in = GovernmentSignIn(government, BACK)
    _url, going = sign_in.begin(now(), again=False)
    return sign_in.finish(going, {"state": going.state, "code": going.nonce}, now())


def token(**changed):
    def change(what, told):
        if what != "token":
            return told
        header, claims, key = told
        return header, {k: v for k, v in {**claims, **changed}.items() if v is not None}, key

    return change


def test_the_lying_provider_is_believed_when_it_tells_the_truth():
    with lying(lambda _what, told: told) as government:
        assert come_back(government).subject == "dave"


SECOND = 1_700_000_000
LIES = {
    "nonce": token(nonce="x"),
    "no nonce": token(nonce=None),
    "audience": token(aud="een-ander"),
    "two audiences": token(aud=["portaal", "een-ander"]),
    "party": token(azp="een-ander"),
    "issuer": token(iss="https://kwaad.example"),
    "expired": token(exp=SECOND),
    "no end": token(exp=None),
    "of tomorrow": token(iat=4_000_000_000),
    "no subject": token(sub=None),
    "a list for a subject": token(sub=["dave"]),
    "an endless subject": token(sub="x" * 256),
    "no moment of proof": token(auth_time=None),
    "a moment that is none": token(auth_time=True),
    "no algorithm": lambda what, told: ({"alg": "none"}, told[1], told[2]) if what == "token" else told,
    "a shared key": lambda what, told: ({"alg": "HS256", "kid": "a"}, *told[1:]) if what == "token" else told,
    "another key": lambda what, told: (*told[:2], OTHER) if what == "token" else told,
}


@pytest.mark.parametrize("lie", LIES)
def test_a_88_a_token_with_a_lie_proves_nothing(lie):
    with lying(LIES[lie]) as government, pytest.raises(NotProved):
        come_back(government)


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://kwaad.example"}, {"token_endpoint": "file:///etc/passwd"}, {"jwks_uri": None},
        b"geen json", b"[]", b"x" * 300_000,
    ],
)  # fmt: skip
def test_a_provider_that_is_none_is_not_reached(about):
    def change(what, told):
        return (
            about
            if isinstance(about, bytes) and what == "about"
            else ({**told, **about} if what == "about" else told)
        )

    with lying(change) as government, pytest.raises(Unreachable):
        come_back(government)


def test_a_provider_that_is_down_is_told_apart():
    with pytest.raises(Unreachable):
        GovernmentSignIn(
            Government(issuer="http://127.0.0.1:9", client_id="portaal", client_secret="geheim"), BACK
        ).begin(now(), again=False)
