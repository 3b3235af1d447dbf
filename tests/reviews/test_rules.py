"""Scores become totals, thresholds and places by the published rule."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.reviews.rules import (
    FINDING,
    FindingFacts,
    Given,
    ReviewFacts,
    appraise,
    every_criterion_is_scored,
    every_score_is_justified,
    levels_exist,
    rank,
)


@pytest.fixture(scope="module")
def call_type(defined):
    return defined.call_types["samenwerkingsverband-zorg"]


@pytest.fixture(scope="module")
def appraisal(call_type):
    return call_type.appraisal


def scores(inbedding=3, deskundigheid=3, herstel=3, continuiteit=3):
    return {
        "inbedding": inbedding,
        "deskundigheid": deskundigheid,
        "herstel": herstel,
        "continuiteit": continuiteit,
    }


def test_the_total_is_the_weighted_average_as_a_percentage(appraisal):
    one = appraise(appraisal, "A", [scores(5, 4, 3, 2), scores(4, 4, 3, 2)])
    assert one.averages["inbedding"] == Fraction(9, 2)
    assert one.total == Fraction(18) + 24 + 15 + 10
    assert one.suffices


def test_a_criterion_below_its_threshold_is_named(appraisal):
    one = appraise(appraisal, "A", [scores(deskundigheid=3), scores(deskundigheid=2)])
    assert one.below == ("deskundigheid",)
    assert not one.suffices


def test_exactly_sixty_percent_suffices(appraisal):
    assert appraise(appraisal, "A", [scores()]).total == 60
    assert appraise(appraisal, "A", [scores()]).suffices
    assert not appraise(appraisal, "A", [scores(inbedding=2)]).total_suffices


def test_reviewers_far_apart_are_named(appraisal):
    assert appraise(appraisal, "A", [scores(1), scores(4)]).wide == ("inbedding",)
    assert appraise(appraisal, "A", [scores(2), scores(4)]).wide == ()


def test_a_tie_is_broken_by_expertise_then_continuity_then_shared(appraisal):
    same_total = [
        appraise(appraisal, "B", [scores(3, 4, 3, 3)]),
        appraise(appraisal, "C", [scores(3, 4, 3, 3)]),
        appraise(appraisal, "A", [scores(3, 3, 3, 4)]),
        appraise(appraisal, "D", [scores(3, 5, 3, 3)]),
        appraise(appraisal, "E", [scores(1, 5, 5, 5)]),
    ]
    placed = [(r.appraised.reference, r.rank) for r in rank(appraisal, same_total)]
    assert placed == [("D", 1), ("B", 2), ("C", 2), ("A", 4), ("E", None)]


level = st.integers(1, 5)
some_scores = st.builds(scores, level, level, level, level)


@given(st.lists(st.lists(some_scores, min_size=1, max_size=4), min_size=1, max_size=6))
def test_no_order_of_reviewers_or_applications_changes_the_ranking(appraisal, panel):
    def ranking(reverse):
        found = [appraise(appraisal, f"A{i}", list(reversed(p)) if reverse else p) for i, p in enumerate(panel)]
        return [(r.appraised.reference, r.rank) for r in rank(appraisal, reversed(found) if reverse else found)]

    assert ranking(False) == ranking(True)


@given(st.lists(some_scores, min_size=1, max_size=4))
def test_a_total_lies_between_the_lowest_and_highest_level(appraisal, panel):
    assert 20 <= appraise(appraisal, "A", panel).total <= 100


def test_every_missing_level_and_reason_is_named(appraisal):
    facts = ReviewFacts(
        appraisal, True, False, False, (Given("inbedding", 3, "x" * 30), Given("herstel", None, "kort"))
    )
    assert [r.field for r in every_criterion_is_scored(facts)] == [
        "score_deskundigheid",
        "score_herstel",
        "score_continuiteit",
    ]
    assert [r.facts["short"] for r in every_score_is_justified(facts)] == [30, 26, 30]
    wrong = ReviewFacts(appraisal, True, False, False, (Given("inbedding", 6, ""),))
    assert [r.code for r in levels_exist(wrong)] == ["level_unknown"]


def finding(call_type, **changes):
    facts = {
        "definition": call_type,
        "checks": {c.key: True for c in call_type.admissibility},
        "admissible": True,
        "reason": "",
        "tied": False,
        "unsealed": True,
        **changes,
    }
    from portal.lifecycle import refusals_of

    return [r.code for r in refusals_of(FINDING, FindingFacts(**facts))]


def test_a_finding_answers_the_whole_list_and_is_reasoned_where_it_hurts(call_type):
    assert finding(call_type) == []
    assert finding(call_type, checks={}) == ["check_unanswered"] * 4
    assert finding(call_type, admissible=None) == ["conclusion_missing"]
    assert finding(call_type, admissible=False) == ["finding_without_reason"]
    failed = {c.key: c.key != "formulier" for c in call_type.admissibility}
    assert finding(call_type, checks=failed) == ["finding_without_reason"]
    assert finding(call_type, checks=failed, reason="Het kan nog hersteld worden, zegt de dienst.") == []
    assert finding(call_type, tied=True, unsealed=False) == ["still_sealed", "tied"]
