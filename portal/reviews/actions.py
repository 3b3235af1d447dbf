"""The verbs of appraisal: find on admissibility, assign, declare, score, hand in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import SYSTEM, Person
from portal.accounts import queries as accounts
from portal.accounts.models import Account
from portal.applications import actions as applications
from portal.applications import queries as application_queries
from portal.applications.lifecycle import Status as ApplicationStatus
from portal.applications.models import Application
from portal.calls import queries as calls
from portal.db import act, lock, session_of
from portal.journal.actions import record
from portal.kbo import enterprise_number, number_is_right
from portal.lifecycle import Done, Refusal, Refused, refusals_of
from portal.reviews import queries
from portal.reviews.access import may_review
from portal.reviews.lifecycle import LIFECYCLE, Status
from portal.reviews.models import Finding, Review, Score, Tie
from portal.reviews.rules import FINDING, FindingFacts


@act
def find(
    application: Application,
    *,
    checks: Mapping[str, bool | None],
    admissible: bool | None,
    reason: str,
    by: Person,
    now: datetime,
) -> Done | Refused:
    """Put down the finding on admissibility. Admissible ones go on; inadmissibility is a decision (rule 8).

    Where whoever found it turned out to be tied, somebody else finds again: then it may go either way.
    """
    session = session_of(application)
    calls.alone_in(session, application.round_id, application.region_id)
    if application.status not in queries.UNDECIDED or queries.finding(session, application.id):
        return Refused((Refusal("already_found"),))
    facts = FindingFacts(
        definition=calls.definition(application.round),
        checks=checks,
        admissible=admissible,
        reason=reason,
        tied=queries.is_tied(session, by.account_id, application),
        unsealed=application_queries.one_unsealed_to(session, SYSTEM, application.reference) is not None,
    )
    if refusals := refusals_of(FINDING, facts):
        return Refused(refusals)
    before = queries.last_findings(session, [application.id]).get(application.id)
    found = Finding(
        application=application,
        number=before.number + 1 if before else 1,
        checks=dict(checks),
        admissible=bool(admissible),
        reason=reason,
        found_at=now,
        found_by=by.account_id,
    )
    session.add(found)
    payload = {"checks": dict(checks), "admissible": admissible, "reason": reason}
    record(session, "application.finding_made", application, payload, by=by, now=now)
    was = application.status is ApplicationStatus.ADMISSIBLE
    if admissible is not was:
        outcome = applications.settle(application, "admit" if admissible else "reconsider", by=by, now=now)
        if isinstance(outcome, Refused):
            return outcome
    return Done(found)


@act
def assign(
    application: Application, *, reviewers: Iterable[tuple[Account, Person]], by: Person, now: datetime
) -> Done | Refused:
    """Assign an admissible application to reviewers who have no tie and review in its region (rule 9)."""
    session = session_of(application)
    calls.alone_in(session, application.round_id, application.region_id)
    if application.status is not ApplicationStatus.ADMISSIBLE:
        return Refused((Refusal("not_admissible"),))
    chosen = list(reviewers)
    for account, _person in sorted(chosen, key=lambda one: one[0].id):
        lock(account)  # who declares a tie at this moment is before or after
    bound = queries.tied_among(session, [account.id for account, _person in chosen], application)
    known = {r.reviewer_id for r in queries.of_applications(session, [application.id])}
    refusals: list[Refusal] = []
    assigned = []
    for account, person in chosen:
        if not may_review(person, application.region.key):
            refusals.append(Refusal("not_a_reviewer_here", {"email": account.email}, "reviewers"))
        elif account.id in bound:
            refusals.append(Refusal("reviewer_is_tied", {"email": account.email}, "reviewers"))
        elif account.id not in known:
            assigned.append(
                Review(
                    application=application, reviewer=account, cycle=1, status=Status.ASSIGNED, assigned_at=now
                )
            )
    if refusals:
        return Refused(tuple(refusals))
    session.add_all(assigned)
    payload = {"reviewers": [r.reviewer.email for r in assigned]}
    if assigned:
        record(session, "review.assigned", application, payload, by=by, now=now)
    return Done(assigned)


@act
def declare_free(review: Review, *, by: Person, now: datetime) -> Done | Refused:
    """A reviewer declares to have no tie to any organisation of the application, and may begin."""
    session = session_of(review)
    refusals = LIFECYCLE.refusals("declare_free", review.status, queries.facts(session, review))
    if review.reviewer_id != by.account_id:
        refusals = (*refusals, Refusal("not_your_review"))
    if refusals:
        return Refused(refusals)
    review.status = Status.DRAFT
    record(session, "review.declared_free", review, {}, by=by, now=now)
    return Done(review)


@act
def declare_tie(session: Session, *, number: str, kind: str, by: Person, now: datetime) -> Done | Refused:
    """Somebody of the department declares a tie to an organisation: its regions are hidden from them (rule
    9).
    """
    refusals = [r for r in [number_is_right(number)] if r]
    if not kind:
        refusals.append(Refusal("tie_without_kind", {}, "kind"))
    digits, _problem = enterprise_number(number)
    if digits in queries.declared(session, by.account_id):
        refusals.append(Refusal("tie_known", {}, "number"))
    if refusals:
        return Refused(tuple(refusals))
    tie = Tie(account_id=by.account_id, number=digits, kind=kind, declared_at=now)
    session.add(tie)
    session.flush()
    changed = []
    own = queries.own(session, replace(by, within=None))  # also where they review no more
    for round_id, region_id in sorted({(r.application.round_id, r.application.region_id) for r in own}):
        calls.alone_in(session, round_id, region_id)
    for review in own:
        if not queries.is_tied(session, by.account_id, review.application):
            continue
        verb = "set_aside" if review.status is Status.HANDED_IN else "declare_tie"
        decided = review.application.status is not ApplicationStatus.ADMISSIBLE
        if not LIFECYCLE.refusals(verb, review.status) and not (verb == "set_aside" and decided):
            review.status = LIFECYCLE[verb].target
            changed.append((ENTRIES_OF_TIE[verb], review))
    account = accounts.one(session, by.account_id or 0)
    payload = {"number": digits, "kind": kind}
    record(session, "tie.declared", account, payload, by=by, now=now)
    for entry, review in changed:
        record(session, entry, review, {}, by=by, now=now)
    return Done(tie)


@act
def end_tie(tie: Tie, *, by: Person, now: datetime) -> Done | Refused:
    """A tie is over, says who declared it. In rounds that had opened before, it binds on (rule 9)."""
    session = session_of(tie)
    if tie.account_id != by.account_id or tie.ended_at is not None:
        return Refused((Refusal("gone"),))
    tie.ended_at = now
    account = accounts.one(session, tie.account_id)
    record(session, "tie.ended", account, {"number": tie.number, "kind": tie.kind}, by=by, now=now)
    return Done(tie)


ENTRIES_OF_TIE = {"declare_tie": "review.conflict_declared", "set_aside": "review.set_aside"}


@act
def take_back(
    review: Review, *, reason: str, seen: str | None = None, by: Person, now: datetime
) -> Done | Refused:
    """The desk takes an assignment back, with a reason, as long as nothing was decided; what was written stays
    on record, and another can be assigned (rule 9).

    `seen` is the status that the page showed: one that was handed in meanwhile is not taken back unseen.
    """
    session = session_of(review)
    calls.alone_in(session, review.application.round_id, review.application.region_id)
    status = queries.states(session, [review])[review.id]
    if seen is not None and seen != status:
        return Refused((Refusal("stale"),))
    refusals = list(LIFECYCLE.refusals("take_back", status, queries.facts(session, review, reason=reason)))
    if queries.is_tied(session, by.account_id, review.application):
        refusals.append(Refusal("tied"))
    if refusals:
        return Refused(tuple(refusals))
    review.status = Status.TAKEN_BACK
    written = {s.criterion: {"score": s.score, "reason": s.reason} for s in review.scores}
    payload = {"reviewer": review.reviewer.email, "was": str(status), "reason": reason, "scores": written}
    record(session, "review.taken_back", review, payload, by=by, now=now)
    return Done(review)


@act
def score(
    review: Review, *, given: Mapping[str, tuple[int | None, str]], revision: int, by: Person, now: datetime
) -> Done | Refused:
    """Keep a draft of the scores: level and reason by criterion."""
    return _put_down("score", review, given, revision, by, now)


@act
def hand_in(
    review: Review, *, given: Mapping[str, tuple[int | None, str]], revision: int, by: Person, now: datetime
) -> Done | Refused:
    """Hand the scores in: from now on the others' may be seen, and these no longer change."""
    return _put_down("hand_in", review, given, revision, by, now)


def _given(score: Score | None) -> tuple[int | None, str]:
    return (score.score, score.reason) if score is not None else (None, "")


def _put_down(
    verb: str,
    review: Review,
    given: Mapping[str, tuple[int | None, str]],
    revision: int,
    by: Person,
    now: datetime,
) -> Done | Refused:
    session = session_of(review)
    calls.alone_in(session, review.application.round_id, review.application.region_id)
    known = {c.key for c in calls.definition(review.application.round).appraisal.criteria}
    kept = {k: v for k, v in given.items() if k in known}
    refusals = list(LIFECYCLE.refusals(verb, review.status, queries.facts(session, review, kept)))
    if review.reviewer_id != by.account_id:
        refusals.append(Refusal("not_your_review"))
    if review.revision != revision:
        refusals.append(Refusal("stale"))
    if refusals:
        return Refused(tuple(refusals))
    scores = {s.criterion: s for s in review.scores}
    if verb == "score" and kept == {k: _given(scores.get(k)) for k in kept}:
        return Done(review)  # nothing changed
    for criterion, (level, reason) in kept.items():
        if criterion in scores:
            scores[criterion].score, scores[criterion].reason = level, reason
        else:
            review.scores.append(Score(criterion=criterion, score=level, reason=reason))
    review.revision += 1
    review.status = LIFECYCLE[verb].target
    if verb == "hand_in":
        review.handed_in_at = now
        payload = {"scores": {k: {"score": v[0], "reason": v[1]} for k, v in kept.items()}}
        record(session, "review.handed_in", review, payload, by=by, now=now)
    else:
        record(session, "review.scored", review, {}, by=by, now=now)
    return Done(review)
