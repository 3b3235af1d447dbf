"""Named selects of applications; the room's only `select()`."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, false, func, literal, or_, select
from sqlalchemy.orm import Session, aliased, selectinload

from portal.access import Person
from portal.applications import version as versions
from portal.applications.access import may_edit_section
from portal.applications.facts import Facts, File, Seated, Signed
from portal.applications.lifecycle import Status
from portal.applications.models import (
    Application,
    Attachment,
    KeptArrival,
    Partner,
    Submission,
    SubmittedPartner,
)
from portal.applications.version import Change, Version, facts_of, read
from portal.calls import queries as calls
from portal.calls.lifecycle import CallStatus
from portal.calls.models import RegionRow, Round, RoundRegion
from portal.documents.inspection import Inspection
from portal.documents.models import Document, Place
from portal.hooks import Owner
from portal.journal import log
from portal.journal import queries as journal
from portal.journal.models import Chain, Entry, Payload

KEY = "revision-%s"  # what a submission is known by when it is sent twice
WORK = (
    selectinload(Application.answers),
    selectinload(Application.files).joinedload(Attachment.document),
    selectinload(Application.sign_offs),
    selectinload(Application.submissions).selectinload(Submission.partners),
)


def counted() -> Select[int, str, str]:
    """Applications (ids) with the partners of the version that counts: the last one submitted (rule 4)."""
    later = aliased(Submission)
    newer = select(later.id).where(
        later.application_id == Submission.application_id, later.number > Submission.number
    )
    return (
        select(Submission.application_id, SubmittedPartner.number, SubmittedPartner.email)
        .select_from(Submission)
        .join(SubmittedPartner, SubmittedPartner.submission_id == Submission.id)
        .where(~newer.exists())
        .order_by(SubmittedPartner.id)
    )


def leads_as_sent(session: Session, ids: Iterable[int]) -> dict[int, tuple[str, str]]:
    """By application (id): its lead's name in the version that counts, and that version's digest."""
    query = counted().with_only_columns(Submission.application_id, SubmittedPartner.name, Submission.sha256)
    query = query.join(Application, Application.id == Submission.application_id)
    query = query.where(SubmittedPartner.seat == Application.lead_seat, Application.id.in_(list(ids)))
    return {found: (name, sha256) for found, name, sha256 in session.execute(query)}


def parties_as_sent(session: Session, ids: Iterable[int]) -> dict[int, list[str]]:
    """By application (id): the names of the partners of the version that counts."""
    query = counted().with_only_columns(Submission.application_id, SubmittedPartner.name)
    found: dict[int, list[str]] = {}
    for application_id, name in session.execute(query.where(Submission.application_id.in_(list(ids)))):
        found.setdefault(application_id, []).append(name)
    return found


def _with(numbers: Iterable[str]) -> Select[int]:
    """Applications (ids) that count with one of these enterprise numbers in a seat."""
    found = counted().with_only_columns(Submission.application_id).order_by(None)
    return found.where(SubmittedPartner.number.in_(sorted(numbers)))


def still_changes() -> ColumnElement[bool]:
    """Whether the working copy of an application says anything yet: nothing was submitted, or its region is
    sealed.
    """
    opened = select(RoundRegion.id).where(
        RoundRegion.round_id == Application.round_id,
        RoundRegion.region_id == Application.region_id,
        RoundRegion.unsealed_at.is_not(None),
    )
    sent = select(Submission.id).where(Submission.application_id == Application.id)
    return or_(~opened.exists(), ~sent.exists())


def visible_to(person: Person) -> Select[Application]:
    """Applications of the person's organisations: as lead, as partner of the version that counts, or as named
    in a working copy that may still be submitted; nobody else's (rules 4, 5, 17).
    """
    query = select(Application).where(Application.is_test.is_(False)).order_by(Application.id.desc())
    if not person.signed_in or not person.organisations:
        return query.where(false())
    named = select(Partner.application_id).where(Partner.number.in_(sorted(person.numbers)))
    mine = Application.lead_organisation_id.in_(sorted(person.organisations))
    counts = Application.id.in_(_with(person.numbers))
    return query.where(or_(mine, counts, and_(Application.id.in_(named), still_changes())))


def places_of(session: Session, person: Person) -> frozenset[tuple[int, int]]:
    """Rounds and regions (ids) where an organisation of the person applies, as far as it sees that itself."""
    found = visible_to(person).with_only_columns(Application.round_id, Application.region_id).order_by(None)
    return frozenset((round_id, region_id) for round_id, region_id in session.execute(found.distinct()))


def one_visible_to(session: Session, person: Person, reference: str) -> Application | None:
    """The application with this reference, if it is the person's to see."""
    query = visible_to(person).where(Application.reference == reference).options(*WORK)
    return session.scalars(query).one_or_none()


def unsealed(*, withdrawn: bool = False) -> Select[Application]:
    """Submitted applications of regions whose closing is on record: what the department may read (rule 5).

    `withdrawn`: those too that were taken back after they were submitted.
    """
    sent = select(Submission.id).where(Submission.application_id == Application.id).exists()
    stands = Application.status.not_in([Status.DRAFT, Status.WITHDRAWN])
    return (
        select(Application)
        .join(
            RoundRegion,
            (RoundRegion.round_id == Application.round_id) & (RoundRegion.region_id == Application.region_id),
        )
        .where(
            RoundRegion.unsealed_at.is_not(None),
            or_(stands, and_(Application.status == Status.WITHDRAWN, sent)) if withdrawn else stands,
            Application.is_test.is_(False),
        )
        .order_by(Application.round_id, Application.region_id, Application.submitted_at)
    )


def unsealed_to(person: Person, *, withdrawn: bool = False) -> Select[Application]:
    """What is unsealed, in the regions that the person reaches."""
    query = unsealed(withdrawn=withdrawn)
    if person.within is None:
        return query
    reached = select(RegionRow.id).where(RegionRow.key.in_(sorted(person.within)))
    return query.where(Application.region_id.in_(reached))


def one_unsealed_to(
    session: Session, person: Person, reference: str, *, withdrawn: bool = False
) -> Application | None:
    """The application with this reference, once its region is unsealed and if the person reaches it."""
    query = unsealed_to(person, withdrawn=withdrawn).where(Application.reference == reference).options(*WORK)
    return session.scalars(query).one_or_none()


def counts(session: Session) -> dict[tuple[int, int, Status], int]:
    """How many applications there are per round, region and status: all the department sees while sealed."""
    query = (
        select(Application.round_id, Application.region_id, Application.status, func.count())
        .where(Application.is_test.is_(False))
        .group_by(Application.round_id, Application.region_id, Application.status)
    )
    return {(r, g, s): n for r, g, s, n in session.execute(query)}


def of_region(session: Session, round_id: int, region_id: int) -> list[Application]:
    """Unsealed applications of one region in one round."""
    query = unsealed().where(Application.round_id == round_id, Application.region_id == region_id)
    return list(session.scalars(query))


def of_rounds(session: Session, round_ids: Iterable[int]) -> list[Application]:
    """Unsealed applications of these rounds."""
    return list(session.scalars(unsealed().where(Application.round_id.in_(sorted(round_ids)))))


def valid_submission(session: Session, application: Application) -> Submission | None:
    """The version that counts: the last one submitted."""
    query = select(Submission).filter_by(application_id=application.id).order_by(Submission.number.desc())
    return session.scalars(query.limit(1)).one_or_none()


def version(submission: Submission) -> Version:
    """What a submission says."""
    return read(
        submission.content,
        number=submission.number,
        at=submission.submitted_at,
        sha256=submission.sha256,
        emails={p.seat: p.email for p in submission.partners},
    )


def counting(session: Session, application: Application) -> Version | None:
    """The version that counts; None where nothing was submitted."""
    found = valid_submission(session, application)
    return version(found) if found else None


def numbers_of(session: Session, application_ids: Select[Any]) -> frozenset[str]:
    """Enterprise numbers of the partners of the versions that count, of these applications."""
    query = counted().with_only_columns(SubmittedPartner.number).order_by(None)
    return frozenset(session.scalars(query.where(Submission.application_id.in_(application_ids))))


def numbers_by_place(session: Session, round_ids: Iterable[int]) -> dict[tuple[int, int], set[str]]:
    """Enterprise numbers of the partners of unsealed versions that count, by round and region (ids)."""
    ids = unsealed().with_only_columns(Application.id).order_by(None)
    ids = ids.where(Application.round_id.in_(sorted(round_ids)))
    query = counted().with_only_columns(Application.round_id, Application.region_id, SubmittedPartner.number)
    query = query.join(Application, Application.id == Submission.application_id)
    found: dict[tuple[int, int], set[str]] = {}
    for round_id, region_id, number in session.execute(query.where(Application.id.in_(ids))):
        found.setdefault((round_id, region_id), set()).add(number)
    return found


@dataclass(frozen=True)
class Part:
    """An organisation takes part in an application, by the version that counts: where, and since when that
    round is open.
    """

    application_id: int
    place: tuple[int, int]
    opened_at: datetime
    number: str


def parts_of(session: Session, numbers: Iterable[str], *, withdrawn: bool = False) -> list[Part]:
    """Where these enterprise numbers take part in what is unsealed; `withdrawn`: also in what was taken
    back.
    """
    known = counted().with_only_columns(Submission.application_id, SubmittedPartner.number).order_by(None)
    seats = known.where(SubmittedPartner.number.in_(sorted(numbers))).subquery()
    query = unsealed(withdrawn=withdrawn).order_by(None).join(Round, Round.id == Application.round_id)
    query = query.join(seats, seats.c.application_id == Application.id)
    rows = session.execute(
        query.with_only_columns(
            Application.id, Application.round_id, Application.region_id, Round.opens_at, seats.c.number
        )
    )
    return [Part(found, (round_id, region_id), at, number) for found, round_id, region_id, at, number in rows]


def submitted_entry(session: Session, reference: str, digest: str) -> journal.Line | None:
    """The journal's entry of the submission that a receipt is of."""
    lines = journal.timeline(session, "application", reference)
    submitted = (line for line in lines if line.entry.verb == "application.submitted")
    return next((line for line in submitted if line.facts.get("sha256") == digest), None)


def proof(session: Session, application: Application, number: int) -> str | None:
    """The `tlog-proof` of one submitted version; None before the log took it in."""
    found = next(s for s in application.submissions if s.number == number)
    return log.proof_of_row(session, "submission", str(found.id))


def is_in_log(session: Session, submission: Submission) -> bool:
    """Whether the log has taken in that this version was submitted."""
    return log.row_is_in(session, "submission", str(submission.id))


@dataclass(frozen=True)
class LateAttempt:
    """A submit request that was complete after the closing: what it was about, when it came, and what it
    carried.
    """

    id: int
    application: Application
    arrived_at: datetime
    closes_at: datetime
    sha256: str
    content: bytes


def late_attempts(session: Session, person: Person, entry_id: int | None = None) -> list[LateAttempt]:
    """Late attempts (or the one with this id) in regions whose closing is on record and that the person
    reaches, newest first (rules 3 and 5).
    """
    query = (
        select(Entry.id, Payload.body, Application)
        .join(Payload, Payload.entry_id == Entry.id)
        .join(Chain, Chain.id == Entry.chain_id)
        .join(Application, Application.reference == Chain.file_key)
        .join(
            RoundRegion,
            (RoundRegion.round_id == Application.round_id) & (RoundRegion.region_id == Application.region_id),
        )
        .where(
            Chain.file_kind == "application",
            Entry.verb == "application.submit.refused",
            Payload.body.is_not(None),
        )
        .where(RoundRegion.unsealed_at.is_not(None), Application.is_test.is_(False))
        .order_by(Entry.id.desc())
    )
    if entry_id is not None:
        query = query.where(Entry.id == entry_id)
    found = []
    for number, body, application in session.execute(query).unique():
        facts = json.loads(body or b"{}")
        if "content" in facts and person.reaches(application.region.key):
            arrived, closed = (datetime.fromisoformat(facts[name]) for name in ("arrived_at", "closes_at"))
            sent = facts["content"].encode()
            found.append(LateAttempt(number, application, arrived, closed, facts["sha256"], sent))
    return found


@dataclass(frozen=True)
class CheckedReceipt:
    """What the journal says of a receipt: which version, when, its number in the log (from 1; None: not taken
    in yet), and whether the bytes that are kept still are those.
    """

    number: int
    at: datetime
    log_number: int | None
    holds: bool


def receipt_in_journal(session: Session, reference: str, digest: str) -> CheckedReceipt | None:
    """Whether a receipt is true, from the journal; None where it knows no such act.

    The act is found by the version it wrote, also where what it said was destroyed; by what it said where that
    version is not kept as it was.
    """
    kept = submission_by_digest(session, reference, digest)
    entry = log.entry_of_row(session, "submission", str(kept.id)) if kept else None
    line = None if kept else submitted_entry(session, reference, digest)
    if kept and entry:
        number, holds = kept.number, hashlib.sha256(kept.content).hexdigest() == digest
    elif line:
        entry, number, holds = line.entry, line.facts["number"], False
    else:
        return None
    index = log.index_of(session, entry)
    return CheckedReceipt(number, entry.at, None if index is None else index + 1, holds)


def submission_by_digest(session: Session, reference: str, digest: str) -> Submission | None:
    """A submission by what its receipt says."""
    query = (
        select(Submission)
        .join(Application, Application.id == Submission.application_id)
        .where(Application.reference == reference, Submission.sha256 == digest)
    )
    return session.scalars(query).one_or_none()


def all_submissions(session: Session) -> list[tuple[str, int, bytes, str]]:
    """Reference, number, exact bytes and digest of every submission, for verification."""
    query = select(Application.reference, Submission.number, Submission.content, Submission.sha256)
    rows = session.execute(query.join(Submission).order_by(Submission.id))
    return [(reference, number, content, sha256) for reference, number, content, sha256 in rows]


def other_submitted(session: Session, application: Application) -> bool:
    """Whether the same lead already submitted another one for this region in this round (rule 1)."""
    query = select(Application.id).where(
        Application.lead_organisation_id == application.lead_organisation_id,
        Application.round_id == application.round_id,
        Application.region_id == application.region_id,
        Application.status.not_in([Status.DRAFT, Status.WITHDRAWN]),
        Application.id != application.id,
    )
    return session.scalar(query) is not None


def contacts(session: Session, application: Application, *, invited: bool = False) -> list[str]:
    """Whom to tell about an application, each address once: the partners of the version that counts, and of a
    working copy that may still be submitted those who said that they take part, or all who were `invited`.
    """
    sent = counted().with_only_columns(SubmittedPartner.email)
    found = list(session.scalars(sent.where(Submission.application_id == application.id)))
    named = select(Partner.email).join(Application).where(Application.id == application.id, still_changes())
    if not invited:
        named = named.where(Partner.confirmed_at.is_not(None))
    found += session.scalars(named.order_by(Partner.id))
    return list(dict.fromkeys(found))


def mail_facts(application: Application) -> dict[str, Any]:
    """What every mail about an application says: which one, of which call, for which region."""
    title = application.round.call.content["title"]["nl"]
    return {"reference": application.reference, "call": title, "region": application.region.name}


def unsent_before_closing(session: Session, now: datetime, within: timedelta) -> list[Application]:
    """Drafts, and submitted applications that were touched since, of open rounds that close, for somebody,
    `within` that time; locked within a writing transaction.
    """
    rounds = [
        r.id
        for r in calls.open_rounds(calls.published(session), now)
        if any(at <= now + within for at in (r.closes_at, *(e.closes_at for e in r.extensions)))
    ]
    if not rounds:
        return []
    query = select(Application).where(
        Application.round_id.in_(rounds),
        or_(Application.status == Status.DRAFT, touched()),
        Application.is_test.is_(False),
    )
    if session.info.get("acting"):
        query = query.with_for_update(of=Application)
    return list(session.scalars(query.order_by(Application.id)))


def owner_of(session: Session, document: Document) -> Owner | None:
    """Whose document this is, where it is of an application."""
    query = select(Application).join(Attachment).where(Attachment.document_id == document.id)
    found = session.scalars(query).one_or_none()
    if found is None:
        return None
    answers = {path: field.label.nl for path, field in calls.definition(found.round).answers()}
    return Owner(found, contacts(session, found), mail_facts(found), answers)


def submitted_as(application: Application, revision: int) -> Submission | None:
    """The version that this revision of the working copy was submitted as."""
    key = KEY % revision
    return next((s for s in application.submissions if s.idempotency_key == key), None)


def kept_arrival(
    session: Session, application: Application, account_id: int | None, revision: int
) -> KeptArrival | None:
    """The arrival that was kept of this person's request to submit this revision."""
    query = select(KeptArrival).filter_by(
        application_id=application.id, account_id=account_id, revision=revision
    )
    return session.scalars(query).unique().one_or_none()


def arrivals_left(session: Session, person: Person) -> list[KeptArrival]:
    """Arrivals that were kept and after which nothing was submitted, in regions whose closing is on record and
    that the person reaches, newest first.
    """
    sent = select(Submission.id).where(
        Submission.application_id == KeptArrival.application_id,
        Submission.submitted_at >= KeptArrival.arrived_at,
    )
    place = (RoundRegion.round_id == Application.round_id) & (RoundRegion.region_id == Application.region_id)
    query = (
        select(KeptArrival)
        .join(Application, Application.id == KeptArrival.application_id)
        .join(RoundRegion, place)
        .where(RoundRegion.unsealed_at.is_not(None), Application.is_test.is_(False), ~sent.exists())
        .order_by(KeptArrival.id.desc())
    )
    return [one for one in session.scalars(query).unique() if person.reaches(one.application.region.key)]


def attached(application: Application) -> list[Attachment]:
    """The files that stand with the application now."""
    return [f for f in application.files if f.document.place is Place.ATTACHED]


def one_attachment(application: Application, document_id: int) -> Attachment | None:
    """One file of an application that was already found visible."""
    return next((f for f in application.files if f.document_id == document_id), None)


def addresses_of_earlier(session: Session, call_id: int, region_ids: list[int]) -> list[str]:
    """Addresses of who applied for these regions in a call: partners of versions that count, each once."""
    of = select(Application.id).join(Round, Round.id == Application.round_id)
    of = of.where(
        Round.call_id == call_id, Application.region_id.in_(region_ids), Application.is_test.is_(False)
    )
    found = counted().with_only_columns(SubmittedPartner.email).where(Submission.application_id.in_(of))
    return list(dict.fromkeys(session.scalars(found)))


def undecided_regions(session: Session, call_id: int) -> dict[str, str]:
    """Regions of a call where an application waits for its decision: name by key."""
    query = (
        select(RegionRow.key, RegionRow.name)
        .join(Application, Application.region_id == RegionRow.id)
        .join(Round, Round.id == Application.round_id)
        .where(
            Round.call_id == call_id,
            Application.is_test.is_(False),
            Application.status.in_([Status.SUBMITTED, Status.ADMISSIBLE]),
        )
    )
    return {key: name for key, name in session.execute(query)}


def may_edit(application: Application, seat: str | None, person: Person) -> bool:
    """Whether the person may change what is common (no seat), files too, or the part of `seat`."""
    seats = {p.seat: p.number for p in application.partners}
    confirmed = frozenset(p.seat for p in application.partners if p.confirmed_at is not None)
    return may_edit_section(person, application.lead_organisation_id, seat, seats, confirmed)


def _file(attachment: Attachment) -> File:
    document = attachment.document
    found = Inspection.from_json(document.found)
    return File(
        id=document.id,
        type=attachment.type,
        name=document.name,
        size=document.size,
        sha256=document.sha256,
        state=document.inspected.value,
        values=found.values,
        stamp=found.stamp,
        filled=found.filled,
        open=document.open,
    )


def facts_as_sent(application: Application, sent: Version, known: Facts) -> Facts:
    """The facts of an application as a version has them; `known` are those of its working copy."""
    return facts_of(sent, known, {a.document_id: _file(a) for a in application.files})


def unsent(application: Application, at: datetime) -> tuple[Change, ...]:
    """What was changed since the version that counts, and does not count; nothing where nothing was
    submitted.
    """
    if not application.submissions:
        return ()
    return versions.unsent(version(application.submissions[-1]), facts(application, at))


def touched() -> ColumnElement[bool]:
    """Whether a submitted application was worked on since: it may have changes that do not count."""
    as_sent = select(Submission.id).where(
        Submission.application_id == Application.id,
        Submission.idempotency_key == literal(KEY % "") + cast(Application.revision, String),
    )
    return and_(Application.status == Status.SUBMITTED, ~as_sent.exists())


def with_unsent(session: Session, person: Person, ids: Iterable[int], at: datetime) -> frozenset[int]:
    """Which of these applications have changes that were not submitted, as far as the person works on them."""
    works = select(Partner.application_id).where(Partner.number.in_(sorted(person.numbers)))
    mine = or_(Application.lead_organisation_id.in_(sorted(person.organisations)), Application.id.in_(works))
    query = select(Application).where(Application.id.in_(list(ids)), touched(), mine).options(*WORK)
    return frozenset(one.id for one in session.scalars(query) if unsent(one, at))


def facts(application: Application, at: datetime) -> Facts:
    """Everything the rules ask about the working copy of an application, as of `at`."""
    round = application.round
    definition = calls.definition(round)
    place = next((p for p in round.regions if p.region_id == application.region_id), None)
    closed_at = place.closed_at if place else None
    later = [e for e in round.extensions if e.after_closing]
    return Facts(
        definition=definition,
        call=round.call.slug,
        round=round.number,
        region=application.region.key,
        round_regions=frozenset(p.region.key for p in round.regions),
        cancelled=round.call.status is CallStatus.CANCELLED,
        opens_at=round.opens_at,
        closes_at=calls.closing(round, application.lead_organisation_id),
        closing_recorded=closed_at is not None,
        extended_for_us=any(e.organisation_id in (None, application.lead_organisation_id) for e in later),
        at=at,
        lead_seat=application.lead_seat,
        partners=tuple(
            Seated(p.seat, p.number, p.name, p.kind, p.email, p.confirmed_at is not None)
            for p in application.partners
        ),
        answers={a.section: a.body for a in application.answers},
        files=tuple(_file(a) for a in attached(application)),
        signed=tuple(Signed(s.seat, s.number, s.digests) for s in application.sign_offs),
    )
