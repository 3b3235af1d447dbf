"""What the pages of decisions show, and what stands in a letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access import Person
from portal.applications.models import Application
from portal.decisions import queries, rules
from portal.decisions.actions import digest_of
from portal.decisions.labels import OUTCOME, STATUS, STATUS_TAG
from portal.decisions.lifecycle import Status
from portal.decisions.models import Decision
from portal.decisions.rules import Outcome
from portal.i18n import _
from portal.reviews import queries as reviews
from portal.reviews.pages import percent


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


def lines(session: Session, person: Person) -> list[Line]:
    """Unsealed applications with how far their decision is, what waits first."""
    found = [_line(one) for one in queries.to_decide(session, person)]
    return sorted(found, key=lambda line: (not line.can_prepare, line.tag == "ok"))


def _line(one: queries.ToDecide) -> Line:
    application, decision = one.application, one.decision
    if decision is not None:
        tag, state = STATUS_TAG[decision.status], f"{OUTCOME[decision.outcome]}: {STATUS[decision.status]}"
    else:
        tag, state = ("todo", _("Voor te bereiden")) if one.ready else ("", _("Nog niet beoordeeld"))
    return Line(
        application=application.reference,
        lead=application.lead.name,
        region=application.region.name,
        region_key=application.region.key,
        round=application.round.number,
        decision=decision.reference if decision else "",
        tag=tag,
        state=state,
        can_prepare=one.ready,
    )


@dataclass(frozen=True)
class Advice:
    """What the panel's scores come to for one application, in words, and reasons to start from."""

    outcome: str
    total: str
    place: str
    reasons: dict[str, str]


def advice(session: Session, application: Application) -> Advice | None:
    """The advice of the panel; None where nobody appraised."""
    ranked = queries.ranked(session, application)
    advised = rules.advice(ranked)
    if ranked is None or advised is None:
        return None
    handed = reviews.handed_in(session, reviews.of_applications(session, [application.id]))
    reasons: dict[str, list[str]] = {}
    for review in handed.get(application.id, ()):
        for score in review.scores:
            reasons.setdefault(score.criterion, []).append(score.reason)
    return Advice(
        outcome=str(OUTCOME[advised]),
        total=percent(ranked.appraised.total),
        place=str(ranked.place) if ranked.place else _("niet gerangschikt"),
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
        lead=application.lead.name,
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
