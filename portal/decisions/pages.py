"""What the pages of decisions show, and what stands in a letter."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from portal.access import Person
from portal.accounts import queries as accounts
from portal.applications import queries as applications
from portal.applications.models import Application
from portal.applications.pages.version import groups
from portal.calls import queries as calls
from portal.decisions import queries
from portal.decisions.actions import digest_of
from portal.decisions.basis import Basis, changes, grounds_of
from portal.decisions.labels import CHANGES, OUTCOME, STATUS, STATUS_TAG
from portal.decisions.lifecycle import Status
from portal.decisions.models import Decision
from portal.decisions.rules import Outcome
from portal.definitions import CallType
from portal.i18n import _, words
from portal.reviews import queries as reviews


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
    """Unsealed applications with how far their decision is, what waits first; what was decided is not told to
    who still scores there.
    """
    known = queries.to_decide(session, person)
    moved = queries.moved_among(session, [one.decision for one in known if one.decision])
    scoring = set(reviews.to_score(session, person))
    found = [_line(one, moved, scoring) for one in known]
    return sorted(found, key=lambda line: (not line.can_prepare, line.tag == "ok"))


def _line(one: queries.ToDecide, moved: frozenset[int], scoring: set[tuple[int, int]]) -> Line:
    application, decision = one.application, one.decision
    if (application.round_id, application.region_id) in scoring:
        decision, tag, state = None, "", _("Rond eerst uw eigen beoordelingen af")
    elif decision is not None:
        tag, state = STATUS_TAG[decision.status], f"{OUTCOME[decision.outcome]}: {STATUS[decision.status]}"
        if decision.id in moved:
            tag, state = "bad", _("%(state)s, de basis is veranderd", state=state)
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
class Opinion:
    """What one reviewer gave on a criterion, and why."""

    who: str
    level: str
    reason: str


@dataclass(frozen=True)
class CriterionLine:
    """A criterion in a basis: each reviewer's level, the average, what is needed, and the points that
    follow.
    """

    key: str
    label: str
    weight: int
    levels: tuple[str, ...]
    average: str
    threshold: int
    points: str
    below: bool


@dataclass(frozen=True)
class BasisCard:
    """A basis for people: of one application, with what it takes to compute every number again.

    `because` is what the letter says of it, `advice` what the panel's scores advise.
    """

    finding: str
    checks: tuple[tuple[str, bool], ...]
    reviewers: tuple[str, ...]
    lines: tuple[CriterionLine, ...]
    addition: str
    total: str
    needed: int
    rank: str
    ties: int
    grounds: tuple[str, ...]
    because: tuple[str, ...]
    advice: str
    digest: tuple[str, ...]


def basis_card(basis: Basis, reference: str, definition: CallType) -> BasisCard:
    """One application's part of a basis."""
    own = basis.of(reference)
    appraisal = definition.appraisal
    labels = {check.key: words(check.label) for check in definition.admissibility}
    lines = tuple(
        CriterionLine(
            key=c.key,
            label=words(c.label),
            weight=c.weight,
            levels=tuple(str(review.levels.get(c.key, "–")) for review in own.reviews),
            average=own.averages[c.key],
            threshold=c.threshold,
            points=own.points[c.key],
            below=c.key in own.below,
        )
        for c in appraisal.criteria
        if own.averages
    )
    outcome = queries.advised(basis, reference)
    found = {True: _("Ontvankelijk"), False: _("Niet ontvankelijk"), None: _("Nog niet nagekeken")}
    return BasisCard(
        finding=found[own.admissible],
        checks=tuple((labels[key], bool(value)) for key, value in own.checks.items() if key in labels),
        reviewers=tuple(_("Beoordelaar %(number)s", number=n + 1) for n in range(len(own.reviews))),
        lines=lines,
        addition=" + ".join(line.points for line in lines),
        total=own.total,
        needed=appraisal.total_threshold,
        rank=_rank(basis, own.rank),
        ties=len(basis.ties),
        grounds=basis.grounds,
        because=tuple(grounds_of(basis, reference, definition)),
        advice=str(OUTCOME[outcome]) if outcome else "",
        digest=groups(basis.digest),
    )


def _rank(basis: Basis, rank: int | None) -> str:
    if rank is None:
        return _("geen plaats")
    return _("%(place)s van %(count)s", place=rank, count=len(basis.placed))


def opinions(
    session: Session, person: Person, application: Application, definition: CallType
) -> dict[str, list[Opinion]]:
    """By criterion, what each reviewer whose review counts gave and wrote, in the order of the basis; as far as
    `person` may see it.
    """
    handed = reviews.scores_shown_to(session, person, [application])
    levels = {level.score: words(level.label) for level in definition.appraisal.levels}
    found: dict[str, list[Opinion]] = {}
    for number, review in enumerate(handed.get(application.id, ()), start=1):
        for score in review.scores:
            level = "" if score.score is None else f"{score.score} {levels.get(score.score, '')}".strip()
            told = Opinion(_("Beoordelaar %(number)s", number=number), level, score.reason)
            found.setdefault(score.criterion, []).append(told)
    return found


@dataclass(frozen=True)
class Difference:
    """A fact of a basis that changed: of whom, what, and what it was and is."""

    who: str
    what: str
    before: str
    after: str


def differences(session: Session, decision: Decision) -> tuple[Difference, ...]:
    """What changed since a decision that did not leave was prepared."""
    if decision.status not in (Status.PREPARED, Status.CONFIRMED):
        return ()
    definition = calls.definition(decision.application.round)
    criteria = {c.key: words(c.label) for c in definition.appraisal.criteria}
    before, now = Basis.from_json(decision.basis), queries.basis_now(session, decision)
    told = {"yes": _("ja"), "no": _("nee"), "": "–"}
    return tuple(
        Difference(
            who=change.lead,
            what=str(CHANGES[change.kind]) % {"about": criteria.get(change.about, change.about)},
            before=told.get(change.before, change.before) if change.before or change.after else "",
            after=told.get(change.after, change.after) if change.before or change.after else "",
        )
        for change in changes(before, now)
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


@dataclass(frozen=True)
class Handling:
    """What the desk and the second person see beside a decision: what it rests on, what changed since, who
    prepared and confirmed it, and who will be mailed.
    """

    basis: BasisCard
    differences: tuple[Difference, ...]
    prepared_by: str
    confirmed_by: str
    mailed: tuple[str, ...]


def handling(session: Session, decision: Decision) -> Handling:
    """Beside a decision, for the department."""
    application = decision.application
    definition = calls.definition(application.round)
    sent = applications.counting(session, application)
    names = accounts.functions(session, (decision.prepared_by, decision.confirmed_by))
    return Handling(
        basis=basis_card(Basis.from_json(decision.basis), application.reference, definition),
        differences=differences(session, decision),
        prepared_by=names.get(decision.prepared_by, ""),
        confirmed_by=names.get(decision.confirmed_by or 0, ""),
        mailed=tuple(p.name for p in (sent.partners if sent else ())),
    )
