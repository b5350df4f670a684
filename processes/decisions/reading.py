"""Reads the decision table that a business rule task holds."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

Node = etree._Element

DMN = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
    }
)
_DESCRIBING = frozenset({"description", "annotation", "annotationEntry", "text"})


@dataclass(frozen=True)
class DecisionInput:
    """A column that is looked at: its heading and the expression that gives its value."""

    label: str
    text: str


@dataclass(frozen=True)
class DecisionOutput:
    """A column that results: its name, and what it is when no rule fits (None: nothing said)."""

    name: str
    default: str | None = None


@dataclass(frozen=True)
class DecisionRule:
    """A row: the texts of its cells."""

    line: int
    tests: tuple[str, ...]
    results: tuple[str, ...]


@dataclass(frozen=True)
class Decision:
    """A decision table as it is written. `others` names what stands in it beside its cells."""

    name: str
    line: int
    policy: str
    aggregation: str | None
    inputs: tuple[DecisionInput, ...]
    outputs: tuple[DecisionOutput, ...]
    rules: tuple[DecisionRule, ...]
    others: tuple[str, ...] = ()
    tables: int = 1


def decision_of(task: Node, lines: dict[Node, int]) -> Decision | None:
    """The decision table inside a business rule task; None when it holds none."""
    tables = [node for node in task.iter() if _is(node, "decisionTable")]
    if not tables:
        return None
    table = tables[0]
    decision = table.getparent()
    outputs = list(_children(table, "output"))
    return Decision(
        name=(decision.get("name") or decision.get("id") or "") if decision is not None else "",
        line=lines.get(table, 0),
        policy=(table.get("hitPolicy") or "UNIQUE").strip(),
        aggregation=table.get("aggregation"),
        inputs=tuple(map(_input, _children(table, "input"))),
        outputs=tuple(map(_output, outputs)),
        rules=tuple(_rule(rule, lines) for rule in _children(table, "rule")),
        others=tuple(_others(table)),
        tables=len(tables),
    )


def _input(column: Node) -> DecisionInput:
    text = next((_text(expression) for expression in _children(column, "inputExpression")), "")
    return DecisionInput(column.get("label") or text, text)


def _output(column: Node) -> DecisionOutput:
    default = next((_text(entry) for entry in _children(column, "defaultOutputEntry")), None)
    return DecisionOutput((column.get("name") or "").strip(), default)


def _rule(rule: Node, lines: dict[Node, int]) -> DecisionRule:
    return DecisionRule(
        lines.get(rule, 0),
        tuple(map(_text, _children(rule, "inputEntry"))),
        tuple(map(_text, _children(rule, "outputEntry"))),
    )


def _others(table: Node) -> Iterator[str]:
    known = {"input", "output", "rule"} | _DESCRIBING
    for child in table.iterchildren(etree.Element):
        if not any(_is(child, name) for name in known):
            yield str(etree.QName(child).localname)


def _children(node: Node, name: str) -> Iterator[Node]:
    return (child for child in node.iterchildren(etree.Element) if _is(child, name))


def _is(node: Node, name: str) -> bool:
    if not isinstance(node.tag, str):
        return False
    tag = etree.QName(node)
    return tag.localname == name and tag.namespace in DMN


def _text(node: Node) -> str:
    return "".join("".join(map(str, text.itertext())) for text in _children(node, "text")).strip()
