"""The agreement: its number, its clauses, its copies (F10, G25, P09)."""

from __future__ import annotations

import re
from typing import Any

from ...agreements import agreements, prints
from . import Setting

GROUP, PLACE = "协议书", 50
PLACES = ("cohort", "school", "education", "serial:06", "check")
PLAIN = re.compile(r"[A-Za-z0-9-]+")
LONGEST = 40


def check_pattern(pattern: Any) -> str:
    """The pattern must be known, tell all numbers apart, and fit into an address."""
    try:
        example = agreements.example_number(pattern)
        others = {
            "{serial:06}": agreements.example_number(pattern, serial=2),
            "{school}": agreements.example_number(pattern, school="10998"),
            "{cohort}": agreements.example_number(pattern, cohort=2028),
        }
    except (ValueError, KeyError):
        return "协议书编号规则里可以用的位置：" + "、".join(f"{{{one}}}" for one in PLACES)
    missing = [place for place, other in others.items() if other == example]
    if missing:
        return f"协议书编号规则里要有 {'、'.join(missing)}，不然编号会重复"
    if not PLAIN.fullmatch(example):
        return f"编号只能有字母、数字和短横线，按这个规则是 {example}"
    if len(example) > LONGEST:
        return f"按这个规则，编号有 {len(example)} 个字符，最多 {LONGEST} 个"
    return ""


def check_copies(copies: Any) -> str:
    if len(set(copies)) != len(copies):
        return "协议书份数里有重复的名称"
    if not 1 <= len(copies) <= 6:
        return "协议书份数要写 1 到 6 行"
    return ""


SETTINGS = (
    Setting(
        "number_pattern",
        "text",
        "协议书编号规则",
        "{cohort} 毕业年份，{school} 学校代码，{education} 学历代码，{serial:06} 六位流水号，"
        "{check} 校验位。",
        agreements.NUMBER_PATTERN,
        high=80,
        check=check_pattern,
    ),
    Setting(
        "copies",
        "lines",
        "协议书份数",
        "每行一份，写明给谁，印在协议书上。",
        list(prints.COPIES),
        high=20,
        check=check_copies,
    ),
    Setting(
        "print_quota",
        "number",
        "打印份数上限",
        "一份协议书一共可以打印几份。超过的，由就业处写明原因后补打。",
        prints.QUOTA,
        low=1,
        high=20,
    ),
    Setting(
        "print_by",
        "choice",
        "谁可以打印",
        "审核通过后谁可以自行打印。不能自行打印的一方，可以提出打印申请。",
        prints.EVERYBODY,
        choices=prints.PRINT_BY,
    ),
    Setting(
        "seal_order",
        "lines",
        "盖章顺序",
        "打印后依次由谁盖章，每行一方，如：学院、学校、用人单位。显示在打印页上；不填的不显示。",
        [],
        high=20,
    ),
)
