"""Lifecycles: words for every status and verb, every transition drives a test, the documents are current."""

import pytest

from tools import tables

PAIRS = [(table, labels) for table, labels in tables.TABLES]


@pytest.mark.parametrize(("table", "labels"), PAIRS, ids=[t.name for t, _l in PAIRS])
def test_every_status_and_verb_has_words(table, labels):
    assert {str(s) for s in table.status} <= {str(k) for k in labels.STATUS}
    assert {t.verb for t in table.transitions} <= set(labels.VERBS)


@pytest.mark.parametrize(("table", "labels"), PAIRS, ids=[t.name for t, _l in PAIRS])
def test_a_verb_is_refused_in_every_status_it_does_not_leave_from(table, labels):
    for transition in table.transitions:
        for status in table.status:
            if status not in transition.sources:
                (refusal,) = table.refusals(transition.verb, status)
                assert refusal.code == "wrong_status"
            else:
                assert transition.verb in table.verbs(status)


@pytest.mark.parametrize(("table", "labels"), PAIRS, ids=[t.name for t, _l in PAIRS])
def test_every_status_can_be_reached(table, labels):
    reached = {t.target for t in table.transitions if t.target is not None}
    first = next(iter(table.status))
    assert set(table.status) - {first} <= reached


def test_the_documents_are_current():
    assert (tables.DOCS / "lifecycles.md").read_text("utf-8") == tables.lifecycles(), "make tables"
    assert (tables.DOCS / "roles.md").read_text("utf-8") == tables.roles(), "make tables"
