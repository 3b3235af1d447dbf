"""The desk's one page for a region of a round: how far it is, the one thing to do, and what that rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.access import Person, Role, may, scoped
from portal.accounts import queries as accounts
from portal.applications import queries as applications
from portal.applications.lifecycle import Status as ApplicationStatus
from portal.applications.models import Application
from portal.calls import queries as calls
from portal.calls.models import Round, RoundRegion
from portal.clock import brussels_day
from portal.decisions import queries as decisions
from portal.decisions.basis import Basis
from portal.decisions.labels import OUTCOME, STATUS, STATUS_TAG
from portal.decisions.lifecycle import Status as DecisionStatus
from portal.decisions.models import Decision
from portal.decisions.rules import Outcome
from portal.definitions import CallType
from portal.i18n import _, day, moment, until, words
from portal.mandates.pages.bound import BoundRow, bound_rows
from portal.mandates.pages.steps import Step, steps
from portal.mandates.pages.todo import Here, Todo, to_do
from portal.reviews import pages as review_pages
from portal.reviews import queries as reviews
from portal.reviews.lifecycle import OVER
from portal.reviews.lifecycle import Status as ReviewStatus
from portal.reviews.models import Finding


@dataclass(frozen=True)
class FoundRow:
    """An application and its finding; `checks` are those of the list, each with its state."""

    reference: str
    lead: str
    received: str
    checks: tuple[tuple[str, str], ...]
    tag: str
    state: str


@dataclass(frozen=True)
class ReviewRow:
    """An assignment; `id` is what can be taken back (0: nothing)."""

    reference: str
    lead: str
    who: str
    tag: str
    state: str
    at: str
    why: str
    id: int


@dataclass(frozen=True)
class Cell:
    """What an application comes to on one criterion."""

    label: str
    average: str
    points: str
    below: bool


@dataclass(frozen=True)
class RankRow:
    """An application in the ranking."""

    rank: str
    reference: str
    lead: str
    cells: tuple[Cell, ...]
    total: str
    below: bool


@dataclass(frozen=True)
class Ranking:
    """The ranking with what it takes to compute it again; `provisional` while a review is open."""

    heads: tuple[tuple[str, str], ...]
    rows: tuple[RankRow, ...]
    example: str
    highest: int
    needed: int
    tie_break: str
    provisional: bool


@dataclass(frozen=True)
class DecisionRow:
    """An application with its decision; `moved` when what it rests on changed since it was prepared."""

    application: str
    lead: str
    decision: str
    outcome: str
    note: str
    tag: str
    state: str
    moved: bool
    people: tuple[str, ...]
    letter: str


@dataclass(frozen=True)
class DeskPage:
    """A region of a round, whole. `waiting` counts one's own reviews that are not in: until then no scores
    show.
    """

    call: str
    region: str
    region_key: str
    round: int
    closed: str
    count: int
    steps: tuple[Step, ...]
    todo: Todo
    found: tuple[FoundRow, ...]
    reviews: tuple[ReviewRow, ...]
    can_assign: bool
    ranking: Ranking | None
    waiting: int
    decisions: tuple[DecisionRow, ...]
    mailed: tuple[str, ...]
    bound: tuple[BoundRow, ...]


@dataclass(frozen=True)
class RegionLine:
    """A region of a round in the desk's list."""

    region: str
    region_key: str
    round: int
    applications: int
    tag: str
    state: str


def region_lines(session: Session, person: Person, now: datetime) -> list[RegionLine]:
    """Every unsealed region that no tie hides with the step it is at, what waits first; a fixed number of
    statements.
    """
    known: dict[tuple[int, int], list[decisions.ToDecide]] = {}
    waiting, hidden = decisions.to_decide(session, person), reviews.hidden_from(session, person)
    for one in waiting:
        known.setdefault((one.application.round_id, one.application.region_id), []).append(one)
    stuck = reviews.stuck(session, [one.application for one in waiting], brussels_day(now))
    left = {(one.application.round_id, one.application.region_id) for one in stuck}
    found = []
    for round, place in reviews.places_open_to(session, person):
        key = (round.id, place.region_id)
        if key in hidden:
            continue
        here = known.get(key, [])
        tag, state = ("bad", _("Een beoordeling is terug te nemen")) if key in left else _state(here)
        found.append(RegionLine(place.region.name, place.region.key, round.number, len(here), tag, state))
    return sorted(found, key=lambda one: (one.tag in ("", "ok"), -one.round, one.region))


def _state(here: list[decisions.ToDecide]) -> tuple[str, str]:
    """The step that a region is at, in colour and words."""
    if not here:
        return "", _("Geen aanvragen")
    if not all(one.judged for one in here):
        return "todo", _("Ontvankelijkheid na te kijken")
    if not all(one.assigned for one in here):
        return "todo", _("Toe te wijzen aan beoordelaars")
    if not all(one.appraised for one in here):
        return "warn", _("Wordt beoordeeld")
    states = {one.decision.status if one.decision else None for one in here}
    if None in states:
        return "todo", _("Beslissingen voor te bereiden")
    if DecisionStatus.PREPARED in states:
        return "warn", _("Wacht op een tweede persoon")
    if DecisionStatus.CONFIRMED in states:
        return "todo", _("Vrij te geven")
    return "ok", _("Vrijgegeven")


def desk_page(session: Session, person: Person, round: Round, place: RoundRegion, now: datetime) -> DeskPage:
    """A region of a round as somebody of the desk meets it."""
    here = _here(session, person, round, place, now)
    definition = calls.definition(round)
    names = _named(session, here)
    return DeskPage(
        call=words(round.call.content["title"]),
        region=place.region.name,
        region_key=place.region.key,
        round=round.number,
        closed=until(calls.sealed_until(round)),
        count=len(here.applications),
        steps=steps(here),
        todo=to_do(here, person),
        found=tuple(_found_row(one, here.findings.get(one.id), definition) for one in here.applications),
        reviews=_review_rows(here, person, names),
        can_assign="reviews.judge" in here.can and any(one.id not in here.decisions for one in here.admitted),
        ranking=_ranking(here, here.basis, definition) if here.basis else None,
        waiting=here.own_reviews,
        decisions=tuple(_decision_row(one, here, names) for one in here.applications),
        mailed=_mailed(session, here),
        bound=bound_rows(session, here, names) if _may_see_names(person) else (),
    )


def _may_see_names(person: Person) -> bool:
    """Who assigns knows who reviews, and so does who audits; a second person does not need it."""
    return may(person, "reviews.judge") or person.has(Role.AUDITOR)


def _here(session: Session, person: Person, round: Round, place: RoundRegion, now: datetime) -> Here:
    """Everything that is known of the region, asked once."""
    found = applications.of_region(session, round.id, place.region_id)
    ids = [one.id for one in found]
    known = reviews.of_applications(session, ids)
    own = reviews.open_in_region(session, person, round.id, place.region_id)
    decided = decisions.of_applications(session, ids)
    states = reviews.states(session, known)
    shown = not own and any(state is ReviewStatus.HANDED_IN for state in states.values())
    basis = decisions.basis(session, found[0]) if found else None
    moved = decisions.moved_from(basis, decided.values()) if basis else frozenset()
    alone = [one for one in decided.values() if one.outcome is Outcome.INADMISSIBLE]
    return Here(
        round=round,
        place=place,
        applications=tuple(found),
        findings=reviews.findings(session, ids),
        reviews=tuple(known),
        states=states,
        stuck=tuple(reviews.stuck(session, found, brussels_day(now))),
        decisions=decided,
        moved=moved | decisions.moved_among(session, alone),
        own_reviews=own,
        basis=basis if shown else None,
        can=frozenset(
            permission
            for permission in ("reviews.judge", "decisions.prepare", "decisions.confirm")
            if may(person, permission) and scoped(person, permission).reaches(place.region.key)
        ),
    )


def _named(session: Session, here: Here) -> dict[int, str]:
    """The functions of who had a hand in it, by account."""
    hands = [one.found_by for one in here.findings.values()] + [one.reviewer_id for one in here.reviews]
    for decision in here.decisions.values():
        hands += [decision.prepared_by, decision.confirmed_by or 0]
    return accounts.functions(session, hands)


def _found_row(one: Application, finding: Finding | None, definition: CallType) -> FoundRow:
    told = {True: _("In orde"), False: _("Niet in orde"), None: "–"}
    checks = finding.checks if finding else {}
    tag, state = ("todo", _("Na te kijken"))
    if finding is not None:
        tag, state = ("ok", _("Ontvankelijk")) if finding.admissible else ("bad", _("Niet ontvankelijk"))
    return FoundRow(
        reference=one.reference,
        lead=one.lead.name,
        received=moment(one.submitted_at),
        checks=tuple((words(c.label), told[checks.get(c.key)]) for c in definition.admissibility),
        tag=tag,
        state=state,
    )


def _review_rows(here: Here, person: Person, names: Mapping[int, str]) -> tuple[ReviewRow, ...]:
    """Assignments by application; who is named to whom may know, and numbered to others."""
    rows, named = [], _may_see_names(person)
    told = {one.id: one for one in review_pages.assigned_rows(here.reviews, here.states, here.stuck)}
    for application in here.applications:
        number = 0
        for review in (one for one in here.reviews if one.application_id == application.id):
            over, one = here.states[review.id] in OVER, told[review.id]
            number += not over
            who = "–" if over else _("Beoordelaar %(number)s", number=number)
            rows.append(
                ReviewRow(
                    reference=application.reference,
                    lead=application.lead.name,
                    who=names[review.reviewer_id] if named else who,
                    tag=one.tag,
                    state=one.status,
                    at=moment(review.handed_in_at) if review.handed_in_at else "",
                    why=one.why,
                    id=one.id if one.can_take_back and "reviews.judge" in here.can else 0,
                )
            )
    return tuple(rows)


def _ranking(here: Here, basis: Basis, definition: CallType) -> Ranking:
    """From the basis: the same numbers as in the letters."""
    appraisal = definition.appraisal
    scored = [one for one in basis.applications if one.total]
    labels = {c.key: words(c.label) for c in appraisal.criteria}
    rows = [
        RankRow(
            rank=str(one.rank) if one.rank else _("geen"),
            reference=one.reference,
            lead=one.lead,
            cells=tuple(
                Cell(labels[c.key], one.averages[c.key], one.points[c.key], c.key in one.below)
                for c in appraisal.criteria
            ),
            total=one.total,
            below=not one.total_suffices,
        )
        for one in sorted(scored, key=lambda one: (one.rank is None, one.rank or 0, one.reference))
    ]
    first = rows[0] if rows else None
    return Ranking(
        heads=tuple(
            (labels[c.key], _("%(weight)s %%, drempel %(threshold)s", weight=c.weight, threshold=c.threshold))
            for c in appraisal.criteria
        ),
        rows=tuple(rows),
        example=f"{' + '.join(cell.points for cell in first.cells)} = {first.total}" if first else "",
        highest=appraisal.highest,
        needed=appraisal.total_threshold,
        tie_break=", ".join(labels[key].lower() for key in appraisal.tie_break),
        provisional=not all(here.appraised(one) for one in here.admitted),
    )


def _decision_row(one: Application, here: Here, names: dict[int, str]) -> DecisionRow:
    decision = here.decisions.get(one.id)
    if decision is None or here.own_reviews:
        state = _("Nog niet") if not here.ready(one) else _("Voor te bereiden")
        tag = "todo" if here.ready(one) else ""
        return DecisionRow(one.reference, one.lead.name, "", "–", _advice(one, here), tag, state, False, (), "")
    people = [
        _("Voorbereid: %(who)s, %(at)s", who=names[decision.prepared_by], at=moment(decision.prepared_at))
    ]
    if decision.confirmed_by:
        who, at = names[decision.confirmed_by], moment(decision.confirmed_at)
        people.append(_("Bevestigd: %(who)s, %(at)s", who=who, at=at))
    return DecisionRow(
        application=one.reference,
        lead=one.lead.name,
        decision=decision.reference,
        outcome=str(OUTCOME[decision.outcome]),
        note=_note(decision),
        tag=STATUS_TAG[decision.status],
        state=str(STATUS[decision.status]),
        moved=decision.id in here.moved,
        people=tuple(people),
        letter="letter" if decision.letter_id else "draft",
    )


def _advice(one: Application, here: Here) -> str:
    """What the panel advises, once all of the region is in."""
    if here.basis is None or one.status is not ApplicationStatus.ADMISSIBLE or not here.ready(one):
        return ""
    advised = decisions.advised(here.basis, one.reference)
    return _("advies: %(outcome)s", outcome=str(OUTCOME[advised]).lower()) if advised else ""


def _note(decision: Decision) -> str:
    body = decision.body
    if decision.outcome is Outcome.APPROVED:
        starts, ends = (datetime.fromisoformat(body[name]).date() for name in ("starts_on", "ends_on"))
        return _("mandaat van %(starts)s tot en met %(ends)s", starts=day(starts), ends=day(ends))
    if decision.outcome is Outcome.REJECTED and body["rank"]:
        placed = len(Basis.from_json(decision.basis).placed)
        return _("plaats %(place)s van %(count)s", place=body["rank"], count=placed)
    return ""


def _mailed(session: Session, here: Here) -> tuple[str, ...]:
    """The organisations that are mailed when what is left of the region's decisions leaves."""
    leaving = [one for one in here.applications if not here.is_out(one)]
    if not leaving or not here.decisions or here.own_reviews:
        return ()
    sent = applications.parties_as_sent(session, [one.id for one in leaving])
    return tuple(dict.fromkeys(name for one in leaving for name in sent.get(one.id, ())))
