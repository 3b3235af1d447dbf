"""Scenes of judging: admissibility, assignment, scores, decisions, release."""

from __future__ import annotations

from collections.abc import Iterable

from portal.accounts import queries as accounts
from portal.applications import queries as applications
from portal.applications.lifecycle import Status
from portal.applications.models import Application
from portal.calls import queries as calls
from portal.clock import brussels_day
from portal.decisions import actions as decision_actions
from portal.decisions import queries as decisions
from portal.decisions.lifecycle import Status as DecisionStatus
from portal.decisions.rules import Outcome
from portal.demo import cast
from portal.demo.stage import Scene, Stage
from portal.mandates import actions as mandate_actions
from portal.reviews import actions as review_actions
from portal.reviews import queries as reviews
from portal.reviews.lifecycle import Status as ReviewStatus

ADVICE = (
    "Het departement volgt het advies van de beoordelaars: de aanvraag haalt elke drempel en staat als eerste "
    "gerangschikt in de regio."
)
AGAINST = (
    "Het departement volgt het advies van de beoordelaars, om de grond die hierboven staat. Een regio krijgt "
    "één "
    "mandaat, en deze aanvraag krijgt het niet."
)
NOT_ADMISSIBLE = (
    "De VAPH-partner bevestigde zijn plaats en ondertekende, maar trok zich daarna schriftelijk terug: er "
    "zijn geen "
    "drie partners voor de volledige periode van vijf jaar."
)


def _of_round(stage: Stage, number: int) -> list[Application]:
    found = stage.session.scalars(applications.unsealed())
    return [a for a in found if (a.round.call.slug, a.round.number) == (stage.call, number)]


def find(number: int) -> Scene:
    """Admissibility of everything that was submitted in a round."""

    def scene(stage: Stage) -> None:
        by = stage.person("beheerder")
        for application in _of_round(stage, number):
            if application.status is not Status.SUBMITTED or reviews.finding(stage.session, application.id):
                continue
            stage.later(4)
            fails = application.lead.number == cast.INADMISSIBLE.welzijn.number and number == 1
            keys = [c.key for c in calls.definition(application.round).admissibility]
            checks: dict[str, bool | None] = {k: not (fails and k == "drie-partners") for k in keys}
            outcome = review_actions.find(
                application,
                checks=checks,
                admissible=not fails,
                reason=NOT_ADMISSIBLE if fails else "",
                by=by,
                now=stage.now,
            )
            stage.did(outcome, application.reference)

    return scene


def tie(stage: Stage) -> None:
    """A reviewer declares a tie: the region is hidden and judged by others."""
    number = cast.FIRST_ROUND[3].ggz.number
    outcome = review_actions.declare_tie(
        stage.session, number=number, kind="bestuur", by=stage.person("beoordelaar2"), now=stage.now
    )
    stage.did(outcome, "band")


def assign(number: int) -> Scene:
    """Two reviewers for each region, the third where one is tied."""

    def scene(stage: Stage) -> None:
        by = stage.person("beheerder")
        known = {
            a.email.partition("@")[0]: (a, p)
            for a, p in accounts.reviewers(stage.session, brussels_day(stage.now))
        }
        for application in _of_round(stage, number):
            if application.status is not Status.ADMISSIBLE:
                continue
            tied = application.region.key == "limburg"
            names = ("beoordelaar1", "beoordelaar3" if tied else "beoordelaar2")
            outcome = review_actions.assign(
                application, reviewers=[known[n] for n in names], by=by, now=stage.now
            )
            stage.did(outcome, application.reference)

    return scene


def appraise(number: int, reviewers: Iterable[str], *, hand_in: bool = True, most: int | None = None) -> Scene:
    """Reviewers declare to be free, score and hand in (or only begin)."""
    names = tuple(reviewers)

    def scene(stage: Stage) -> None:
        strengths = {c.welzijn.number: c.strength for c in cast.ALL}
        for index, name in enumerate(names):
            by = stage.person(name)
            open_ones = [
                r
                for r in reviews.own(stage.session, by)
                if r.application.round.number == number and r.status is not ReviewStatus.HANDED_IN
            ]
            for review in open_ones[:most]:
                stage.later(3)
                if review.status is ReviewStatus.ASSIGNED:
                    stage.did(review_actions.declare_free(review, by=by, now=stage.now), review.reference)
                strength = strengths.get(review.application.lead.number, 3)
                given = cast.scores(strength, int(review.application.lead.number[:8]), index)
                if not hand_in:
                    given = dict(list(given.items())[:2])
                verb = review_actions.hand_in if hand_in else review_actions.score
                outcome = verb(review, given=given, revision=review.revision, by=by, now=stage.now)
                stage.did(outcome, review.reference)

    return scene


def prepare(number: int) -> Scene:
    """Decisions as the panel advises, reasons from the reviews."""

    def scene(stage: Stage) -> None:
        by = stage.person("beheerder")
        for application in _of_round(stage, number):
            if decisions.standing(stage.session, application.id) is not None:
                continue
            found = reviews.finding(stage.session, application.id)
            if application.status is Status.SUBMITTED and found is not None and not found.admissible:
                outcome, reasons, reason = Outcome.INADMISSIBLE, {}, found.reason
            elif application.status is Status.ADMISSIBLE:
                advised = decisions.advised(decisions.basis(stage.session, application), application.reference)
                if advised is None:
                    continue
                outcome, reasons = advised, _reasons(stage, application)
                reason = ADVICE if advised is Outcome.APPROVED else AGAINST
            else:
                continue
            stage.later(5)
            made = decision_actions.prepare(
                application,
                outcome=outcome,
                reason=reason,
                reasons=reasons,
                deviation="",
                authority="departement-zorg",
                by=by,
                now=stage.now,
            )
            stage.did(made, application.reference)

    return scene


def _reasons(stage: Stage, application: Application) -> dict[str, str]:
    said: dict[str, list[str]] = {}
    for review in reviews.of_applications(stage.session, [application.id]):
        for score in review.scores:
            if review.status is ReviewStatus.HANDED_IN:
                said.setdefault(score.criterion, []).append(score.reason)
    return {k: " ".join(dict.fromkeys(v)) for k, v in said.items()}


def confirm(number: int) -> Scene:
    """The second person confirms every prepared decision of a round."""

    def scene(stage: Stage) -> None:
        by = stage.person("medeondertekenaar")
        for application in _of_round(stage, number):
            decision = decisions.standing(stage.session, application.id)
            if decision is not None and decision.status is DecisionStatus.PREPARED:
                stage.later(6)
                seen = decision_actions.digest_of(decision)
                stage.did(
                    decision_actions.confirm(decision, seen=seen, by=by, now=stage.now), application.reference
                )

    return scene


def release(number: int) -> Scene:
    """Decisions leave per region with their letters; inadmissibility on its own."""

    def scene(stage: Stage) -> None:
        by = stage.person("beheerder")
        places = {(a.round, a.region_id) for a in _of_round(stage, number) if a.status is Status.ADMISSIBLE}
        for round, region_id in sorted(places, key=lambda p: p[1]):
            found = decisions.of_region(stage.session, round.id, region_id)
            letters = {
                d.id: stage.letter(d, stage.session, stage.now)
                for d in found
                if d.status is DecisionStatus.CONFIRMED
            }
            stage.later(3)
            outcome = mandate_actions.release_region(
                round, region_id=region_id, letters=letters, by=by, now=stage.now
            )
            stage.did(outcome, f"regio {region_id}")
        for application in _of_round(stage, number):
            decision = decisions.standing(stage.session, application.id)
            alone = decision is not None and decision.outcome is Outcome.INADMISSIBLE
            if decision is not None and alone and decision.status is DecisionStatus.CONFIRMED:
                letter, seen = stage.letter(decision, stage.session, stage.now)
                outcome = decision_actions.release(decision, letter=letter, seen=seen, by=by, now=stage.now)
                stage.did(outcome, application.reference)

    return scene
