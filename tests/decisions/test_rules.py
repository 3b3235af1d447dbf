"""Without one of these no decision can leave."""

from datetime import date

import pytest

from portal.decisions.lifecycle import LIFECYCLE, Status
from portal.decisions.rules import COMPLETE, DecisionFacts, Outcome
from portal.lifecycle import refusals_of
from tests.make import CRITERIA, REASON

AUTHORITY = {"name": "Departement", "ground": "decreet", "valid_from": "2022-07-08", "valid_until": None}
REMEDY = {"body": "Raad van State", "term_days": 60, "counting": "vanaf de dag na de kennisgeving"}


@pytest.fixture
def facts(defined):
    appraisal = defined.call_types["samenwerkingsverband-zorg"].appraisal

    def build(**changes):
        whole = {
            "outcome": Outcome.APPROVED,
            "reason": REASON,
            "reasons": dict.fromkeys(CRITERIA, REASON),
            "advised": Outcome.APPROVED,
            "deviation": "",
            "appraisal": appraisal,
            "authority": AUTHORITY,
            "grounds": ({"text": "decreet"},),
            "remedies": (REMEDY,),
            "today": date(2023, 3, 1),
            "prepared_by": 1,
            "acting": 2,
            "tied": False,
            "has_letter": True,
            **changes,
        }
        return DecisionFacts(**whole)

    return build


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"tied": True}, "tied"),
        ({"reason": "kort"}, "decision_without_reason"),
        ({"reasons": {**dict.fromkeys(CRITERIA, REASON), "herstel": " "}}, "criterion_without_reason"),
        ({"advised": Outcome.REJECTED}, "deviation_without_reason"),
        ({"authority": None}, "authority_missing"),
        ({"authority": {**AUTHORITY, "ground": ""}}, "authority_missing"),
        ({"authority": {**AUTHORITY, "valid_until": "2023-02-28"}}, "authority_not_valid"),
        ({"authority": {**AUTHORITY, "valid_from": "2023-03-02"}}, "authority_not_valid"),
        ({"grounds": ()}, "grounds_missing"),
        ({"remedies": ()}, "remedies_missing"),
        ({"remedies": ({**REMEDY, "counting": ""},)}, "remedies_missing"),
        ({"rival_approved": True}, "rival_approved"),
    ],
)
def test_each_missing_part_keeps_it_here(facts, change, code):
    assert [r.code for r in refusals_of(COMPLETE, facts())] == []
    assert [r.code for r in refusals_of(COMPLETE, facts(**change))] == [code]
    assert code in [r.code for r in LIFECYCLE.refusals("release", Status.CONFIRMED, facts(**change))]


def test_a_deviation_with_its_reason_is_fine(facts):
    assert refusals_of(COMPLETE, facts(advised=Outcome.REJECTED, deviation=REASON)) == ()


def test_the_same_person_never_confirms(facts):
    assert [r.code for r in LIFECYCLE.refusals("confirm", Status.PREPARED, facts(acting=1))] == ["same_person"]


def test_it_never_leaves_without_letter_or_confirmation(facts):
    assert [r.code for r in LIFECYCLE.refusals("release", Status.CONFIRMED, facts(has_letter=False))] == [
        "letter_missing"
    ]
    assert [r.code for r in LIFECYCLE.refusals("release", Status.PREPARED, facts())] == ["wrong_status"]


def test_inadmissibility_needs_no_reason_per_criterion(facts):
    assert refusals_of(COMPLETE, facts(outcome=Outcome.INADMISSIBLE, reasons={}, advised=None)) == ()
