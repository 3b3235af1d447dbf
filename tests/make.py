"""Making things for tests by the real verbs, as far as wanted."""

from __future__ import annotations

import functools
import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.orm import Session

from portal.access import SYSTEM, Role
from portal.accounts import actions as account_actions
from portal.accounts import queries as accounts
from portal.applications import actions, queries
from portal.applications.content import what_to_sign
from portal.applications.lifecycle import Status
from portal.applications.models import Application
from portal.calls import actions as call_actions
from portal.calls import queries as calls
from portal.canonical import digest
from portal.clock import brussels_day, parse_local
from portal.decisions import actions as decisions
from portal.decisions import queries as decision_queries
from portal.decisions.rules import Outcome
from portal.documents.inspection import Inspection, inspect
from portal.documents.pdf_form import FormFor, filled
from portal.journal import log
from portal.journal.actions import PORTAL, record
from portal.journal.notes import Signer
from portal.lifecycle import Done, Refused
from portal.mandates import actions as mandates
from portal.organisations import actions as organisation_actions
from portal.organisations import queries as organisations
from portal.reviews import actions as reviews
from tests.conftest import CALL, ORGANISATIONS, World

LONG = "Wij werken al jaren samen met de partners in de regio en bereiken mensen via de lokale besturen."
ANSWERS: dict[str, dict[str, Any]] = {
    "contact": {
        "contact-functie": "coördinator",
        "contact-mail": "zorgenwerk@proef.example",
        "standplaatsen": 4,
        "inbedding": LONG,
    },
    "aanpak": {
        "casemanagers": 6,
        "trajecten": 90,
        "deskundigheid": LONG,
        "herstel": LONG,
        "tandem": "getekend",
    },
    "continuiteit": {"vervanging": LONG, "start": "yes", "akkoord-opdrachten": "yes"},
}
KINDS = {"welzijn": "ocmw", "ggz": "cgg", "vaph": "vaph-voorziening"}


def done(outcome: Any) -> Any:
    """The value of an act that must succeed."""
    assert isinstance(outcome, Done), outcome
    return outcome.value


@contextmanager
def by_hand(world: World) -> Iterator[Session]:
    """A writing session for what a test sets up beside every verb; on record as such, so that the journal still
    holds.
    """
    with world.database.writing() as session:
        yield session
        record(session, "portal.set_up_by_hand", PORTAL, by=SYSTEM, now=world.now)


def again(world: World, application: Application) -> Application:
    """The application as it stands now."""
    world.session.rollback()
    return world.session.get(Application, application.id, populate_existing=True)


def draft(world: World, region: str = "midwest", lead: str = "aanvrager", round: int = 1) -> Application:
    """A draft with one partner: the lead."""
    by = world.person(lead)
    found = calls.one_round(world.session, CALL, round)
    organisation = organisations.organisation(world.session, ORGANISATIONS[lead][0])
    kind = "caw" if lead == "rivaal" else "ocmw"
    return done(
        actions.start(
            found,
            region=region,
            seat="welzijn",
            kind=kind,
            organisation=organisation,
            email=by.email,
            by=by,
            now=world.now,
        )
    )


def name_partners(world: World, application: Application, lead: str = "aanvrager") -> None:
    """The GGZ and VAPH partners named and confirmed by themselves."""
    for seat in ("ggz", "vaph"):
        number, name = ORGANISATIONS[seat]
        done(
            actions.name_partner(
                application,
                seat=seat,
                number=number,
                name=name,
                kind=KINDS[seat],
                email=f"{seat}@proef.example",
                by=world.person(lead),
                now=world.now,
            )
        )
        done(actions.confirm_seat(application, seat=seat, by=world.person(seat), now=world.now))


def answer(world: World, application: Application, lead: str = "aanvrager") -> None:
    """Every section filled in."""
    for section, values in ANSWERS.items():
        revision = next((a.revision for a in application.answers if a.section == section), 0)
        done(
            actions.save_section(
                application,
                section=section,
                values=values,
                revision=revision,
                by=world.person(lead),
                now=world.now,
            )
        )


def form_pdf(world: World, application: Application, **changes: Any) -> bytes:
    """The aanmeldingsformulier of this application, from its answers."""
    facts = queries.facts(application, world.now)
    subject = {
        "call": facts.call, "call_title": "Oproep", "round": facts.round, "region": facts.region,
        "region_name": facts.region, "definition": facts.definition, **changes,
    }  # fmt: skip
    answers = {f"{s}.{k}": v for s, body in facts.answers.items() for k, v in body.items()}
    made, schema = FormFor(**subject), _schema(world)
    asked = json.dumps([made.stamp(), answers, schema])
    if asked not in _forms:  # drawn once per process: hundreds of tests want one, few look at it
        _forms[asked] = filled(made, answers, {}, schema)
    return _forms[asked]


_forms: dict[str, bytes] = {}


def _schema(world: World) -> dict[str, Any]:
    return world.defined.schemas["aanmeldingsformulier"]


@functools.cache
def _inspected(pdf: bytes, schema: str) -> Inspection:
    """The same bytes are read once per process by the fenced child."""
    with tempfile.TemporaryFile() as stream:
        stream.write(pdf)
        stream.seek(0)
        return inspect(stream, json.loads(schema))


def attach(
    world: World,
    application: Application,
    pdf: bytes,
    lead: str = "aanvrager",
    name: str = "form.pdf",
    limit: int = 30,
    by: Any = None,
) -> Any:
    """Attach a PDF as the aanmeldingsformulier; the outcome of the act."""
    stored = world.storage.put(io.BytesIO(pdf), limit=10_000_000)
    return actions.attach(
        application,
        stored=stored,
        inspection=_inspected(pdf, json.dumps(_schema(world))),
        name=name,
        type="aanmeldingsformulier",
        media_type="application/pdf",
        made_here=False,
        limit=limit,
        by=by or world.person(lead),
        now=world.now,
    )


def sign(
    world: World, application: Application, seats: Any = ("welzijn", "ggz", "vaph"), lead: str = "aanvrager"
) -> None:
    """Sign off for these seats on what stands there."""
    for seat in seats:
        seen = digest(what_to_sign(queries.facts(application, world.now), seat))
        by = world.person(lead if seat == "welzijn" else seat)
        done(actions.sign_off(application, seat=seat, seen=seen, by=by, now=world.now))


def ready(world: World, region: str = "midwest", lead: str = "aanvrager", round: int = 1) -> Application:
    """A draft that could be submitted now."""
    application = draft(world, region, lead, round)
    name_partners(world, application, lead)
    answer(world, application, lead)
    done(attach(world, application, form_pdf(world, application), lead))
    sign(world, application, lead=lead)
    return application


def submit(world: World, application: Application, lead: str = "aanvrager", revision: int | None = None) -> Any:
    """The outcome of submitting it as it stands."""
    return actions.submit(
        application,
        revision=application.revision if revision is None else revision,
        clock=world.clock,
        waited=lambda: 0.0,
        by=world.person(lead),
        now=world.now,
    )


def application(
    world: World, at: Status = Status.DRAFT, region: str = "midwest", lead: str = "aanvrager", round: int = 1
) -> Application:
    """An application as far as `at`, by the real verbs."""
    if at is Status.DRAFT:
        return draft(world, region, lead, round)
    found = ready(world, region, lead, round)
    done(submit(world, found, lead))
    return found


REASON = "De aanvraag toont dit met duidelijke en controleerbare voorbeelden."
CRITERIA = ("inbedding", "deskundigheid", "herstel", "continuiteit")


def closed(world: World, day: str = "2023-02-13T10:00") -> None:
    """The round closed, its closing on record."""
    world.clock.at = parse_local(day)
    call_actions.record_closings(world.database, world.now)
    world.session.rollback()


def find(world: World, application: Application, name: str, *, admissible: bool = True) -> Any:
    """The outcome of somebody finding on admissibility, every check alike."""
    checks = {c.key: admissible for c in calls.definition(application.round).admissibility}
    by, reason = world.person(name), "" if admissible else REASON
    return reviews.find(application, checks=checks, admissible=admissible, reason=reason, by=by, now=world.now)


def admit(world: World, application: Application, *, admissible: bool = True) -> None:
    """The finding on admissibility."""
    done(find(world, application, "beheerder", admissible=admissible))


def tie(world: World, name: str, of: str = "aanvrager", kind: str = "bestuur") -> Any:
    """Somebody declares a tie to an organisation of these tests."""
    by, number = world.person(name), ORGANISATIONS[of][0]
    return done(reviews.declare_tie(world.session, number=number, kind=kind, by=by, now=world.now))


def assigned(world: World, application: Application) -> list[Any]:
    """Its reviews, assigned to every reviewer there is."""
    known = [(a, p) for a, p in accounts.reviewers(world.session, brussels_day(world.now))]
    by = world.person("beheerder")
    made: list[Any] = done(reviews.assign(application, reviewers=known, by=by, now=world.now))
    return made


def appraise(world: World, application: Application, level: int = 4) -> None:
    """Two reviewers hand in the same level for every criterion."""
    for review in assigned(world, application):
        hand_in(world, review, level)


def prepare(world: World, application: Application, outcome: Outcome = Outcome.APPROVED, **changes: Any) -> Any:
    """The outcome of preparing a decision."""
    facts = {
        "outcome": outcome,
        "reason": REASON,
        "reasons": dict.fromkeys(CRITERIA, REASON),
        "deviation": "",
        "authority": "departement-zorg",
        "by": world.person("beheerder"),
        "now": world.now,
        **changes,
    }
    return decisions.prepare(application, **facts)


def confirm(world: World, decision: Any, by: Any = "medeondertekenaar") -> Any:
    """The outcome of confirming a decision as it stands, by somebody or somebody's name."""
    second = world.person(by) if isinstance(by, str) else by
    return decisions.confirm(decision, seen=decisions.digest_of(decision), by=second, now=world.now)


def letter(world: World) -> Any:
    """Bytes that stand for a letter."""
    return world.storage.put(io.BytesIO(b"%PDF-1.7 brief"), limit=1000)


def release(world: World, application: Application, by: Any = None) -> Any:
    """The outcome of releasing the region of this application."""
    found = decision_queries.of_region(world.session, application.round_id, application.region_id)
    letters = {d.id: (letter(world), decisions.digest_of(d)) for d in found}
    region_id = application.region_id
    by = by or world.person("beheerder")
    return mandates.release_region(
        application.round, region_id=region_id, letters=letters, by=by, now=world.now
    )


def mandate(world: World, region: str = "midwest") -> Any:
    """A mandate for a region, by the real verbs."""
    found = application(world, Status.SUBMITTED, region)
    closed(world)
    found = again(world, found)
    admit(world, found)
    appraise(world, found)
    done(confirm(world, done(prepare(world, found))))
    (granted,) = done(release(world, found))
    return granted


def hand_in(world: World, review: Any, level: int = 4, reason: str = REASON) -> None:
    """A reviewer declares to be free, gives every criterion this level, and hands in."""
    by = world.person(review.reviewer.label)
    done(reviews.declare_free(review, by=by, now=world.now))
    given = dict.fromkeys(CRITERIA, (level, reason))
    done(reviews.hand_in(review, given=given, revision=review.revision, by=by, now=world.now))


def newcomer(world: World, name: str, role: Role, organisation: str = "") -> Any:
    """Somebody of the department who was not there before; a member of an organisation where one is named."""
    hashed = accounts.by_email(world.session, "beheerder@proef.example").password  # type: ignore[union-attr]
    email, now = f"{name}@proef.example", world.now
    made = done(
        account_actions.enrol(world.session, email=email, label=name, password_hash=hashed, by=SYSTEM, now=now)
    )
    done(account_actions.grant(made, role=role, by=SYSTEM, now=now))
    if organisation:
        joined(world, name, organisation)
    return made


def joined(world: World, name: str, number: str) -> None:
    """From now on somebody acts for the organisation with this number."""
    account = accounts.by_email(world.session, f"{name}@proef.example")
    organisation = organisations.organisation(world.session, number)
    done(organisation_actions.join(account, organisation=organisation, by=SYSTEM, now=world.now))


def codes(outcome: Any) -> set[str]:
    """Why an act was refused, which it must be."""
    assert isinstance(outcome, Refused), outcome
    return {refusal.code for refusal in outcome.refusals}


def signer(world: World) -> Signer:
    """The key that signs heads of this world's journal."""
    return log.signer_of(world.app.extensions["portal"].settings)


def taken_in(world: World) -> int:
    """The worker takes what happened into the log; how many entries."""
    number = log.take_in(world.database, signer(world), world.now)
    world.session.rollback()
    return number
