"""One's second step, signing in with it, and a lost one at the desk."""

from portal.second_step.routes import desk, own, signing_in
from portal.second_step.routes.common import bp
from portal.second_step.routes.signing_in import code_page

__all__ = ["bp", "code_page", "desk", "own", "signing_in"]
