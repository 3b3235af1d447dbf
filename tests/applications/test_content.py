"""What is typed or read becomes a value, and what is signed has a digest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.applications.content import shown, typed
from portal.applications.rules import field_problem, reference
from portal.definitions import Field


def field(kind, **more):
    more = {"max_length": 50, **more} if kind in ("text", "longtext") else more
    return Field(key="veld", label="Veld", kind=kind, **more)


CHOICE = field("choice", choices=[{"key": "ja-zeker", "label": "Ja, zeker"}])


@pytest.mark.parametrize(
    ("one", "text", "value"),
    [
        (field("integer"), " 1.234 ", 1234),
        (field("integer"), "twaalf", "twaalf"),
        (field("integer"), "١٢", "١٢"),
        (field("integer"), "9" * 30, "9" * 30),
        (field("amount"), "1.234,5", 123450),
        (field("amount"), "€ 12", 1200),
        (field("amount"), "12,345", "12,345"),
        (field("date"), "1/7/2023", "2023-07-01"),
        (field("date"), "straks", "straks"),
        (CHOICE, "Ja, zeker", "ja-zeker"),
        (CHOICE, "misschien", "misschien"),
        (field("yesno"), "Ja", "yes"),
        (field("text"), "  ", None),
    ],
)
def test_text_becomes_a_value(one, text, value):
    assert typed(one, text) == value


@given(st.integers(min_value=0, max_value=10**10))
def test_an_amount_reads_back_as_it_is_shown(cents):
    assert typed(field("amount"), shown(field("amount"), cents)) == cents


@pytest.mark.parametrize(
    ("one", "value", "problem"),
    [
        (field("text"), None, "required"),
        (field("text", required=False), None, None),
        (field("text"), "x" * 51, "too_long"),
        (field("text", min_length=3), "ab", "too_short"),
        (field("integer", minimum=1), 0, "too_small"),
        (field("integer", maximum=9), 10, "too_large"),
        (field("integer"), "x", "not_a_number"),
        (field("integer"), "4.0", "not_whole"),
        (field("integer"), -1, "too_small"),
        (field("amount"), "12.50", "point_before_decimals"),
        (field("amount"), "1,234", "too_precise"),
        (field("amount"), "veel", "not_an_amount"),
        (field("email"), "x@y", "not_an_address"),
        (field("date"), "2023-02-30", "not_a_date"),
        (CHOICE, "iets", "not_a_choice"),
        (field("yesno"), "ja", "not_a_choice"),
    ],
)
def test_each_field_rule_has_its_own_code(one, value, problem):
    assert field_problem(one, value) == problem


@given(st.binary(min_size=5, max_size=5))
def test_a_reference_is_eight_crockford_characters(random):
    prefix, dash, rest = reference("SVZ", random).partition("-")
    assert (prefix, dash, len(rest)) == ("SVZ", "-", 8)
    assert not set(rest) & set("ILOU")
