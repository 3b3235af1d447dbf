"""What the pages of decisions show, and what stands in a letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from portal import web
from portal.access import Person
from portal.applications import queries as applications
from portal.applications.content import read_back
from portal.applications.lifecycle import Status as ApplicationStatus
from portal.applications.models import Application
from portal.calls import queries as calls
from portal.clock import brussels_day
from portal.decisions import queries
from portal.decisions.actions import digest_of
from portal.decisions.labels import OUTCOME, STATUS, STATUS_TAG
from portal.decisions.lifecycle import Status
from portal.decisions.models import Decision
from portal.decisions.rules import Outcome
from portal.i18n import _, day, moment
from portal.reviews import queries as reviews
from portal.reviews.lifecycle import Status as ReviewStatus


@dataclass(frozen=True)
class Line:
    """An application at the desk of decisions."""

    application: str
    lead: str
    region: str
    region_key: str
    round: int
    decision: str
    tag: str
    state: str
    can_prepare: bool


def lines(session: Session) -> list[Line]:
    """Unsealed applications with how far their decision is, what waits first."""
    found = [_line(session, a, d, f) for a, d, f in queries.to_decide(session)]
    return sorted(found, key=lambda line: (not line.can_prepare, line.tag == "ok"))


def _line(session: Session, application: Application, decision: Decision | None, finding: Any) -> Line:
    if decision is not None:
        tag, state = STATUS_TAG[decision.status], f"{OUTCOME[decision.outcome]}: {STATUS[decision.status]}"
        ready = False
    else:
        ready = _ready(session, application, finding)
        tag, state = ("todo", _("Voor te bereiden")) if ready else ("", _("Nog niet beoordeeld"))
    return Line(
        application=application.reference,
        lead=application.organisation.name,
        region=application.region.name,
        region_key=application.region.key,
        round=application.round.number,
        decision=decision.reference if decision else "",
        tag=tag,
        state=state,
        can_prepare=ready,
    )


def _ready(session: Session, application: Application, finding: Any) -> bool:
    if application.status is ApplicationStatus.SUBMITTED:
        return finding is not None and not finding.admissible
    return application.status is ApplicationStatus.ADMISSIBLE and queries.is_appraised(session, application)


@dataclass(frozen=True)
class Advice:
    """What the panel's scores come to for one application, in words, and reasons to start from."""

    outcome: str
    total: str
    place: str
    reasons: dict[str, str]


def advice(session: Session, application: Application) -> Advice | None:
    """The advice of the panel; None where nobody appraised."""
    advised = queries.advised(session, application)
    ranked = [
        r
        for r in queries.ranking(session, application.round_id, application.region_id)
        if r.appraised.reference == application.reference
    ]
    if advised is None or not ranked:
        return None
    from portal.reviews.pages import percent

    handed = [
        r for r in reviews.of_applications(session, [application.id]) if r.status is ReviewStatus.HANDED_IN
    ]
    reasons: dict[str, list[str]] = {}
    for review in handed:
        for score in review.scores:
            reasons.setdefault(score.criterion, []).append(score.reason)
    return Advice(
        outcome=str(OUTCOME[advised]),
        total=percent(ranked[0].appraised.total),
        place=str(ranked[0].place) if ranked[0].place else _("niet gerangschikt"),
        reasons={k: "\n".join(dict.fromkeys(v)) for k, v in reasons.items()},
    )


@dataclass(frozen=True)
class DecisionPage:
    """A decision, whole."""

    reference: str
    application: str
    lead: str
    region: str
    region_key: str
    round: int
    outcome: str
    tag: str
    status: str
    reason: str
    body: dict[str, Any]
    digest: str
    prepared_at: datetime
    confirmed_at: datetime | None
    notified_at: datetime | None
    own: bool
    waits: bool
    leaves_alone: bool
    letter: bool


def decision_page(decision: Decision, person: Person) -> DecisionPage:
    """A decision as `person` meets it."""
    application = decision.application
    return DecisionPage(
        reference=decision.reference,
        application=application.reference,
        lead=application.organisation.name,
        region=application.region.name,
        region_key=application.region.key,
        round=application.round.number,
        outcome=str(OUTCOME[decision.outcome]),
        tag=STATUS_TAG[decision.status],
        status=str(STATUS[decision.status]),
        reason=decision.reason,
        body=decision.body,
        digest=digest_of(decision),
        prepared_at=decision.prepared_at,
        confirmed_at=decision.confirmed_at,
        notified_at=decision.notified_at,
        own=decision.prepared_by == person.account_id,
        waits=decision.status is Status.PREPARED,
        leaves_alone=decision.outcome is Outcome.INADMISSIBLE and decision.status is Status.CONFIRMED,
        letter=decision.letter_id is not None,
    )


SENTENCES = {
    Outcome.APPROVED: "Het samenwerkingsverband wordt gemandateerd als samenwerkingsverband Zorg voor de werk- en "
    "zorgregio {region}, van {starts_on} tot en met {ends_on}.",
    Outcome.REJECTED: "De aanvraag wordt niet goedgekeurd. Het samenwerkingsverband wordt niet gemandateerd voor de "
    "werk- en zorgregio {region}.",
    Outcome.INADMISSIBLE: "De aanvraag is niet ontvankelijk. Ze wordt niet inhoudelijk beoordeeld.",
}


def letter(session: Session, decision: Decision, now: datetime) -> dict[str, Any]:
    """What stands in the letter of a decision: Dutch only, as the language law wants."""
    application, settings, body = decision.application, web.parts().settings, decision.body
    definition = calls.definition(application.round)
    submission = applications.valid_submission(session, application)
    said = read_back(submission.content) if submission else {"partners": []}
    facts = {
        "region": application.region.name,
        "starts_on": _day(body["starts_on"]),
        "ends_on": _day(body["ends_on"]),
    }
    return {
        "demo": settings.demo,
        "portal": settings.portal_name,
        "service": settings.service,
        "reference": decision.reference,
        "application": application.reference,
        "digest": digest_of(decision),
        "day": day(brussels_day(now)),
        "call": application.round.call.content["title"]["nl"],
        "round": application.round.number,
        "region": application.region.name,
        "received": moment(submission.submitted_at, precise=True) if submission else "",
        "submission": body["submission"],
        "partners": [
            {"seat": definition.seat(p["seat"]).label.nl, "name": p["name"], "number": web.kbo(p["number"])}
            for p in said["partners"]
        ],
        "outcome": OUTCOME_NL[decision.outcome],
        "sentence": SENTENCES[decision.outcome].format(**facts),
        "reason": decision.reason,
        "reasons": body["reasons"],
        "total": body["total"],
        "total_threshold": definition.appraisal.total_threshold,
        "place": str(body["place"] or ""),
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
