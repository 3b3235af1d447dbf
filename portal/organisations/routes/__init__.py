"""An organisation's own pages, and the desk's list of users and organisations."""

from portal.organisations.routes import desk, own
from portal.organisations.routes.common import bp

__all__ = ["bp", "desk", "own"]
