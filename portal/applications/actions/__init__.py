"""The verbs of an application. Each: facts, core, write, record."""

from portal.applications.actions.consortium import confirm_seat, copy, name_partner, start
from portal.applications.actions.documents import attach, detach
from portal.applications.actions.form import save_section, take_over
from portal.applications.actions.submitting import ask_to_sign, keep_arrival, settle, sign_off, submit, withdraw

__all__ = [
    "ask_to_sign",
    "attach",
    "confirm_seat",
    "copy",
    "detach",
    "keep_arrival",
    "name_partner",
    "save_section",
    "settle",
    "sign_off",
    "start",
    "submit",
    "take_over",
    "withdraw",
]
