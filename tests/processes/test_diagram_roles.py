"""A lane's name says who holds its tasks."""

from __future__ import annotations

import pytest

from processes.findings import Finding, in_order
from processes.roles import Role, role_of_lane


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("毕业生", Role.GRADUATE),
        ("学生（本人）", Role.GRADUATE),
        ("用人单位", Role.EMPLOYER),
        ("院系", Role.REVIEWER),
        ("辅导员", Role.REVIEWER),
        ("学校（就业处）", Role.OFFICE),
        (" 就业中心 ", Role.OFFICE),
        ("系统", Role.SYSTEM),
        ("访客", Role.GUEST),
        ("管理员", Role.ADMIN),
        ("财务处", None),
        ("我的学校", None),
        ("", None),
        (None, None),
    ],
)
def test_a_lane_is_known_by_how_its_name_begins(name, role):
    assert role_of_lane(name) is role


def test_every_role_has_a_label():
    assert all(role.label for role in Role)


def test_findings_come_by_line_and_each_once():
    late = Finding("r", "error", "B", "", 9, "m", "w")
    early = Finding("r", "warning", "A", "", 2, "m", "w")

    assert in_order([late, early, late]) == [early, late]


def test_a_finding_survives_the_way_through_json():
    finding = Finding("r", "error", "B", "乙", 9, "不行。", "请改。")

    assert Finding.from_dict(finding.as_dict()) == finding
    assert str(finding) == "第 9 行 错误 B 「乙」：不行。请改。"
