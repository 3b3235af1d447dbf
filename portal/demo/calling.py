"""Scenes of the department before anybody applied: people, publication, closing, reopening."""

from __future__ import annotations

from datetime import date
from typing import Any

from portal import proposals
from portal.access import SYSTEM, Role
from portal.accounts import actions as account_actions
from portal.accounts import passwords
from portal.calls import actions as call_actions
from portal.calls import queries as calls
from portal.demo import cast
from portal.demo.stage import Stage
from portal.mandates import actions as mandate_actions
from portal.organisations import actions as organisation_actions


def people(stage: Stage) -> None:
    """Accounts of the department and of every organisation; one hash, since the password is public."""
    hashed = passwords.hash_of(cast.PASSWORD)
    staff(stage, hashed)
    for consortium in cast.ALL:
        for one in consortium.seats().values():
            member(stage, one, hashed)


def staff(stage: Stage, hashed: str) -> None:
    """Accounts of the department with their roles."""
    for account, label in cast.STAFF.items():
        made = _enrol(stage, account, label, hashed)
        stage.did(
            account_actions.grant(made, role=Role(cast.ROLES[account]), by=SYSTEM, now=stage.now), account
        )


def member(stage: Stage, one: cast.Organisation, hashed: str) -> None:
    """An organisation, and an account that acts for it."""
    made = _enrol(stage, one.account, one.name, hashed)
    outcome = organisation_actions.register(
        stage.session, number=one.number, name=one.name, by=SYSTEM, now=stage.now
    )
    organisation = stage.did(outcome, one.name)
    stage.did(organisation_actions.join(made, organisation=organisation, by=SYSTEM, now=stage.now), one.name)


def _enrol(stage: Stage, account: str, label: str, hashed: str) -> Any:
    email = f"{account}@demo.example"
    outcome = account_actions.enrol(
        stage.session, email=email, label=label, password_hash=hashed, by=SYSTEM, now=stage.now
    )
    return stage.did(outcome, email)


def publication(stage: Stage) -> None:
    """The call is drafted, proposed and made public by a second person."""
    source = stage.definitions.calls[stage.call]
    by = stage.person("beheerder")
    call = stage.did(call_actions.draft(stage.session, source, by=by, now=stage.now), "oproep")
    call_type = stage.definitions.call_types[source.call_type]
    stage.later(30)
    stage.did(
        call_actions.propose_publication(call, source=source, call_type=call_type, by=by, now=stage.now),
        "voorstel",
    )
    stage.later(60)
    confirm_proposals(stage)


def confirm_proposals(stage: Stage) -> None:
    """The second person confirms what waits."""
    for waiting in proposals.open_to(stage.session, SYSTEM):
        by = stage.person("medeondertekenaar")
        stage.did(proposals.confirm(waiting, by=by, now=stage.now), f"voorstel {waiting.verb}")


def close(stage: Stage) -> None:
    """The closing is recorded: contents are unsealed."""
    call_actions.record_closings(stage.database, stage.now)
    stage.session.rollback()


def reopening(stage: Stage) -> None:
    """The call is proposed to be reopened for the two regions that stayed uncovered."""
    call = calls.one_visible_to(stage.session, SYSTEM, stage.call)
    if call is None:
        return
    outcome = mandate_actions.propose_reopening(
        call,
        regions=["midwest", "vlaamse-ardennen"],
        opens_on=date(2023, 4, 3),
        last_day=date(2023, 5, 15),
        mandates_start_on=date(2023, 7, 1),
        reason="Heropend voor de twee regio's waarvoor nog geen samenwerkingsverband gemandateerd kon worden.",
        by=stage.person("beheerder"),
        now=stage.now,
    )
    stage.did(outcome, "heropening")
