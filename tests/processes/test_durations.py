"""ISO 8601 as deadlines use it: calendar units of Asia/Shanghai, nothing sloppy."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from processes.durations import (
    IsoError,
    literal_in,
    parse_cycle,
    parse_duration,
    parse_moment,
)

JANUARY_END = datetime.fromisoformat("2026-01-31T10:00:00+08:00")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P5D", "2026-02-05T10:00:00+08:00"),
        ("P2W", "2026-02-14T10:00:00+08:00"),
        ("P1M", "2026-02-28T10:00:00+08:00"),
        ("P1Y2M", "2027-03-31T10:00:00+08:00"),
        ("PT36H", "2026-02-01T22:00:00+08:00"),
        ("P1DT2H3M4S", "2026-02-01T12:03:04+08:00"),
        ("PT90M", "2026-01-31T11:30:00+08:00"),
        ("P0D", "2026-01-31T10:00:00+08:00"),
    ],
)
def test_a_duration_is_added_on_the_calendar(text, expected):
    assert JANUARY_END + parse_duration(text) == datetime.fromisoformat(expected)


def test_a_month_is_a_month_in_beijing_also_for_a_utc_moment():
    moment = datetime(2026, 1, 31, 17, 0, tzinfo=UTC)  # already 1 February in Beijing

    later = moment + parse_duration("P1M")

    assert later == datetime.fromisoformat("2026-03-01T01:00:00+08:00")
    assert later.tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "P1DT", "P2W3D", "1D", "P1", "-P1D", "P-1D", "P1.5D", "5", "p5d", "P1D1D",
     "PT1D", "P1H", "P9999999D", "P1S", "P5D; import os", "P５D"],
)  # fmt: skip
def test_a_sloppy_duration_is_refused_in_chinese(text):
    with pytest.raises(IsoError, match="时长"):
        parse_duration(text)


def test_a_duration_beyond_the_calendar_is_refused():
    with pytest.raises(IsoError, match="超出"):
        JANUARY_END + parse_duration("P9000Y")


def test_a_moment_without_time_zone_cannot_be_moved():
    with pytest.raises(IsoError, match="时区"):
        parse_duration("P1D").after(datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-06-05", "2026-06-05T23:59:59+08:00"),
        ("2026-06-05T18:00", "2026-06-05T18:00:00+08:00"),
        ("2026-06-05 18:00:30", "2026-06-05T18:00:30+08:00"),
        ("2026-06-05T18:00:00Z", "2026-06-06T02:00:00+08:00"),
        ("2026-06-05T18:00:00+09:00", "2026-06-05T17:00:00+08:00"),
    ],
)
def test_a_moment_is_always_aware_and_a_date_means_its_end(text, expected):
    moment = parse_moment(text)

    assert moment.tzinfo is not None
    assert moment == datetime.fromisoformat(expected)


@pytest.mark.parametrize(
    "text", ["", "2026-02-30", "2026-6-5", "20260605", "2026-06-05T25:00", "P5D", "tomorrow",
             "0001-01-01", "2026-06-05T18:00+08", "2026-W10-1"],
)  # fmt: skip
def test_an_unreadable_moment_is_refused(text):
    with pytest.raises(IsoError, match="时刻"):
        parse_moment(text)


def test_a_cycle_knows_its_turns_start_and_interval():
    daily, endless = parse_cycle("R3/2026-06-05/P1D"), parse_cycle("R/PT12H")

    assert (daily.repetitions, daily.start) == (3, parse_moment("2026-06-05"))
    assert (endless.repetitions, endless.start) == (None, None)
    assert endless.duration == parse_duration("PT12H")


@pytest.mark.parametrize(
    "text", ["", "R3", "P1D", "R0/P1D", "R3/P0D", "R3/P", "R-1/P1D", "R3/x/P1D"]
)
def test_a_cycle_that_never_or_always_fires_is_refused(text):
    with pytest.raises(IsoError):
        parse_cycle(text)


@pytest.mark.parametrize(
    ("text", "literal"),
    [
        ("P5D", "P5D"), ("'P5D'", "P5D"), ('"2026-06-05"', "2026-06-05"), ("", ""), ("P1DT", "P1DT"),
        ("R3/P1D", "R3/P1D"), ("1D", "1D"), ("-P1D", "-P1D"), ("P", "P"),
        ("Fill_invitation.reply_by", None), ("Pause.until", None), ("R_step.when", None),
        ("'P5D' + 'x'", None), ("A.by + 'P1D'", None),
    ],
)  # fmt: skip
def test_a_literal_is_told_from_an_expression(text, literal):
    assert literal_in(text) == literal


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),
    st.integers(0, 500), st.integers(0, 5000), st.integers(0, 999_999),
)  # fmt: skip
def test_a_longer_duration_never_ends_earlier(moment, months, days, seconds):
    start = moment.replace(tzinfo=UTC)
    text = f"P{months}M{days}DT{seconds}S"

    end = start + parse_duration(text)

    assert start <= end <= start + parse_duration(f"P{months}M{days + 1}DT{seconds}S")


@given(st.text(max_size=20))
def test_any_text_is_read_or_refused(text):
    for parse in (parse_duration, parse_moment, parse_cycle):
        try:
            parsed = parse(text)
        except IsoError:
            continue
        assert parsed is not None
