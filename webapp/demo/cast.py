"""Who everybody meets in the demo. Their one password is public and lives only in demo databases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SCHOOL_CODE, OTHER_SCHOOL_CODE = "10999", "10998"
PASSWORD = "qianyue-demo-2027"
LIN_NUMBER = "2023010001"
HENGXIN_MOBILE = "19900001001"


@dataclass(frozen=True)
class Member:
    """Somebody of the demo: how to log in, and what the switch of the demo bar calls them."""

    key: str
    login: str
    name: str
    label: str
    door: str


CAST = (
    Member("lin", f"{SCHOOL_CODE}{LIN_NUMBER}", "林知夏", "毕业生 林知夏", "graduate"),
    Member("hengxin", HENGXIN_MOBILE, "周老师", "用人单位 恒信软件", "employer"),
    Member("rao", "rao", "饶老师", "学院审核 饶老师", "school"),
    Member("wu", "wu", "吴老师", "就业处 吴老师", "school"),
    Member("ada", "ada", "安达", "管理员 安达", "school"),
)
# Staff beside the cast: login, name, role, school code, college.
STAFF = (
    ("rao", "饶老师", "reviewer", SCHOOL_CODE, "计算机学院"),
    ("he", "何老师", "reviewer", SCHOOL_CODE, "经济管理学院"),
    ("qin", "秦老师", "reviewer", SCHOOL_CODE, "机械工程学院"),
    ("luo", "罗老师", "reviewer", SCHOOL_CODE, "人文学院"),
    ("meng", "孟老师", "reviewer", SCHOOL_CODE, "师范学院"),
    ("wu", "吴老师", "office", SCHOOL_CODE, ""),
    ("ada", "安达", "admin", SCHOOL_CODE, ""),
    ("song", "宋老师", "reviewer", OTHER_SCHOOL_CODE, "信息学院"),
    ("tao", "陶老师", "office", OTHER_SCHOOL_CODE, ""),
    ("bai", "白帆", "admin", OTHER_SCHOOL_CODE, ""),
)
SCHOOLS: tuple[tuple[str, str, str, dict[str, Any]], ...] = (
    (
        SCHOOL_CODE,
        "青禾大学",
        "0551-00000000",
        {
            "region": "340000",
            "review_levels": "both",
            "reply_days": 5,
            "department": "学生就业指导中心",
            "contact": "吴老师",
            "address": "安徽省合肥市蜀山区青禾路 1 号",
            "print_quota": 3,
        },
    ),
    (
        OTHER_SCHOOL_CODE,
        "云杭学院",
        "0571-00000000",
        {
            "region": "330000",
            "review_levels": "college",
            "reply_days": 5,
            "department": "就业办公室",
            "contact": "陶老师",
            "address": "浙江省杭州市西湖区云杭路 1 号",
        },
    ),
)
