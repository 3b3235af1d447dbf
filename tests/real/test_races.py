"""Races on two server processes: one order, whoever wins. Each is first seen to go wrong with its locks off.

The servers pause between the gate and an act, and between the last word of an act and its commit: what can
cross, crosses. An answer of 500 is always wrong. R-01 to R-07, R-11, R-12, R-14, R-16, R-17 of the brief; R-18
and R-19 are of deciding.
"""

import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal import create_app, proposals
from portal.access import SYSTEM, Role
from portal.accounts import actions as account_actions
from portal.accounts import queries as account_queries
from portal.applications import actions
from portal.applications.lifecycle import Status
from portal.applications.models import Application
from portal.calls import actions as call_actions
from portal.calls import queries as calls
from portal.calls.models import Round, RoundRegion
from portal.clock import brussels_day, parse_local
from portal.decisions.models import Decision
from portal.decisions.rules import Outcome
from portal.journal import queries as journal
from portal.journal.models import Delivery
from portal.mandates import queries as mandates
from portal.organisations import actions as organisation_actions
from portal.organisations import queries as organisations
from portal.reviews import actions as reviews
from portal.reviews.lifecycle import Status as ReviewStatus
from portal.reviews.models import Review
from tests import make, parts
from tests.browser import Browser
from tests.conftest import CALL, OPEN, PASSWORD, PROJECT, World
from tests.serving import FileClock, settings

T = parse_local("2023-02-11T00:00")
ROUNDS = 3
REGIONS = [
    "midwest", "kempen", "denderregio", "limburg", "waasland", "westhoek", "regio-gent", "regio-brugge",
    "oost-brabant", "rivierenland", "regio-oostende", "halle-vilvoorde",
]  # fmt: skip


@dataclass
class Arena:
    """Two servers on one database, and the same portal here for facts."""

    world: World
    bases: list[str]
    locks: bool
    broken: list[str] = field(default_factory=list)
    known: dict[tuple[str, str], Browser] = field(default_factory=dict)

    def at(self, moment):
        """Put the clock of all processes."""
        self.world.clock.path.write_text(moment.isoformat())

    def fresh(self, thing):
        self.world.session.rollback()
        return self.world.session.get(type(thing), thing.id, populate_existing=True)

    def people(self, *names):
        """Browsers signed in, each at another server; the same ones again while they are still signed in."""
        return [self._signed_in(name, base) for name, base in zip(names, self.bases, strict=True)]

    def _signed_in(self, name, base):
        known = self.known.get((name, base))
        if known is None or known.get("/account").status != 200:
            known = self.known[name, base] = Browser(base).sign_in(f"{name}@proef.example", PASSWORD)
        return known

    def both(self, *works):
        """At the same moment; what came of each. Nothing may ever be a mistake of ours."""
        found = parts.at_once(*works)
        self.holds(all(a.status < 500 for a in found), f"answers {[a.status for a in found]}")
        self.world.session.rollback()
        return found

    def holds(self, true, what):
        """Put down what does not hold."""
        if not true:
            self.broken.append(what)

    def rounds(self, items=REGIONS, times=ROUNDS):
        """So many rounds, each in another region; without locks until something went wrong, at most four times
        that.
        """
        for number in range(times if self.locks else 4 * times):
            if self.locks or not self.broken:
                yield items[number % len(items)]

    def end(self, *, needs_lock=True):
        """With locks nothing went wrong; without, something did, or the race proves nothing."""
        if self.locks:
            assert self.broken == []
            assert journal.verify(self.world.session) == []
        elif needs_lock:
            assert self.broken != [], "no lock was needed here"

    @property
    def sqlite(self):
        return self.world.database.engine.dialect.name == "sqlite"


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def database(request, tmp_path_factory):
    """A copy of the prepared database for each arena: url, and a folder."""

    def make_one(name):
        folder = tmp_path_factory.mktemp(name)
        if request.param == "sqlite":
            shutil.copy(request.getfixturevalue("prepared"), folder / "portal.sqlite")
            return f"sqlite:///{folder}/portal.sqlite", folder
        server, source = request.getfixturevalue("postgres"), request.getfixturevalue("template")
        own = f"arena_{name}_{secrets.token_hex(4)}"  # a process may build its arena more than once
        server.run(f"CREATE DATABASE {own} TEMPLATE {source} OWNER portal_owner")
        return server.url(own).render_as_string(False), folder

    return make_one


@pytest.fixture(scope="module", params=["on", "off"])
def servers(request, database, defined):
    """Two server processes, with locks or without."""
    url, folder = database(request.param)
    (folder / "clock").write_text(OPEN.isoformat())
    environ = {
        "TEST_DATABASE": url,
        "TEST_STORAGE": f"file://{folder}/files",
        "TEST_CLOCK": str(folder / "clock"),
        "TEST_LOCKS": request.param,
    }
    log = (folder / "log").open("w+")
    ports = [parts.free_port() for _each in range(2)]
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.serving", str(port)],
            env={**os.environ, **environ},
            cwd=PROJECT,
            stdout=log,
            stderr=log,
        )
        for port in ports
    ]
    bases = [f"http://127.0.0.1:{port}" for port in ports]
    before = dict(os.environ)
    os.environ.update(environ)
    app = create_app(settings(), clock=FileClock(folder / "clock"))
    os.environ.clear()
    os.environ.update(before)
    database_here = app.extensions["portal"].database
    try:
        for base, process in zip(bases, processes, strict=True):
            parts.until(lambda base=base: Browser(base).get("/gezond"), process)
        with database_here.session() as session:
            world = World(app, FileClock(folder / "clock"), database_here, session, defined, folder, url)
            yield Arena(world, bases, request.param == "on")
    finally:
        for process in processes:
            process.terminate()
            process.wait(20)
        database_here.dispose()
        log.close()


@pytest.fixture
def arena(servers):
    """The servers, with the first round open again and nothing standing in the way."""
    servers.at(OPEN)
    servers.broken.clear()
    servers.world.session.rollback()
    reopened(servers)
    return servers


def reopened(arena):
    """As if no closing had been recorded."""
    with make.by_hand(arena.world) as writing:
        for row in writing.query(RoundRegion):
            row.closed_at = row.unsealed_at = None
    arena.world.session.rollback()


def ready(arena, region):
    """A draft that could be submitted, by a lead that has none in this region yet."""
    for left in arena.world.session.scalars(select(Application)):
        if left.status in (Status.DRAFT, Status.SUBMITTED, Status.ADMISSIBLE):
            by = arena.world.person("aanvrager")
            actions.withdraw(left, reason="Voor de volgende proef.", by=by, now=arena.world.now)
    found = make.ready(arena.world, region)
    arena.world.session.rollback()
    return found


def home(found):
    return f"/aanvragen/{found.reference}"


def verbs(arena, found):
    arena.world.session.rollback()
    return [line for line in journal.timeline(arena.world.session, "application", found.reference)]


def submitting(person, found):
    form = person.form(f"{home(found)}/controle", f"{home(found)}/indienen")
    return lambda: person.post(f"{home(found)}/indienen", form)


def colleague(arena, name, organisation):
    """Another account of the same organisation."""
    session, world = arena.world.session, arena.world
    number = make.ORGANISATIONS[organisation][0]
    from portal.accounts import passwords

    made = account_actions.enrol(
        session,
        email=f"{name}@proef.example",
        label=name,
        password_hash=passwords.hash_of(PASSWORD),
        by=SYSTEM,
        now=world.now,
    )
    account = (
        made.value if hasattr(made, "value") else account_queries.by_email(session, f"{name}@proef.example")
    )
    found = organisations.organisation(session, number)
    make.done(organisation_actions.join(account, organisation=found, by=SYSTEM, now=world.now))
    session.rollback()


def one_submission(arena, found, answers):
    again = arena.fresh(found)
    receipts = [d for d in arena.world.session.query(Delivery).filter_by(kind="receipt")]
    mine = [d for d in receipts if d.data["reference"] == found.reference]
    arena.holds([a.location for a in answers] == [f"{home(found)}/ontvangstbewijs"] * 2, "both see the receipt")
    arena.holds(len(again.submissions) == 1, f"{len(again.submissions)} submissions")
    arena.holds(len(mine) == 3, f"{len(mine)} mails for 3 partners")


def test_r01_the_same_submit_twice(arena):
    for region in arena.rounds():
        found = ready(arena, region)
        people = arena.people("aanvrager", "aanvrager")
        one_submission(arena, found, arena.both(*(submitting(p, found) for p in people)))
    arena.end()


def test_r02_two_members_submit_the_same_draft(arena):
    colleague(arena, "collega", "aanvrager")
    for region in arena.rounds():
        found = ready(arena, region)
        people = arena.people("aanvrager", "collega")
        one_submission(arena, found, arena.both(*(submitting(p, found) for p in people)))
    arena.end()


def receipt_is_what_stood_there(arena, found):
    """Replay the journal: what was attached when it was submitted is what the receipt says."""
    attached = set()
    for line in verbs(arena, found):
        if line.entry.verb == "application.document_attached":
            attached = {line.facts["sha256"]}  # one at most: a new one replaces it
        elif line.entry.verb == "application.document_detached":
            attached = set()
        elif line.entry.verb == "application.submitted":
            said = {f["sha256"] for f in line.facts["files"]}
            arena.holds(said == attached, f"the receipt says {said}, attached was {attached}")


def test_r03_submit_against_replacing_the_file(arena):
    """An upload is stored and read before its act: the submit comes somewhat later, a little more each time."""
    for number, region in enumerate(arena.rounds(times=2 * ROUNDS)):
        found = ready(arena, region)
        one, other = arena.people("aanvrager", "ggz")
        token = other.form(f"{home(found)}/documenten")["csrf_token"]
        data = {"csrf_token": token, "type": "aanmeldingsformulier"}
        body = make.form_pdf(arena.world, found) + b"\n% another version\n"
        arena.world.session.rollback()
        submit = submitting(one, found)

        def later(submit=submit, wait=0.1 + 0.07 * (number % 6)):
            time.sleep(wait)
            return submit()

        arena.both(
            later,
            lambda o=other, f=found, d=data, b=body: o.post(
                f"{home(f)}/documenten", d, {"file": ("nieuw.pdf", b)}
            ),
        )
        receipt_is_what_stood_there(arena, found)
    arena.end()


def test_r04_submit_against_deleting_the_file(arena):
    for region in arena.rounds():
        found = ready(arena, region)
        one, other = arena.people("aanvrager", "ggz")
        document = found.files[0].document_id
        token = {"csrf_token": other.form(f"{home(found)}/documenten")["csrf_token"]}
        arena.world.session.rollback()
        arena.both(
            submitting(one, found),
            lambda o=other, f=found, d=document, t=token: o.post(f"{home(f)}/documenten/{d}/verwijderen", t),
        )
        receipt_is_what_stood_there(arena, found)
    arena.end()


def others(arena):
    """Every closing so far is on record: only a new round is due."""
    with make.by_hand(arena.world) as writing:
        for row in writing.query(RoundRegion).filter(RoundRegion.unsealed_at.is_(None)):
            row.closed_at = row.unsealed_at = T
    arena.world.session.rollback()


def test_r05_extending_against_the_closing(arena):
    """What is extended stays sealed; the closing is recorded after it or not at all."""
    session = arena.world.session
    others(arena)
    first = calls.one_round(session, CALL, 1)
    for number in arena.rounds(range(10, 40), times=2 * ROUNDS):
        with make.by_hand(arena.world) as writing:
            writing.add(
                Round(
                    call_id=first.call_id,
                    number=number,
                    opens_at=first.opens_at,
                    closes_at=first.closes_at,
                    mandates_start_on=first.mandates_start_on,
                    definition=first.definition,
                    definition_digest=first.definition_digest,
                    regions=[RoundRegion(region_id=first.regions[0].region_id)],
                )
            )
        session.rollback()
        round = session.scalars(select(Round).filter_by(call_id=first.call_id, number=number)).one()
        session.rollback()
        arena.at(T + timedelta(seconds=121))
        desk, other = Browser(arena.bases[0]), Browser(arena.bases[1])
        form = {**desk.form("/aanmelden"), "email": "niemand@proef.example", "password": "x"}
        extended, _unsafe = arena.both(
            lambda o=other, r=round: o.get(f"/test/verleng/{r.id}"),
            lambda d=desk, f=form: d.post("/aanmelden", f),
        )
        place = arena.fresh(round).regions[0]
        done = extended.status == 200 and json.loads(extended.text)["done"]
        arena.holds(done and place.unsealed_at is None, "unsealed while an extension runs")
        others(arena)
    arena.end()


@pytest.mark.parametrize("act", ["verlaat", "wachtwoord"])
def test_r06_r16_submit_against_losing_access(arena, act):
    """Who left the organisation, or was signed out by a new password, no longer acts: not even a moment
    later.
    """
    for number, region in enumerate(arena.rounds()):
        name = f"{act}{number}"
        colleague(arena, name, "aanvrager")
        found = ready(arena, region)
        person = Browser(arena.bases[0]).sign_in(f"{name}@proef.example", PASSWORD)
        submit = submitting(person, found)
        gone = f"/test/{act}/{name}@proef.example"
        _gone, _submitted = arena.both(lambda g=gone: Browser(arena.bases[1]).get(g), submit)
        lines = [(line.entry.id, line.entry.verb) for line in verbs(arena, found)]
        submitted = [entry for entry, verb in lines if verb == "application.submitted"]
        account = account_queries.by_email(arena.world.session, f"{name}@proef.example")
        gone = [line.entry.id for line in journal.timeline(arena.world.session, "account", str(account.id))][-1]
        arena.holds(all(entry < gone for entry in submitted), "submitted by somebody who was out")
    arena.end()


def admitted(arena, region):
    """An application that was found admissible, its region closed."""
    found = ready(arena, region)
    make.done(make.submit(arena.world, found))
    arena.at(parse_local("2023-02-13T10:00"))
    call_actions.record_closings(arena.world.database, arena.world.now)
    arena.world.session.rollback()
    make.admit(arena.world, found)
    return found


def judged(arena, region):
    """One that two reviewers judged."""
    found = admitted(arena, region)
    make.appraise(arena.world, found)
    arena.world.session.rollback()
    return found


def test_r07_two_decide_differently(arena):
    found = judged(arena, REGIONS[0])
    people = arena.people("beheerder", "beheerder")
    path = f"/beheer/beslissingen/voorbereiden/{found.reference}"
    for _each in arena.rounds():
        with make.by_hand(arena.world) as writing:
            for left in writing.query(Decision).filter(Decision.status != "withdrawn"):
                left.status = "withdrawn"
        works = []
        for person, outcome in zip(people, (Outcome.APPROVED, Outcome.REJECTED), strict=True):
            form = {
                **person.form(path),
                "outcome": outcome.value,
                "reason": make.REASON,
                "deviation": make.REASON,
                **{f"reason_{key}": make.REASON for key in make.CRITERIA},
            }
            form["authority"] = "departement-zorg"
            works.append(lambda p=person, f=form, to=path: p.post(to, f))
        answers = arena.both(*works)
        arena.holds(sorted(a.status for a in answers) == [303, 422], f"{[a.status for a in answers]}")
        standing = arena.world.session.query(Decision).filter(Decision.status != "withdrawn").count()
        arena.holds(standing == 1, f"{standing} decisions stand")
    arena.end()


def test_r11_two_tabs_edit_the_same_page(arena):
    for region in arena.rounds():
        found = ready(arena, region)
        path = f"{home(found)}/formulier/contact"
        people = arena.people("aanvrager", "ggz")
        forms = [{**p.form(path), "contact_functie": f"functie {i}"} for i, p in enumerate(people)]
        answers = arena.both(
            *(lambda p=p, f=f, to=path: p.post(to, f) for p, f in zip(people, forms, strict=True))
        )
        arena.holds(sorted(a.status for a in answers) == [303, 422], f"{[a.status for a in answers]}")
        for answer, form in zip(answers, forms, strict=True):
            if answer.status == 422:
                arena.holds("Iemand anders wijzigde dit intussen" in answer.said, "told")
                arena.holds(form["contact_functie"] in answer.text, "what was typed is kept")
            else:
                body = {a.section: a.body for a in arena.fresh(found).answers}["contact"]
                arena.holds(
                    body["contact-functie"] == form["contact_functie"], "who was told 'saved' was saved"
                )
    arena.end()


def test_r12_reopening_a_region_against_granting_it(arena):
    """A region is granted or called again, never both. (On SQLite the snapshot of a transaction alone sees to
    that.)
    """
    world = arena.world
    for number, region in enumerate(arena.rounds()):
        arena.at(OPEN)
        reopened(arena)
        found = judged(arena, region)
        with make.by_hand(world) as writing:  # decisions of the races before
            for left in writing.query(Decision).filter(
                Decision.status != "withdrawn", Decision.application_id != found.id
            ):
                if left.application.region.key == region:
                    left.status = "withdrawn"
        world.session.rollback()
        decision = make.done(make.prepare(world, found))
        make.done(make.confirm(world, decision))
        call = calls.one_round(world.session, CALL, 1).call
        opens = parse_local("2023-04-03T00:00").date()
        arguments = {
            "call": call.slug, "regions": [region], "reason": "Niemand.", "opens_on": opens.isoformat(),
            "last_day": (opens + timedelta(days=40)).isoformat(),
            "mandates_start_on": (opens + timedelta(days=90)).isoformat(),
        }  # fmt: skip
        with make.by_hand(world) as writing:  # as it was proposed while nobody was judged there
            by = world.person("beheerder")
            made = proposals.propose(writing, "reopen", call.slug, arguments, by=by, now=world.now)
            proposal_id = make.done(made).id
        world.session.rollback()
        desk, second = arena.people("beheerder", "medeondertekenaar")
        release = f"/beheer/regios/{region}"
        released = desk.form(f"{release}?ronde=1", f"{release}/vrijgeven?ronde=1")
        confirmed = second.form(f"/beheer/voorstellen/{proposal_id}")
        world.session.rollback()
        arena.both(
            lambda d=desk, r=release, f=released: d.post(f"{r}/vrijgeven?ronde=1", f),
            lambda s=second, p=proposal_id, f=confirmed, n=number: (
                time.sleep(0.04 * n),
                s.post(f"/beheer/voorstellen/{p}", f),  # a release writes its letter first
            )[1],
        )
        granted = region in {m.region.key for m in mandates.register(world.session)}
        rounds = calls.one_round(world.session, CALL, 1).call.rounds
        again = any(p.region.key == region for r in rounds if r.reason for p in r.regions)
        arena.holds(not (granted and again), f"{region} was granted and called again")
        arena.holds(granted, f"{region}: what was decided did not leave")
        with make.by_hand(world) as writing:
            for left in writing.query(proposals.Proposal).filter_by(state=proposals.State.OPEN):
                left.state = proposals.State.WITHDRAWN
    arena.end(needs_lock=not arena.sqlite)


def test_r14_a_seat_confirmed_by_two_people_at_once(arena):
    colleague(arena, "ggz2", "ggz")
    world = arena.world
    for region in arena.rounds():
        ready(arena, region)
        found = make.draft(world, region)
        number, name = make.ORGANISATIONS["ggz"]
        by = world.person("aanvrager")
        named = {"seat": "ggz", "number": number, "name": name, "kind": "cgg", "email": "ggz@proef.example"}
        make.done(actions.name_partner(found, **named, by=by, now=world.now))
        world.session.rollback()
        path = f"{home(found)}/consortium/ggz/bevestigen"
        people = arena.people("ggz", "ggz2")
        forms = [p.form(path) for p in people]
        arena.both(*(lambda p=p, f=f, to=path: p.post(to, f) for p, f in zip(people, forms, strict=True)))
        once = [line.entry.verb for line in verbs(arena, found)].count("application.seat_confirmed")
        arena.holds(once == 1, f"confirmed {once} times")
    arena.end()


def test_r17_a_closing_is_recorded_once(arena):
    world = arena.world
    for _each in arena.rounds():
        arena.at(OPEN)
        with make.by_hand(world) as writing:
            for row in writing.query(RoundRegion):
                row.closed_at = row.unsealed_at = None
            places = writing.query(RoundRegion).join(Round).filter(Round.number == 1).count()
        world.session.rollback()
        before = closings(arena)
        people = [Browser(base) for base in arena.bases]
        forms = [{**p.form("/aanmelden"), "email": "niemand@proef.example", "password": "x"} for p in people]
        arena.at(T + timedelta(seconds=121))
        arena.both(*(lambda p=p, f=f: p.post("/aanmelden", f) for p, f in zip(people, forms, strict=True)))
        found = closings(arena) - before
        rounds = world.session.query(Round).filter(Round.closes_at <= T).all()
        expected = sum(len(r.regions) for r in rounds if not r.extensions)
        arena.holds(found == expected >= places, f"{found} closings recorded for {expected} regions")
    arena.end()


def set_free(arena):
    """The lead may apply again in every region: what was decided in the races before counts no more."""
    with make.by_hand(arena.world) as writing:
        for left in writing.query(Application).filter(
            Application.status.in_((Status.APPROVED, Status.REJECTED))
        ):
            left.status = Status.WITHDRAWN
    arena.world.session.rollback()


def test_r18_releasing_a_region_against_a_tie(arena):
    """Either the decision left first, or the review is set aside and it stays."""
    world = arena.world
    for number, region in enumerate(arena.rounds()):
        arena.at(OPEN)
        reopened(arena)
        set_free(arena)
        name = f"late{secrets.token_hex(3)}"
        account_id = make.newcomer(world, name, Role.REVIEWER).id
        found = judged(arena, region)
        rejected = {"outcome": Outcome.REJECTED, "deviation": make.REASON}
        decision = make.done(make.prepare(world, found, **rejected))
        make.done(make.confirm(world, decision))
        world.session.rollback()
        desk, reviewer = arena.people("beheerder", name)
        release, ties = f"/beheer/regios/{region}", "/beoordeling/belangen"
        released = desk.form(f"{release}?ronde=1", f"{release}/vrijgeven?ronde=1")
        tied = {**reviewer.form(ties), "number": make.ORGANISATIONS["ggz"][0], "kind": "bestuur"}
        arena.both(
            lambda d=desk, r=release, f=released: d.post(f"{r}/vrijgeven?ronde=1", f),
            lambda p=reviewer, to=ties, f=tied, n=number: (time.sleep(0.04 * n), p.post(to, f))[1],
        )
        (review,) = world.session.query(Review).filter_by(application_id=found.id, reviewer_id=account_id)
        out = arena.fresh(decision).released_at is not None
        arena.holds(out or review.status is ReviewStatus.SET_ASIDE, f"{region}: neither happened")
        arena.holds(not (out and review.status is ReviewStatus.SET_ASIDE), f"{region}: left with a tie known")
        account = account_queries.by_email(world.session, f"{name}@proef.example")
        make.done(account_actions.end_grant(account, role=Role.REVIEWER, by=SYSTEM, now=world.now))
    arena.end(needs_lock=not arena.sqlite)


def test_r19_taking_an_assignment_back_against_handing_it_in(arena):
    """One of both, never both."""
    world = arena.world
    known = [
        (one, who)
        for one, who in account_queries.reviewers(world.session, brussels_day(world.now))
        if one.email == "beoordelaar1@proef.example"
    ]
    for region in arena.rounds():
        arena.at(OPEN)
        reopened(arena)
        set_free(arena)
        found = admitted(arena, region)
        by, own = world.person("beheerder"), world.person("beoordelaar1")
        (review,) = make.done(reviews.assign(arena.fresh(found), reviewers=known, by=by, now=world.now))
        make.done(reviews.declare_free(review, by=own, now=world.now))
        world.session.rollback()
        desk, reviewer = arena.people("beheerder", "beoordelaar1")
        back, scoring = (
            f"/beheer/toewijzing/{region}/terugnemen/{review.id}?ronde=1",
            f"/beoordeling/{found.reference}",
        )
        taken = {**desk.form(back), "reason": "Afwezig."}
        scores = {f"score_{key}": "4" for key in make.CRITERIA}
        reasons = {f"reason_{key}": make.REASON for key in make.CRITERIA}
        handed = {**reviewer.form(scoring), **scores, **reasons, "klaar": "1"}
        answers = arena.both(
            lambda d=desk, to=back, f=taken: d.post(to, f),
            lambda r=reviewer, to=scoring, f=handed: r.post(to, f),
        )
        done = sum(answer.status == 303 for answer in answers)
        arena.holds(done == 1, f"{[a.status for a in answers]}: {arena.fresh(review).status}")
    arena.end()


def closings(arena):
    arena.world.session.rollback()
    lines = journal.timeline(arena.world.session, "call", CALL)
    return [line.entry.verb for line in lines].count("round.closed")
