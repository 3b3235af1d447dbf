"""The verbs of the second step. Each: facts, core, write, record."""

from portal.second_step.actions.factor import (
    add_passkey,
    begin_authenticator,
    complete_sign_in,
    confirm_authenticator,
    count_try,
    remove_authenticator,
    remove_passkey,
    renew_codes,
    take_second_step,
)
from portal.second_step.actions.proposed import CONFIRMS, propose_taking

__all__ = [
    "CONFIRMS",
    "add_passkey",
    "begin_authenticator",
    "complete_sign_in",
    "confirm_authenticator",
    "count_try",
    "propose_taking",
    "remove_authenticator",
    "remove_passkey",
    "renew_codes",
    "take_second_step",
]
