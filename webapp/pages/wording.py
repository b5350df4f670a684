"""How moments, spans and names read in Chinese. Everything a person sees is the time of Shanghai."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
WEEKDAYS = "一二三四五六日"


def local(moment: datetime) -> datetime:
    return moment.astimezone(SHANGHAI)


def say_day(day: date | datetime | None) -> str:
    """`2026年11月24日`; empty for nothing."""
    if day is None:
        return ""
    day = local(day) if isinstance(day, datetime) else day
    return f"{day.year}年{day.month}月{day.day}日"


def say_moment(moment: datetime | None) -> str:
    """`11月22日（周日）23:59`, as UI.md wants dates written."""
    if moment is None:
        return ""
    at = local(moment)
    return f"{at.month}月{at.day}日（周{WEEKDAYS[at.weekday()]}）{at:%H:%M}"


def say_short(moment: datetime | None) -> str:
    """`11-22 23:59`, for lists and histories."""
    return "" if moment is None else f"{local(moment):%m-%d %H:%M}"


def say_full(moment: datetime | None) -> str:
    """`2026年11月26日 10:24`, where the year matters."""
    return "" if moment is None else f"{say_day(moment)} {local(moment):%H:%M}"


def say_span(span: timedelta) -> str:
    """`2 天 13 小时`, `3 小时 5 分钟`, `4 分钟`: two units are enough to decide by."""
    minutes = max(0, int(span.total_seconds() // 60))
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return f"{days} 天 {hours} 小时" if hours else f"{days} 天"
    if hours:
        return f"{hours} 小时 {rest} 分钟" if rest else f"{hours} 小时"
    return f"{rest} 分钟" if rest else "不到 1 分钟"


def say_left(until: datetime | None, now: datetime) -> str:
    """`还剩 2 天 13 小时`, or `已到期`."""
    if until is None:
        return ""
    return f"还剩 {say_span(until - now)}" if until > now else "已到期"


def say_due(by: datetime, now: datetime) -> str:
    """Until when something should be done that nothing ends: `请在 6月5日 18:00 前办完。`"""
    return f"请在 {say_moment(by)} 前办完。" if by > now else "已经等了较久，请尽快办理。"


def is_soon(until: datetime | None, now: datetime) -> bool:
    """Whether a deadline is near enough (three days) to wear the colour of waiting."""
    return until is not None and until - now < timedelta(days=3)


def say_waited(since: datetime, now: datetime) -> str:
    """`1 天 18 小时`, the time something has waited."""
    return say_span(now - since)


def say_so_far(since: datetime, now: datetime) -> str:
    """`已 1 天 18 小时`, or `刚刚开始`."""
    return f"已 {say_waited(since, now)}" if now - since >= timedelta(minutes=1) else "刚刚开始"


def mask_mobile(mobile: str) -> str:
    """`138 **** 0001`: enough to recognise the own number, nothing for others."""
    return f"{mobile[:3]} **** {mobile[-4:]}" if len(mobile) >= 11 else mobile


def say_percent(part: int, whole: int) -> str:
    """`27.4%`, or `–` where nobody is counted."""
    return f"{part * 100 / whole:.1f}%" if whole else "–"


FILTERS: dict[str, Any] = {
    "day": say_day,
    "moment": say_moment,
    "short": say_short,
    "full": say_full,
    "left": say_left,
    "soon": is_soon,
    "waited": say_waited,
    "masked_mobile": mask_mobile,
    "cutoff": lambda moment: write_cutoff(moment),
}


def read_cutoff(text: str, now: datetime) -> datetime:
    """The moment a person wrote as a cut-off; nothing readable, or the future, means now."""
    try:
        wanted = datetime.fromisoformat(text.strip())
    except ValueError:
        return now
    wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=SHANGHAI)
    return min(wanted, now)


def write_cutoff(moment: datetime) -> str:
    """A moment as a `datetime-local` field holds it."""
    return f"{local(moment):%Y-%m-%dT%H:%M}"
