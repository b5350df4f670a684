"""The day graduates leave school, and what a school offers before it and what from then on (K14)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol, TypeVar
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
LEAVING_DAY = "06-30"
BEFORE, AFTER = SEASONS = ("before_leaving", "after_leaving")


class InSeason(Protocol):
    """A way of doing something that may belong to one of the two times."""

    @property
    def family(self) -> str: ...

    @property
    def season(self) -> str: ...


Way = TypeVar("Way", bound=InSeason)


def leaving_day(settings: Mapping[str, Any], cohort: int) -> date:
    """When graduates of this year leave, as the school's setting says."""
    month, day = map(int, str(settings.get("leaving_day") or LEAVING_DAY).split("-"))
    return date(cohort, month, min(day, monthrange(cohort, month)[1]))


def season_of(settings: Mapping[str, Any], cohort: int, now: datetime) -> str:
    """Whether a graduate of this year has left at this moment: from the day after the leaving day."""
    today = now.astimezone(SHANGHAI).date()
    return AFTER if today > leaving_day(settings, cohort) else BEFORE


def in_season(ways: Sequence[Way], season: str) -> list[Way]:
    """The ways for this time; one for the other time stays where its family has no other."""
    replaced = {way.family for way in ways if way.season == season}
    return [way for way in ways if way.season in ("", season) or way.family not in replaced]
