"""What a school may set of one part of a form, as fields of a page, and back to the definition."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from forms.code_tables import ALIASES, schemes, table
from forms.components import CHOICE_TYPES
from forms.patterns import PATTERNS

TYPES = {
    "text": "一行文字",
    "textarea": "多行文字",
    "number": "数字",
    "money": "金额",
    "date": "日期",
    "datetime": "日期和时间",
    "radio": "单选",
    "select": "下拉单选",
    "checklist": "多选",
    "checkbox": "勾选一项",
    "picker": "从代码表里找",
    "file": "上传文件",
    "rows": "多行表格",
    "group": "分组",
    "note": "说明文字",
    "block": "只读的资料",
}
FORMATS = {
    "uscc": "统一社会信用代码",
    "org_code_legacy": "组织机构代码（旧）",
    "id_card": "身份证号",
    "mobile": "手机号",
    "landline": "固定电话",
    "postcode": "邮政编码",
    "email": "电子邮箱",
    "student_no": "学号",
    "exam_no": "考生号",
    "school_code": "院校代码",
}
SPARE_CHOICES = 2
UNCHOSEN = frozenset({"evidence_rules"})  # rules about papers, nothing to choose from
TONES = (("", "平常"), ("wait", "提醒"), ("good", "好消息"), ("bad", "警告"))
DAYS = "写 today、today-P6M、now+P1D，或 2027-07-01"


@dataclass(frozen=True)
class Property:
    """One field of the panel. `holder` is where it stands in the part: "", validate, properties."""

    name: str
    label: str
    kind: str = "text"  # text, long, number, tick, select, scheme
    holder: str = ""
    hint: str = ""
    options: tuple[tuple[str, str], ...] = ()

    def shown(self, part: Mapping[str, Any]) -> Any:
        value = (part.get(self.holder) or {}) if self.holder else part
        return value.get(self.name, "")

    def read(self, typed: str) -> Any:
        """The value as the definition keeps it; what is no number stays text and is refused."""
        if self.kind == "tick":
            return True if typed else None
        typed = typed.strip()
        if self.kind == "number":
            try:
                return json.loads(typed) if typed else None
            except ValueError:
                return typed
        return typed.replace("\r\n", "\n") or None


def rule(name: str, label: str, kind: str = "number", **more: Any) -> Property:
    return Property(name, label, kind, "validate", **more)


def trait(name: str, label: str, kind: str = "text", **more: Any) -> Property:
    return Property(name, label, kind, "properties", **more)


LABEL, KEY = (
    Property("label", "名称", hint="填表的人看到的；出错时的提示、历史里也用它"),
    Property(
        "key",
        "编号",
        hint="小写英文字母开头，只含字母、数字和下划线。流程图的条件按编号读这一项，改了编号，条件要跟着改",
    ),
)
HINT = Property("description", "名称下面的提示", "long", hint="怎样填才对，一两句话")
LENGTHS = (
    rule("minLength", "最少几个字"),
    rule("maxLength", "最多几个字", hint="不写就是 200 字，多行文字 2000 字"),
)
UNIT = trait("unit", "单位", hint="如 元、天")
DATES = (
    rule("min", "最早", "text", hint=DAYS),
    rule("max", "最晚", "text", hint=DAYS),
)
SCHEME = trait("scheme", "代码表", "scheme", hint="选项从这张表来，流程收到的是代码")
INTERNAL = trait("internal", "只给自己一方看", "tick", hint="对方和毕业生看不到这一项，历史里注明")
PRIVATE = trait(
    "private", "涉及隐私", "tick", hint="历史里只留头尾；文件加水印，到期删除，只有审核的人能看"
)
HAS_PRIVATE = ("text", "file")
DECIDES = Property("decides", "它的回答决定流程走向", "tick", hint="流程图的条件可以按它分路")
OWN: dict[str, tuple[Property, ...]] = {
    "text": (
        rule(
            "pattern",
            "格式",
            "select",
            hint="选了就按这种号码核对，全角数字和空格自动改正",
            options=(("", "（不限）"), *((name, FORMATS.get(name, name)) for name in PATTERNS)),
        ),
        *LENGTHS,
    ),
    "textarea": LENGTHS,
    "number": (
        rule("min", "最小"),
        rule("max", "最大"),
        rule("decimals", "几位小数", hint="不写就只能填整数"),
        UNIT,
    ),
    "money": (rule("min", "最小"), rule("max", "最大"), UNIT),
    "date": DATES,
    "datetime": DATES,
    "radio": (DECIDES, SCHEME),
    "select": (DECIDES, SCHEME),
    "checklist": (rule("min", "最少选几项"), rule("max", "最多选几项"), SCHEME),
    "picker": (
        SCHEME,
        trait("lowest", "要选到最细一级", "tick", hint="如地区要选到区县，不能只选省、市"),
    ),
    "file": (
        rule("min", "最少几个文件"),
        rule("max", "最多几个文件", hint="不写就是最多 9 个；每个不超过 10 MB"),
    ),
    "rows": (
        rule("min", "最少几行"),
        rule("max", "最多几行"),
        trait("rowLabel", "一行叫什么"),
        trait("addLabel", "“加一行”的按钮写什么"),
    ),
    "note": (Property("text", "文字", "long"), trait("tone", "语气", "select", options=TONES)),
}


def properties_of(kind: str) -> tuple[Property, ...]:
    """What can be set of a part of this type, beside its choices and conditions."""
    own = OWN.get(kind, ())
    if kind == "note":
        return own
    if kind == "block":
        return (LABEL,)
    if kind == "group":
        return (LABEL, HINT)
    message = rule("requiredMessage", "没填时怎么说", "text", hint="不写就用通常的说法")
    who = (INTERNAL, PRIVATE) if kind in HAS_PRIVATE else (INTERNAL,)
    return (LABEL, HINT, *own, message, *who, KEY)


@dataclass(frozen=True)
class ChoiceLine:
    """One value that can be chosen, as it is typed; `was` is the value it had."""

    value: str = ""
    label: str = ""
    hint: str = ""
    was: str = ""


def choice_lines(part: Mapping[str, Any]) -> list[ChoiceLine]:
    """The choices of a part and some empty lines for more."""
    known = [
        ChoiceLine(one["value"], one["label"], one.get("description", ""), one["value"])
        for one in part.get("values", ())
    ]
    return [*known, *[ChoiceLine()] * SPARE_CHOICES]


def part_from(part: Mapping[str, Any], typed: Mapping[str, str]) -> dict[str, Any]:
    """The part with what was typed; what the page does not show stays as it is."""
    changed: dict[str, Any] = {
        **part,
        "validate": dict(part.get("validate") or {}),
        "properties": dict(part.get("properties") or {}),
    }
    for one in properties_of(part["type"]):
        holder = changed[one.holder] if one.holder else changed
        put(holder, one.name, one.read(typed.get(f"p-{one.name}", "")))
    if part["type"] in CHOICE_TYPES:
        put(changed, "values", choices_from(part, typed) or None)
    return {key: value for key, value in changed.items() if value or key not in HOLDERS}


HOLDERS = ("validate", "properties")
CONDITIONS = {"shown": ("", "conditional"), "required": ("validate", "required")}


def put(holder: dict[str, Any], name: str, value: Any) -> None:
    if value is None:
        holder.pop(name, None)
    else:
        holder[name] = value


def with_conditions(part: Mapping[str, Any], conditions: Mapping[str, Any]) -> dict[str, Any]:
    """The part with these conditions, by the name of their slot; None takes one away."""
    changed: dict[str, Any] = {**part, "validate": dict(part.get("validate") or {})}
    for name, condition in conditions.items():
        holder, word = CONDITIONS[name]
        put(changed[holder] if holder else changed, word, condition)
    return {key: value for key, value in changed.items() if value or key not in HOLDERS}


def choices_from(part: Mapping[str, Any], typed: Mapping[str, str]) -> list[dict[str, Any]]:
    """The lines that have something in them, in the order of their numbers."""
    before = {one["value"]: one for one in part.get("values", ())}
    numbers = sorted(
        int(name.removeprefix("value-"))
        for name in typed
        if name.startswith("value-") and name.removeprefix("value-").isdecimal()
    )
    found = []
    for number in numbers:
        value, label, hint, was = (
            typed.get(f"{name}-{number}", "").strip() for name in ("value", "label", "hint", "was")
        )
        if not (value or label):
            continue
        one = {**before.get(was, {}), "value": value, "label": label}
        put(one, "description", hint or None)
        found.append(one)
    return found


@cache
def scheme_options() -> tuple[tuple[str, str], ...]:
    """The code tables by name, with what they are called."""
    named = sorted(schemes() - set(ALIASES) - UNCHOSEN)
    return (("", "（不用）"), *((one, f"{table(one).title}（{one}）") for one in named))
