"""Drafts of form definitions from the fields that other tools keep inside the diagram."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from processes.importing.workpiece import Workpiece, foreign_attributes, foreign_nodes
from processes.node_reading import Node, local, name_of, properties_of

FOLDER = "imported"
MOST_FIELDS = 200
# names that a form keeps for itself; a field called so gets a tail
TAKEN = frozenset(
    """answers action context csrf_token data definition draft elements errors file_fields
    form_errors hide_errors input_name is_blank labelled layout length meta method next now options
    own_fields part_id populate_obj post_process problems process recorded required requires reset save shown
    submit typed_values validate value_of warnings""".split()  # noqa: SIM905 - reads as a list
)
_TYPES = {
    "string": "text", "text": "text", "textfield": "text", "long": "number", "int": "number",
    "integer": "number", "double": "number", "number": "number", "date": "date",
    "datetime": "date", "boolean": "checkbox", "checkbox": "checkbox", "enum": "radio",
    "radio": "radio", "select": "select", "textarea": "textarea", "checklist": "checklist",
}  # fmt: skip
_SILENT = frozenset({"button", "spacer", "separator", "html", "image", "iframe", "table"})

Draft = dict[str, Any]


class Forms:
    """The drafts of one file, by key, and where each variable comes from."""

    def __init__(self) -> None:
        self.drafts: dict[str, Draft] = {}
        self.facts: dict[str, dict[str, list[str] | None]] = {}
        self.sources: dict[str, set[str]] = {}

    @property
    def names(self) -> dict[str, str]:
        """The path of each variable that exactly one task fills in."""
        return {name: min(paths) for name, paths in self.sources.items() if len(paths) == 1}


def draft_forms(piece: Workpiece, process: Node) -> Forms:
    """Write a draft for each task that brings its fields; say which forms are missing."""
    forms = Forms()
    bodies = _json_bodies(process)
    for task in piece.bpmn("startEvent", "userTask", "manualTask", within=process):
        if properties_of(task).get("form"):
            continue
        fields = list(_fields(task)) or _json_fields(task, bodies)
        if local(task) == "startEvent":
            if fields:
                _say_start(piece, task, len(fields))
        elif fields:
            _draft(piece, forms, task, fields[:MOST_FIELDS])
        elif key := _named_form(task):
            piece.note(
                "missing",
                "form",
                task,
                f"表单“{key[:80]}”不在文件里",
                "请在编辑器里选择本系统的表单，或新建一个。",
            )
    return forms


def _say_start(piece: Workpiece, start: Node, count: int) -> None:
    piece.note(
        "missing",
        "start_form",
        start,
        f"开始时要填的表单（{count} 个字段）没有导入：本系统的流程由办理页面发起",
        "需要填写时，请在开始之后加一个用户任务，并给它表单。",
    )


def _draft(piece: Workpiece, forms: Forms, task: Node, fields: list[Draft]) -> None:
    id_ = str(task.get("id"))
    key = _form_key(id_, forms)
    components: list[Draft] = []
    facts: dict[str, list[str] | None] = {}
    renamed: list[str] = []
    for field in fields:
        name = field.pop("id")
        field["key"] = _field_key(name, facts)
        if field["key"] != name:
            renamed.append(f"{name} → {field['key']}")
        values = [one["value"] for one in field.get("values", ())]
        facts[field["key"]] = values if field.get("decides") else None
        if id_.isidentifier():
            forms.sources.setdefault(name, set()).add(f"{id_}.{field['key']}")
        components.append(field)
    forms.drafts[key] = {"title": name_of(task) or "表单", "components": components}
    forms.facts[key] = facts
    piece.set_property(task, "form", key)
    told = f"，字段改名：{'、'.join(renamed[:8])}" if renamed else ""
    piece.note(
        "translated",
        "form",
        task,
        f"任务自带的 {len(components)} 个字段已写成表单草稿 {key}{told}",
        "请在表单编辑器里看一遍名称、类型和必填。",
        after=f"form={key}",
    )


def _form_key(id_: str, forms: Forms) -> str:
    stem = re.sub(r"[^a-z0-9_]+", "_", _snake(id_)).strip("_") or "form"
    found, number = f"{FOLDER}/{stem}", 1
    while found in forms.drafts:
        number += 1
        found = f"{FOLDER}/{stem}_{number}"
    return found


def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


def _field_key(name: str, known: Mapping[str, Any]) -> str:
    stem = re.sub(r"[^a-z0-9_]+", "_", _snake(name)).strip("_")[:32]
    stem = stem if re.match(r"[a-z]", stem) else f"field_{stem}".rstrip("_")
    stem = f"{stem}_value" if stem in TAKEN else stem
    found, number = stem, 1
    while found in known:
        number += 1
        found = f"{stem}_{number}"
    return found


def _fields(task: Node) -> Iterator[Draft]:
    """The fields of camunda:formField, activiti:formProperty and flowable:formProperty."""
    for node in foreign_nodes(task, "formField", "formProperty"):
        id_ = (node.get("id") or "").strip()
        if id_:
            label = (node.get("label") or node.get("name") or id_).strip()
            options = [
                {"value": str(v.get("id")), "label": (v.get("name") or v.get("id") or "").strip()}
                for v in node.iter("*")
                if local(v) == "value" and v.get("id")
            ]
            kind = (node.get("type") or "string").lower()
            yield _field(id_, label, kind, options, _is_required(node))


def _is_required(node: Node) -> bool:
    if (node.get("required") or "").strip() == "true":
        return True
    return any(
        local(part) == "constraint" and part.get("name") in {"required", "mandatory"}
        for part in node.iter("*")
    )


def _field(id_: str, label: str, kind: str, options: list[Draft], required: bool) -> Draft:
    type_ = _TYPES.get(kind, "text")
    unique = list({one["value"]: one for one in options}.values())
    if type_ in {"radio", "select", "checklist"} and not unique:
        type_ = "text"
    field: Draft = {"id": id_, "type": type_, "label": " ".join(label.split()) or id_, "key": ""}
    if type_ in {"radio", "select", "checklist"}:
        field["values"] = unique[:500]
        if type_ != "checklist":
            field["decides"] = True
    if required:
        field["validate"] = {"required": True}
    return field


def _json_bodies(process: Node) -> dict[str, Any]:
    """Forms of Camunda 8 that stand as JSON in the process: id to schema."""
    found: dict[str, Any] = {}
    for node in foreign_nodes(process, "userTaskForm"):
        try:
            body = json.loads("".join(str(text) for text in node.itertext()))
        except (ValueError, RecursionError):
            continue
        if isinstance(body, dict) and node.get("id"):
            found[str(node.get("id"))] = body
    return found


def _json_fields(task: Node, bodies: Mapping[str, Any]) -> list[Draft]:
    for node in foreign_nodes(task, "formDefinition"):
        key = (node.get("formKey") or node.get("formId") or "").rpartition(":")[2]
        if key in bodies:
            return list(_schema_fields(bodies[key].get("components")))
    return []


def _schema_fields(components: Any, depth: int = 0) -> Iterator[Draft]:
    for part in components if isinstance(components, list) else ():
        if not isinstance(part, dict) or part.get("type") in _SILENT:
            continue
        if isinstance(part.get("components"), list):
            if depth < 5:
                yield from _schema_fields(part["components"], depth + 1)
            continue
        key = part.get("key")
        if not isinstance(key, str) or not key.strip():
            continue
        options = [
            {"value": str(one["value"]), "label": str(one.get("label") or one["value"])}
            for one in part.get("values") or ()
            if isinstance(one, dict) and one.get("value") not in (None, "")
        ]
        rules = part.get("validate")
        required = isinstance(rules, dict) and rules.get("required") is True
        label = str(part.get("label") or key)
        yield _field(key.strip(), label, str(part.get("type")).lower(), options, required)


def _named_form(task: Node) -> str:
    for _, value in foreign_attributes(task, "formKey", "formRef"):
        return value
    for node in foreign_nodes(task, "formDefinition"):
        return str(node.get("formKey") or node.get("formId") or node.get("externalReference") or "")
    return ""
