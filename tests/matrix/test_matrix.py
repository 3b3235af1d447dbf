"""Nobody sees or does what is not theirs: every route and object as everybody, at every stage, against one table."""

import pytest
from sqlalchemy import func, select

from portal import gate
from portal.applications import queries as applications
from portal.applications.models import Application
from portal.decisions import queries as decisions
from portal.decisions.lifecycle import Status as DecisionStatus
from portal.reviews import queries as reviews
from portal.reviews.models import Review
from tests.matrix import table
from tests.matrix.scene import CAST, STAGES, STEPS, Scene
from tests.matrix.walk import Seen, act, everybody, mails, read

PAGES, CANARIES, ACTS = (table.load(part) for part in ("pages", "canaries", "acts"))


def played(world, *, names=CAST, walk=STAGES):
    """The scene after these stages, the browsers of everybody, and what these people saw."""
    scene, seen, clients = Scene(world), Seen(), {}
    for stage in STAGES[: STAGES.index(walk[-1]) + 1]:
        STEPS[stage](scene)
        scene.stage = stage
        clients = clients or everybody(scene)
        if stage in walk:
            read(scene, clients, seen, names)
    return scene, clients, seen


def leaks(seen, names=CAST, stages=STAGES):
    """Where what was seen is not what the table says."""
    pages = table.differences(seen.pages, PAGES, names, stages)
    return pages + table.differences(seen.canaries, CANARIES, names, stages)


def test_everybody_gets_what_the_table_says_and_no_canary_flies(world, kind):
    walk = (
        STAGES if kind == "sqlite" else ("submitted", "scoring")
    )  # the same queries: enough to see they run alike
    scene, _clients, seen = played(world, walk=walk)
    assert leaks(seen, stages=walk) == []
    assert seen.wrong == []
    print(f"{seen.answers} answers to {len(CAST)} people, {len(seen.canaries)} canaries, 0 leaks")
    for kind, address, canaries in mails(scene):
        whose = "eigen" if "eigen" in address else "ander"
        assert {c for c in canaries if whose not in c} == set(), (kind, address)
        assert not {c for c in canaries if "score" in c or "beslissing" in c}, (kind, address)


@pytest.mark.parametrize("kind", ["sqlite"])
def test_nobody_changes_what_is_not_theirs(world):
    scene, seen, clients = Scene(world), Seen(), {}
    for stage in STAGES:
        STEPS[stage](scene)
        scene.stage = stage
        clients = clients or everybody(scene)
        act(scene, clients, seen, ACTS)
    assert seen.wrong == []


def everything(_person):
    return select(Application).order_by(Application.id)


def a_review(_person):
    one_each = select(func.min(Review.id)).group_by(Review.application_id)
    return select(Review).where(Review.id.in_(one_each)).order_by(Review.application_id)


def in_conflict_too(person):
    return select(Review).where(Review.reviewer_id == person.account_id).order_by(Review.application_id)


# One check taken away: by whom it is seen, and from which stage on.
CONTROLS = {
    "the gate": (gate, "may", lambda _p, _permission: True, "buiten", "draft"),
    "where a role holds": (gate, "scoped", lambda person, _permission: person, "beheer-kempen", "closed"),
    "whose application": (applications, "visible_to", everything, "ander", "draft"),
    "the seal": (applications, "unsealed", lambda: everything(None), "beheer", "submitted"),
    "whose review": (reviews, "visible_to", a_review, "vrij", "scoring"),
    "conflicts": (reviews, "visible_to", in_conflict_too, "gebonden", "scoring"),
    "ties at the desk": (reviews, "tied", lambda _ties, _numbers: False, "beheer-band", "closed"),
    "first one's own scores": (reviews, "open_in_region", lambda *_: 0, "bezig", "scoring"),
    "release": (decisions, "OUT", tuple(DecisionStatus), "eigen", "prepared"),
}


@pytest.mark.parametrize("kind", ["sqlite"])
@pytest.mark.parametrize("check", CONTROLS)
def test_without_a_check_the_matrix_says_so(world, monkeypatch, check):
    where, name, without, who, stage = CONTROLS[check]
    scene, clients, seen = played(world, names=(who,), walk=(stage,))
    assert leaks(seen, (who,), (stage,)) == []
    monkeypatch.setattr(where, name, without)
    without_it = Seen()
    read(scene, clients, without_it, (who,))
    assert leaks(without_it, (who,), (stage,)) != []
