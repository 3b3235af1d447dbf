"""Nobody sees or does what is not theirs: every route and object as everybody, at every stage, against one
table.

The story is played once per process; each test gets a copy of the world as it was at its stage (`staged`).
"""

import shutil
import sqlite3
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sqlalchemy import false, func, select

from portal import gate
from portal.applications import queries as applications
from portal.applications.models import Application
from portal.decisions import queries as decisions
from portal.decisions.lifecycle import Status as DecisionStatus
from portal.organisations import queries as organisations
from portal.reviews import queries as reviews
from portal.reviews.access import Ties
from portal.reviews.models import Review
from tests.conftest import ON_POSTGRESQL, opened
from tests.matrix import table
from tests.matrix.scene import CAST, STAGES, STEPS, Scene
from tests.matrix.walk import Seen, act, everybody, mails, read

PAGES, CANARIES, ACTS = (table.load(part) for part in ("pages", "canaries", "acts"))


def leaks(seen, names=CAST, stages=STAGES):
    """Where what was seen is not what the table says."""
    pages = table.differences(seen.pages, PAGES, names, stages)
    return pages + table.differences(seen.canaries, CANARIES, names, stages)


@pytest.fixture(scope="session")
def staged(prepared, defined, tmp_path_factory):
    """Every stage of the scene, played once: a way to a copy of the world at a stage, with everybody signed
    in.
    """
    base, kept = tmp_path_factory.mktemp("staged"), {}
    shutil.copy(prepared, base / "portal.sqlite")
    with opened(*(f"sqlite:///{base}/portal.sqlite",) * 2, base, defined) as world:
        scene, clients = Scene(world), {}
        for stage in STAGES:
            STEPS[stage](scene)
            clients = clients or everybody(scene)
            (base / stage).mkdir()
            with (
                sqlite3.connect(base / "portal.sqlite") as source,
                sqlite3.connect(base / stage / "db") as copy,
            ):
                source.backup(copy)
            shutil.copytree(base / "files", base / stage / "files")
            kept[stage] = (replace(scene, stage=stage), world.clock.at)
        cookies = {name: client.get_cookie("sid") for name, client in clients.items()}

    @contextmanager
    def at(stage, folder):
        shutil.copytree(base / stage, folder / stage)
        url = f"sqlite:///{folder}/{stage}/db"
        with opened(url, url, folder / stage, defined) as world:
            scene, world.clock.at = kept[stage]
            again = {name: world.app.test_client() for name in CAST}
            for name, cookie in cookies.items():
                if cookie is not None:
                    again[name].set_cookie("sid", cookie.value)
            yield replace(scene, world=world), again

    return at


@pytest.mark.parametrize("stage", STAGES)
def test_everybody_gets_what_the_table_says_and_no_canary_flies(staged, tmp_path, stage):
    with staged(stage, tmp_path) as (scene, clients):
        seen = Seen()
        read(scene, clients, seen)
        assert leaks(seen, stages=(stage,)) == []
        assert seen.wrong == []
        assert seen.answers > 2500
        for kind, address, canaries in mails(scene):
            whose = "eigen" if "eigen" in address else "ander"
            assert {c for c in canaries if whose not in c} == set(), (kind, address)
            assert not {c for c in canaries if "score" in c or "beslissing" in c}, (kind, address)


@ON_POSTGRESQL
def test_the_other_database_answers_alike(world):
    scene = Scene(world)
    STEPS[STAGES[0]](scene)
    clients, seen = everybody(scene), Seen()
    for scene.stage in STAGES[1:]:
        STEPS[scene.stage](scene)
    read(scene, clients, seen)  # the last stage has every kind of thing
    assert leaks(seen, stages=STAGES[-1:]) == []
    assert seen.wrong == []


@pytest.mark.parametrize("stage", STAGES)
def test_nobody_changes_what_is_not_theirs(staged, tmp_path, stage):
    with staged(stage, tmp_path) as (scene, clients):
        seen = Seen()
        act(scene, clients, seen, ACTS)
        assert seen.wrong == []
        assert seen.answers > 1800


def everything(_person):
    return select(Application).order_by(Application.id)


def a_review(_person):
    one_each = select(func.min(Review.id)).group_by(Review.application_id)
    return select(Review).where(Review.id.in_(one_each)).order_by(Review.application_id)


def in_conflict_too(person):
    return select(Review).where(Review.reviewer_id == person.account_id).order_by(Review.application_id)


def of_nobody(query):
    return lambda account_ids: query(account_ids).where(false())


# One check taken away: by whom it is seen, and from which stage on.
CONTROLS = {
    "the gate": (gate, "may", lambda _p, _permission: True, "buiten", "draft"),
    "where a role holds": (gate, "scoped", lambda person, _permission: person, "beheer-kempen", "closed"),
    "whose application": (applications, "visible_to", everything, "ander", "draft"),
    "the seal": (applications, "unsealed", lambda **_more: everything(None), "beheer", "submitted"),
    "whose review": (reviews, "visible_to", a_review, "vrij", "scoring"),
    "conflicts": (reviews, "visible_to", in_conflict_too, "gebonden", "scoring"),
    "ties at the desk": (Ties, "binds", lambda *_: False, "beheer-band", "closed"),
    "first one's own scores": (reviews, "to_score", lambda *_: [], "bezig", "scoring"),
    "members at the desk": (
        organisations,
        "acting_for",
        of_nobody(organisations.acting_for),
        "ander-lid",
        "closed",
    ),
    "members once": (organisations, "acted_for", of_nobody(organisations.acted_for), "was-lid", "closed"),
    "first one's own, whatever the role": (reviews, "to_score", lambda *_: [], "beide", "scoring"),
    "release": (decisions, "OUT", tuple(DecisionStatus), "eigen", "prepared"),
}


@pytest.mark.parametrize("check", CONTROLS)
def test_without_a_check_the_matrix_says_so(staged, tmp_path, monkeypatch, check):
    where, name, without, who, stage = CONTROLS[check]
    with staged(stage, tmp_path) as (scene, clients):
        seen, without_it = Seen(), Seen()
        read(scene, clients, seen, (who,))
        assert leaks(seen, (who,), (stage,)) == []
        monkeypatch.setattr(where, name, without)
        read(scene, clients, without_it, (who,))
        assert leaks(without_it, (who,), (stage,)) != []
