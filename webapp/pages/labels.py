"""What a status key is called and which colour it wears; a school's own words come first."""

from __future__ import annotations

from dataclasses import dataclass

from webapp.models import School

LABELS = {
    "open": "办理中",
    "drafting": "填写中",
    "discarded": "未发出",
    "waiting_answer": "待毕业生回应",
    "waiting_college": "待院系审核",
    "waiting_university": "待学校审核",
    "lapsed": "失效",
    "withdrawn": "已撤回",
    "refused": "已拒绝",
    "failed": "签约失败",
    "completed": "签约完成",
}
TONES = {"completed": "good", "failed": "bad", "drafting": "plain", "waiting_answer": "wait"}
ENDED_PLAIN = {"discarded", "lapsed", "withdrawn", "refused"}
ROLES = {
    "graduate": "毕业生",
    "employer": "用人单位",
    "reviewer": "院系审核老师",
    "office": "学校就业处",
    "admin": "管理员",
    "system": "系统",
    "guest": "访客",
}
FAMILIES = {"online_signing": "线上签约"}


@dataclass(frozen=True)
class Status:
    """A state as a tag shows it: word and tone."""

    key: str
    label: str
    tone: str


def status_of(key: str, school: School | None) -> Status:
    own = (school.settings.get("labels") or {}) if school else {}
    tone = TONES.get(key, "plain" if key in ENDED_PLAIN else "flow")
    return Status(key, str(own.get(key) or LABELS.get(key, key)), tone)
