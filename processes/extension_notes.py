"""Notes what is incomplete or said twice inside an element: properties, operators, timers.

SpiffWorkflow's parser answers an incomplete property with a KeyError and keeps the last of two;
we would have to guess which one is meant.
"""

from __future__ import annotations

from collections import Counter

from processes import node_reading as nodes
from processes.node_reading import Node, local
from processes.notebook import Notebook

_TIMES = ("timeDuration", "timeDate", "timeCycle")


def note_extensions(book: Notebook, node: Node) -> None:
    """Look through one element."""
    _properties(book, node)
    _operators(book, node)
    for definition in nodes.bpmn_children(node, "timerEventDefinition"):
        times = list(nodes.bpmn_children(definition, *_TIMES))
        if len(times) > 1:
            written = "、".join(local(time) for time in times)
            message = f"定时写了 {len(times)} 个时间（{written}），分不清用哪一个。"
            book.note("said_twice", "error", node, message, "请只留一个时间。", part=definition)


def _properties(book: Notebook, node: Node) -> None:
    properties = list(nodes.property_nodes(node))
    for property_ in properties:
        if not property_.get("name") or property_.get("value") is None:
            _incomplete(book, node, property_, "扩展属性缺少名称或值")
    names = Counter(str(p.get("name")) for p in properties if p.get("name"))
    _twice(book, node, "扩展属性", names)


def _operators(book: Notebook, node: Node) -> None:
    operators = list(nodes.spiff_nodes(node, "serviceTaskOperator"))
    for operator in operators:
        if not (operator.get("id") or "").strip():
            _incomplete(book, node, operator, "操作没有填写编号")
    if len(operators) > 1:
        message = f"这里写了 {len(operators)} 个操作，只能有一个。"
        book.note("said_twice", "error", node, message, "请拆成几个服务任务。")
    parameters = list(nodes.parameter_nodes(node))
    for parameter in parameters:
        if any(parameter.get(key) is None for key in ("id", "type", "value")):
            _incomplete(book, node, parameter, "操作的参数缺少名称、类型或值")
    if len(operators) == 1:
        names = Counter(str(p.get("id")) for p in parameters if p.get("id"))
        _twice(book, node, "操作的参数", names)


def _incomplete(book: Notebook, node: Node, part: Node, what: str) -> None:
    called = part.get("name") or part.get("id")
    message = f"{what}{f'（{called}）' if called else ''}。"
    way_out = "请补全这一项，或者整行删掉。"
    book.note("incomplete_property", "error", node, message, way_out, part=part)


def _twice(book: Notebook, node: Node, what: str, names: Counter[str]) -> None:
    for name, count in names.items():
        if count > 1:
            message = f"{what} {name} 写了 {count} 次，分不清用哪一个。"
            book.note("said_twice", "error", node, message, "请只留一个。")
