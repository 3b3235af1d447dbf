"""One reader of numbers and days: Belgian, never guessing, never failing."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.reading import Number, Unread, day, number, written, written_day


@pytest.mark.parametrize(
    ("text", "whole", "amount"),
    [
        ("12", 12, 1200),
        ("007", 7, 700),
        ("1.200", 1200, 120_000),
        ("1 200", 1200, 120_000),
        ("1\u00a0000", 1000, 100_000),
        ("1\u202f200", 1200, 120_000),
        ("1\u2009200\u2009000", 1_200_000, 120_000_000),
        ("-5", -5, -500),
        ("\u22125", -5, -500),
        ("12,5", Unread.NOT_WHOLE, 1250),
        ("4,0", Unread.NOT_WHOLE, 400),
        ("1.000,00", Unread.NOT_WHOLE, 100_000),
        ("€ 12,50", Unread.NO_NUMBER, 1250),
        ("12 euro", Unread.NO_NUMBER, 1200),
        ("1.234.567,89", Unread.NOT_WHOLE, 123_456_789),
        ("4.0", Unread.POINT, Unread.POINT),
        ("12.50", Unread.POINT, Unread.POINT),
        ("1.5", Unread.POINT, Unread.POINT),
        ("0.500", Unread.POINT, Unread.POINT),
        ("1,234", Unread.NOT_WHOLE, Unread.TOO_PRECISE),
        ("9" * 13, Unread.TOO_LONG, Unread.TOO_LONG),
        *(
            (text, Unread.NO_NUMBER, Unread.NO_NUMBER)
            for text in (
                "",
                "-",
                "--5",
                "x",
                "1.20.0",
                "1 000.000",
                "1,234.50",
                ",5",
                "5,",
                "1e5",
                "\u0663",
                "\uff11",
            )
        ),
    ],
)
def test_a_number_is_belgian_or_none(text, whole, amount):
    for decimals, wanted in ((0, whole), (2, amount)):
        assert number(text, decimals) == (Number(wanted) if isinstance(wanted, int) else wanted), (
            text,
            decimals,
        )


@given(st.integers(min_value=1 - 10**12, max_value=10**12 - 1), st.sampled_from([0, 2]))
def test_what_is_written_reads_as_what_it_was(units, decimals):
    assert number(written(units, decimals), decimals) == Number(units)


@given(st.text(), st.sampled_from([0, 2]))
def test_no_text_at_all_is_more_than_a_reader_can_bear(text, decimals):
    assert isinstance(number(text, decimals), Number | Unread)
    assert day(text) is None or isinstance(day(text), date)


@given(st.text(alphabet="0123456789., \u00a0\u202f-\u2212€", max_size=20))
def test_what_is_read_says_the_same_digits(text):
    """Nothing is thrown away: the digits that were typed are kept, with those of the comma."""
    found = number(text, 2)
    if isinstance(found, Number):
        whole, _comma, rest = text.partition(",")
        digits = "".join(c for c in whole if c.isdigit()) + "".join(c for c in rest if c.isdigit()).ljust(
            2, "0"
        )
        assert abs(found.units) == int(digits)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("15/05/2023", date(2023, 5, 15)),
        ("1-2-2023", date(2023, 2, 1)),
        ("31.12.2023", date(2023, 12, 31)),
        ("2023-05-15", date(2023, 5, 15)),
        ("31/02/2023", None),
        ("15/05/23", None),
        ("15/05-2023", None),
        ("0/1/2023", None),
        ("\u0661/5/2023", None),
    ],
)
def test_a_day_is_a_day_or_none(text, wanted):
    assert day(text) == wanted
    assert wanted is None or day(written_day(wanted)) == wanted
