"""Dates and times: Shanghai in, ISO with offset out, bounds counted from now."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from forms.moments import bound_moment, iso_moment, read_date, read_moment, say_moment


def test_a_local_input_is_shanghai_time():
    assert iso_moment(read_moment("2026-06-05T18:00")) == "2026-06-05T18:00:00+08:00"


def test_a_moment_with_another_offset_is_kept_as_the_same_instant():
    moment = read_moment("2026-06-05T10:00:00+00:00")

    assert moment == datetime(2026, 6, 5, 10, tzinfo=UTC)
    assert iso_moment(moment) == "2026-06-05T18:00:00+08:00"


@pytest.mark.parametrize("text", ["2027-07-05", "2027/7/5", "2027.7.5", "2027年7月5日"])
def test_days_are_read_as_people_write_them(text):
    assert read_date(text) == date(2027, 7, 5)


@pytest.mark.parametrize("text", ["2027-02-30", "27-07-05", "0001-01-01", "明天", ""])
def test_days_that_do_not_exist_are_refused(text):
    with pytest.raises(ValueError, match=r".*"):
        read_date(text)


@pytest.mark.parametrize(
    ("bound", "expected"),
    [
        ("now+P1D", "2026-05-19T09:30:00+08:00"),
        ("today", "2026-05-18T00:00:00+08:00"),
        ("today-P6M", "2025-11-18T00:00:00+08:00"),
        ("now+PT2H", "2026-05-18T11:30:00+08:00"),
        ("2027-07-01", "2027-07-01T00:00:00+08:00"),
    ],
)
def test_bounds_are_counted_from_now(bound, expected, monday):
    assert iso_moment(bound_moment(bound, monday)) == expected


def test_a_month_after_the_31st_ends_with_the_month():
    end_of_january = datetime(2027, 1, 31, 12, tzinfo=UTC)

    assert bound_moment("today+P1M", end_of_january).date() == date(2027, 2, 28)


def test_today_is_the_day_in_shanghai(monday):
    late_in_london = datetime(2026, 5, 17, 17, 0, tzinfo=UTC)

    assert bound_moment("today", late_in_london).date() == monday.date()


def test_a_moment_is_said_with_its_weekday():
    assert say_moment(read_moment("2026-11-22T23:59")) == "2026年11月22日（周日）23:59"
