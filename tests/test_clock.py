"""The closing of a day, in both nights of the clock change."""

from datetime import UTC, date, datetime

import pytest

from portal.clock import brussels_day, end_of_day, parse_local, start_of_day


@pytest.mark.parametrize(
    ("day", "instant"),
    [
        (date(2023, 5, 15), datetime(2023, 5, 15, 22, tzinfo=UTC)),
        (date(2023, 2, 10), datetime(2023, 2, 10, 23, tzinfo=UTC)),
        (date(2023, 3, 25), datetime(2023, 3, 25, 23, tzinfo=UTC)),
        (date(2023, 3, 26), datetime(2023, 3, 26, 22, tzinfo=UTC)),
        (date(2023, 10, 28), datetime(2023, 10, 28, 22, tzinfo=UTC)),
        (date(2023, 10, 29), datetime(2023, 10, 29, 23, tzinfo=UTC)),
        (date(2023, 12, 31), datetime(2023, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_until_and_including_a_day_ends_at_midnight_in_brussels(day, instant):
    assert end_of_day(day) == instant
    assert brussels_day(instant) > day


def test_the_day_of_the_clock_change_is_shorter_or_longer():
    spring, autumn = date(2023, 3, 26), date(2023, 10, 29)
    assert (end_of_day(spring) - start_of_day(spring)).total_seconds() == 23 * 3600
    assert (end_of_day(autumn) - start_of_day(autumn)).total_seconds() == 25 * 3600


def test_a_local_time_is_read_to_the_microsecond():
    assert parse_local("2023-05-15T23:59:59.999999") == datetime(2023, 5, 15, 21, 59, 59, 999999, tzinfo=UTC)


def test_nonsense_is_no_time():
    with pytest.raises(ValueError, match="isoformat"):
        parse_local("straks")
