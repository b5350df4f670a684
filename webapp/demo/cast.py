"""Who everybody meets in the demo. Their one password is public and lives only in demo databases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SCHOOL_CODE, OTHER_SCHOOL_CODE, THIRD_SCHOOL_CODE = "10999", "10998", "10997"
SCHOOL_CODES = {SCHOOL_CODE, OTHER_SCHOOL_CODE, THIRD_SCHOOL_CODE}
PASSWORD = "qianyue-demo-2027"
LIN_NUMBER = "2023010001"
HENGXIN_MOBILE = "19900001001"


@dataclass(frozen=True)
class Member:
    """Somebody of the demo: how to log in, and what the switch of the demo bar calls them, by place."""

    key: str
    login: str
    name: str
    label: str
    door: str
    place: str = "青禾大学"


CAST = (
    Member("lin", f"{SCHOOL_CODE}{LIN_NUMBER}", "林知夏", "毕业生 林知夏", "graduate"),
    Member("hengxin", HENGXIN_MOBILE, "周老师", "用人单位 恒信软件", "employer"),
    Member("rao", "rao", "饶老师", "学院审核 饶老师", "school"),
    Member("wu", "wu", "吴老师", "就业处 吴老师", "school"),
    Member("ada", "ada", "安达", "管理员 安达", "school"),
    Member(
        "ye", f"{OTHER_SCHOOL_CODE}{LIN_NUMBER}", "叶清和", "毕业生 叶清和", "graduate", "云杭学院"
    ),
    Member("song", "song", "宋老师", "学院审核 宋老师", "school", "云杭学院"),
    Member("tao", "tao", "陶老师", "就业处 陶老师", "school", "云杭学院"),
    Member(
        "su", f"{THIRD_SCHOOL_CODE}{LIN_NUMBER}", "苏云岫", "毕业生 苏云岫", "graduate", "松澜学院"
    ),
    Member("fang", "fang", "方老师", "学院审核 方老师", "school", "松澜学院"),
    Member("ding", "ding", "丁老师", "就业处 丁老师", "school", "松澜学院"),
)
# Staff: login, name, role, school code, college.
STAFF = (
    ("rao", "饶老师", "reviewer", SCHOOL_CODE, "计算机学院"),
    ("he", "何老师", "reviewer", SCHOOL_CODE, "经济管理学院"),
    ("qin", "秦老师", "reviewer", SCHOOL_CODE, "机械工程学院"),
    ("luo", "罗老师", "reviewer", SCHOOL_CODE, "人文学院"),
    ("meng", "孟老师", "reviewer", SCHOOL_CODE, "师范学院"),
    ("wu", "吴老师", "office", SCHOOL_CODE, ""),
    ("ada", "安达", "admin", SCHOOL_CODE, ""),
    ("song", "宋老师", "reviewer", OTHER_SCHOOL_CODE, "信息学院"),
    ("yan", "严老师", "reviewer", OTHER_SCHOOL_CODE, "艺术学院"),
    ("tao", "陶老师", "office", OTHER_SCHOOL_CODE, ""),
    ("mo", "莫老师", "office", OTHER_SCHOOL_CODE, ""),
    ("bai", "白帆", "admin", OTHER_SCHOOL_CODE, ""),
    ("fang", "方老师", "reviewer", THIRD_SCHOOL_CODE, "土木工程学院"),
    ("xia", "夏老师", "reviewer", THIRD_SCHOOL_CODE, "外国语学院"),
    ("ding", "丁老师", "office", THIRD_SCHOOL_CODE, ""),
    ("jiang", "江流", "admin", THIRD_SCHOOL_CODE, ""),
)
# Three worlds: the national platform's, Anhui's, and a school where graduates begin.
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
            "offered": {
                "online_signing": ["employer_invitation"],
                "offline_signing": ["school_application"],
                "paper_registration": ["signed_agreement"],
                "other_destination": ["registration"],
                "destination_void": ["self_service"],
                "rescission": ["online_two_party", "offline_material"],
                "base_data": ["correction"],
            },
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
            "offered": {
                "online_signing": [
                    "resume_to_offer",
                    "employer_direct",
                    "qr_card",
                ],
                "other_destination": ["school_entered"],
                "destination_void": ["admin_unlock"],
                "rescission": ["counsellor_decision"],
                "amendment": ["employer_edit"],
                "base_data": ["correction"],
                "employer_certification": [
                    "authorisation_letter",
                    "change_manager",
                    "recover_account",
                ],
            },
        },
    ),
    (
        THIRD_SCHOOL_CODE,
        "松澜学院",
        "025-00000000",
        {
            "region": "320000",
            "review_levels": "college",
            "department": "招生就业处",
            "contact": "丁老师",
            "address": "江苏省南京市江宁区松澜路 1 号",
            "print_quota": 3,
            "effective_on": "filed",
            "paper_trail": True,
            "labels": {"waiting_college": "待学院审核"},
            "offered": {
                "online_signing": ["student_initiated"],
                "paper_registration": ["signed_agreement"],
                "other_destination": ["registration"],
                "destination_void": ["reviewed"],
                "base_data": ["correction"],
            },
        },
    ),
)
