"""What other destinations are measured by (F27, F32)."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from forms.code_tables import table

from ...destinations.destinations import wage_fault
from ...signing.leaving import LEAVING_DAY
from . import Setting

GROUP, PLACE = "毕业去向", 30
MONTH_AND_DAY = re.compile(r"(\d{2})-(\d{2})")


def day_fault(value: Any) -> str:
    """What is wrong with a day of the year, or nothing."""
    found = MONTH_AND_DAY.fullmatch(str(value))
    if found is None:
        return "离校日期要写成月-日，如 06-30"
    try:
        date(2027, int(found[1]), int(found[2]))
    except ValueError:
        return "没有这一天，请核对月和日"
    return ""


def wages_fault(lines: Any) -> str:
    return next(filter(None, map(wage_fault, lines)), "")


def tell_wages(lines: Any) -> str:
    """The wages with the names of their places."""
    regions = table("region")
    said = []
    for line in lines:
        code, _, amount = str(line).partition(" ")
        said.append(f"{regions.path_name(code)}（{code}）每月 {amount.strip()} 元")
    return "\n".join(said) or "（空）"


SETTINGS = (
    Setting(
        "minimum_wages",
        "lines",
        "当地最低工资标准",
        "一行一个地区：地区代码、空格、每月金额，如 340100 2060。省、市、县都可以写，"
        "取工作地点最近的一级；没有写的不核对。",
        [],
        optional=True,
        check=wages_fault,
        tell=tell_wages,
    ),
    Setting(
        "leaving_day",
        "text",
        "离校日期",
        "月-日，如 06-30。其他录用形式就业的聘用期限，从这一天起不少于 6 个月；同时开放两种去向作废的，到这一天为止由毕业生自行作废，以后须经审核。",
        LEAVING_DAY,
        check=day_fault,
    ),
)
