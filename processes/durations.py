"""ISO 8601 durations, moments and cycles, as timers and deadlines use them.

Days, weeks, months and years are calendar units of Asia/Shanghai: one month after 31 January is
the last day of February there. A date without a time means the end of that day, 23:59:59. A time
without an offset is taken as Beijing time. Everything that comes out is an aware datetime.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
END_OF_DAY = time(23, 59, 59)

_N = r"(\d{1,6})"
_WEEKS = re.compile(rf"P{_N}W", re.ASCII)
_DURATION = re.compile(
    rf"P(?=\d|T\d)(?:{_N}Y)?(?:{_N}M)?(?:{_N}D)?(?:T(?=\d)(?:{_N}H)?(?:{_N}M)?(?:{_N}S)?)?",
    re.ASCII,
)
_MOMENT = re.compile(
    r"(\d{4}-\d{2}-\d{2})"
    r"(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)(Z|[+-]\d{2}:\d{2})?)?",
    re.ASCII,
)
_CYCLE = re.compile(r"R(\d{0,4})/(?:([^/]+)/)?(P[^/]*)", re.ASCII)
_BARE_LITERAL = re.compile(r"\d.*|-?[PR][0-9A-Z/:.+ \-]*")


class IsoError(ValueError):
    """A duration, moment or cycle that cannot be read; `message` is Chinese."""

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Duration:
    """A length of time; months and days follow the calendar of Asia/Shanghai."""

    months: int = 0
    days: int = 0
    seconds: int = 0

    def after(self, moment: datetime) -> datetime:
        """The moment this long after the given aware one."""
        return self._shift(moment, 1)

    def before(self, moment: datetime) -> datetime:
        """The moment this long before the given aware one."""
        return self._shift(moment, -1)

    @property
    def is_zero(self) -> bool:
        return not (self.months or self.days or self.seconds)

    def __radd__(self, moment: datetime) -> datetime:
        return self.after(moment)

    def __rsub__(self, moment: datetime) -> datetime:
        return self.before(moment)

    def _shift(self, moment: datetime, sign: int) -> datetime:
        if moment.tzinfo is None:
            raise IsoError("时刻缺少时区")
        try:
            local = moment.astimezone(BEIJING)
            if self.months:
                local = _add_months(local, sign * self.months)
            local += timedelta(days=sign * self.days)
            exact = local.astimezone(moment.tzinfo) + timedelta(seconds=sign * self.seconds)
        except (OverflowError, ValueError):
            raise IsoError("时长太长，超出了日历的范围") from None
        return exact


@dataclass(frozen=True)
class Cycle:
    """Repeats `repetitions` times (None: without end), first at `start` or one duration on."""

    repetitions: int | None
    start: datetime | None
    duration: Duration


def parse_duration(text: str) -> Duration:
    """Read P5D, P1M, P2W, PT36H, P1DT12H; raises IsoError."""
    text = text.strip()
    if text.startswith("-"):
        raise IsoError(f"时长 {text} 不能是负数")
    if weeks := _WEEKS.fullmatch(text):
        return Duration(days=7 * int(weeks[1]))
    found = _DURATION.fullmatch(text)
    if found is None:
        raise IsoError(f"时长“{text}”读不懂：请写成 P5D（5 天）、P1M（1 个月）或 PT12H（12 小时）")
    years, months, days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return Duration(12 * years + months, days, 3600 * hours + 60 * minutes + seconds)


def parse_moment(text: str) -> datetime:
    """Read a date or a date and time; raises IsoError.

    2026-06-05 is 2026-06-05T23:59:59+08:00; a time without an offset is Beijing time.
    """
    text = text.strip()
    found = _MOMENT.fullmatch(text)
    try:
        if found is None:
            raise ValueError
        day = date.fromisoformat(found[1])
        if not 1900 <= day.year <= 9000:
            raise ValueError
        if found[2] is None:
            return datetime.combine(day, END_OF_DAY, BEIJING)
        clock = time.fromisoformat(found[2] + (found[3] or ""))
        return datetime.combine(day, clock, clock.tzinfo or BEIJING)
    except ValueError:
        raise IsoError(
            f"时刻“{text}”读不懂：请写成 2026-06-05 或 2026-06-05T18:00:00+08:00"
        ) from None


def parse_cycle(text: str) -> Cycle:
    """Read R3/P1D (three times), R/PT12H (without end), R3/2026-06-05/P1D; raises IsoError."""
    text = text.strip()
    found = _CYCLE.fullmatch(text)
    if found is None:
        raise IsoError(f"周期“{text}”读不懂：请写成 R3/P1D（每天一次，共 3 次）")
    duration = parse_duration(found[3])
    if duration.is_zero:
        raise IsoError(f"周期“{text}”的间隔不能为零")
    repetitions = int(found[1]) if found[1] else None
    if repetitions == 0:
        raise IsoError(f"周期“{text}”的次数不能为零")
    return Cycle(repetitions, parse_moment(found[2]) if found[2] else None, duration)


def literal_in(text: str) -> str | None:
    """The ISO 8601 text when a timer's text is a literal, bare or quoted; None for an expression.

    The literal may still be wrong (such as P1DT); parse it to find out.
    """
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] and text[0] in "'\"" and text[0] not in text[1:-1]:
        return text[1:-1].strip()
    if not text or _BARE_LITERAL.fullmatch(text):
        return text
    return None


def _add_months(moment: datetime, months: int) -> datetime:
    index = moment.year * 12 + moment.month - 1 + months
    year, month = divmod(index, 12)
    if not 1 <= year <= 9998:
        raise OverflowError
    last = calendar.monthrange(year, month + 1)[1]
    return moment.replace(year=year, month=month + 1, day=min(moment.day, last))
