"""Every verb that the journal can hold, done or refused, has its sentence and its readers; no page shows a
code.
"""

import ast
import importlib
import inspect
import re
from pathlib import Path
from typing import get_type_hints

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal import compose, web
from portal.applications import actions
from portal.applications.lifecycle import Status
from portal.journal.models import Entry
from portal.journal.queries import timeline
from portal.journal.telling import Audience, Said, read_by
from portal.reviews import actions as reviews
from tests import make
from tests.conftest import ON_SQLITE

ROOT = Path(__file__).resolve().parents[2] / "portal"
VERB = re.compile(
    r"(portal|proposal|letter|document|account|organisation|identity|call|round|application|review|tie|decision"
    r"|mandate)"
    r"\.[a-z_]+"
)
SAID = {verb: said for room in compose.LABELS for verb, said in room.ENTRIES.items()}
ATTEMPTS = {verb: words for room in compose.LABELS for verb, words in room.ATTEMPTS.items()}
PAST = {"application.admitted", "application.dismissed", "application.approved", "application.rejected"}


ACT = actions.submit.__code__  # what `@act` makes of a function


def recorded():
    """Every verb that stands in the code of an act or of a page that records a reading."""
    for path in ROOT.rglob("*.py"):
        if (
            path.name in ("labels.py", "access.py", "gate.py")
            or "pages" in path.parts
            or path.name == "pages.py"
        ):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in (
                "record",
                "note",
                "record_reading",
                "_note",
            ):
                for given in node.args:
                    if (
                        isinstance(given, ast.Constant)
                        and isinstance(given.value, str)
                        and VERB.fullmatch(given.value)
                    ):
                        yield given.value


def refusable():
    """What can be refused: `<file>.<verb>` of every act on a thing."""
    for path in ROOT.rglob("*.py"):
        if "migrations" in path.parts:
            continue
        module = importlib.import_module(
            ".".join(path.relative_to(ROOT.parent).with_suffix("").parts).removesuffix(".__init__")
        )
        for name, function in vars(module).items():
            if not inspect.isfunction(function) or function.__code__ is not ACT:
                continue
            inner = inspect.unwrap(function)
            if inner.__module__ != module.__name__:
                continue
            hints = get_type_hints(inner)
            subject = hints.get(next(iter(inspect.signature(inner).parameters)))
            if subject is not None and subject is not Session and hasattr(subject, "JOURNAL_FILE"):
                yield f"{subject.JOURNAL_FILE}.{name}"


def test_every_verb_that_is_recorded_has_its_sentence_and_readers():
    found = set(recorded()) | PAST
    assert len(found) > 60
    assert sorted(found - SAID.keys()) == []
    assert all(isinstance(said, Said) and str(said.sentence) for said in SAID.values())


def test_every_act_that_can_be_refused_has_words_for_the_attempt():
    found = set(refusable())
    assert len(found) > 60
    assert sorted(found - ATTEMPTS.keys()) == []
    assert sorted(ATTEMPTS.keys() - found - {"document.settle"}) == []


def test_slips_and_readings_of_the_department_are_for_the_department():
    for verb, said in SAID.items():
        inner = verb.split(".")[0] in (
            "review",
            "tie",
            "portal",
            "proposal",
            "account",
            "organisation",
            "identity",
        )
        if inner or verb in (
            "application.opened",
            "application.finding_made",
            "document.read",
            "decision.prepared",
        ):
            assert said.audience is Audience.DEPARTMENT, verb


def test_wider_circles_read_less():
    assert Audience.PUBLIC.reads < Audience.PARTIES.reads < Audience.DEPARTMENT.reads == set(Audience)


@pytest.fixture
def tried(world):
    """A submitted application, and what partner, desk and lead tried on it in vain."""
    found = make.application(world, Status.SUBMITTED)
    actions.withdraw(make.again(world, found), reason="x", by=world.person("ggz"), now=world.now)
    make.prepare(world, make.again(world, found))
    world.session.rollback()
    return make.again(world, found)


def test_an_attempt_is_read_by_who_made_it_and_by_the_department(world, tried):
    with world.app.app_context():
        lines = timeline(world.session, "application", tried.reference)
        attempts = [line for line in lines if line.entry.verb.endswith(".refused")]
        assert {"application.withdraw.refused", "application.prepare.refused"} <= {
            one.entry.verb for one in attempts
        }
        partner = read_by(attempts, Audience.PARTIES, world.person("ggz").account_id)
        assert {one.entry.actor.split(" (")[0] for one in partner} == {
            f"account {world.person('ggz').account_id}"
        }
        assert read_by(attempts, Audience.PARTIES, world.person("vaph").account_id) == []
        assert read_by(attempts, Audience.PUBLIC, world.person("ggz").account_id) == []
        assert read_by(attempts, Audience.DEPARTMENT) == attempts
        for line in attempts:
            assert web.entry_words(line).startswith("Geweigerd: ")


@ON_SQLITE
def test_pages_speak_to_their_readers_and_show_no_code(world, tried):
    home = f"/aanvragen/{tried.reference}/tijdlijn"
    partner, lead = world.client("ggz").get(home).said, world.client("aanvrager").get(home).said
    assert "Geweigerd: De aanvraag intrekken." in partner and "door u" in partner
    assert "Geweigerd: De aanvraag intrekken." not in lead
    assert "Een beslissing voorbereiden" not in partner + lead
    make.closed(world)
    auditor, desk = world.client("auditor"), world.client("beheerder")
    path = f"/beheer/aanvragen/{tried.reference}"
    read = auditor.get(path).said
    account_id = world.person("aanvrager").account_id
    assert f"door aanvrager, account {account_id} (aanvrager)" in read
    assert "Geweigerd: Een beslissing voorbereiden." in read
    seen = desk.get(path).said
    assert f"account {account_id}" not in seen and "door een partner" in seen
    for said in (partner, lead, read, seen):
        assert VERB.search(said) is None, said


@ON_SQLITE
def test_what_was_withdrawn_is_still_there_for_auditor_and_desk(world):
    found = make.application(world, Status.SUBMITTED)
    make.closed(world)
    by = world.person("aanvrager")
    make.done(actions.withdraw(make.again(world, found), reason="Anders.", by=by, now=world.now))
    path = f"/beheer/aanvragen/{found.reference}"
    assert "Aanvraag ingetrokken" in world.client("auditor").get(path).said
    assert found.reference in world.client("auditor").get("/beheer/ontvankelijkheid").said
    assert "Aanvraag ingetrokken" in world.client("beheerder").get(path).said
    second = world.person("medeondertekenaar")
    make.done(reviews.declare_tie(world.session, number="0000100166", kind="bestuur", by=second, now=world.now))
    tied = world.client("medeondertekenaar")
    assert found.reference not in tied.get("/beheer/ontvankelijkheid").said
    tied.get(path, status=404)


def test_the_story_says_nothing_that_has_no_words(world):
    make.mandate(world)
    verbs = set(world.session.scalars(select(Entry.verb)))
    done = {verb for verb in verbs if not verb.endswith(".refused")}
    assert len(done) > 20
    assert sorted(done - SAID.keys()) == []
