"""The verbs of accounts. Each: facts, core, write, record."""

from portal.accounts.actions.granting import (
    CONFIRMS,
    change_password,
    disable,
    enable,
    end_grant,
    enrol,
    grant,
    propose_grant,
)
from portal.accounts.actions.own import (
    ask_for_address,
    ask_for_link,
    change_address_by_link,
    enrol_by_link,
    reset_by_link,
)
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
    "ask_for_address",
    "ask_for_link",
    "change_address_by_link",
    "change_password",
    "disable",
    "enable",
    "end_grant",
    "end_other_sign_ins",
    "end_sign_in",
    "enrol",
    "enrol_by_link",
    "failed",
    "grant",
    "propose_grant",
    "recognise",
    "renew",
    "reset_by_link",
    "sign_in",
    "succeeded",
    "sweep",
    "tell_auditors",
    "touch",
]
