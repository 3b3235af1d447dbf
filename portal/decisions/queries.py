"""Named selects of decisions; the room's only `select()`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, lazyload

from portal.access import SYSTEM, Person, Role
from portal.accounts import queries as accounts
from portal.applications import queries as applications
from portal.applications.lifecycle import Status as ApplicationStatus
from portal.applications.models import Application
from portal.calls import queries as calls
from portal.calls.models import RegionRow, Round
from portal.decisions.basis import Basis, Judged, Scored, two_decimals
from portal.decisions.lifecycle import Status
from portal.decisions.models import Decision
from portal.decisions.rules import DecisionFacts, Outcome
from portal.definitions import CallType
from portal.journal import log
from portal.journal import queries as journal
from portal.reviews import queries as reviews
from portal.reviews.lifecycle import OVER
from portal.reviews.lifecycle import Status as ReviewStatus
from portal.reviews.models import Finding, Review
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
    """Standing decisions on these applications, which the session knows already, in one statement."""
    query = select(Decision).where(Decision.application_id.in_(list(ids)), Decision.status != Status.WITHDRAWN)
    query = query.options(lazyload(Decision.application))
    return {d.application_id: d for d in session.scalars(query).unique()}


def released_to(session: Session, person: Person, reference: str) -> Decision | None:
    """The released decision on an application that is the person's to see."""
    application = applications.one_visible_to(session, person, reference)
    found = standing(session, application.id) if application is not None else None
    return found if found is not None and found.status in OUT else None


def returned(session: Session, application: Application) -> tuple[datetime, str] | None:
    """When and why the last decision on an application was given back, while none stands."""
    if standing(session, application.id) is not None:
        return None
    lines = journal.timeline(session, "application", application.reference)
    given = [line for line in lines if line.entry.verb == "decision.withdrawn" and line.facts.get("reason")]
    return (given[-1].entry.at, given[-1].facts["reason"]) if given else None


def may_confirm(session: Session, application: Application, prepared_by: Person, today: date) -> list[str]:
    """Addresses of the second persons who can confirm a decision on this application: they reach its region, no
    tie binds them there, and they did not prepare it. Administrators where nobody else is there to.
    """
    for role in (Role.COSIGNER, Role.ADMINISTRATOR):
        holding = accounts.holding_in(session, role, application.region.key, today)
        asked = {one.id: one.email for one in holding if one.id != prepared_by.account_id}
        bound = reviews.tied_among(session, asked, application)
        if found := [email for account_id, email in asked.items() if account_id not in bound]:
            return found
    return []


def proof(session: Session, decision: Decision) -> str | None:
    """The `tlog-proof` of the act that released a decision: the one that kept its letter; None before the log
    took it in.
    """
    return log.proof_of_row(session, "document", str(decision.letter_id))


def is_in_log(session: Session, decision: Decision) -> bool:
    """Whether the log has taken in that a decision was released with its letter."""
    return log.row_is_in(session, "document", str(decision.letter_id))


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


def review_states(session: Session, ids: Iterable[int]) -> dict[int, set[ReviewStatus]]:
    """How far the reviews of each application are, those that nobody works on any more left out."""
    found = reviews.of_applications(session, ids)
    now_at, states = reviews.states(session, found), dict[int, set[ReviewStatus]]()
    for review in found:
        if now_at[review.id] not in OVER:
            states.setdefault(review.application_id, set()).add(now_at[review.id])
    return states


def is_appraised(session: Session, application: Application) -> bool:
    """Whether somebody appraised it and nobody's appraisal is still open."""
    return review_states(session, [application.id]).get(application.id) == {ReviewStatus.HANDED_IN}


def basis(session: Session, application: Application, *, alone: bool = False, authority: str = "") -> Basis:
    """What a decision on this application rests on now; made from what stands, in a fixed number of statements.

    `alone`: its own admissibility, whatever becomes of the others.
    """
    around = applications.of_region(session, application.round_id, application.region_id)
    found = [a for a in around if not alone or a.id == application.id]
    group = _Group(application.round, application.region, tuple(found), alone)
    return replace(_bases(session, [group])[0], authority=authority)


@dataclass(frozen=True)
class _Group:
    """The applications that one basis is of: a region's, or one alone."""

    round: Round
    region: RegionRow
    applications: tuple[Application, ...]
    alone: bool


def _bases(session: Session, groups: list[_Group]) -> list[Basis]:
    """The basis of each group, without an authority; a fixed number of statements for all of them."""
    ids = [a.id for group in groups for a in group.applications]
    findings, sent = reviews.findings(session, ids), applications.leads_as_sent(session, ids)
    judged = [a.id for group in groups if not group.alone for a in group.applications]
    known = reviews.of_applications(session, judged)
    handed = reviews.handed_in(session, known)
    finders = [(one.found_by, one.application) for one in findings.values()]
    bound = reviews.bound_hands(session, finders + [(r.reviewer_id, r.application) for r in known])
    made = []
    for group in groups:
        round, definition = group.round, calls.definition(group.round)
        admitted = [a for a in group.applications if a.status in reviews.ADMITTED and not group.alone]
        ranked = {
            r.appraised.reference: r for r in rank(definition.appraisal, reviews.appraised(admitted, handed))
        }
        own = {a.id for a in group.applications}
        hands = {(f.found_by, key) for key, f in findings.items() if key in own}
        if not group.alone:
            hands |= {(r.reviewer_id, r.application_id) for r in known if r.application_id in own}
        made.append(
            Basis(
                round=round.number,
                region=group.region.key,
                definition=round.definition_digest,
                authority="",
                grounds=tuple(ground.text.nl for ground in definition.grounds),
                applications=tuple(
                    _judged(
                        a,
                        sent.get(a.id, ("", "")),
                        findings.get(a.id),
                        handed.get(a.id, []) if not group.alone else [],
                        ranked.get(a.reference),
                        definition,
                    )
                    for a in sorted(group.applications, key=lambda a: a.reference)
                ),
                ties=tuple(sorted({who for who, _application in hands & bound})),
            )
        )
    return made


def _judged(
    application: Application,
    sent: tuple[str, str],
    finding: Finding | None,
    handed: list[Review],
    ranked: Ranked | None,
    definition: CallType,
) -> Judged:
    appraised = ranked.appraised if ranked else None
    appraisal = definition.appraisal
    return Judged(
        reference=application.reference,
        lead=sent[0],
        submission=sent[1],
        admissible=finding.admissible if finding else None,
        checks=dict(finding.checks) if finding else {},
        reviews=tuple(
            Scored(
                by=review.reviewer_id,
                at=review.handed_in_at.isoformat() if review.handed_in_at else "",
                revision=review.revision,
                levels={s.criterion: s.score for s in review.scores if s.score is not None},
            )
            for review in handed
        ),
        averages={k: two_decimals(v) for k, v in appraised.averages.items()} if appraised else {},
        points={
            c.key: two_decimals(appraised.averages[c.key] / appraisal.highest * c.weight)
            for c in appraisal.criteria
        }
        if appraised
        else {},
        total=two_decimals(appraised.total) if appraised else "",
        rank=ranked.rank if ranked else None,
        below=appraised.below if appraised else (),
        total_suffices=appraised.total_suffices if appraised else False,
    )


def advised(found: Basis, reference: str) -> Outcome | None:
    """What the panel's scores in a basis advise; None where nobody appraised."""
    own = found.of(reference)
    if not own.total:
        return None
    return Outcome.APPROVED if own.rank == 1 else Outcome.REJECTED


def basis_now(session: Session, decision: Decision) -> Basis:
    """What a decision would rest on, were it prepared now."""
    alone = decision.outcome is Outcome.INADMISSIBLE
    return basis(session, decision.application, alone=alone, authority=_authority(decision))


WAITING = (Status.PREPARED, Status.CONFIRMED)


def moved_from(now: Basis, found: Iterable[Decision]) -> frozenset[int]:
    """Those on the merits (ids) that wait to leave and rest on another basis than their region has now."""
    merits = (one for one in found if one.status in WAITING and one.outcome is not Outcome.INADMISSIBLE)
    return frozenset(one.id for one in merits if not _rests_on(one, now))


def _rests_on(decision: Decision, now: Basis) -> bool:
    return replace(now, authority=_authority(decision)).digest == decision.basis_digest


def moved_among(session: Session, found: Iterable[Decision]) -> frozenset[int]:
    """Those (ids) that wait to leave and rest on what is no more; a fixed number of statements, however many
    there are.
    """
    waiting = [one for one in found if one.status in WAITING]
    if not waiting:
        return frozenset()
    around: dict[tuple[int, int], list[Application]] = {}
    for other in applications.of_rounds(session, {one.application.round_id for one in waiting}):
        around.setdefault((other.round_id, other.region_id), []).append(other)
    groups: dict[tuple[int, int, int], _Group] = {}
    for one in waiting:
        key = _basis_key(one)
        there = around.get(key[:2], [])
        alone = tuple(a for a in there if a.id == key[2])
        groups[key] = _Group(
            one.application.round, one.application.region, alone if key[2] else tuple(there), bool(key[2])
        )
    now = dict(zip(groups, _bases(session, list(groups.values())), strict=True))
    return frozenset(one.id for one in waiting if not _rests_on(one, now[_basis_key(one)]))


def _basis_key(decision: Decision) -> tuple[int, int, int]:
    """What a decision rests on: its round and region, or its own application (id) alone."""
    application = decision.application
    alone = application.id if decision.outcome is Outcome.INADMISSIBLE else 0
    return application.round_id, application.region_id, alone


def _authority(decision: Decision) -> str:
    return str((decision.body["authority"] or {}).get("key", ""))


def unjudged(session: Session, round_id: int, region_id: int) -> tuple[str, ...]:
    """References of a region's applications that wait for a finding, or whose reviews are not all in."""
    found = applications.of_region(session, round_id, region_id)
    known = reviews.findings(session, [a.id for a in found])
    states = review_states(session, [a.id for a in found])
    return tuple(
        a.reference
        for a in found
        if (a.status in reviews.UNDECIDED and a.id not in known)
        or (a.status is ApplicationStatus.ADMISSIBLE and states.get(a.id) != {ReviewStatus.HANDED_IN})
    )


def facts(
    session: Session, decision: Decision, acting: int | None, today: date, *, has_letter: bool = False
) -> DecisionFacts:
    """A decision as the rules see it."""
    application, body = decision.application, decision.body
    rivals = of_region(session, application.round_id, application.region_id)
    before = {decision.prepared_by, decision.confirmed_by} - {None, acting}
    bound = reviews.tied_among(session, {acting, *before}, application)
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
        moved=basis_now(session, decision).digest != decision.basis_digest,
        unjudged=unjudged(session, application.round_id, application.region_id),
        sealed=applications.one_unsealed_to(session, SYSTEM, application.reference) is None,
        has_letter=has_letter,
        rival_approved=any(d.outcome is Outcome.APPROVED and d.id != decision.id for d in rivals),
    )


@dataclass(frozen=True)
class ToDecide:
    """An unsealed application at the desk: judged, assigned, all reviews in, its decision, and whether one can
    be prepared.
    """

    application: Application
    judged: bool
    assigned: bool
    appraised: bool
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
        appraised = admissible and finding is not None and scored == {ReviewStatus.HANDED_IN}
        ready = dismissed or appraised
        decision = decided.get(one_found.id)
        assigned = bool(scored) or not admissible
        whole = not admissible or scored == {ReviewStatus.HANDED_IN}
        rows.append(
            ToDecide(one_found, finding is not None, assigned, whole, decision, ready and decision is None)
        )
    return rows
