"""The verbs of a decision: prepare, withdraw, confirm, release, notify."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access import SYSTEM, Person
from portal.accounts import queries as accounts
from portal.applications import actions as applications
from portal.applications import queries as application_queries
from portal.applications.lifecycle import Status as ApplicationStatus
from portal.applications.models import Application
from portal.applications.rules import reference
from portal.calls import queries as calls
from portal.calls.rules import mandate_term
from portal.canonical import digest
from portal.clock import brussels_day
from portal.db import act, session_of
from portal.decisions import queries
from portal.decisions.basis import Basis, grounds_of
from portal.decisions.lifecycle import LIFECYCLE, Status
from portal.decisions.models import Decision
from portal.decisions.rules import COMPLETE, Outcome
from portal.definitions import CallType
from portal.documents.actions import keep_made
from portal.documents.storage import Stored
from portal.journal.actions import record
from portal.lifecycle import Done, Refusal, Refused, refusals_of
from portal.reviews import queries as reviews

VERBS = {Outcome.APPROVED: "approve", Outcome.REJECTED: "reject", Outcome.INADMISSIBLE: "dismiss"}


def digest_of(decision: Decision) -> str:
    """SHA-256 over what a decision says: it stands on its letter."""
    said = {
        "reference": decision.reference,
        "application": decision.application.reference,
        "outcome": decision.outcome.value,
        "reason": decision.reason,
        "body": decision.body,
        "basis": decision.basis_digest,
    }
    return digest(said)


@act
def prepare(
    application: Application,
    *,
    outcome: Outcome,
    reason: str,
    reasons: Mapping[str, str],
    deviation: str,
    authority: str,
    seen: str | None = None,
    by: Person,
    now: datetime,
) -> Done | Refused:
    """Prepare the decision on one application, whole: what is missing is said at once, and nothing is kept.

    `seen` is the digest of the basis that the page showed; another now is a refusal, and nothing typed is lost.
    """
    session = session_of(application)
    calls.hold(session, application.round)
    calls.alone_in(session, application.round_id, application.region_id)
    refusals = list(_may_prepare(session, application, outcome))
    if refusals:
        return Refused(tuple(refusals))
    definition = calls.definition(application.round)
    alone = outcome is Outcome.INADMISSIBLE
    basis = queries.basis(session, application, alone=alone, authority=authority)
    if seen is not None and replace(basis, authority="").digest != seen:  # the page knows of no choice yet
        return Refused((Refusal("basis_moved_while_writing"),))
    decision = Decision(
        reference=reference("BES", secrets.token_bytes(5)),
        application=application,
        outcome=outcome,
        status=Status.PREPARED,
        revision=1,
        reason=reason,
        body=_body(session, application, definition, basis, outcome, reasons, deviation, authority),
        basis=basis.to_json(),
        basis_digest=basis.digest,
        prepared_by=by.account_id,
        prepared_at=now,
    )
    session.add(decision)
    session.flush()
    if missing := refusals_of(COMPLETE, queries.facts(session, decision, by.account_id, brussels_day(now))):
        return Refused(missing)
    payload = {
        "decision": decision.reference,
        "outcome": outcome.value,
        "sha256": digest_of(decision),
        "basis": basis.digest,
    }
    data = {**application_queries.mail_facts(application), "decision": decision.reference}
    owed = [
        ("decision_to_confirm", address, data)
        for address in queries.may_confirm(session, application, by, brussels_day(now))
    ]
    record(session, "decision.prepared", application, payload, by=by, now=now, owed=owed)
    return Done(decision)


def _may_prepare(session: Session, application: Application, outcome: Outcome) -> list[Refusal]:
    if application.status is ApplicationStatus.WITHDRAWN:
        return [Refusal("application_taken_back")]
    if application_queries.one_unsealed_to(session, SYSTEM, application.reference) is None:
        return [Refusal("still_sealed")]
    if queries.standing(session, application.id) is not None:
        return [Refusal("already_decided")]
    if outcome is Outcome.INADMISSIBLE:
        finding = reviews.finding(session, application.id)
        found = finding is not None and not finding.admissible
        return (
            [] if found and application.status is ApplicationStatus.SUBMITTED else [Refusal("not_inadmissible")]
        )
    if application.status is not ApplicationStatus.ADMISSIBLE:
        return [Refusal("not_admissible")]
    return [] if queries.is_appraised(session, application) else [Refusal("not_appraised")]


def _body(
    session: Session,
    application: Application,
    definition: CallType,
    basis: Basis,
    outcome: Outcome,
    reasons: Mapping[str, str],
    deviation: str,
    authority: str,
) -> dict[str, Any]:
    own, advised = basis.of(application.reference), queries.advised(basis, application.reference)
    chosen = next((a for a in definition.authorities if a.key == authority), None)
    starts_on, ends_on = mandate_term(definition.term.years, application.round.mandates_start_on)
    sent = application_queries.counting(session, application)
    return {
        "authority": chosen
        and {
            "key": chosen.key,
            "name": chosen.name.nl,
            "ground": chosen.ground.nl,
            "valid_from": chosen.valid_from.isoformat(),
            "valid_until": chosen.valid_until.isoformat() if chosen.valid_until else None,
            "confirmed": chosen.confirmed,
        },
        "grounds": [{"text": g.text.nl, "confirmed": g.confirmed} for g in definition.grounds],
        "remedies": [
            {
                "body": r.body.nl,
                "term_days": r.term_days,
                "counting": r.counting.nl,
                "form": r.form.nl,
                "confirmed": r.confirmed,
            }
            for r in definition.remedies
        ],
        "reasons": [
            {
                "criterion": c.key,
                "label": c.label.nl,
                "weight": c.weight,
                "threshold": c.threshold,
                "average": own.averages.get(c.key, ""),
                "points": own.points.get(c.key, ""),
                "reason": reasons.get(c.key, ""),
            }
            for c in definition.appraisal.criteria
            if outcome is not Outcome.INADMISSIBLE
        ],
        "total": own.total,
        "rank": own.rank,
        "advised": advised.value if advised else "",
        "because": grounds_of(basis, application.reference, definition),
        "deviation": deviation,
        "starts_on": starts_on.isoformat() if outcome is Outcome.APPROVED else "",
        "ends_on": ends_on.isoformat() if outcome is Outcome.APPROVED else "",
        "submission": sent.sha256 if sent else "",
    }


@act
def withdraw(decision: Decision, *, reason: str = "", by: Person, now: datetime) -> Done | Refused:
    """Take a decision back before it is released: another can be prepared. Somebody else than who prepared it
    says why, and who prepared it is told.
    """
    refusals = list(LIFECYCLE.refusals("withdraw", decision.status))
    returned = decision.prepared_by != by.account_id
    if returned and not reason.strip():
        refusals.append(Refusal("return_without_reason", {}, "reason"))
    if refusals:
        return Refused(tuple(refusals))
    decision.status = Status.WITHDRAWN
    payload = {"decision": decision.reference, "reason": reason.strip()}
    session = session_of(decision)
    author = accounts.one(session, decision.prepared_by) if returned else None
    data = {**application_queries.mail_facts(decision.application), **payload}
    owed = [("decision_returned", author.email, data)] if author else []
    record(
        session,
        "decision.withdrawn",
        decision.application,
        payload,
        by=by,
        now=now,
        owed=owed,
    )
    return Done(decision)


@act
def confirm(decision: Decision, *, seen: str, by: Person, now: datetime) -> Done | Refused:
    """A second person confirms exactly what the page showed: `seen` is its digest (rule 15)."""
    session = session_of(decision)
    calls.hold(session, decision.application.round)
    calls.alone_in(session, decision.application.round_id, decision.application.region_id)
    facts = queries.facts(session, decision, by.account_id, brussels_day(now))
    refusals = list(LIFECYCLE.refusals("confirm", decision.status, facts))
    if digest_of(decision) != seen:
        refusals.append(Refusal("stale"))
    if refusals:
        return Refused(tuple(refusals))
    decision.status, decision.confirmed_by, decision.confirmed_at = Status.CONFIRMED, by.account_id, now
    payload = {"decision": decision.reference, "sha256": seen}
    record(
        session,
        "decision.confirmed",
        decision.application,
        payload,
        by=by,
        now=now,
    )
    return Done(decision)


@act
def release(
    decision: Decision, *, letter: Stored | None, seen: str, by: Person, now: datetime
) -> Done | Refused:
    """Let a confirmed decision leave with its letter; the application's status changes here and only here.

    `seen` is the digest that stands on the letter. The portal notifies at once: that starts the terms of
    appeal.
    """
    session = session_of(decision)
    calls.hold(session, decision.application.round)
    calls.alone_in(session, decision.application.round_id, decision.application.region_id)
    facts = queries.facts(session, decision, by.account_id, brussels_day(now), has_letter=letter is not None)
    refusals = list(LIFECYCLE.refusals("release", decision.status, facts))
    if digest_of(decision) != seen:
        refusals.append(Refusal("stale"))
    if refusals or letter is None:
        return Refused(tuple(refusals))
    name = f"beslissing-{decision.application.reference}.pdf"
    decision.letter = keep_made(session, letter, name=name, media_type="application/pdf", by=by, now=now)
    decision.status, decision.released_at = Status.RELEASED, now
    outcome = applications.settle(
        decision.application,
        VERBS[decision.outcome],
        by=by,
        now=now,
        payload={"decision": decision.reference, "sha256": seen, "letter": letter.sha256},
    )
    if isinstance(outcome, Refused):
        return outcome
    return notify(decision, by=by, now=now)


@act
def notify(decision: Decision, *, by: Person, now: datetime) -> Done | Refused:
    """Notification by the portal: an event of its own, since the terms of appeal begin with it (rule 11)."""
    if refusals := LIFECYCLE.refusals("notify", decision.status):
        return Refused(refusals)
    decision.status, decision.notified_at = Status.NOTIFIED, now
    session = session_of(decision)
    data = {**application_queries.mail_facts(decision.application), "decision": decision.reference}
    owed = [("decision", a, data) for a in application_queries.contacts(session, decision.application)]
    record(session, "decision.notified", decision.application, data, by=by, now=now, owed=owed)
    return Done(decision)
