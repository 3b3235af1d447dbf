"""Named selects of decisions; the room's only `select()`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.access import SYSTEM, Person
from portal.applications import queries as applications
from portal.applications.lifecycle import Status as ApplicationStatus
from portal.applications.models import Application
from portal.calls import queries as calls
from portal.decisions.lifecycle import Status
from portal.decisions.models import Decision
from portal.decisions.rules import DecisionFacts, Outcome, advice
from portal.journal import log
from portal.journal import queries as journal
from portal.reviews import queries as reviews
from portal.reviews.access import tied
from portal.reviews.lifecycle import OVER
from portal.reviews.lifecycle import Status as ReviewStatus
from portal.reviews.rules import Ranked, rank

OUT = (Status.RELEASED, Status.NOTIFIED)


def one(session: Session, reference: str) -> Decision | None:
    """The decision with this reference that was not withdrawn."""
    query = select(Decision).filter_by(reference=reference).where(Decision.status != Status.WITHDRAWN)
    return session.scalars(query).unique().one_or_none()


def standing(session: Session, application_id: int) -> Decision | None:
    """The decision that stands on an application, released or not."""
    query = select(Decision).filter_by(application_id=application_id).where(Decision.status != Status.WITHDRAWN)
    return session.scalars(query).unique().one_or_none()


def of_applications(session: Session, ids: Iterable[int]) -> dict[int, Decision]:
    """Standing decisions by application, in one statement."""
    query = select(Decision).where(Decision.application_id.in_(list(ids)), Decision.status != Status.WITHDRAWN)
    return {d.application_id: d for d in session.scalars(query).unique()}


def released_to(session: Session, person: Person, reference: str) -> Decision | None:
    """The released decision on an application that is the person's to see."""
    application = applications.one_visible_to(session, person, reference)
    found = standing(session, application.id) if application is not None else None
    return found if found is not None and found.status in OUT else None


def proof(session: Session, decision: Decision) -> str | None:
    """The `tlog-proof` of the act that released a decision with its letter; None before the log took it in."""
    lines = journal.timeline(session, "application", decision.application.reference)
    acts = (
        line.entry
        for line in lines
        if line.facts.get("decision") == decision.reference and "letter" in line.facts
    )
    entry = next(acts, None)
    return log.proof_of(session, entry) if entry else None


def of_region(session: Session, round_id: int, region_id: int) -> list[Decision]:
    """Standing decisions on the merits in a region of a round; those on a withdrawn application fall away."""
    query = (
        select(Decision)
        .join(Application, Application.id == Decision.application_id)
        .where(
            Application.round_id == round_id,
            Application.region_id == region_id,
            Decision.status != Status.WITHDRAWN,
            Decision.outcome != Outcome.INADMISSIBLE,
            Application.status != ApplicationStatus.WITHDRAWN,
        )
        .order_by(Decision.id)
    )
    return list(session.scalars(query).unique())


def ranking(session: Session, round_id: int, region_id: int) -> list[Ranked]:
    """The ranking of the admissible applications of a region that were appraised."""
    found = reviews.admissible(session, round_id, region_id)
    handed = reviews.handed_in(session, reviews.of_applications(session, [a.id for a in found]))
    known = reviews.appraised(found, handed)
    if not found:
        return []
    return rank(calls.definition(found[0].round).appraisal, known)


def review_states(session: Session, ids: Iterable[int]) -> dict[int, set[ReviewStatus]]:
    """How far the reviews of each application are, those that nobody works on any more left out."""
    found = reviews.of_applications(session, ids)
    standing, states = reviews.states(session, found), dict[int, set[ReviewStatus]]()
    for review in found:
        if standing[review.id] not in OVER:
            states.setdefault(review.application_id, set()).add(standing[review.id])
    return states


def is_appraised(session: Session, application: Application) -> bool:
    """Whether somebody appraised it and nobody's appraisal is still open."""
    return review_states(session, [application.id]).get(application.id) == {ReviewStatus.HANDED_IN}


def ranked(session: Session, application: Application) -> Ranked | None:
    """An application with its place among those of its region; None before anybody appraised it."""
    known = ranking(session, application.round_id, application.region_id)
    return next((r for r in known if r.appraised.reference == application.reference), None)


@dataclass(frozen=True)
class Basis:
    """What the panel's scores come to for an application now, as a decision says it: two decimals, place, advice."""

    averages: Mapping[str, str]
    total: str
    place: int | None
    advised: str


def basis(session: Session, application: Application) -> Basis:
    """Made from the reviews that count, never typed; asked again at every step of a decision."""
    found = ranked(session, application)
    if found is None:
        return Basis({}, "", None, "")
    advised = advice(found)
    return Basis(
        averages={key: _two_decimals(value) for key, value in found.appraised.averages.items()},
        total=_two_decimals(found.appraised.total),
        place=found.place,
        advised=advised.value if advised else "",
    )


def _two_decimals(value: Fraction) -> str:
    hundredths = value.numerator * 100 // value.denominator  # down: below a threshold never reads as reached
    return f"{hundredths // 100},{hundredths % 100:02d}"


def _moved(session: Session, decision: Decision) -> bool:
    """Whether a decision on the merits says otherwise than the reviews do now."""
    if decision.outcome is Outcome.INADMISSIBLE:
        return False
    now, body = basis(session, decision.application), decision.body
    said = {r["criterion"]: r["average"] for r in body["reasons"]}
    return (said, body["total"], body["place"], body["advised"]) != (
        {key: now.averages.get(key, "") for key in said}, now.total, now.place, now.advised,
    )  # fmt: skip


def unjudged(session: Session, round_id: int, region_id: int) -> tuple[str, ...]:
    """References of a region's applications that wait for a finding, or whose reviews are not all in."""
    found = applications.of_region(session, round_id, region_id)
    known = reviews.findings(session, [a.id for a in found])
    states = review_states(session, [a.id for a in found])
    return tuple(
        a.reference
        for a in found
        if (a.status is ApplicationStatus.SUBMITTED and a.id not in known)
        or (a.status is ApplicationStatus.ADMISSIBLE and states.get(a.id) != {ReviewStatus.HANDED_IN})
    )


def facts(
    session: Session, decision: Decision, acting: int | None, today: date, *, has_letter: bool = False
) -> DecisionFacts:
    """A decision as the rules see it."""
    application, body = decision.application, decision.body
    rivals = of_region(session, application.round_id, application.region_id)
    before = {decision.prepared_by, decision.confirmed_by} - {None, acting}
    ties, around = (
        reviews.ties_by_account(session, {acting, *before}),
        reviews.numbers_around(session, application),
    )
    bound = {account_id for account_id, numbers in ties.items() if tied(numbers, around)}
    return DecisionFacts(
        outcome=decision.outcome,
        reason=decision.reason,
        reasons={r["criterion"]: r["reason"] for r in body["reasons"]},
        advised=Outcome(body["advised"]) if body["advised"] else None,
        deviation=body["deviation"],
        appraisal=calls.definition(application.round).appraisal,
        authority=body["authority"],
        grounds=tuple(body["grounds"]),
        remedies=tuple(body["remedies"]),
        today=today,
        prepared_by=decision.prepared_by,
        acting=acting,
        tied=acting in bound,
        tied_before=not bound.isdisjoint(before),
        moved=_moved(session, decision),
        unjudged=unjudged(session, application.round_id, application.region_id),
        sealed=applications.one_unsealed_to(session, SYSTEM, application.reference) is None,
        has_letter=has_letter,
        rival_approved=any(d.outcome is Outcome.APPROVED and d.id != decision.id for d in rivals),
    )


@dataclass(frozen=True)
class ToDecide:
    """An unsealed application at the desk: judged, assigned, its decision, and whether one can be prepared."""

    application: Application
    judged: bool
    assigned: bool
    decision: Decision | None
    ready: bool


def to_decide(session: Session, person: Person) -> list[ToDecide]:
    """Every unsealed application that no tie hides, in a fixed number of statements."""
    found = reviews.open_to(session, person)
    ids = [a.id for a in found]
    decided, findings = of_applications(session, ids), reviews.findings(session, ids)
    states = review_states(session, ids)
    rows = []
    for one_found in found:
        finding = findings.get(one_found.id)
        dismissed = (
            one_found.status is ApplicationStatus.SUBMITTED and finding is not None and not finding.admissible
        )
        scored = states.get(one_found.id, set())
        admissible = one_found.status is ApplicationStatus.ADMISSIBLE
        ready = dismissed or (admissible and scored == {ReviewStatus.HANDED_IN})
        decision = decided.get(one_found.id)
        assigned = bool(scored) or not admissible
        rows.append(ToDecide(one_found, finding is not None, assigned, decision, ready and decision is None))
    return rows
