"""Signing off, submitting, withdrawing, and what later rooms decide."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy.exc import IntegrityError

from portal.access import Person
from portal.applications import access, queries, rules
from portal.applications.actions.common import refused, touch
from portal.applications.content import exact_bytes, manifest, sign_off_state, what_to_sign
from portal.applications.facts import Facts
from portal.applications.lifecycle import LIFECYCLE, Status
from portal.applications.models import Application, KeptArrival, SignOff, Submission, SubmittedPartner
from portal.calls import queries as calls
from portal.canonical import digest
from portal.clock import Clock
from portal.db import act, session_of
from portal.journal import queries as journal
from portal.journal.actions import Owed, file_of, record
from portal.lifecycle import Done, Refusal, Refused


@act
def sign_off(application: Application, *, seat: str, seen: str, by: Person, now: datetime) -> Done | Refused:
    """A partner signs off on exactly what the page showed: `seen` is the digest of it (rule 6)."""
    if no := refused(application, "sign_off", now):
        return no
    partner = next((p for p in application.partners if p.seat == seat), None)
    if partner is None or partner.number not in by.numbers:
        return Refused((Refusal("not_your_seat", {"seat": seat}),))
    session = session_of(application)
    digests = what_to_sign(queries.facts(application, now), seat)
    if digest(digests) != seen:
        return Refused((Refusal("stale"),))
    if partner.confirmed_at is None:
        partner.confirmed_at, partner.confirmed_by = now, by.account_id
    application.sign_offs.append(
        SignOff(seat=seat, number=partner.number, digests=digests, at=now, account_id=by.account_id)
    )
    touch(application)
    payload = {"seat": seat, "number": partner.number, "digest": seen}
    record(session, "application.signed_off", application, payload, by=by, now=now)
    return Done(partner)


@act
def ask_to_sign(application: Application, *, by: Person, now: datetime) -> Done | Refused:
    """The lead asks by mail every partner whose signature is missing or void, each at most once a day.

    The value is the partners that were asked.
    """
    if no := refused(application, "ask_to_sign", now):
        return no
    if not access.is_lead(by, application.lead_organisation_id):
        return Refused((Refusal("lead_only"),))
    facts = queries.facts(application, now)
    others = [p for p in facts.partners if p.seat != application.lead_seat]
    unsigned = {p.seat for p in others if sign_off_state(facts, p) != "valid"}
    if not unsigned:
        return Refused((Refusal("nobody_to_ask"),))
    asked = [p for p in application.partners if p.seat in unsigned and rules.may_be_asked(p.asked_at, now)]
    if not asked:
        return Refused((Refusal("asked_already"),))
    data = {
        **queries.mail_facts(application),
        "lead": application.lead.name,
        "until": facts.closes_at.isoformat(),
    }
    owed = [
        ("sign_off_asked", p.email, {**data, "seat": facts.definition.seat(p.seat).label.nl}) for p in asked
    ]
    for partner in asked:
        partner.asked_at = now
    payload = {"seats": [p.seat for p in asked]}
    record(
        session_of(application), "application.signing_asked", application, payload, by=by, now=now, owed=owed
    )
    return Done(asked)


@act
def keep_arrival(
    application: Application,
    *,
    revision: int,
    clock: Clock,
    waited: Callable[[], float],
    by: Person,
    now: datetime,
) -> Done | Refused:
    """A complete request to submit met a sign-in that had ended: nothing is submitted, and its arrival is kept,
    once.

    It counts with that arrival when `by`, whose sign-in it was, signs in and sends it again in time (rule 3).
    The value is None where that revision was submitted already: nothing is kept, and sending it again gives its
    receipt.
    """
    session = session_of(application)
    if not access.is_lead(by, application.lead_organisation_id):
        return Refused((Refusal("lead_only"),))
    if application.revision != revision:
        return Refused((Refusal("stale"),))
    if queries.submitted_as(application, revision):
        return Done(None)
    at = clock.arrival(session, waited())
    if before := queries.kept_arrival(session, application, by.account_id, revision):
        return Done(before)
    facts = queries.facts(application, at)
    sha256 = hashlib.sha256(exact_bytes(facts, application.reference, at)).hexdigest()
    kept = KeptArrival(
        application=application, account_id=by.account_id, revision=revision, arrived_at=at, sha256=sha256
    )
    session.add(kept)
    until = at + rules.ARRIVAL_KEPT_FOR
    data = {
        **queries.mail_facts(application),
        "at": at.isoformat(),
        "until": until.isoformat(),
        "sha256": sha256,
    }
    payload = {"arrived_at": at.isoformat(timespec="microseconds"), "revision": revision, "sha256": sha256}
    record(
        session,
        "application.arrival_kept",
        application,
        payload,
        by=by,
        now=at,
        owed=[("arrival_kept", by.email, data)],
    )
    return Done(kept)


def _to_tell_late(application: Application, at: datetime) -> list[str]:
    """Whom to tell of an attempt that came too late: each is on record, a mail of it goes out a few times an
    hour.
    """
    session, since = session_of(application), at - timedelta(hours=1)
    return [
        address
        for address in queries.contacts(session, application)
        if journal.mailed(session, "too_late", since, address=address, file=file_of(application))
        < rules.LATE_AN_HOUR
    ]


@act
def submit(
    application: Application,
    *,
    revision: int,
    clock: Clock,
    waited: Callable[[], float],
    by: Person,
    now: datetime,
) -> Done | Refused:
    """Submit the application as it stands: a frozen version with its digest; the value is the `Submission`.

    What counts is when the complete request had arrived (`clock.arrival`), compared under the row's lock. The
    same revision submitted twice gives the first submission again. A late attempt is refused, and recorded with
    the exact bytes of what it would have been, and their digest (rule 3). One that had met an ended sign-in not
    long before counts from that arrival.
    """
    session = session_of(application)
    if before := queries.submitted_as(application, revision):
        return Done(before)
    calls.hold(session, application.round)
    at = clock.arrival(session, waited())
    kept = queries.kept_arrival(session, application, by.account_id, revision)
    if kept is not None and at < kept.arrived_at + rules.ARRIVAL_KEPT_FOR:
        at = kept.arrived_at
    else:
        kept = None
    facts = replace(queries.facts(application, at), arrival_kept=kept is not None)
    body = exact_bytes(facts, application.reference, at)
    sha256 = hashlib.sha256(body).hexdigest()
    refusals = list(LIFECYCLE.refusals("submit", application.status, facts))
    if not access.is_lead(by, application.lead_organisation_id):
        refusals.append(Refusal("lead_only"))
    if application.revision != revision:
        refusals.append(Refusal("stale"))
    if queries.other_submitted(session, application):
        refusals.append(Refusal("already_submitted"))
    if refusals:
        late = any(r.code == "round_closed" for r in refusals)
        data = {
            **queries.mail_facts(application),
            "closes_at": facts.closes_at.isoformat(),
            "at": at.isoformat(),
            "sha256": sha256,
        }
        evidence = (
            {
                "sha256": sha256,
                "arrived_at": at.isoformat(timespec="microseconds"),
                "closes_at": facts.closes_at.isoformat(),
                "content": body.decode(),
            }
            if late
            else {}
        )
        told = [("too_late", a, data) for a in _to_tell_late(application, at)] if late else []
        return Refused(tuple(refusals), evidence, tuple(told))
    submission = Submission(
        number=len(application.submissions) + 1,
        idempotency_key=queries.KEY % revision,
        content=body,
        sha256=sha256,
        manifest=manifest(facts),
        submitted_at=at,
        submitted_by=by.account_id,
        partners=[
            SubmittedPartner(seat=p.seat, number=p.number, name=p.name, kind=p.kind, email=p.email)
            for p in facts.partners
        ],
    )
    application.submissions.append(submission)
    application.status, application.submitted_at = Status.SUBMITTED, at
    data = {
        **queries.mail_facts(application),
        "at": at.isoformat(),
        "sha256": sha256,
        "number": submission.number,
    }
    try:
        session.flush()
    except IntegrityError:  # the lead's other application was submitted at this very moment
        return Refused((Refusal("already_submitted"),))
    owed: list[Owed] = [("receipt", address, data) for address in queries.contacts(session, application)]
    owed += _fallen_out(application, facts)
    record(
        session,
        "application.submitted",
        application,
        {
            "number": submission.number,
            "sha256": sha256,
            "files": manifest(facts),
            "arrival_kept": kept is not None,
        },
        by=by,
        now=at,
        owed=owed,
    )
    return Done(submission)


def _fallen_out(application: Application, facts: Facts) -> list[Owed]:
    """A mail to each partner of the version before that has no seat in this one."""
    if len(application.submissions) < 2:
        return []
    before, kept = queries.version(application.submissions[-2]), {p.number for p in facts.partners}
    data = {
        **queries.mail_facts(application),
        "lead": application.lead.name,
        "until": facts.closes_at.isoformat(),
    }
    seats = {p.seat: facts.definition.seat(p.seat).label.nl for p in before.partners}
    gone = [p for p in before.partners if p.number not in kept]
    return [("no_longer_partner", p.email, {**data, "seat": seats[p.seat]}) for p in gone]


@act
def withdraw(application: Application, *, reason: str, by: Person, now: datetime) -> Done | Refused:
    """The lead takes the application back, until release of a decision."""
    calls.alone_in(session_of(application), application.round_id, application.region_id)
    refusals = list(LIFECYCLE.refusals("withdraw", application.status))
    if not access.is_lead(by, application.lead_organisation_id):
        refusals.append(Refusal("lead_only"))
    if refusals:
        return Refused(tuple(refusals))
    application.status = Status.WITHDRAWN
    touch(application)
    session = session_of(application)
    data = queries.mail_facts(application)
    owed = [("withdrawn", address, data) for address in queries.contacts(session, application, invited=True)]
    record(session, "application.withdrawn", application, {"reason": reason}, by=by, now=now, owed=owed)
    return Done(application)


@act
def settle(
    application: Application,
    verb: str,
    *,
    by: Person,
    now: datetime,
    payload: Mapping[str, Any] | None = None,
    owed: Iterable[Owed] = (),
) -> Done | Refused:
    """Change the status by what a later room decided: `admit`, `reconsider`, `dismiss`, `approve` or
    `reject`.
    """
    if refusals := LIFECYCLE.refusals(verb, application.status):
        return Refused(refusals)
    application.status = LIFECYCLE[verb].target
    touch(application)
    past = {
        "admit": "admitted",
        "reconsider": "reconsidered",
        "dismiss": "dismissed",
        "approve": "approved",
        "reject": "rejected",
    }[verb]
    record(session_of(application), f"application.{past}", application, payload, by=by, now=now, owed=owed)
    return Done(application)
