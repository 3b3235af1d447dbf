"""Words, days and numbers as people write them."""

from datetime import UTC, datetime
from decimal import Decimal

from portal import i18n
from portal.clock import parse_local


def test_until_and_including_names_the_last_day():
    closes_at = datetime(2023, 5, 15, 22, tzinfo=UTC)
    assert i18n.until(closes_at) == "tot en met maandag 15 mei 2023, 24.00 uur Belgische tijd"


def test_a_closing_inside_a_day_names_its_hour():
    assert i18n.until(parse_local("2023-05-16T12:30")) == "tot dinsdag 16 mei 2023, 12.30 uur Belgische tijd"


def test_a_precise_moment_shows_the_microsecond_and_the_offset():
    at = datetime(2023, 5, 15, 21, 59, 59, 999999, tzinfo=UTC)
    assert i18n.moment(at, precise=True) == "15 mei 2023, 23:59:59.999999 (UTC+02:00)"


def test_numbers_and_sizes():
    assert i18n.number(Decimal("1234.5"), 2) == "1.234,50"
    assert (i18n.size(0), i18n.size(10), i18n.size(84_000), i18n.size(10_485_760)) == (
        "0 kB",
        "1 kB",
        "84 kB",
        "10,5 MB",
    )


def test_nothing_is_a_dash():
    assert (i18n.day(None), i18n.moment(None)) == ("–", "–")
