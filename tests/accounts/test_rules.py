"""Enterprise numbers, addresses and grants."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.access import Role
from portal.accounts.rules.granting import GrantFacts, grant_is_right, holds
from portal.addresses import address_is_right
from portal.kbo import enterprise_number


@pytest.mark.parametrize("text", ["0000.100.166", "BE 0000.100.166", "0000100166", " 0000 100 166 "])
def test_a_number_is_read_as_people_write_it(text):
    assert enterprise_number(text) == ("0000100166", None)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("0000.100.167", "number_check_fails"),
        ("2000.100.166", "number_starts_wrong"),
        ("12", "number_has_not_ten_digits"),
        ("", "number_has_not_ten_digits"),
        ("0000.100.16٦", "number_has_not_ten_digits"),
        ("abcdefghij", "number_has_not_ten_digits"),
    ],
)
def test_each_digit_rule_has_its_own_refusal(text, problem):
    assert enterprise_number(text)[1] == problem


@given(st.integers(min_value=1, max_value=19_999_999), st.integers(min_value=0, max_value=98))
def test_exactly_one_pair_of_check_digits_is_right(first, last):
    right = 97 - first % 97
    assert (enterprise_number(f"{first:08d}{last:02d}")[1] is None) == (last == right)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a@b",
        "a b@c.be",
        "a@b.c",
        "x" * 65 + "@b.be",
        "mailto:x@y",
        "mailto:x@y.be",
        "a@b.be\n",
        "a..b@c.be",
        "a@b.test",
        "a@[127.0.0.1]",
        '"a b"@c.be',
        "a@b.1",
    ],
)
def test_what_is_no_address(text):
    assert address_is_right(text) is not None


def test_a_grant_holds_to_the_end_of_its_last_day():
    assert holds(date(2023, 5, 15), date(2023, 5, 15))
    assert not holds(date(2023, 5, 15), date(2023, 5, 16))
    assert holds(None, date(2099, 1, 1))


def test_all_that_is_wrong_with_a_grant_is_said_at_once():
    facts = GrantFacts(
        Role.APPLICANT, ("midwest", "nergens"), frozenset({"midwest"}), date(2022, 1, 1), date(2023, 1, 1)
    )
    assert [r.code for r in grant_is_right(facts)] == [
        "role_not_grantable",
        "unknown_region",
        "grant_ends_in_the_past",
    ]
