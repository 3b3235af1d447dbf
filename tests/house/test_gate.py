"""The gate in depth: hosts, proxies, cookies, methods."""

import pytest

from tests.conftest import ON_SQLITE

pytestmark = ON_SQLITE


def seen_from(app, **environ):
    """The address the portal thinks a request came from."""
    with app.test_request_context("/", **environ):
        pass
    found = []
    app.before_request_funcs.setdefault(None, []).insert(0, lambda: found.append(_remote()))
    app.test_client().get("/gezond", **environ)
    return found[0]


def _remote():
    from flask import request

    return request.remote_addr, request.scheme


def test_a_17_what_a_sender_says_of_itself_is_nothing(made):
    forged = {"X-Forwarded-For": "10.0.0.1", "X-Forwarded-Proto": "https"}
    asked = {"headers": forged, "environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}}
    assert seen_from(made(), **asked) == ("192.0.2.7", "http")


def test_a_104_of_trusted_proxies_the_last_word_counts(made):
    forged = {"X-Forwarded-For": "10.0.0.1, 198.51.100.4", "X-Forwarded-Proto": "https"}
    asked = {"headers": forged, "environ_overrides": {"REMOTE_ADDR": "192.0.2.7"}}
    assert seen_from(made(trusted_proxies=1), **asked) == ("198.51.100.4", "https")


@pytest.mark.parametrize(
    "host", ["kwaad.example", "portaal.example.kwaad.example", "portaal.example@kwaad.example", ""]
)
def test_a_16_another_host_is_refused(made, host):
    app = made(production=True, base_url="https://portaal.example")
    for path in ("/", "/wachtwoord-vergeten", "/nergens"):
        with app.test_client().get(path, headers={"Host": host}, base_url="https://portaal.example") as answer:
            assert answer.status_code == 400, (path, host)
            assert "kwaad" not in answer.text
    with app.test_client().get("/", base_url="https://portaal.example") as answer:
        assert answer.status_code == 200


def test_a_11_the_cookie_is_bound_to_this_host_over_tls(made):
    app = made(production=True, base_url="https://portaal.example")
    with app.test_client().get("/aanmelden", base_url="https://portaal.example") as answer:
        (cookie,) = answer.headers.getlist("Set-Cookie")
        assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    name, _equals, rest = cookie.partition("=")
    assert name == "__Host-sid"
    assert {part.strip() for part in rest.split(";")[1:]} == {"Secure", "HttpOnly", "Path=/", "SameSite=Lax"}


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_a_44_no_other_method_does_anything(world, method):
    client = world.client("beheerder").client
    before = world.image()
    for path in ("/", "/account", "/beheer", "/aanmelden"):
        with client.open(path, method=method) as answer:
            assert answer.status_code in (404, 405), path
    for trick in ({"X-HTTP-Method-Override": "DELETE"}, {"X-Method-Override": "POST"}):
        with client.get("/account?_method=POST", headers=trick) as answer:
            assert answer.status_code == 200
    assert world.image() == before
