"""Hooks: what earlier rooms need of later ones is all filled, and belongs to one portal alone."""

from dataclasses import fields

from portal import create_app
from portal.db import Database
from portal.hooks import Hooks, hooks_of


def test_the_portal_fills_every_hook(world):
    hooks = world.app.extensions["portal"].database.hooks
    assert [f.name for f in fields(Hooks) if not getattr(hooks, f.name)] == []


def test_two_portals_in_one_process_never_meet_in_a_hook(world):
    """Whether unconfirmed criteria may be published is the demo's; a portal made after it is stricter all the
    same.
    """
    parts = world.app.extensions["portal"]
    other = create_app(parts.settings, clock=world.clock).extensions["portal"]
    with parts.database.session() as one, other.database.session() as two:
        assert hooks_of(one) is parts.database.hooks
        assert hooks_of(two) is other.database.hooks
        assert hooks_of(one).confirms["publish"] is not hooks_of(two).confirms["publish"]
    other.database.dispose()


def test_a_tool_without_hooks_does_nothing_more():
    with Database("sqlite://").session() as session:
        assert hooks_of(session) == Hooks()
