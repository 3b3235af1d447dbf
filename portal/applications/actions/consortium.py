"""Starting an application, naming who takes a seat, confirming one, copying into a later round."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from portal.access import Person
from portal.accounts import links
from portal.accounts import queries as accounts
from portal.accounts.actions.common import new_link
from portal.accounts.rules.links import Purpose
from portal.addresses import address_is_right
from portal.applications import access, queries, rules
from portal.applications.actions.common import refused, touch
from portal.applications.lifecycle import Status
from portal.applications.models import Answers, Application, Partner
from portal.calls import queries as calls
from portal.calls.models import Round
from portal.calls.rules import Phase
from portal.db import act, alone, session_of
from portal.journal import queries as journal
from portal.journal.actions import Owed, file_of, record
from portal.kbo import enterprise_number, number_is_right
from portal.lifecycle import Done, Refusal, Refused
from portal.organisations.models import Organisation


@act
def start(
    round: Round,
    *,
    region: str,
    seat: str,
    kind: str,
    organisation: Organisation | None,
    email: str,
    by: Person,
    now: datetime,
) -> Done | Refused:
    """Start a draft for one region, with the starter's organisation in the lead's seat, confirmed."""
    session = session_of(round)
    definition = calls.definition(round)
    refusals: list[Refusal] = []
    ours = organisation.id if organisation else None
    phase = calls.phase_of(round, now, ours)
    if phase is Phase.ANNOUNCED:
        refusals.append(Refusal("round_not_open", {"opens_at": round.opens_at.isoformat()}))
    if phase is Phase.CLOSED:
        moments = {"closes_at": calls.closing(round, ours).isoformat(), "at": now.isoformat()}
        refusals.append(Refusal("round_closed", moments))
    place = next((p for p in round.regions if p.region.key == region), None)
    if place is None:
        refusals.append(Refusal("region_not_in_round", {"region": region}, "region"))
    chosen = next((s for s in definition.seats if s.key == seat and s.can_lead), None)
    if chosen is None:
        refusals.append(Refusal("seat_cannot_lead", {"seat": seat}, "seat_kind"))
    elif kind not in {k.key for k in chosen.kinds}:
        refusals.append(Refusal("kind_not_allowed", {"seat": seat}, "seat_kind"))
    if organisation is None or ours not in by.organisations:
        refusals.append(Refusal("not_your_organisation", {}, "organisation"))
    if refusals or place is None or organisation is None:
        return Refused(tuple(refusals))
    application = Application(
        reference=rules.reference(definition.prefix, secrets.token_bytes(5)),
        round=round,
        region=place.region,
        lead=organisation,
        lead_seat=seat,
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
        session,
        "application.started",
        application,
        {"round": round.number, "region": region, "lead": organisation.number},
        by=by,
        now=now,
    )
    return Done(application)


@act
def name_partner(
    application: Application,
    *,
    seat: str,
    number: str,
    name: str,
    kind: str,
    email: str,
    real: datetime | None = None,
    by: Person,
    now: datetime,
) -> Done | Refused:
    """Name who takes a seat; a new organisation must confirm it itself and is invited by mail. Who has no
    account yet gets the link to make one with it (`real`: the time of links): the mail proves the address.
    """
    if no := refused(application, "edit", now):
        return no
    digits, _problem = enterprise_number(number)
    definition = calls.definition(application.round)
    refusals: list[Refusal] = []
    if not access.is_lead(by, application.lead_organisation_id):
        refusals.append(Refusal("lead_only"))
    refusals += [r for r in (number_is_right(number), address_is_right(email)) if r]
    if not kind or kind not in {k.key for k in definition.seat(seat).kinds}:
        refusals.append(Refusal("choose_a_kind", {}, "kind"))
    if twin := next((p for p in application.partners if p.number == digits and p.seat != seat), None):
        refusals.append(Refusal("same_organisation_twice", {"seat": seat, "other": twin.seat}, "number"))
    if seat == application.lead_seat and digits != application.lead.number:
        refusals.append(Refusal("lead_stays", {}, "number"))
    if refusals:
        return Refused(tuple(refusals))
    partner = next((p for p in application.partners if p.seat == seat), None)
    owed: list[Owed] = []
    moved = partner is None or partner.number != digits
    if moved or (partner is not None and partner.email != email and partner.confirmed_at is None):
        if not _may_be_invited(application, email, now):
            return Refused((Refusal("invited_too_often", {}, "email"),))
        owed.append(_invitation(application, seat, email, now, _way_in(application, digits, name, email, real)))
    if partner is None:
        partner = Partner(seat=seat, number=digits, name=name, kind=kind, email=email)
        application.partners.append(partner)
    elif moved:
        partner.confirmed_at = partner.confirmed_by = None
    partner.number, partner.name, partner.kind, partner.email = digits, name, kind, email
    touch(application)
    payload = {"seat": seat, "number": digits, "kind": kind}
    record(
        session_of(application), "application.partner_named", application, payload, by=by, now=now, owed=owed
    )
    return Done(partner)


def _may_be_invited(application: Application, email: str, now: datetime) -> bool:
    session, since, address = session_of(application), now - rules.A_DAY, _address(email)
    alone(session, "mail", address)
    return rules.may_be_invited(
        journal.mailed(session, "invitation", since, address=address),
        journal.mailed(session, "invitation", since, file=file_of(application)),
        known=accounts.by_email(session, address) is not None,
    )


def _address(email: str) -> str:
    """As accounts have them: capitals are no other address, and no other count."""
    return email.strip().lower()


def _way_in(
    application: Application, number: str, name: str, email: str, real: datetime | None
) -> dict[str, Any]:
    """The way of a partner to its seat, for the mail: by an account of one's own, for who was named."""
    seat = f"/aanvragen/{application.reference}"
    onward = f"/organisatie/lid-worden?{urlencode({'nummer': number, 'naam': name, 'verder': seat})}"
    session = session_of(application)
    if real is None or accounts.by_email(session, email) is not None:
        return {"onward": onward}
    link = new_link(session, Purpose.ENROL, _address(email), None, real)
    session.flush()
    return {"onward": onward, "link": links.facts_of(link, onward)}


def _invitation(application: Application, seat: str, email: str, now: datetime, way: dict[str, Any]) -> Owed:
    data = {
        **way,
        **queries.mail_facts(application),
        "lead": application.lead.name,
        "seat": calls.definition(application.round).seat(seat).label.nl,
        "until": queries.facts(application, now).closes_at.isoformat(),
    }
    address = _address(email)
    return ("invitation", address, data)


@act
def confirm_seat(application: Application, *, seat: str, by: Person, now: datetime) -> Done | Refused:
    """A partner confirms its seat itself (rule 6)."""
    if no := refused(application, "confirm_seat", now):
        return no
    partner = next((p for p in application.partners if p.seat == seat), None)
    if partner is None or partner.number not in by.numbers:
        return Refused((Refusal("not_your_seat", {"seat": seat}),))
    if partner.confirmed_at is None:
        partner.confirmed_at, partner.confirmed_by = now, by.account_id
        touch(application)
        payload = {"seat": seat, "number": partner.number}
        record(session_of(application), "application.seat_confirmed", application, payload, by=by, now=now)
    return Done(partner)


@act
def copy(application: Application, *, round: Round, region: str, by: Person, now: datetime) -> Done | Refused:
    """Copy the answers and partners of an application into a new draft, if its region is named there (rule 2).

    Partners are asked to confirm and sign again; files are attached again: a form says which round it is for.
    """
    lead = next(p for p in application.partners if p.seat == application.lead_seat)
    outcome = start(
        round,
        region=region,
        seat=application.lead_seat,
        kind=lead.kind,
        organisation=application.lead,
        email=lead.email,
        by=by,
        now=now,
    )
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
    session = session_of(application)
    session.flush()
    partners = [p for p in new.partners if p.seat != new.lead_seat]
    owed = [
        _invitation(new, p.seat, p.email, now, _way_in(new, p.number, p.name, p.email, None))
        for p in partners
        if _may_be_invited(new, p.email, now)
    ]
    payload = {"from": application.reference}
    record(session, "application.copied", new, payload, by=by, now=now, owed=owed)
    return Done(new)
