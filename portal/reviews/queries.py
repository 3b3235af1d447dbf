"""Named selects of reviews; the room's only `select()`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import Select, false, select, union_all
from sqlalchemy.orm import Session, joinedload, lazyload

from portal.access import Person
from portal.accounts import queries as accounts
from portal.accounts.models import Account
from portal.applications import queries as applications
from portal.applications.lifecycle import Status as ApplicationStatus
from portal.applications.models import Application, KeptArrival
from portal.calls import queries as calls
from portal.calls.models import RegionRow, Round, RoundRegion
from portal.journal import queries as journal
from portal.journal.rules import read_actor
from portal.organisations import queries as organisations
from portal.reviews.access import FREE, Ties, may_review
from portal.reviews.lifecycle import OVER, Status
from portal.reviews.models import Finding, Review, Tie
from portal.reviews.rules import Appraised, Given, ReviewFacts, appraise

UNDECIDED = (ApplicationStatus.SUBMITTED, ApplicationStatus.ADMISSIBLE)
ADMITTED = (ApplicationStatus.ADMISSIBLE, ApplicationStatus.APPROVED, ApplicationStatus.REJECTED)


def declared(session: Session, account_id: int | None) -> frozenset[str]:
    """The enterprise numbers that somebody declared a tie to that did not end."""
    query = select(Tie.number).where(Tie.account_id == account_id, Tie.ended_at.is_(None))
    return frozenset(session.scalars(query))


def one_own_tie(session: Session, person: Person, tie_id: int) -> Tie | None:
    """One tie that the person declared and that did not end."""
    query = select(Tie).filter_by(id=tie_id, account_id=person.account_id, ended_at=None)
    return session.scalars(query).one_or_none()


def ties_of(session: Session, account_id: int | None) -> Ties:
    """What binds an account: what it declared, what it acts for, and what merged with those, now and before
    (rule 9).
    """
    return ties_by_account(session, [account_id]).get(account_id or 0, FREE)


def ties_by_account(session: Session, account_ids: Iterable[int | None] | None = None) -> dict[int, Ties]:
    """What binds each account (all of them: None), in a fixed number of statements; the others are not
    named.
    """
    wanted = None if account_ids is None else sorted({one for one in account_ids if one is not None})
    query = select(Tie.account_id, Tie.number, Tie.ended_at)
    if wanted is not None:
        query = query.where(Tie.account_id.in_(wanted))
    every: Any = union_all(query, organisations.acting_for(wanted), organisations.acted_for(wanted))
    rows = session.execute(every).all()
    families = organisations.families(session, {number for _account, number, _until in rows})
    lasting: dict[int, set[str]] = {}
    ended: dict[int, set[tuple[str, datetime]]] = {}
    for account_id, number, until in rows:
        for one in families.get(number, {number}):
            if until is None:
                lasting.setdefault(account_id, set()).add(one)
            else:
                ended.setdefault(account_id, set()).add((one, until))
    return {
        one: Ties(frozenset(lasting.get(one, ())), frozenset(ended.get(one, ()))) for one in lasting | ended
    }


def hidden_from(session: Session, person: Person) -> frozenset[tuple[int, int]]:
    """Rounds and regions (ids) that a tie hides from somebody, counts included (rule 9)."""
    return frozenset(part.place for part in _bound(session, ties_of(session, person.account_id)))


def _bound(session: Session, ties: Ties, *, withdrawn: bool = False) -> list[applications.Part]:
    """Where somebody's ties bind them; no statement without ties."""
    if not ties.numbers:
        return []
    found = applications.parts_of(session, ties.numbers, withdrawn=withdrawn)
    return [part for part in found if ties.binds([part.number], part.opened_at)]


def open_to(session: Session, person: Person, *, withdrawn: bool = False) -> list[Application]:
    """Unsealed applications of regions that the person reaches and no tie hides; `withdrawn`: taken back ones
    too.
    """
    ties = ties_of(session, person.account_id)
    hidden = {part.place for part in _bound(session, ties)}
    query = applications.unsealed_to(person, withdrawn=withdrawn)
    found = [a for a in session.scalars(query) if (a.round_id, a.region_id) not in hidden]
    if withdrawn:  # what was taken back hides no region, but itself
        tied_to = {part.application_id for part in _bound(session, ties, withdrawn=True)}
        found = [a for a in found if a.id not in tied_to]
    return found


def late_attempts_open_to(
    session: Session, person: Person, entry_id: int | None = None
) -> list[applications.LateAttempt]:
    """Late attempts (or the one with this id) that the person may read: no tie to a partner, nor to the
    region.
    """
    return _untied(session, person, applications.late_attempts(session, person, entry_id))


def arrivals_left_open_to(session: Session, person: Person) -> list[KeptArrival]:
    """Arrivals that were kept and never submitted, that the person may read: no tie to a partner, nor to the
    region.
    """
    return _untied(session, person, applications.arrivals_left(session, person))


Came = TypeVar("Came", applications.LateAttempt, KeptArrival)


def _untied(session: Session, person: Person, found: list[Came]) -> list[Came]:
    """What came for applications that the person is not tied to, by their partners as named or by their
    region.
    """
    hidden, ties = hidden_from(session, person), ties_of(session, person.account_id)
    return [
        one
        for one in found
        if (one.application.round_id, one.application.region_id) not in hidden
        and not ties.binds([p.number for p in one.application.partners], one.application.round.opens_at)
    ]


def ties(session: Session, account_id: int | None) -> list[Tie]:
    """The declared ties of an account, oldest first."""
    return list(session.scalars(select(Tie).where(Tie.account_id == account_id).order_by(Tie.id)))


def numbers_in(session: Session, round_id: int, region_id: int) -> frozenset[str]:
    """Enterprise numbers of all partners of unsealed applications of one region in one round."""
    ids = applications.unsealed().with_only_columns(Application.id).order_by(None)
    ids = ids.where(Application.round_id == round_id, Application.region_id == region_id)
    return applications.numbers_of(session, ids)


def numbers_around(session: Session, application: Application) -> frozenset[str]:
    """Enterprise numbers of the whole region an application competes in: a tie hides the region (rule 9)."""
    own = applications.numbers_of(session, select(Application.id).where(Application.id == application.id))
    return numbers_in(session, application.round_id, application.region_id) | own


def is_open_to(session: Session, person: Person, application: Application) -> bool:
    """Whether the person reaches the region an application competes in, and no tie hides it (rule 9)."""
    return person.reaches(application.region.key) and not is_tied(session, person.account_id, application)


def is_tied(session: Session, account_id: int | None, application: Application) -> bool:
    """Whether a tie binds an account in the region an application competes in (rule 9)."""
    return account_id in tied_among(session, [account_id], application)


def tied_among(
    session: Session, account_ids: Iterable[int | None], application: Application
) -> frozenset[int | None]:
    """Which of these accounts a tie binds in the region an application competes in (rule 9)."""
    around, opened_at = numbers_around(session, application), application.round.opens_at
    known = ties_by_account(session, account_ids)
    return frozenset(one for one, ties in known.items() if ties.binds(around, opened_at))


def bound_hands(session: Session, hands: Iterable[tuple[int, Application]]) -> frozenset[tuple[int, int]]:
    """Of who had a hand in an application: those (account and application, ids) whom a tie binds in its region
    (rule 9).

    A fixed number of statements, however many; none for nobody.
    """
    known = list(hands)
    ties = ties_by_account(session, {who for who, _application in known}) if known else {}
    around = applications.numbers_by_place(session, {one.round_id for _who, one in known}) if ties else {}
    return frozenset(
        (who, one.id)
        for who, one in known
        if ties.get(who, FREE).binds(around.get((one.round_id, one.region_id), ()), one.round.opens_at)
    )


READ = ("application.opened", "document.read")


def readers(session: Session, references: Iterable[str]) -> set[int]:
    """The accounts that read something of these applications at the department."""
    return journal.actors(session, "application", references, READ)


def readings(
    session: Session, account_ids: Iterable[int], references: Iterable[str]
) -> dict[int, list[journal.Line]]:
    """What these accounts read of these applications, oldest first."""
    found: dict[int, list[journal.Line]] = {}
    for line in journal.done_by(session, account_ids, "application", references, READ):
        found.setdefault(read_actor(line.entry.actor)[0] or 0, []).append(line)
    return found


@dataclass(frozen=True)
class Bond:
    """What binds somebody to a party: its name, the kind that was declared (none: they act or acted for it),
    and until when.
    """

    name: str
    kind: str
    until: datetime | None


def bonds(
    session: Session, account_ids: Iterable[int | None], application: Application
) -> dict[int, list[Bond]]:
    """By account, what binds it to parties of the region an application competes in, to be read by people."""
    known = sorted(one for one in account_ids if one is not None)
    around = numbers_around(session, application)
    declared_ones = select(Tie.account_id, Tie.number, Tie.kind, Tie.ended_at).where(Tie.account_id.in_(known))
    rows = [(one, number, kind, until) for one, number, kind, until in session.execute(declared_ones)]
    for acts in (organisations.acting_for(known), organisations.acted_for(known)):
        rows += [(one, number, "", until) for one, number, until in session.execute(acts)]
    families = organisations.families(session, {number for _one, number, _kind, _until in rows})
    names = organisations.names(session, {number for _one, number, _kind, _until in rows})
    found: dict[int, list[Bond]] = {}
    for one, number, kind, until in rows:
        if not around.isdisjoint(families.get(number, {number})):
            found.setdefault(one, []).append(Bond(names.get(number, number), kind, until))
    return found


def visible_to(person: Person) -> Select[Review]:
    """Reviews assigned to the person, in regions where they still review, that no conflict hides."""
    if not person.signed_in:
        return select(Review).where(false())
    over = (*OVER, Status.SET_ASIDE)
    mine = select(Review).where(Review.reviewer_id == person.account_id, Review.status.not_in(over))
    if person.within is not None:
        reached = select(RegionRow.id).where(RegionRow.key.in_(sorted(person.within)))
        ids = select(Application.id).where(Application.region_id.in_(reached))
        mine = mine.where(Review.application_id.in_(ids))
    return mine.order_by(Review.application_id)


def one_visible_to(session: Session, person: Person, reference: str) -> Review | None:
    """The person's review of the application with this reference."""
    query = visible_to(person).join(Application, Application.id == Review.application_id)
    return session.scalars(query.where(Application.reference == reference)).unique().one_or_none()


def own(session: Session, person: Person) -> list[Review]:
    """All reviews of the person, what is open first."""
    found = session.scalars(visible_to(person)).unique().all()
    return sorted(found, key=lambda r: r.status is Status.HANDED_IN)


def of_applications(session: Session, ids: Iterable[int]) -> list[Review]:
    """The reviews of these applications, which the session knows already."""
    query = select(Review).where(Review.application_id.in_(list(ids))).order_by(Review.id)
    known = lazyload(Review.application)
    plain = joinedload(Review.reviewer).options(lazyload(Account.grants))
    return list(session.scalars(query.options(known, plain)).unique())


def one_assigned(session: Session, round_id: int, region_id: int, review_id: int) -> Review | None:
    """One assignment of an application of this region in this round."""
    query = select(Review).join(Application, Application.id == Review.application_id)
    query = query.where(
        Review.id == review_id, Application.round_id == round_id, Application.region_id == region_id
    )
    return session.scalars(query).unique().one_or_none()


def to_score(session: Session, person: Person) -> list[tuple[int, int]]:
    """Round and region (ids) of each review of the person that is not handed in yet."""
    query = visible_to(person).join(Application, Application.id == Review.application_id).order_by(None)
    query = query.where(Application.status.in_(ADMITTED), Review.status != Status.HANDED_IN)
    rows = session.execute(query.with_only_columns(Application.round_id, Application.region_id))
    return [(round_id, region_id) for round_id, region_id in rows]


def open_in_region(session: Session, person: Person, round_id: int, region_id: int) -> int:
    """How many reviews of the person in a region of a round are not handed in yet."""
    return to_score(session, person).count((round_id, region_id))


def scores_shown_to(session: Session, person: Person, found: Iterable[Application]) -> dict[int, list[Review]]:
    """What others handed in and counts, by application, as far as the person may see it: the one way scores
    reach a page.

    None in a region that a tie hides, nor before one's own are in, whatever other roles one holds (rule 9).
    """
    shut = hidden_from(session, person).union(to_score(session, person))
    ids = [a.id for a in found if (a.round_id, a.region_id) not in shut]
    return handed_in(session, of_applications(session, ids))


def finding(session: Session, application_id: int) -> Finding | None:
    """What the desk found on the admissibility of an application, and counts."""
    return findings(session, [application_id]).get(application_id)


def last_findings(session: Session, ids: Iterable[int]) -> dict[int, Finding]:
    """The last finding on each of these applications, which the session knows already, whether it counts or
    not.
    """
    query = select(Finding).where(Finding.application_id.in_(list(ids))).order_by(Finding.number)
    return {f.application_id: f for f in session.scalars(query.options(lazyload(Finding.application)))}


def findings(session: Session, ids: Iterable[int]) -> dict[int, Finding]:
    """The finding that counts on each application: none where it is not decided yet and whoever found it turns
    out to be tied (rule 9). A fixed number of statements.
    """
    found = last_findings(session, ids)
    undecided = [one for one in found.values() if one.application.status in UNDECIDED]
    bound = bound_hands(session, [(one.found_by, one.application) for one in undecided])
    return {key: one for key, one in found.items() if (one.found_by, key) not in bound}


def places_open_to(session: Session, person: Person) -> list[tuple[Round, RoundRegion]]:
    """Regions of rounds whose closing is on record and that the person reaches, newest round first."""
    query = select(Round, RoundRegion).join(RoundRegion, RoundRegion.round_id == Round.id)
    query = query.where(RoundRegion.unsealed_at.is_not(None)).order_by(Round.id.desc(), RoundRegion.region_id)
    return [(r, p) for r, p in session.execute(query).unique() if person.reaches(p.region.key)]


def place_visible_to(
    session: Session, person: Person, region_key: str, wanted: str = ""
) -> tuple[Round, RoundRegion] | None:
    """A region in a round whose closing is on record: the round numbered `wanted`, or the newest; unless a tie
    hides it.
    """
    for one, found in places_open_to(session, person):
        if found.region.key == region_key and wanted in ("", str(one.number)):
            around = numbers_in(session, one.id, found.region_id)
            bound = ties_of(session, person.account_id).binds(around, one.opens_at)
            return None if bound else (one, found)
    return None


def admissible(session: Session, round_id: int, region_id: int) -> list[Application]:
    """Applications of a region that were found admissible, decided ones too."""
    return [a for a in applications.of_region(session, round_id, region_id) if a.status in ADMITTED]


def facts(
    session: Session,
    review: Review,
    given: Mapping[str, tuple[int | None, str]] | None = None,
    reason: str = "",
) -> ReviewFacts:
    """A review as the rules see it, with its stored scores or with those `given`."""
    application = review.application
    scores = (
        tuple(Given(s.criterion, s.score, s.reason) for s in review.scores)
        if given is None
        else tuple(Given(k, score, reason) for k, (score, reason) in given.items())
    )
    return ReviewFacts(
        appraisal=calls.definition(application.round).appraisal,
        admissible=application.status is ApplicationStatus.ADMISSIBLE,
        withdrawn=application.status is ApplicationStatus.WITHDRAWN,
        tied=is_tied(session, review.reviewer_id, application),
        given=scores,
        reason=reason,
    )


def states(session: Session, reviews: Iterable[Review]) -> dict[int, Status]:
    """Where each review stands (by its id): one that was handed in by somebody who turns out to be tied is set
    aside, whether they declared it or became a member since (rule 9). A fixed number of statements.
    """
    known = list(reviews)
    handed = [r for r in known if r.status is Status.HANDED_IN]
    bound = bound_hands(session, [(r.reviewer_id, r.application) for r in handed])
    aside = {r.id: Status.SET_ASIDE for r in handed if (r.reviewer_id, r.application_id) in bound}
    return {r.id: r.status for r in known} | aside


def stuck(session: Session, found: Iterable[Application], today: date) -> list[Review]:
    """Reviews that nobody will finish, or that count no more, of those of these applications that wait for a
    decision: the reviewer is tied, reviews in that region no more, or is gone. The desk takes them back (rule
    9: nothing is undecidable).
    """
    waiting = [a for a in found if a.status is ApplicationStatus.ADMISSIBLE]
    known = of_applications(session, [a.id for a in waiting])
    now_at = states(session, known)
    able = {account.id: who for account, who in accounts.reviewers(session, today)} if known else {}
    left = []
    for review in known:
        who = able.get(review.reviewer_id)
        gone = who is None or not may_review(who, review.application.region.key)
        unfinished = now_at[review.id] in (Status.ASSIGNED, Status.DRAFT)
        if now_at[review.id] is Status.SET_ASIDE or (unfinished and gone):
            left.append(review)
    return left


def handed_in(session: Session, reviews: Iterable[Review]) -> dict[int, list[Review]]:
    """Those that were handed in and count, by application."""
    known = list(reviews)
    now_at = states(session, known)
    found: dict[int, list[Review]] = {}
    for review in known:
        if now_at[review.id] is Status.HANDED_IN:
            found.setdefault(review.application_id, []).append(review)
    return found


def appraised(found: Iterable[Application], handed: Mapping[int, list[Review]]) -> list[Appraised]:
    """What the handed-in scores of each application come to; one without any is left out."""
    known = []
    for one in found:
        own = [{s.criterion: s.score for s in r.scores if s.score is not None} for r in handed.get(one.id, ())]
        if own:
            known.append(appraise(calls.definition(one.round).appraisal, one.reference, own))
    return known
