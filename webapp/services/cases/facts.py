"""What the facts of a case are called, for people: `case.<key>` and `school.<key>` of expressions.

`cases.facts_at_start` and `subjects.facts_about` set the facts; a new one there is one more line here.
What a school may set is called as on its page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from forms import code_tables
from processes.roles import Role

from ..employers.levels import LABELS
from ..schools.settings import Setting, registry

YES_OR_NO = {True: "是", False: "否"}
KINDS = ("choice", "flag", "number", "text")
SIDES = {role.value: role.label for role in Role if role is not Role.SYSTEM}
CASE = {
    "initiator": "谁发起",
    "withdrawn_by": "谁可以撤回",
    "has_employer": "有没有单位",
    "employer_name": "单位名称",
    "graduate_name": "毕业生姓名",
    "training_mode": "培养方式",
    "cohort": "届别",
    "employer_verification": "单位的核验级别",
    "post": "岗位编号",
    "post_title": "岗位名称",
    "agreement": "协议书编号",
    "destination": "去向类别",
    "destination_id": "去向的编号",
    "destination_name": "去向名称",
}
SCHOOL = {
    "rescission_reply_within": "解约申请多久没有答复就失效",
    "amendment_reply_within": "签约后的修改多久没有确认就不生效",
}


@dataclass(frozen=True)
class Fact:
    """The words for a fact, and for those of its values that have a name."""

    label: str
    values: Mapping[Any, str] = field(default_factory=dict)


def known_facts() -> dict[str, Fact]:
    """Every fact that an expression may read, by its path."""
    named: dict[str, Mapping[Any, str]] = {
        "initiator": SIDES,
        "withdrawn_by": SIDES,
        "has_employer": YES_OR_NO,
        "employer_verification": LABELS,
        "training_mode": words_of("training_mode"),
        "destination": words_of("destination_type"),
    }
    facts = {f"case.{key}": Fact(label, named.get(key, {})) for key, label in CASE.items()}
    facts |= {f"school.{key}": Fact(label, {"": "没有期限"}) for key, label in SCHOOL.items()}
    settings = (one for one in registry().values() if one.kind in KINDS)
    return facts | {f"school.{one.key}": Fact(one.label, values_of(one)) for one in settings}


def words_of(scheme: str) -> dict[Any, str]:
    return {code.code: code.name for code in code_tables.table(scheme).items}


def values_of(setting: Setting) -> Mapping[Any, str]:
    return YES_OR_NO if setting.kind == "flag" else setting.choices
