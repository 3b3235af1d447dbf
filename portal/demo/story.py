"""The story of 2022-2028, played by the real verbs on a standing clock.

Scenes stand in the order of time. Playing goes from where the story is to a moment; what a visitor's own acts
made impossible is skipped, and said.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from portal import proposals
from portal.access import SYSTEM, Person, Role
from portal.accounts import actions as account_actions
from portal.accounts import passwords
from portal.accounts import queries as accounts
from portal.applications import actions as application_actions
from portal.applications import queries as applications
from portal.applications.content import digest, what_to_sign
from portal.applications.lifecycle import Status
from portal.applications.models import Application
from portal.calls import actions as call_actions
from portal.calls import queries as calls
from portal.clock import StandingClock, brussels_day, parse_local
from portal.db import Database
from portal.decisions import actions as decision_actions
from portal.decisions import queries as decisions
from portal.decisions.lifecycle import Status as DecisionStatus
from portal.decisions.rules import Outcome
from portal.definitions import Definitions
from portal.demo import cast
from portal.documents.inspection import inspect
from portal.documents.pdf_form import FormFor, filled
from portal.lifecycle import Refused
from portal.mandates import actions as mandate_actions
from portal.reviews import actions as review_actions
from portal.reviews import queries as reviews
from portal.reviews.lifecycle import Status as ReviewStatus

CALL = "2022-samenwerkingsverband-zorg"
ADVICE = (
    "Het departement volgt het advies van de beoordelaars: de aanvraag haalt elke drempel en staat als eerste "
    "gerangschikt in de regio."
)
AGAINST = (
    "Het departement volgt het advies van de beoordelaars: een andere aanvraag staat hoger gerangschikt, of een "
    "drempel is niet gehaald. Een regio krijgt één mandaat."
)
NOT_ADMISSIBLE = (
    "De VAPH-partner bevestigde zijn plaats en ondertekende, maar trok zich daarna schriftelijk terug: er zijn geen "
    "drie partners voor de volledige periode van vijf jaar."
)


@dataclass
class Stage:
    """Where scenes are played: a session, the store, the definitions, and what had to be skipped."""

    session: Session
    database: Database
    storage: Any
    definitions: Definitions
    letter: Callable[[Any, Session, datetime], tuple[Any, str]]
    now: datetime
    skipped: list[str] = field(default_factory=list)

    def person(self, account: str) -> Person:
        """Who holds the account with this local part."""
        found = accounts.by_email(self.session, f"{account}@demo.example")
        return accounts.person_of(found, brussels_day(self.now))

    def did(self, outcome: Any, what: str) -> Any:
        """The value of an act; a refusal is put down as skipped."""
        if isinstance(outcome, Refused):
            self.skipped.append(f"{what}: {', '.join(sorted({r.code for r in outcome.refusals}))}")
            return None
        return outcome.value

    def later(self, minutes: int) -> None:
        """Time goes on within a scene."""
        self.now += timedelta(minutes=minutes)


Scene = Callable[[Stage], None]


def people(stage: Stage) -> None:
    """Accounts of the department and of every organisation; one hash, since the password is public."""
    hashed = passwords.hash_of(cast.PASSWORD)

    def enrol(account: str, label: str) -> Any:
        email = f"{account}@demo.example"
        outcome = account_actions.enrol(
            stage.session, email=email, label=label, password_hash=hashed, by=SYSTEM, now=stage.now
        )
        return stage.did(outcome, email)

    for account, label in cast.STAFF.items():
        made = enrol(account, label)
        stage.did(
            account_actions.grant(made, role=Role(cast.ROLES[account]), by=SYSTEM, now=stage.now), account
        )
    for consortium in cast.ALL:
        for one in consortium.seats().values():
            made = enrol(one.account, one.name)
            outcome = account_actions.register(
                stage.session, number=one.number, name=one.name, by=SYSTEM, now=stage.now
            )
            organisation = stage.did(outcome, one.name)
            stage.did(account_actions.join(made, organisation=organisation, by=SYSTEM, now=stage.now), one.name)


def publication(stage: Stage) -> None:
    """The call is drafted, proposed and made public by a second person."""
    source = stage.definitions.calls[CALL]
    by = stage.person("beheerder")
    call = stage.did(call_actions.draft(stage.session, source, by=by, now=stage.now), "oproep")
    call_type = stage.definitions.call_types[source.call_type]
    stage.later(30)
    stage.did(
        call_actions.propose_publication(call, source=source, call_type=call_type, by=by, now=stage.now),
        "voorstel",
    )
    stage.later(60)
    confirm_proposals(stage)


def confirm_proposals(stage: Stage) -> None:
    """The second person confirms what waits."""
    for waiting in proposals.open_proposals(stage.session):
        by = stage.person("medeondertekenaar")
        stage.did(proposals.confirm(waiting, by=by, now=stage.now), f"voorstel {waiting.verb}")


def _find(stage: Stage, one: cast.Consortium, number: int) -> Application | None:
    """The consortium's own application of the story, in the round with this number."""
    query = applications.visible_to(stage.person(one.welzijn.account))
    found = stage.session.scalars(query).all()
    return next(
        (
            a
            for a in found
            if a.round.number == number and a.region.key == one.region and a.status is Status.DRAFT
        ),
        None,
    )


def begin(one: cast.Consortium, number: int) -> Scene:
    """A draft is started, the partners named, the seats confirmed."""

    def scene(stage: Stage) -> None:
        round = calls.one_round(stage.session, CALL, number)
        by = stage.person(one.welzijn.account)
        organisation = accounts.organisation(stage.session, one.welzijn.number)
        if round is None or organisation is None:
            stage.skipped.append(f"{one.welzijn.name}: geen ronde {number}")
            return
        outcome = application_actions.start(
            round,
            region=one.region,
            seat="welzijn",
            kind=one.welzijn.kind,
            organisation=organisation,
            email=one.welzijn.email,
            by=by,
            now=stage.now,
        )
        application = stage.did(outcome, one.welzijn.name)
        if application is None:
            return
        for seat in ("ggz", "vaph"):
            partner = one.seats()[seat]
            stage.later(2)
            outcome = application_actions.name_partner(
                application,
                seat=seat,
                number=partner.number,
                name=partner.name,
                kind=partner.kind,
                email=partner.email,
                by=by,
                now=stage.now,
            )
            stage.did(outcome, partner.name)
            outcome = application_actions.confirm_seat(
                application, seat=seat, by=stage.person(partner.account), now=stage.now
            )
            stage.did(outcome, partner.name)

    return scene


def complete(one: cast.Consortium, number: int) -> Scene:
    """Answers, the form made from them, and every partner's sign-off."""

    def scene(stage: Stage) -> None:
        application = _find(stage, one, number)
        if application is None:
            stage.skipped.append(f"{one.welzijn.name}: geen concept")
            return
        by = stage.person(one.welzijn.account)
        for section, values in cast.answers(one).items():
            stage.later(7)
            revision = next((a.revision for a in application.answers if a.section == section), 0)
            outcome = application_actions.save_section(
                application, section=section, values=values, revision=revision, by=by, now=stage.now
            )
            stage.did(outcome, one.welzijn.name)
        stage.did(_attach(stage, application, by), one.welzijn.name)
        for seat, partner in one.seats().items():
            stage.later(11)
            seen = digest(what_to_sign(applications.facts(application, stage.now), seat))
            outcome = application_actions.sign_off(
                application, seat=seat, seen=seen, by=stage.person(partner.account), now=stage.now
            )
            stage.did(outcome, partner.name)

    return scene


def _attach(stage: Stage, application: Application, by: Person) -> Any:
    facts = applications.facts(application, stage.now)
    subject = FormFor(
        call=facts.call,
        call_title=application.round.call.content["title"]["nl"],
        round=facts.round,
        region=facts.region,
        region_name=application.region.name,
        definition=facts.definition,
    )
    schema = stage.definitions.schemas["aanmeldingsformulier"]
    given = {f"{s}.{k}": v for s, body in facts.answers.items() for k, v in body.items()}
    pdf = filled(subject, given, {p.seat: f"{p.name}, {p.number}" for p in facts.partners}, schema)
    stored = stage.storage.put(io.BytesIO(pdf), limit=10_000_000)
    with stage.storage.open(stored.key) as stream:
        found = inspect(stream, schema)
    return application_actions.attach(
        application,
        stored=stored,
        inspection=found,
        name=f"aanmeldingsformulier-{application.reference}.pdf",
        type="aanmeldingsformulier",
        media_type="application/pdf",
        made_here=True,
        limit=30,
        by=by,
        now=stage.now,
    )


def send(one: cast.Consortium, number: int) -> Scene:
    """The lead submits."""

    def scene(stage: Stage) -> None:
        application = _find(stage, one, number)
        if application is None:
            stage.skipped.append(f"{one.welzijn.name}: niets om in te dienen")
            return
        outcome = application_actions.submit(
            application,
            revision=application.revision,
            clock=StandingClock(stage.now),
            waited=lambda: 0.0,
            by=stage.person(one.welzijn.account),
            now=stage.now,
        )
        stage.did(outcome, one.welzijn.name)

    return scene


def close(stage: Stage) -> None:
    """The closing is recorded: contents are unsealed."""
    call_actions.record_closings(stage.database, stage.now)
    stage.session.rollback()


def _of_round(stage: Stage, number: int) -> list[Application]:
    found = stage.session.scalars(applications.unsealed())
    return [a for a in found if a.round.number == number]


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
                advised = decisions.advised(stage.session, application)
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


def reopening(stage: Stage) -> None:
    """The call is proposed to be reopened for the two regions that stayed uncovered."""
    call = calls.one_visible_to(stage.session, SYSTEM, CALL)
    if call is None:
        return
    outcome = mandate_actions.propose_reopening(
        call,
        regions=["midwest", "vlaamse-ardennen"],
        opens_on=date(2023, 4, 3),
        last_day=date(2023, 5, 15),
        mandates_start_on=date(2023, 7, 1),
        reason="Heropend voor de twee regio's waarvoor nog geen samenwerkingsverband gemandateerd kon worden.",
        by=stage.person("beheerder"),
        now=stage.now,
    )
    stage.did(outcome, "heropening")


def scenes() -> list[tuple[datetime, Scene]]:
    """The whole story in the order of time."""
    found: list[tuple[str, Scene]] = [
        ("2022-12-01T09:00", people),
        ("2022-12-05T10:00", publication),
    ]
    for index, one in enumerate([*cast.FIRST_ROUND, *cast.RIVALS, cast.INADMISSIBLE]):
        day = 9 + index
        found += [
            (f"2023-01-{day:02d}T09:30", begin(one, 1)),
            (f"2023-01-{day:02d}T13:10", complete(one, 1)),
            (f"2023-02-{1 + index % 10:02d}T{10 + index % 7}:{(index * 7) % 60:02d}", send(one, 1)),
        ]
    found += [
        ("2023-02-06T11:00", begin(cast.NEVER_SENT, 1)),
        ("2023-02-11T00:05", close),
        ("2023-02-14T09:00", find(1)),
        ("2023-02-15T09:00", tie),
        ("2023-02-16T09:00", assign(1)),
        ("2023-02-22T09:00", appraise(1, ("beoordelaar1", "beoordelaar2", "beoordelaar3"))),
        ("2023-03-06T09:00", prepare(1)),
        ("2023-03-08T09:00", confirm(1)),
        ("2023-03-10T09:00", release(1)),
        ("2023-03-27T09:00", reopening),
        ("2023-03-28T09:00", confirm_proposals),
        ("2023-04-20T09:00", begin(cast.SECOND_RIVAL, 2)),
        ("2023-04-24T09:00", begin(cast.NEVER_SENT, 2)),
        ("2023-05-02T09:00", complete(cast.SECOND_RIVAL, 2)),
        ("2023-05-10T10:00", begin(cast.MAIN, 2)),
        ("2023-05-12T13:00", complete(cast.MAIN, 2)),
        ("2023-05-14T16:02", send(cast.SECOND_RIVAL, 2)),
        ("2023-05-15T23:58:30", send(cast.MAIN, 2)),
        ("2023-05-16T00:05", close),
        ("2023-05-17T09:00", find(2)),
        ("2023-05-19T09:00", assign(2)),
        ("2023-05-24T09:00", appraise(2, ("beoordelaar1",), hand_in=False, most=1)),
        ("2023-06-02T09:00", appraise(2, ("beoordelaar1", "beoordelaar2"))),
        ("2023-06-07T09:00", prepare(2)),
        ("2023-06-09T09:00", confirm(2)),
        ("2023-06-14T09:00", release(2)),
    ]
    return sorted(((parse_local(at), scene) for at, scene in found), key=lambda pair: pair[0])


def play(stage: Stage, after: datetime | None, up_to: datetime) -> list[str]:
    """Play the scenes later than `after` and not later than `up_to`; what was skipped comes back."""
    for at, scene in scenes():
        if (after is None or at > after) and at <= up_to:
            stage.now = at
            scene(stage)
            stage.session.rollback()
    return stage.skipped
