"""The verbs of organisations. Each: facts, core, write, record."""

from portal.organisations.actions.inviting import enrol_by_invitation, invite, join_by_link, withdraw_invitation
from portal.organisations.actions.members import (
    admit,
    ask_to_join,
    came_for,
    end_manager,
    join,
    leave,
    make_manager,
    refuse,
    register,
    withdraw_request,
)
from portal.organisations.actions.merging import (
    disable_organisation,
    enable_organisation,
    merge,
    propose_merger,
    propose_switch,
)
from portal.organisations.actions.proposed import CONFIRMS

__all__ = [
    "CONFIRMS",
    "admit",
    "ask_to_join",
    "came_for",
    "disable_organisation",
    "enable_organisation",
    "end_manager",
    "enrol_by_invitation",
    "invite",
    "join",
    "join_by_link",
    "leave",
    "make_manager",
    "merge",
    "propose_merger",
    "propose_switch",
    "refuse",
    "register",
    "withdraw_invitation",
    "withdraw_request",
]
