"""The lifecycle table answers with every refusal at once."""

from enum import StrEnum

import pytest

from portal.lifecycle import Lifecycle, Refusal, Refused, Transition


class Light(StrEnum):
    RED = "red"
    GREEN = "green"


def too_dark(facts):
    return Refusal("too_dark") if facts["dark"] else None


def nobody_there(facts):
    yield from (Refusal("nobody", {"who": who}) for who in facts["missing"])


TABLE = Lifecycle("light", Light, Transition("go", {Light.RED}, Light.GREEN, when=(too_dark, nobody_there)))


def test_all_refusals_are_given_at_once_and_in_order():
    refusals = TABLE.refusals("go", Light.RED, {"dark": True, "missing": ["an", "bo"]})
    assert [r.code for r in refusals] == ["too_dark", "nobody", "nobody"]


def test_silent_rules_let_it_pass():
    assert TABLE.refusals("go", Light.RED, {"dark": False, "missing": []}) == ()


def test_another_status_is_refused_without_asking_the_rules():
    (refusal,) = TABLE.refusals("go", Light.GREEN)
    assert (refusal.code, refusal.facts["status"]) == ("wrong_status", "green")


def test_a_verb_stands_once_in_a_table():
    with pytest.raises(ValueError, match="twice"):
        Lifecycle("light", Light, Transition("go", {Light.RED}, None), Transition("go", {Light.GREEN}, None))


def test_a_refusal_has_a_reason():
    with pytest.raises(ValueError, match="reason"):
        Refused(())
