"""Signing in and out, one's own account, and what the department may do with one."""

from portal.accounts.routes import desk, own, signing_in
from portal.accounts.routes.common import bp
from portal.accounts.routes.signing_in import SignedIn, let_in, sign_in_first

__all__ = [
    "SignedIn",
    "bp",
    "desk",
    "let_in",
    "own",
    "sign_in_first",
    "signing_in",
]
