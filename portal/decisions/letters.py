"""The letter of a decision: Dutch only, as the language law wants."""

from __future__ import annotations

import io
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import web
from portal.applications import queries as applications
from portal.calls import queries as calls
from portal.clock import brussels_day
from portal.decisions.actions import digest_of
from portal.decisions.models import Decision
from portal.decisions.rules import Outcome
from portal.documents.letters import write
from portal.documents.storage import Storage, Stored
from portal.i18n import day, moment, speaking
from portal.settings import Settings

LIMIT = 5_000_000
SENTENCES = {
    Outcome.APPROVED: "Het samenwerkingsverband wordt gemandateerd als samenwerkingsverband Zorg voor de "
    "werk- en zorgregio {region}, van {starts_on} tot en met {ends_on}.",
    Outcome.REJECTED: "De aanvraag wordt niet goedgekeurd. Het samenwerkingsverband wordt niet gemandateerd "
    "voor de werk- en zorgregio {region}.",
    Outcome.INADMISSIBLE: "De aanvraag is niet ontvankelijk. Ze wordt niet inhoudelijk beoordeeld.",
}


@speaking("nl")
def content(session: Session, decision: Decision, settings: Settings, now: datetime) -> dict[str, Any]:
    """What stands in the letter."""
    application, body = decision.application, decision.body
    definition = calls.definition(application.round)
    sent = applications.counting(session, application)
    facts = {
        "region": application.region.name,
        "starts_on": _day(body["starts_on"]),
        "ends_on": _day(body["ends_on"]),
    }
    return {
        "demo": settings.demo,
        "draft": False,
        "because": body["because"],
        "portal": settings.portal_name,
        "service": settings.service,
        "contact": settings.contact,
        "reference": decision.reference,
        "application": application.reference,
        "digest": digest_of(decision),
        "day": day(brussels_day(now)),
        "call": application.round.call.content["title"]["nl"],
        "round": application.round.number,
        "region": application.region.name,
        "received": moment(sent.at, precise=True) if sent else "",
        "submission": body["submission"],
        "partners": [
            {"seat": definition.seat(p.seat).label.nl, "name": p.name, "number": web.kbo(p.number)}
            for p in (sent.partners if sent else ())
        ],
        "outcome": OUTCOME_NL[decision.outcome],
        "sentence": SENTENCES[decision.outcome].format(**facts),
        "reason": decision.reason,
        "reasons": body["reasons"],
        "total": body["total"],
        "total_threshold": definition.appraisal.total_threshold,
        "highest": definition.appraisal.highest,
        "deviation": body["deviation"],
        "authority": body["authority"],
        "grounds": body["grounds"],
        "remedies": body["remedies"],
    }


OUTCOME_NL = {
    Outcome.APPROVED: "Goedkeuring van een mandaataanvraag",
    Outcome.REJECTED: "Niet-goedkeuring van een mandaataanvraag",
    Outcome.INADMISSIBLE: "Onontvankelijkheid van een mandaataanvraag",
}


def _day(text: str) -> str:
    return day(date.fromisoformat(text)) if text else ""


def draft(session: Session, decision: Decision, settings: Settings, now: datetime) -> bytes:
    """The letter as it would leave now, marked as a draft."""
    data = {**content(session, decision, settings, now), "draft": True}
    return write(settings.project_dir / "templates" / "letters" / "beslissing.typ", data, at=now)


def written(
    session: Session, decision: Decision, settings: Settings, storage: Storage, now: datetime
) -> tuple[Stored, str]:
    """The letter as PDF, kept, and the digest that stands on it; made outside any transaction."""
    data = content(session, decision, settings, now)
    template = settings.project_dir / "templates" / "letters" / "beslissing.typ"
    return storage.put(io.BytesIO(write(template, data, at=now)), limit=LIMIT), data["digest"]
