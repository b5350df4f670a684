"""Finds what a file holds beside BPMN and our own extensions, and says so once for each kind."""

from __future__ import annotations

from collections.abc import Iterator

from processes.decisions.reading import DMN
from processes.findings import Finding
from processes.kinds import (
    BPMN,
    DRAWING_NAMESPACES,
    FLOW_NODES,
    KNOWN_ATTRIBUTES,
    SPIFF,
    XML,
    XSI,
    label_of,
)
from processes.node_reading import Lines, Node, local, name_of, namespace

_OWN = frozenset(
    {"properties", "property", "serviceTaskOperator", "parameters", "parameter"}
    | {"preScript", "postScript"}
)
_CARRIERS = frozenset({"process", "subProcess", "transaction", "adHocSubProcess"})


def foreign_notes(root: Node, lines: Lines) -> list[Finding]:
    """Return a warning for each kind of foreign content, an error for a misplaced element."""
    groups: dict[str, list[int]] = {}
    notes: list[Finding] = []
    for node, what in _foreign(root):
        if not what.startswith("@") and _looks_like_a_step(node):
            notes.append(_misplaced(node, lines[node]))
        else:
            groups.setdefault(what, []).append(lines[node])
    return notes + [_grouped(what, found) for what, found in groups.items()]


def _foreign(root: Node) -> Iterator[tuple[Node, str]]:
    """Walk the model (not the coordinates) and name whatever is not ours."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        space = namespace(node)
        if space in DRAWING_NAMESPACES or (space in DMN and _decides(node)):
            continue
        if space not in {BPMN, SPIFF} or (space == SPIFF and local(node) not in _OWN):
            yield node, f"{_short(node, space)}{local(node)}"
            continue
        yield from _foreign_attributes(node, space)
        waiting.extend(reversed([child for child in node if isinstance(child.tag, str)]))


def _decides(node: Node) -> bool:
    """Whether a decision stands where it is carried out: in a business rule task."""
    extension = node.getparent()
    task = None if extension is None else extension.getparent()
    return task is not None and namespace(task) == BPMN and local(task) == "businessRuleTask"


def _foreign_attributes(node: Node, space: str) -> Iterator[tuple[Node, str]]:
    for key in node.attrib:
        name = str(key)
        if name.startswith("{"):
            outside, bare = name[1:].split("}", 1)
            if outside not in {XSI, XML}:
                yield node, f"@{_prefix(node, outside)}{bare}"
        elif space == BPMN and name not in KNOWN_ATTRIBUTES:
            yield node, f"@{name}"


def _short(node: Node, space: str) -> str:
    return f"{node.prefix}:" if node.prefix else (f"{{{space}}}" if space else "")


def _prefix(node: Node, space: str) -> str:
    for prefix, known in node.nsmap.items():
        if known == space and prefix:
            return f"{prefix}:"
    return f"{{{space}}}"


def _looks_like_a_step(node: Node) -> bool:
    parent = node.getparent()
    return (
        parent is not None
        and namespace(parent) == BPMN
        and local(parent) in _CARRIERS
        and (local(node) in FLOW_NODES or local(node) == "sequenceFlow")
    )


def _misplaced(node: Node, line: int) -> Finding:
    return Finding(
        "wrong_namespace",
        "error",
        str(node.get("id") or ""),
        name_of(node),
        line,
        f"{label_of(local(node))}不在 BPMN 的命名空间里，运行时看不到它。",
        "请用流程图编辑器重新画这一步，或者改正标签的前缀。",
    )


def _grouped(what: str, found: list[int]) -> Finding:
    times = f"（共 {len(found)} 处）" if len(found) > 1 else ""
    kind = "属性" if what.startswith("@") else "扩展内容"
    return Finding(
        "foreign_content",
        "warning",
        "",
        "",
        min(found),
        f"{kind} {what.removeprefix('@')}{times}来自其他软件，运行时不起作用。",
        "不需要时可以保留；需要它的作用时，请改用本系统的表单、操作和扩展属性。",
    )
