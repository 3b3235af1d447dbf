"""Two tabs on one form: every pair of changes, field by field."""

from hypothesis import given
from hypothesis import strategies as st

from portal.merging import marks, merge

SEEN = marks({"a": "een", "b": "twee", "c": ""})


def test_what_each_changed_is_kept_and_what_both_changed_is_asked():
    found = merge(
        SEEN, {"a": "EEN", "b": "twee", "c": "theirs"}, {"a": "een", "b": "TWEE", "c": "mine", "d": "nieuw"}
    )
    assert found.values == {"a": "EEN", "b": "TWEE", "c": "mine", "d": "nieuw"}
    assert (found.taken, found.both) == (("a",), ("c", "d"))


def test_the_same_change_by_both_is_no_question():
    found = merge(SEEN, {"a": "nu", "b": "twee", "c": ""}, {"a": "nu", "b": "twee", "c": ""})
    assert (found.taken, found.both) == ((), ())


def test_marks_that_say_nothing_make_every_difference_a_question():
    for seen in ("", "null", "[]", "{", "[" * 100_000, '{"a": 1}'):
        found = merge(seen, {"a": "theirs"}, {"a": "mine"})
        assert (found.values, found.both) == ({"a": "mine"}, ("a",))


texts = st.dictionaries(st.sampled_from("abc"), st.sampled_from(["", "een", "twee"]))


@given(base=texts, theirs=texts, mine=texts)
def test_nothing_is_lost(base, theirs, mine):
    found = merge(marks(base), theirs, mine)
    for name, value in mine.items():
        was, now = base.get(name, ""), theirs.get(name, "")
        if value != was or name not in base:
            assert found.values[name] == value  # what was typed stands
        if now not in (was, value):
            assert name in found.taken or name in found.both  # what others saved is taken or asked
        if name in found.taken:
            assert found.values[name] == now
