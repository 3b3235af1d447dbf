"""The verbs of accounts. Each: facts, core, write, record."""

from portal.accounts.actions.factor import (
    begin_authenticator,
    complete_sign_in,
    confirm_authenticator,
    count_try,
    remove_authenticator,
    renew_codes,
)
from portal.accounts.actions.granting import (
    change_password,
    disable,
    end_grant,
    enrol,
    grant,
    join,
    leave,
    register,
)
from portal.accounts.actions.own import (
    ask_for_address,
    ask_for_link,
    change_address_by_link,
    enrol_by_link,
    reset_by_link,
)
from portal.accounts.actions.signing_in import (
    end_other_sign_ins,
    end_sign_in,
    failed,
    recognise,
    renew,
    sign_in,
    succeeded,
    touch,
)

__all__ = [
    "ask_for_address",
    "ask_for_link",
    "begin_authenticator",
    "change_address_by_link",
    "change_password",
    "complete_sign_in",
    "confirm_authenticator",
    "count_try",
    "disable",
    "end_grant",
    "end_other_sign_ins",
    "end_sign_in",
    "enrol",
    "enrol_by_link",
    "failed",
    "grant",
    "join",
    "leave",
    "recognise",
    "register",
    "remove_authenticator",
    "renew",
    "renew_codes",
    "reset_by_link",
    "sign_in",
    "succeeded",
    "touch",
]
