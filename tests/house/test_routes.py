"""Every route passes the gate: no mark means 403, and nobody gets past what the table says."""

import pytest
from werkzeug.routing.converters import NumberConverter

from portal.access import PERMISSIONS, Role, may
from portal.gate import permission_of, requires
from tests.conftest import ON_SQLITE, OPEN

pytestmark = ON_SQLITE

NAMES = ["aanvrager", "beoordelaar1", "beheerder", "medeondertekenaar", "auditor"]


def routes(app):
    return [r for r in app.url_map.iter_rules() if r.endpoint != "static"]


def address(rule):
    values = {a: 1 if isinstance(rule._converters[a], NumberConverter) else "x" for a in rule.arguments}
    return rule.build(values, append_unknown=False)[1]


def test_every_route_declares_a_permission(world):
    bare = [r.endpoint for r in routes(world.app) if permission_of(world.app, r.endpoint) is None]
    assert bare == []


def test_every_permission_is_used_or_goes(world):
    demo = {"demo.play"}  # its routes are mounted by `portal demo` alone
    used = {permission_of(world.app, r.endpoint) for r in routes(world.app)}
    assert used | demo == set(PERMISSIONS)


def test_a_route_without_a_mark_is_closed(world):
    world.app.add_url_rule("/open", "open", lambda: "open")
    assert world.app.test_client().get("/open").status_code == 403


def test_an_unknown_permission_is_a_mistake():
    with pytest.raises(ValueError, match="no permission"):
        requires("calls.everything")


@pytest.mark.parametrize("name", [None, *NAMES])
def test_each_role_gets_past_the_gate_only_where_the_table_says(world, name):
    browser = world.client(name).client
    roles = world.person(name) if name else None
    for rule in routes(world.app):
        permission = permission_of(world.app, rule.endpoint)
        allowed = may(roles, permission) if roles else Role.VISITOR in PERMISSIONS[permission]
        if "GET" not in rule.methods:
            continue
        with browser.get(address(rule)) as answer:
            if allowed:
                assert answer.status_code in (200, 303, 404, 410), (rule, answer.status_code)
                assert "/aanmelden?" not in answer.headers.get("Location", ""), rule
            elif name is None:
                assert answer.status_code == 303, rule
                assert answer.headers["Location"].startswith("/aanmelden?verder="), rule
            else:
                assert answer.status_code == 403, rule


@pytest.mark.parametrize("name", NAMES)
def test_no_post_without_token_does_anything(world, name):
    browser = world.client(name).client
    world.clock.at = OPEN  # so that no closing falls due
    before = world.image()
    for rule in routes(world.app):
        if "POST" in rule.methods:
            with browser.post(address(rule), data={"csrf_token": "old"}) as answer:
                assert answer.status_code in (303, 403, 404, 410, 422), (rule, answer.status_code)
    assert world.image() == before


def test_headers_are_strict_on_every_answer(world):
    for path in ("/", "/nergens", "/static/portal.css"):
        with world.app.test_client().get(path) as answer:
            policy = answer.headers["Content-Security-Policy"]
            assert "unsafe" not in policy
            assert "script-src 'self'" in policy
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
