"""The verbs of an application. Each: facts, core, write, record."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, object_session

from portal.access import Person
from portal.accounts.models import Organisation
from portal.applications import access, queries, rules
from portal.applications.lifecycle import LIFECYCLE, Status
from portal.applications.models import Answers, Application, Attachment, Partner, SignOff, Submission
from portal.calls import queries as calls
from portal.calls.models import Round
from portal.calls.rules import Phase
from portal.clock import Clock
from portal.db import act
from portal.documents import actions as documents
from portal.documents.models import Place
from portal.documents.storage import Stored
from portal.journal.actions import Owed, record
from portal.journal.rules import canonical
from portal.lifecycle import Done, Refusal, Refused

Schemas = dict[str, dict]


def _session(application: Application) -> Session:
    session = object_session(application)
    if session is None:
        raise RuntimeError("an application without a session")
    return session


def _refused(application: Application, verb: str, schemas: Schemas, at: datetime) -> Refused | None:
    facts = queries.facts(_session(application), application, schemas, at)
    refusals = LIFECYCLE.refusals(verb, application.status, facts)
    return Refused(refusals) if refusals else None


def _touched(application: Application) -> None:
    application.revision += 1


@act
def start(
    round: Round, *, region: str, seat: str, kind: str, organisation: Organisation, email: str, by: Person,
    now: datetime,
) -> Done | Refused:  # fmt: skip
    """Start a draft for one region, with the starter's organisation in the lead's seat, confirmed."""
    session = object_session(round)
    definition = calls.definition(round)
    refusals: list[Refusal] = []
    phase = calls.phase_of(round, now, organisation.id)
    if phase is Phase.ANNOUNCED:
        refusals.append(Refusal("round_not_open", {"opens_at": round.opens_at.isoformat()}))
    if phase is Phase.CLOSED:
        moments = {"closes_at": calls.closing(round, organisation.id).isoformat(), "at": now.isoformat()}
        refusals.append(Refusal("round_closed", moments))
    place = next((p for p in round.regions if p.region.key == region), None)
    if place is None:
        refusals.append(Refusal("region_not_in_round", {"region": region}, "region"))
    chosen = next((s for s in definition.seats if s.key == seat and s.can_lead), None)
    if chosen is None:
        refusals.append(Refusal("seat_cannot_lead", {"seat": seat}, "seat_kind"))
    elif kind not in {k.key for k in chosen.kinds}:
        refusals.append(Refusal("kind_not_allowed", {"seat": seat}, "seat_kind"))
    if organisation.id not in by.organisations:
        refusals.append(Refusal("not_your_organisation", {}, "organisation"))
    if refusals or place is None or session is None:
        return Refused(tuple(refusals))
    application = Application(
        reference=rules.reference(definition.prefix, secrets.token_bytes(5)),
        round=round,
        region=place.region,
        organisation=organisation,
        lead_seat=seat,
        lead_number=organisation.number,
        status=Status.DRAFT,
        revision=1,
        started_at=now,
        submitted_at=None,
        is_test=round.call.is_test,
        partners=[
            Partner(
                seat=seat,
                number=organisation.number,
                name=organisation.name,
                kind=kind,
                email=email,
                confirmed_at=now,
                confirmed_by=by.account_id,
            )
        ],
    )
    session.add(application)
    record(
        session, "application.started", application,
        {"round": round.number, "region": region, "lead": organisation.number}, by=by, now=now,
    )  # fmt: skip
    return Done(application)


@act
def name_partner(
    application: Application, *, seat: str, number: str, name: str, kind: str, email: str, schemas: Schemas,
    by: Person, now: datetime,
) -> Done | Refused:  # fmt: skip
    """Name who takes a seat; a new organisation must confirm it itself and is invited by mail."""
    if refused := _refused(application, "edit", schemas, now):
        return refused
    digits, problem = rules.enterprise_number(number)
    definition = calls.definition(application.round)
    refusals: list[Refusal] = []
    if not access.is_lead(by, application.organisation_id):
        refusals.append(Refusal("lead_only"))
    if problem:
        refusals.append(Refusal(problem, {"number": number}, "number"))
    if not kind or kind not in {k.key for k in definition.seat(seat).kinds}:
        refusals.append(Refusal("choose_a_kind", {}, "kind"))
    if twin := next((p for p in application.partners if p.number == digits and p.seat != seat), None):
        refusals.append(Refusal("same_organisation_twice", {"seat": seat, "other": twin.seat}, "number"))
    if seat == application.lead_seat and digits != application.lead_number:
        refusals.append(Refusal("lead_stays", {}, "number"))
    if refusals:
        return Refused(tuple(refusals))
    partner = next((p for p in application.partners if p.seat == seat), None)
    owed: list[Owed] = []
    data = {"reference": application.reference, "region": application.region.name}
    if partner is None:
        partner = Partner(seat=seat, number=digits, name=name, kind=kind, email=email)
        application.partners.append(partner)
        owed.append(("invitation", email, data))
    elif partner.number != digits:
        owed.append(("invitation", email, data))
        partner.confirmed_at = partner.confirmed_by = None
    partner.number, partner.name, partner.kind, partner.email = digits, name, kind, email
    _touched(application)
    payload = {"seat": seat, "number": digits, "kind": kind}
    record(_session(application), "application.partner_named", application, payload, by=by, now=now, owed=owed)
    return Done(partner)


@act
def confirm_seat(
    application: Application, *, seat: str, schemas: Schemas, by: Person, now: datetime
) -> Done | Refused:
    """A partner confirms its seat itself (rule 6)."""
    if refused := _refused(application, "confirm_seat", schemas, now):
        return refused
    partner = next((p for p in application.partners if p.seat == seat), None)
    if partner is None or partner.number not in by.numbers:
        return Refused((Refusal("not_your_seat", {"seat": seat}),))
    if partner.confirmed_at is None:
        partner.confirmed_at, partner.confirmed_by = now, by.account_id
        _touched(application)
        payload = {"seat": seat, "number": partner.number}
        record(_session(application), "application.seat_confirmed", application, payload, by=by, now=now)
    return Done(partner)


@act
def save_section(
    application: Application, *, section: str, values: Mapping[str, Any], revision: int, schemas: Schemas,
    by: Person, now: datetime,
) -> Done | Refused:  # fmt: skip
    """Keep the answers to one section; someone else's newer answers are never overwritten."""
    if refused := _refused(application, "edit", schemas, now):
        return refused
    definition = calls.definition(application.round)
    seats = {p.seat: p.number for p in application.partners}
    if not access.may_edit_section(by, application.organisation_id, definition.section(section).seat, seats):
        return Refused((Refusal("not_your_section"),))
    answers = next((a for a in application.answers if a.section == section), None)
    if (answers.revision if answers else 0) != revision:
        return Refused((Refusal("stale"),))
    if answers is None:
        answers = Answers(section=section, revision=0, body={})
        application.answers.append(answers)
    if answers.body != dict(values):
        changed = sorted(k for k in {*answers.body, *values} if answers.body.get(k) != values.get(k))
        answers.body, answers.revision = dict(values), answers.revision + 1
        _touched(application)
        payload = {"section": section, "fields": changed, "revision": answers.revision}
        record(_session(application), "application.section_saved", application, payload, by=by, now=now)
    return Done(answers)


@act
def attach(
    application: Application, *, stored: Stored, name: str, type: str, media_type: str, made_here: bool,
    schemas: Schemas, limit: int, by: Person, now: datetime,
) -> Done | Refused:  # fmt: skip
    """Attach a stored file as a document of `type`; where one is the maximum it replaces the one before."""
    if refused := _refused(application, "edit", schemas, now):
        return refused
    definition = calls.definition(application.round)
    wanted = next((d for d in definition.documents if d.key == type), None)
    if wanted is None or not _takes_part(application, by):
        return Refused((Refusal("lead_only"),))
    standing = [f for f in queries.attached(application) if f.type == type]
    if len(application.files) >= limit:
        return Refused((Refusal("too_many_files", {"limit": limit}, "file"),))
    if wanted.maximum == 1:
        for before in standing:
            before.document.place = Place.REPLACED
    elif len(standing) >= wanted.maximum:
        return Refused((Refusal("too_many_documents", {"document": type, "maximum": wanted.maximum}, "file"),))
    session = _session(application)
    document = documents.receive(
        session, stored, name=name, schema=wanted.schema, media_type=media_type, by=by, now=now
    )
    application.files.append(Attachment(document=document, type=type, made_here=made_here))
    _touched(application)
    payload = {"document": type, "name": document.name, "size": stored.size, "sha256": stored.sha256}
    record(session, "application.document_attached", application, payload, by=by, now=now)
    return Done(document)


@act
def detach(
    application: Application, *, document_id: int, schemas: Schemas, by: Person, now: datetime
) -> Done | Refused:
    """Take a file out of the application; its bytes stay on record."""
    if refused := _refused(application, "edit", schemas, now):
        return refused
    attachment = next((f for f in queries.attached(application) if f.document_id == document_id), None)
    if attachment is None or not _takes_part(application, by):
        return Refused((Refusal("gone"),))
    attachment.document.place = Place.WITHDRAWN
    _touched(application)
    payload = {"name": attachment.document.name, "sha256": attachment.document.sha256}
    record(_session(application), "application.document_detached", application, payload, by=by, now=now)
    return Done(attachment)


def _takes_part(application: Application, by: Person) -> bool:
    seats = {p.seat: p.number for p in application.partners}
    return access.is_lead(by, application.organisation_id) or bool(access.seats_of(by, seats))


@act
def sign_off(
    application: Application, *, seat: str, seen: str, schemas: Schemas, by: Person, now: datetime
) -> Done | Refused:
    """A partner signs off on exactly what the page showed: `seen` is the digest of it (rule 6)."""
    if refused := _refused(application, "sign_off", schemas, now):
        return refused
    partner = next((p for p in application.partners if p.seat == seat), None)
    if partner is None or partner.number not in by.numbers:
        return Refused((Refusal("not_your_seat", {"seat": seat}),))
    session = _session(application)
    digests = rules.what_to_sign(queries.facts(session, application, schemas, now), seat)
    if rules.digest(digests) != seen:
        return Refused((Refusal("stale"),))
    if partner.confirmed_at is None:
        partner.confirmed_at, partner.confirmed_by = now, by.account_id
    application.sign_offs.append(
        SignOff(seat=seat, number=partner.number, digests=digests, at=now, account_id=by.account_id)
    )
    _touched(application)
    payload = {"seat": seat, "number": partner.number, "digest": seen}
    record(session, "application.signed_off", application, payload, by=by, now=now)
    return Done(partner)


@act
def submit(
    application: Application, *, revision: int, clock: Clock, waited: Callable[[], float], schemas: Schemas,
    by: Person, now: datetime,
) -> Done | Refused:  # fmt: skip
    """Submit the application as it stands: a frozen version with its digest; the value is the `Submission`.

    What counts is when the complete request had arrived (`clock.arrival`), compared under the row's lock. The
    same revision submitted twice gives the first submission again. A late attempt is refused, and recorded with
    the digest of what it would have been (rule 3).
    """
    session = _session(application)
    key = f"revision-{revision}"
    if before := next((s for s in application.submissions if s.idempotency_key == key), None):
        return Done(before)
    at = clock.arrival(session, waited())
    facts = queries.facts(session, application, schemas, at)
    body = canonical(_content(application, facts, at))
    sha256 = hashlib.sha256(body).hexdigest()
    refusals = list(LIFECYCLE.refusals("submit", application.status, facts))
    if not access.is_lead(by, application.organisation_id):
        refusals.append(Refusal("lead_only"))
    if application.revision != revision:
        refusals.append(Refusal("stale"))
    if queries.other_submitted(session, application):
        refusals.append(Refusal("already_submitted"))
    if refusals:
        late = any(r.code == "round_closed" for r in refusals)
        data = {
            "reference": application.reference,
            "closes_at": facts.closes_at.isoformat(),
            "at": at.isoformat(),
        }
        evidence = {"sha256": sha256, "arrived_at": at.isoformat(timespec="microseconds")} if late else {}
        owed = tuple(("too_late", a, data) for a in queries.contacts(session, application)) if late else ()
        return Refused(tuple(refusals), evidence, owed)
    submission = Submission(
        number=len(application.submissions) + 1, idempotency_key=key, content=body, sha256=sha256,
        manifest=_manifest(facts), submitted_at=at, submitted_by=by.account_id,
    )  # fmt: skip
    application.submissions.append(submission)
    application.status, application.submitted_at = Status.SUBMITTED, at
    data = {"reference": application.reference, "at": at.isoformat(), "sha256": sha256}
    owed = [("receipt", address, data) for address in queries.contacts(session, application)]
    try:
        record(
            session, "application.submitted", application,
            {"number": submission.number, "sha256": sha256, "files": _manifest(facts)}, by=by, now=at, owed=owed,
        )  # fmt: skip
    except IntegrityError:  # the lead's other application was submitted at this very moment
        return Refused((Refusal("already_submitted"),))
    return Done(submission)


def _manifest(facts: rules.Facts) -> list[dict[str, Any]]:
    return [
        {"type": f.type, "name": f.name, "size": f.size, "sha256": f.sha256, "document": f.id}
        for f in facts.files
    ]


def _content(application: Application, facts: rules.Facts, at: datetime) -> dict[str, Any]:
    return {
        "reference": application.reference,
        "call": facts.call,
        "round": facts.round,
        "region": facts.region,
        "definition": facts.definition.digest,
        "lead_seat": application.lead_seat,
        "submitted_at": at.isoformat(timespec="microseconds"),
        "partners": [
            {"seat": p.seat, "number": p.number, "name": p.name, "kind": p.kind} for p in facts.partners
        ],
        "answers": {k: dict(v) for k, v in facts.answers.items()},
        "files": _manifest(facts),
        "sign_offs": [
            {"seat": p.seat, "number": p.number, "state": rules.sign_off_state(facts, p)}
            for p in facts.partners
        ],
        "differences": [list(d) for d in facts.differences],
    }


@act
def withdraw(application: Application, *, reason: str, by: Person, now: datetime) -> Done | Refused:
    """The lead takes the application back, until release of a decision."""
    refusals = list(LIFECYCLE.refusals("withdraw", application.status))
    if not access.is_lead(by, application.organisation_id):
        refusals.append(Refusal("lead_only"))
    if refusals:
        return Refused(tuple(refusals))
    application.status = Status.WITHDRAWN
    _touched(application)
    session = _session(application)
    data = {"reference": application.reference}
    owed = [("withdrawn", address, data) for address in queries.contacts(session, application)]
    record(session, "application.withdrawn", application, {"reason": reason}, by=by, now=now, owed=owed)
    return Done(application)


@act
def copy(application: Application, *, round: Round, region: str, by: Person, now: datetime) -> Done | Refused:
    """Copy the answers and partners of an application into a new draft, if its region is named there (rule 2).

    Partners confirm and sign again; files are attached again, since a form says which round it is for.
    """
    lead = next(p for p in application.partners if p.seat == application.lead_seat)
    outcome = start(
        round, region=region, seat=application.lead_seat, kind=lead.kind, organisation=application.organisation,
        email=lead.email, by=by, now=now,
    )  # fmt: skip
    if isinstance(outcome, Refused):
        return outcome
    new: Application = outcome.value
    for partner in application.partners:
        if partner.seat != application.lead_seat:
            new.partners.append(
                Partner(
                    seat=partner.seat,
                    number=partner.number,
                    name=partner.name,
                    kind=partner.kind,
                    email=partner.email,
                )
            )
    for answers in application.answers:
        new.answers.append(Answers(section=answers.section, revision=1, body=dict(answers.body)))
    _session(application).flush()
    return Done(new)


@act
def settle(
    application: Application, verb: str, *, by: Person, now: datetime, payload: Mapping[str, Any] | None = None,
    owed: Iterable[Owed] = (),
) -> Done | Refused:  # fmt: skip
    """Change the status by what a later room decided: `admit`, `dismiss`, `approve` or `reject`."""
    if refusals := LIFECYCLE.refusals(verb, application.status):
        return Refused(refusals)
    application.status = LIFECYCLE[verb].target
    _touched(application)
    past = {"admit": "admitted", "dismiss": "dismissed", "approve": "approved", "reject": "rejected"}[verb]
    record(_session(application), f"application.{past}", application, payload, by=by, now=now, owed=owed)
    return Done(application)
