"""The verbs of accounts. Each: facts, core, write, record."""

from portal.accounts.actions.factor import (
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
from portal.accounts.actions.granting import change_password, disable, enable, end_grant, enrol, grant
from portal.accounts.actions.own import (
    ask_for_address,
    ask_for_link,
    change_address_by_link,
    enrol_by_link,
    reset_by_link,
)
from portal.accounts.actions.proposed import CONFIRMS, propose_taking
from portal.accounts.actions.signing_in import (
    Came,
    end_other_sign_ins,
    end_sign_in,
    failed,
    recognise,
    renew,
    sign_in,
    succeeded,
    touch,
)
from portal.accounts.actions.sweeping import sweep
from portal.accounts.actions.watching import tell_auditors

__all__ = [
    "CONFIRMS",
    "Came",
    "add_passkey",
    "ask_for_address",
    "ask_for_link",
    "begin_authenticator",
    "change_address_by_link",
    "change_password",
    "complete_sign_in",
    "confirm_authenticator",
    "count_try",
    "disable",
    "enable",
    "end_grant",
    "end_other_sign_ins",
    "end_sign_in",
    "enrol",
    "enrol_by_link",
    "failed",
    "grant",
    "propose_taking",
    "recognise",
    "remove_authenticator",
    "remove_passkey",
    "renew",
    "renew_codes",
    "reset_by_link",
    "sign_in",
    "succeeded",
    "sweep",
    "take_second_step",
    "tell_auditors",
    "touch",
]
