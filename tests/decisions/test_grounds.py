"""What a letter says of why, and what changed between two bases: pure, with every number that decides."""

import json
from dataclasses import replace

import pytest

from portal import definitions
from portal.decisions.basis import Basis, Judged, Scored, changes, grounds_of
from portal.settings import project_dir


@pytest.fixture(scope="module")
def definition():
    return definitions.load(project_dir()).call_types["samenwerkingsverband-zorg"]


def judged(reference, lead, **changes):
    levels = {"regio": 4, "deskundigheid": 3, "herstel": 3, "continuiteit": 3}
    facts = {
        "reference": reference, "lead": lead, "submission": "a" * 64, "admissible": True, "checks": {},
        "reviews": (Scored(7, "2023-05-25T09:00:00+00:00", 2, levels),), "averages": {"deskundigheid": "2,50"},
        "points": {"deskundigheid": "15,00"}, "total": "74,50", "rank": 1, "below": (), "total_suffices": True,
    }  # fmt: skip
    return Judged(**{**facts, **changes})


def basis(*applications):
    return Basis(2, "midwest", "d" * 64, "departement-zorg", ("Decreet",), applications, ())


def test_a_missed_threshold_says_what_was_reached_and_what_is_needed(definition):
    key = definition.appraisal.criteria[1].key
    one = judged("A", "Eerste", rank=None, below=(key,), averages={key: "2,50"})
    threshold = definition.appraisal.criteria[1].threshold
    label = definition.appraisal.criteria[1].label.nl.lower()
    assert grounds_of(basis(one), "A", definition) == [f"Drempel {label}: 2,50, nodig {threshold}."]


def test_a_total_that_does_not_suffice_and_every_threshold_stand_each_on_their_own(definition):
    keys = [c.key for c in definition.appraisal.criteria[:2]]
    one = judged(
        "A",
        "Eerste",
        rank=None,
        below=tuple(keys),
        averages=dict.fromkeys(keys, "1,00"),
        total="40,00",
        total_suffices=False,
    )
    said = grounds_of(basis(one), "A", definition)
    assert said[2] == f"Totaal: 40,00 procent, nodig {definition.appraisal.total_threshold}."
    assert len(said) == 3
    assert not any(" of " in line for line in said)


def test_the_second_reads_who_is_first_and_with_what(definition):
    first, second = judged("A", "OCMW Eerste"), judged("B", "OCMW Tweede", rank=2, total="70,00")
    found = basis(first, second)
    assert grounds_of(found, "B", definition) == [
        "Plaats 2 van 2, met 70,00 procent. Eerste: OCMW Eerste met 74,50 procent."
    ]
    assert grounds_of(found, "A", definition) == ["Plaats 1 van 2, met 74,50 procent. Elke drempel is gehaald."]


def test_a_shared_place_is_called_that(definition):
    found = basis(judged("A", "Eerste"), judged("B", "Tweede"), judged("C", "Derde", rank=3))
    assert grounds_of(found, "A", definition)[0].startswith("Gedeelde plaats 1 van 3")


def test_inadmissibility_names_each_check_that_failed(definition):
    keys = [check.key for check in definition.admissibility]
    checks = {key: key != keys[0] for key in keys}
    one = judged("A", "Eerste", admissible=False, checks=checks)
    assert grounds_of(basis(one), "A", definition) == [f"Niet in orde: {definition.admissibility[0].label.nl}."]


def test_a_basis_is_kept_and_read_back_the_same():
    found = basis(judged("A", "Eerste"), judged("B", "Tweede", rank=2))
    kept = json.loads(json.dumps(found.to_json()))
    assert Basis.from_json(kept) == found
    assert Basis.from_json(kept).digest == found.digest
    assert replace(found, ties=(3,)).digest != found.digest


def test_what_changed_is_said_fact_by_fact():
    levels = dict(judged("A", "").reviews[0].levels)
    was = basis(judged("A", "Eerste"), judged("B", "Tweede", rank=2))
    lower = (Scored(7, "2023-05-26T09:00:00+00:00", 3, {**levels, "regio": 3}),)
    new = judged("A", "Eerste", reviews=lower, averages={"deskundigheid": "2,00"}, total="70,00", rank=2)
    told = [(c.lead, c.kind, c.about, c.before, c.after) for c in changes(was, replace(basis(new), ties=(4,)))]
    assert told == [
        ("Eerste", "level", "regio", "4", "3"),
        ("Eerste", "average", "deskundigheid", "2,50", "2,00"),
        ("Eerste", "total", "", "74,50", "70,00"),
        ("Eerste", "rank", "", "1", "2"),
        ("Tweede", "gone", "", "", ""),
        ("", "ties", "", "0", "1"),
    ]
    assert list(changes(was, was)) == []


def test_a_review_that_came_or_went_and_a_finding_are_changes_too():
    was = basis(judged("A", "Eerste"))
    new = basis(judged("A", "Eerste", admissible=None, reviews=(Scored(9, "", 1, {}),)), judged("C", "Nieuw"))
    assert {c.kind for c in changes(was, new)} == {"admissible", "review_gone", "review_came", "came"}
    other = replace(was, authority="ander", definition="e" * 64, grounds=())
    assert [c.kind for c in changes(was, other)] == ["authority", "definition", "grounds"]
