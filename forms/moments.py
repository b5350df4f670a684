"""Dates and times as people type and read them: local to Asia/Shanghai, kept with their offset.

Bounds of definitions are words: `today`, `now`, `now+P1D`, `today-P6M`, or a plain ISO date.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
_BOUND = re.compile(r"(now|today)(?:([+-])P(?:(\d{1,3})([DMY])|T(\d{1,3})H))?")
_WEEKDAYS = "一二三四五六日"


def is_bound(text: str) -> bool:
    """Tell whether a definition's bound can be read."""
    if _BOUND.fullmatch(text):
        return True
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def bound_moment(text: str, now: datetime) -> datetime:
    """Return the moment a bound means at `now`; whole days begin at midnight in Shanghai."""
    local = now.astimezone(SHANGHAI)
    match = _BOUND.fullmatch(text)
    if match is None:
        day = date.fromisoformat(text)
        return datetime(day.year, day.month, day.day, tzinfo=SHANGHAI)
    word, sign, amount, unit, hours = match.groups()
    if word == "today":
        local = local.replace(hour=0, minute=0, second=0, microsecond=0)
    steps = -1 if sign == "-" else 1
    if hours:
        return local + timedelta(hours=steps * int(hours))
    if not amount:
        return local
    if unit == "D":
        return local + timedelta(days=steps * int(amount))
    return _add_months(local, steps * int(amount) * (12 if unit == "Y" else 1))


def _add_months(moment: datetime, months: int) -> datetime:
    year, month = divmod(moment.year * 12 + moment.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))


def read_moment(text: str) -> datetime:
    """Read what a datetime-local input or our own JSON gives; without offset it is Shanghai.

    Raises ValueError for anything else, also for years that no agreement has.
    """
    if not re.match(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}", text):
        raise ValueError(text)
    moment = datetime.fromisoformat(text.replace(" ", "T", 1))
    if not 1900 <= moment.year <= 2200:
        raise ValueError(text)
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment


def read_date(text: str) -> date:
    """Read 2027-07-05, 2027/7/5, 2027.7.5 or 2027年7月5日; raises ValueError."""
    match = re.fullmatch(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?", text.strip())
    if match is None:
        raise ValueError(text)
    year, month, day = map(int, match.groups())
    if not 1900 <= year <= 2200:
        raise ValueError(text)
    return date(year, month, day)


def iso_moment(moment: datetime) -> str:
    """Return the moment as ISO text with the offset of Shanghai."""
    return moment.astimezone(SHANGHAI).isoformat(timespec="seconds")


def input_moment(moment: datetime) -> str:
    """Return the moment as a datetime-local input holds it."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%dT%H:%M")


def say_date(day: date) -> str:
    """Return 2027年7月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def say_moment(moment: datetime) -> str:
    """Return 2026年11月22日（周日）23:59."""
    local = moment.astimezone(SHANGHAI)
    return f"{say_date(local)}（周{_WEEKDAYS[local.weekday()]}）{local:%H:%M}"
