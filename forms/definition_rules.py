"""What must be true of a definition before it becomes a form.

The shape of the JSON was judged before (definition_shape). Here each component is judged by
itself, then how components refer to each other. Every finding names the component and the way
out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import wtforms

from forms.bounded import regex_fault
from forms.cautions import CAUTIONS
from forms.code_tables import REGISTERS, schemes, table
from forms.components import CHOICE_TYPES, FIELD_TYPES, Component, Placed, walk_fields
from forms.conditions import Condition, Several, fields_of
from forms.moments import is_bound
from forms.patterns import PATTERNS
from forms.validators import bounds_of

# WTForms keeps its own business under these names, our form its own, and a browser's form too.
_OWN_NAMES = """
    meta form_errors context options definition now shown is_blank answers labelled recorded warnings
    problems draft layout file_fields value_of requires input_name part_id typed_values own_fields
    csrf_token save submit reset action method elements length next
"""
RESERVED = frozenset(dir(wtforms.Form)) | frozenset(_OWN_NAMES.split())
_KEY = re.compile("[a-z][a-z0-9_]{0,39}")
_RULES: dict[str, set[str]] = {
    "text": {"minLength", "maxLength", "pattern", "regex", "regexMessage", "allowNone"},
    "textarea": {"minLength", "maxLength"},
    "number": {"min", "max", "decimals", "atLeast"},
    "money": {"min", "max", "atLeast"},
    "date": {"min", "max", "atLeast"},
    "datetime": {"min", "max"},
    "checklist": {"min", "max"},
    "file": {"min", "max"},
    "rows": {"min", "max"},
}
_FACT_KINDS = {"text", "lines", "code", "choice", "money", "date", "datetime", "masked", "flag"}


def check_components(components: tuple[Component, ...]) -> list[str]:
    """Check every component by itself."""
    findings: list[str] = []
    for component in _walk(components):
        name = f"构件“{component.key or component.label}”"
        findings += [f"{name}：{story}" for story in _component_faults(component)]
    return findings


def _walk(components: tuple[Component, ...]) -> Iterator[Component]:
    for component in components:
        yield component
        yield from _walk(component.components)


def _component_faults(component: Component) -> Iterator[str]:
    if component.is_field:
        yield from _key_faults(component)
    if component.type in {"group", "rows"} and not component.components:
        yield "里面没有构件，请补上 components"
    if component.type == "note" and not component.text:
        yield "说明没有文字，请写 text"
    if component.type == "block" and not component.facts:
        yield "只读块没有内容，请写 items 或 include"
    yield from _rule_faults(component)
    yield from _choice_faults(component)
    yield from _scheme_faults(component)
    yield from _evidence_faults(component)
    yield from _caution_faults(component)
    if component.properties.get("proved") and not _holds_a_mobile(component):
        yield "只有格式为手机号（mobile）的文字字段才写 proved，请删去"


def _holds_a_mobile(component: Component) -> bool:
    return component.type == "text" and component.rules.get("pattern") == "mobile"


def _key_faults(component: Component) -> Iterator[str]:
    if not _KEY.fullmatch(component.key):
        yield "字段要有 key，用小写字母开头，只含小写字母、数字和下划线，最长 40 位"
    elif component.key in RESERVED:
        yield f"“{component.key}”是系统保留的名字，请换一个 key"
    if not component.label.strip():
        yield "字段没有名称，请写 label"


def _rule_faults(component: Component) -> Iterator[str]:
    allowed = _RULES.get(component.type, set()) | {"requiredMessage"}
    for rule, value in component.rules.items():
        if rule not in allowed:
            yield f"类型 {component.type} 没有校验“{rule}”，请删去"
        elif rule in {"min", "max"} and component.type in {"date", "datetime"}:
            if not isinstance(value, str) or not is_bound(value):
                yield f"日期界限“{value}”读不懂，请写 today、now+P1D 或 2027-07-01"
        elif rule in {"minLength", "maxLength", "min", "max", "decimals"} and not _is_number(value):
            yield f"“{rule}”要写数字"
    if "atLeast" in component.rules:
        yield from _least_faults(bounds_of(component))
    if (pattern := component.rules.get("pattern")) is not None and str(pattern) not in PATTERNS:
        yield f"没有格式“{pattern}”，可用：{'、'.join(PATTERNS)}"
    if (regex := component.rules.get("regex")) is not None:
        if fault := regex_fault(str(regex)):
            yield fault
        if not component.rules.get("regexMessage"):
            yield "写了 regex，就要用 regexMessage 说清怎样填才对"


def _least_faults(leasts: list[Any]) -> Iterator[str]:
    for least in leasts:
        words = set(least) if isinstance(least, Mapping) else set()
        whose = words & {"field", "option"}
        if len(whose) != 1 or words - whose - {"reason"} or not _all_text(least):
            yield "atLeast 要写成 {“field”: 字段} 或 {“option”: 路径}，旁边可写 reason"


def _all_text(least: Mapping[str, Any]) -> bool:
    return all(isinstance(value, str) for value in least.values())


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e12


def _choice_faults(component: Component) -> Iterator[str]:
    values = [choice.value for choice in component.own_choices]
    if component.type in CHOICE_TYPES and not values and not component.scheme:
        yield "没有可选的值，请写 values，或在 properties 里写 scheme"
    if len(values) != len(set(values)):
        yield "values 里有重复的 value，请改名"
    if component.decides and (component.type not in {"radio", "select"} or not values):
        yield "决定走向的字段（decides）要用 radio 或 select，并写出 values"


def _scheme_faults(component: Component) -> Iterator[str]:
    wanted = [component.scheme] if component.scheme else []
    wanted += [fact.scheme for fact in component.facts if fact.scheme]
    for scheme in wanted:
        if scheme in REGISTERS and component.type == "picker":
            continue
        if scheme not in schemes():
            yield f"没有代码表“{scheme}”，可用：{'、'.join(sorted(schemes()))}"
    if component.type == "picker" and not component.scheme:
        yield "picker 要在 properties 里写 scheme"
    for fact in component.facts:
        if fact.kind not in _FACT_KINDS:
            yield f"“{fact.label}”的 as 不认识“{fact.kind}”，可用：{'、'.join(sorted(_FACT_KINDS))}"


def _evidence_faults(component: Component) -> Iterator[str]:
    kind = component.properties.get("evidence")
    if kind is not None and component.type != "file":
        yield "只有文件字段（file）才写 evidence，请删去"
    elif kind is not None and kind not in table("evidence_rules"):
        known = "、".join(row.code for row in table("evidence_rules").items)
        yield f"没有证明材料“{kind}”，可用：{known}"


def _caution_faults(component: Component) -> Iterator[str]:
    for caution in component.cautions:
        if str(caution.get("rule")) not in CAUTIONS:
            yield f"没有提醒“{caution.get('rule')}”，可用：{'、'.join(CAUTIONS)}"


def check_whole(components: tuple[Component, ...]) -> list[str]:
    """Check how components refer to each other: keys, conditions, rows."""
    placed = tuple(walk_fields(components))
    findings = list(_scope_faults(placed, {}))
    known = {place.component.key: place.component for place in placed}
    for place in placed:
        if place.component.type == "rows":
            inner = tuple(walk_fields(place.component.components))
            findings += _scope_faults(inner, known)
            findings += _rows_faults(place.component)
    for component in _walk(components):
        if component.is_field or component.shown_if is None:
            continue
        findings += _dangling(component.label or component.type, component.shown_if, known)
    return findings


def _rows_faults(rows: Component) -> Iterator[str]:
    most = rows.rules.get("max", 20)
    if not 1 <= most <= 100 or rows.rules.get("min", 0) > most:
        yield f"构件“{rows.key}”：行数要在 1 到 100 之间，min 不大于 max"
    if any(part.type in {"rows", "file"} for part in _walk(rows.components)):
        yield f"构件“{rows.key}”：行里不能再放 rows 或 file，请移到外面"
    if any(part.properties.get("proved") for part in _walk(rows.components)):
        yield f"构件“{rows.key}”：行里的手机号不能要求核验，请删去 proved"


def _scope_faults(placed: tuple[Placed, ...], outer: Mapping[str, Component]) -> Iterator[str]:
    known = dict(outer)
    own: set[str] = set()
    for place in placed:
        key = place.component.key
        if key in own:
            yield f"构件“{key}”：这个 key 用了两次，请改其中一个"
        own.add(key)
        known[key] = place.component
    depends: dict[str, set[str]] = {}
    for place in placed:
        key = place.component.key
        conditions = list(place.conditions)
        depends[key] = {name for one in conditions for name in fields_of(one)} & own
        if not isinstance(place.component.required, bool):
            conditions.append(place.component.required)
        for condition in conditions:
            yield from _dangling(key, condition, known)
        for least in bounds_of(place.component):
            if "field" in least and least["field"] not in known:
                yield f"构件“{key}”：atLeast 里的字段“{least['field']}”不存在，请改正"
        for caution in place.component.cautions:
            if "field" in caution and caution["field"] not in known:
                yield f"构件“{key}”：提醒里的字段“{caution['field']}”不存在，请改正"
    yield from _cycles(depends)


def _dangling(name: str, condition: Condition, known: Mapping[str, Component]) -> Iterator[str]:
    if isinstance(condition, Several):
        for part in condition.parts:
            yield from _dangling(name, part, known)
        return
    if condition.of_option:
        return
    field = known.get(condition.subject)
    if field is None or field.type not in FIELD_TYPES - {"rows", "file"}:
        yield f"构件“{name}”：条件里的字段“{condition.subject}”不存在，请改正或删去条件"
        return
    values = {choice.value for choice in field.choices}
    asked = condition.value if condition.op in {"in", "not in"} else [condition.value]
    if values and condition.op in {"==", "!=", "in", "not in", "contains"}:
        for value in asked:
            if not isinstance(value, str) or value not in values:
                yield f"构件“{name}”：字段“{condition.subject}”没有值“{value}”，请改正条件"


def _cycles(depends: Mapping[str, set[str]]) -> Iterator[str]:
    settled: set[str] = set()
    while ready := {key for key in depends if key not in settled and depends[key] <= settled}:
        settled |= ready
    if stuck := [key for key in depends if key not in settled]:
        yield f"字段“{'、'.join(stuck)}”的显示条件互相依赖，请去掉其中一个条件"
