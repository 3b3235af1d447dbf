"""One world with everything in it, a canary in every text: two rivals in one region, judged by several, stage
by stage.

A canary is `kanarie-<whose>-<what>`: it is looked for in every answer that anybody gets.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from portal.access import SYSTEM, Role
from portal.accounts import actions as account_actions
from portal.accounts import passwords
from portal.accounts import queries as accounts
from portal.applications import actions
from portal.applications import queries as applications
from portal.applications.content import what_to_sign
from portal.applications.models import Application
from portal.calls import actions as call_actions
from portal.calls import queries as calls
from portal.canonical import digest
from portal.clock import SystemClock, brussels_day
from portal.decisions import queries as decision_queries
from portal.decisions.models import Decision
from portal.decisions.rules import Outcome
from portal.organisations import actions as organisation_actions
from portal.organisations import queries as organisations
from portal.reviews import actions as reviews
from portal.reviews import queries as review_queries
from tests import make
from tests.conftest import CALL, OPEN, PASSWORD, World

REGION = "midwest"
STAGES = ("draft", "submitted", "closed", "scoring", "prepared", "released")
KINDS = {
    "eigen": "OCMW",
    "eigen-ggz": "CGG",
    "eigen-vaph": "vzw",
    "ander": "CAW",
    "ander-ggz": "CGG",
    "ander-vaph": "vzw",
    "buiten": "OCMW",
}
ORGANISATIONS = {
    name: (f"{serial:08d}{97 - serial % 97:02d}", kind)
    for serial, (name, kind) in enumerate(KINDS.items(), start=8101)
}
REVIEWERS = {
    "klaar": None,  # handed in first
    "bezig": None,  # still scoring
    "vrij": None,  # a reviewer who was assigned nothing
    "gebonden": None,  # assigned, then tied to a partner
    "kempen": ("kempen",),  # reviews in another region
    "eigen-lid": None,  # a reviewer who is a member of a partner
}
MEMBERS = {
    "eigen-lid": "eigen-ggz",
    "ander-lid": "ander-ggz",
    "was-lid": "eigen-vaph",
}  # of the department, and for whom they act or acted
DESK = {
    "beheer": (Role.ADMINISTRATOR, None),
    "beheer-band": (Role.ADMINISTRATOR, None),  # tied to a partner since the closing
    "beheer-kempen": (Role.ADMINISTRATOR, ("kempen",)),
    "beide": (Role.ADMINISTRATOR, None),  # and a reviewer, assigned, who hands in last
    "ander-lid": (Role.ADMINISTRATOR, None),  # and a member of a partner
    "was-lid": (Role.ADMINISTRATOR, None),  # a member of a partner once, since the round opened
    "tweede": (Role.COSIGNER, None),
    "auditor": (Role.AUDITOR, None),
    "uit": (Role.ADMINISTRATOR, None),  # disabled after signing in
}
NOBODY = "bezoeker"
CAST = (NOBODY, *ORGANISATIONS, *REVIEWERS, *DESK)
CRITERIA = make.CRITERIA


def canary(whose: str, what: str) -> str:
    """A word nobody would write, that says whose it is."""
    return f"kanarie-{whose}-{what}"


def address(name: str) -> str:
    """Where somebody of the cast gets mail."""
    return f"{canary(name, 'adres')}@matrix.example"


@dataclass
class Scene:
    """The world, the two applications, and how far they are."""

    world: World
    stage: str = ""
    found: dict[str, int] = field(default_factory=dict)
    proposal: int = 0
    requests: dict[str, int] = field(default_factory=dict)
    invitation: int = 0

    def one(self, whose: str) -> Application:
        """An application as it stands."""
        self.world.session.rollback()
        return self.world.session.get(Application, self.found[whose], populate_existing=True)

    def decision(self, whose: str) -> Decision | None:
        """The decision on it."""
        return decision_queries.standing(self.world.session, self.found[whose])


def people(world: World) -> None:
    """Everybody of the cast, with the organisations and roles they have."""
    hashed = passwords.hash_of(PASSWORD)
    now, session = world.now, world.session
    known = frozenset(r.key for r in world.defined.regions)

    def account(name: str) -> Any:
        made = account_actions.enrol(
            session,
            email=address(name),
            label=canary(name, "functie"),
            password_hash=hashed,
            by=SYSTEM,
            now=now,
        )
        return make.done(made)

    for name, (number, kind) in ORGANISATIONS.items():
        made = account(name)
        title = f"{kind} {canary(name, 'naam')}"
        known_one = make.done(
            organisation_actions.register(session, number=number, name=title, by=SYSTEM, now=now)
        )
        make.done(organisation_actions.join(made, organisation=known_one, by=SYSTEM, now=now))
    limits = {**{n: (Role.REVIEWER, r) for n, r in REVIEWERS.items()}, **DESK}
    for name, (role, regions) in limits.items():
        made = account(name)
        granted = account_actions.grant(made, role=role, regions=regions, known=known, by=SYSTEM, now=now)
        make.done(granted)
    both = accounts.by_email(session, address("beide"))
    make.done(account_actions.grant(both, role=Role.REVIEWER, regions=None, known=known, by=SYSTEM, now=now))
    for name, of in MEMBERS.items():
        made, party = (
            accounts.by_email(session, address(name)),
            organisations.organisation(session, ORGANISATIONS[of][0]),
        )
        make.done(organisation_actions.join(made, organisation=party, by=SYSTEM, now=now))
    gone = organisations.organisation(session, ORGANISATIONS[MEMBERS["was-lid"]][0])
    who = accounts.by_email(session, address("was-lid"))
    make.done(organisation_actions.leave(gone, account=who, by=SYSTEM, now=now))


def person(world: World, name: str) -> Any:
    """The person of the cast with this name."""
    found = accounts.by_email(world.session, address(name))
    return organisations.person_of(found, brussels_day(world.now))


def ask(scene: Scene) -> None:
    """Somebody asks to act for one of the two, and for an organisation that nobody put down yet."""
    world = scene.world
    asker = accounts.by_email(world.session, address("buiten"))
    for whose, number in (("eigen", ORGANISATIONS["eigen"][0]), ("loket", "0000820045")):
        asked = organisation_actions.ask_to_join(
            asker,
            number=number,
            name=canary("buiten", f"vraag-{whose}"),
            by=person(world, "buiten"),
            now=world.now,
        )
        scene.requests[whose] = make.done(asked).id
    invited = organisation_actions.invite(
        organisations.organisation(world.session, ORGANISATIONS["eigen"][0]),
        email=address("eigen-gast"),
        real=SystemClock().now(),
        by=person(world, "eigen"),
        now=world.now,
    )
    scene.invitation = make.done(invited).id


def draft(scene: Scene, whose: str) -> None:
    """A whole draft of a consortium of its own, canaries in every text."""
    world = scene.world
    lead = person(world, whose)
    organisation = organisations.organisation(world.session, ORGANISATIONS[whose][0])
    started = actions.start(
        calls.one_round(world.session, CALL, 1),
        region=REGION,
        seat="welzijn",
        kind="ocmw" if whose == "eigen" else "caw",
        organisation=organisation,
        email=lead.email,
        by=lead,
        now=world.now,
    )
    application = make.done(started)
    for seat in ("ggz", "vaph"):
        name = f"{whose}-{seat}"
        number, kind = ORGANISATIONS[name]
        named = actions.name_partner(
            application,
            seat=seat,
            number=number,
            name=f"{kind} {canary(name, 'naam')}",
            kind=make.KINDS[seat],
            email=address(name),
            by=lead,
            now=world.now,
        )
        make.done(named)
        make.done(actions.confirm_seat(application, seat=seat, by=person(world, name), now=world.now))
    for section, values in make.ANSWERS.items():
        marked = {
            key: f"{value} {canary(whose, f'antwoord-{key}')}" if value == make.LONG else value
            for key, value in values.items()
        }
        if section == "contact":
            marked["contact-mail"] = f"{canary(whose, 'contact')}@matrix.example"
            marked["contact-functie"] = canary(whose, "contactfunctie")
        make.done(
            actions.save_section(
                application, section=section, values=marked, revision=0, by=lead, now=world.now
            )
        )
    pdf = make.form_pdf(world, application)
    name = f"{canary(whose, 'bestand')}.pdf"
    make.done(make.attach(world, application, pdf, name=name, by=lead))
    for seat in ("welzijn", "ggz", "vaph"):
        seen = digest(what_to_sign(applications.facts(application, world.now), seat))
        by = lead if seat == "welzijn" else person(world, f"{whose}-{seat}")
        make.done(actions.sign_off(application, seat=seat, seen=seen, by=by, now=world.now))
    scene.found[whose] = application.id


def drafts(scene: Scene) -> None:
    """Two consortia at work, while the round is open."""
    scene.world.clock.at = OPEN
    people(scene.world)
    ask(scene)
    draft_call(scene)
    for whose in ("eigen", "ander"):
        draft(scene, whose)


def submitted(scene: Scene) -> None:
    """Both sent, still sealed."""
    for whose in ("eigen", "ander"):
        one = scene.one(whose)
        sent = actions.submit(
            one,
            revision=one.revision,
            clock=scene.world.clock,
            waited=lambda: 0.0,
            by=person(scene.world, whose),
            now=scene.world.now,
        )
        make.done(sent)


def closed(scene: Scene) -> None:
    """The region is unsealed; nobody judged yet, and one of the desk turns out to be tied."""
    make.closed(scene.world)
    tie(scene, "beheer-band")


def tie(scene: Scene, who: str) -> None:
    """Somebody declares a tie to a partner of one of the two: the region goes dark for them."""
    number, by = ORGANISATIONS["eigen-ggz"][0], person(scene.world, who)
    session, now = scene.world.session, scene.world.now
    make.done(reviews.declare_tie(session, number=number, kind="bestuur", by=by, now=now))


def scoring(scene: Scene) -> None:
    """Admissible and assigned; one handed in, one has a draft, one declared a tie."""
    world = scene.world
    by = person(world, "beheer")
    for whose in ("eigen", "ander"):
        one = scene.one(whose)
        checks = {c.key: True for c in calls.definition(one.round).admissibility}
        make.done(reviews.find(one, checks=checks, admissible=True, reason="", by=by, now=world.now))
        known = [
            (accounts.by_email(world.session, address(n)), person(world, n))
            for n in ("klaar", "bezig", "beide", "gebonden")
        ]
        for review in make.done(reviews.assign(scene.one(whose), reviewers=known, by=by, now=world.now)):
            who = review.reviewer.label.removeprefix("kanarie-").removesuffix("-functie")
            make.done(reviews.declare_free(review, by=person(world, who), now=world.now))
    tie(scene, "gebonden")
    score(scene, "klaar", reviews.hand_in)
    for late in ("bezig", "beide"):
        score(scene, late, reviews.score)


def score(scene: Scene, who: str, verb: Callable[..., Any]) -> None:
    """Scores of one reviewer for both."""
    world = scene.world
    for review in review_queries.own(world.session, person(world, who)):
        whose = "eigen" if review.application_id == scene.found["eigen"] else "ander"
        level = 4 if whose == "eigen" else 3
        given = {key: (level, f"{make.REASON} {canary(whose, f'score-{who}')}") for key in CRITERIA}
        make.done(verb(review, given=given, revision=review.revision, by=person(world, who), now=world.now))


def prepared(scene: Scene) -> None:
    """Everybody handed in; decisions prepared and confirmed, not released."""
    world = scene.world
    for late in ("bezig", "beide"):
        score(scene, late, reviews.hand_in)
    for whose, outcome in (("eigen", Outcome.APPROVED), ("ander", Outcome.REJECTED)):
        decision = make.prepare(
            world,
            scene.one(whose),
            outcome,
            reason=f"{make.REASON} {canary(whose, 'beslissing')}",
            reasons={key: f"{make.REASON} {canary(whose, 'motivering')}" for key in CRITERIA},
            by=person(world, "beheer"),
        )
        make.done(make.confirm(world, make.done(decision), by=person(world, "tweede")))


def released(scene: Scene) -> None:
    """Decisions are out, the mandate is granted."""
    make.done(make.release(scene.world, scene.one("eigen"), by=person(scene.world, "beheer")))


def draft_call(scene: Scene) -> None:
    """A call that only the department may know of, proposed to be made public."""
    world = scene.world
    source = world.defined.calls[CALL]
    title = source.title.model_copy(update={"nl": canary("oproep", "titel")})
    source = source.model_copy(update={"slug": "ontwerp", "title": title})
    call = make.done(call_actions.draft(world.session, source, by=SYSTEM, now=world.now))
    by, call_type = person(world, "beheer"), world.defined.call_types[source.call_type]
    proposed = call_actions.propose_publication(call, source=source, call_type=call_type, by=by, now=world.now)
    scene.proposal = make.done(proposed).id


def then_taken_in(step: Callable[[Scene], None]) -> Callable[[Scene], None]:
    """A step, and the worker that takes what happened into the log."""

    def taken(scene: Scene) -> None:
        step(scene)
        make.taken_in(scene.world)

    return taken


_PLAYED = map(then_taken_in, (drafts, submitted, closed, scoring, prepared, released))
STEPS = dict(zip(STAGES, _PLAYED, strict=True))
