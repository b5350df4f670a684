"""Who may hold a task. The lane's name says it (seed: lanes are named in Chinese)."""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """The people of a school's employment work, and the system itself."""

    GRADUATE = "graduate"
    EMPLOYER = "employer"
    REVIEWER = "reviewer"
    OFFICE = "office"
    ADMIN = "admin"
    GUEST = "guest"
    SYSTEM = "system"

    @property
    def label(self) -> str:
        """The Chinese word that pages show."""
        return _LABELS[self]


_LABELS = {
    Role.GRADUATE: "毕业生",
    Role.EMPLOYER: "用人单位",
    Role.REVIEWER: "院系",
    Role.OFFICE: "学校",
    Role.ADMIN: "管理员",
    Role.GUEST: "访客",
    Role.SYSTEM: "系统",
}

LANE_NAMES: dict[str, Role] = {
    "毕业生": Role.GRADUATE,
    "学生": Role.GRADUATE,
    "用人单位": Role.EMPLOYER,
    "单位": Role.EMPLOYER,
    "院系": Role.REVIEWER,
    "学院": Role.REVIEWER,
    "辅导员": Role.REVIEWER,
    "学校": Role.OFFICE,
    "就业处": Role.OFFICE,
    "就业中心": Role.OFFICE,
    "系统": Role.SYSTEM,
    "访客": Role.GUEST,
    "管理员": Role.ADMIN,
}


def role_of_lane(name: str | None) -> Role | None:
    """Return the role that a lane's name means, or None for an unknown name.

    A name may go on after the word: 学校（就业处） is the university office.
    """
    words = (name or "").strip()
    for known in sorted(LANE_NAMES, key=len, reverse=True):
        if words.startswith(known):
            return LANE_NAMES[known]
    return None
