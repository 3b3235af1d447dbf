"""Mandaatportaal. `create_app` is the composition root: the only place that knows every room."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from flask import Flask

    from portal.clock import Clock
    from portal.settings import Settings


def create_app(settings: Settings, *, clock: Clock | None = None, storage: Any = None) -> Flask:
    """The portal as a WSGI application, joined from its rooms.

    Raises:
        DefinitionError: when `config/` or `uploads_schema/` hold a mistake.
    """
    from portal.compose import compose

    return compose(settings, clock=clock, storage=storage)
