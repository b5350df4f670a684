"""Reads single XML nodes: names, references, events, properties and operators."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from processes.elements import EventDefinition, Extra, OperatorCall
from processes.kinds import ARTIFACTS, BPMN, DATA, FLOW_NODES, QUIET_CHILDREN, SPIFF

Node = etree._Element
Lines = dict[Node, int]

_TIMERS = {"timeDuration": "duration", "timeDate": "date", "timeCycle": "cycle"}
_READ_ELSEWHERE = (
    QUIET_CHILDREN
    | ARTIFACTS
    | DATA.keys()
    | FLOW_NODES.keys()
    | {"standardLoopCharacteristics", "multiInstanceLoopCharacteristics"}
)
_MEANINGFUL_ATTRIBUTES = {
    "isForCompensation": ("false", "0", ""),
    "instantiate": ("false", "0", ""),
    "eventGatewayType": ("Exclusive", ""),
    "startQuantity": ("1", ""),
    "completionQuantity": ("1", ""),
}


def local(node: Node) -> str:
    """The name of a node without its namespace."""
    return str(etree.QName(node).localname)


def namespace(node: Node) -> str:
    """The namespace of a node ("" for none)."""
    return str(etree.QName(node).namespace or "")


def bpmn_children(node: Node, *names: str) -> Iterator[Node]:
    """Direct children in the BPMN namespace, of these names or of any."""
    for child in node.iterchildren(etree.Element):
        if namespace(child) == BPMN and (not names or local(child) in names):
            yield child


def text_of(node: Node) -> str:
    """All text in a node, markup left out, without space around it."""
    return "".join(str(part) for part in node.itertext()).strip()


def name_of(node: Node) -> str:
    """The name as one line of plain text."""
    return " ".join((node.get("name") or "").split())


def is_true(value: str | None) -> bool:
    """Whether an XML boolean says yes."""
    return (value or "").strip() in {"true", "1"}


def is_interrupting(node: Node) -> bool:
    """Whether a boundary event, or the start of an event sub-process, ends what it hangs on."""
    attribute = "isInterrupting" if local(node) == "startEvent" else "cancelActivity"
    return (node.get(attribute) or "true").strip() not in {"false", "0"}


def documentation_of(node: Node) -> str:
    """What the author wrote about a node, as plain text."""
    return "\n".join(filter(None, map(text_of, bpmn_children(node, "documentation"))))


def spiff_nodes(node: Node, *names: str) -> Iterator[Node]:
    """Children of the node's extensionElements in the spiffworkflow namespace."""
    for extension in bpmn_children(node, "extensionElements"):
        for child in extension.iterchildren(etree.Element):
            if namespace(child) == SPIFF and (not names or local(child) in names):
                yield child


def property_nodes(node: Node) -> Iterator[Node]:
    """The `property` nodes of a node."""
    for group in spiff_nodes(node, "properties"):
        yield from group.iterchildren(f"{{{SPIFF}}}property")


def properties_of(node: Node) -> dict[str, str]:
    """Name and value of each complete property."""
    return {
        str(p.get("name")): str(p.get("value"))
        for p in property_nodes(node)
        if p.get("name") and p.get("value") is not None
    }


def parameter_nodes(node: Node) -> Iterator[Node]:
    """The `parameter` nodes of a node's operator."""
    for operator in spiff_nodes(node, "serviceTaskOperator"):
        for group in operator.iterchildren(f"{{{SPIFF}}}parameters"):
            yield from group.iterchildren(f"{{{SPIFF}}}parameter")


def operator_of(node: Node) -> OperatorCall | None:
    """The operator that a task calls, if it names one."""
    for operator in spiff_nodes(node, "serviceTaskOperator"):
        parameters = {
            str(p.get("id")): str(p.get("value"))
            for p in parameter_nodes(node)
            if p.get("id") and p.get("value") is not None
        }
        return OperatorCall((operator.get("id") or "").strip(), parameters)
    return None


def is_definition(node: Node) -> bool:
    """Whether a node says what an event waits for."""
    return local(node).endswith("EventDefinition")


def event_of(
    node: Node, line: int, message: str | None, word: str | None = None
) -> EventDefinition:
    """Read one event definition; `message` and `word` stand behind its reference."""
    kind = local(node).removesuffix("EventDefinition") or "unknown"
    if kind == "link":
        return EventDefinition(kind, line, word=_link_name(node) or None, refers=True)
    if kind != "timer":
        refers = bool(node.get(f"{kind}Ref"))
        return EventDefinition(kind, line, message=message, word=word, refers=refers)
    for child in bpmn_children(node, *_TIMERS):
        return EventDefinition(kind, line, _TIMERS[local(child)], text_of(child))
    return EventDefinition(kind, line)


def _link_name(definition: Node) -> str:
    """The link's own name; tools that leave it empty pair the ends by what is written on them."""
    event = definition.getparent()
    return name_of(definition) or ("" if event is None else name_of(event))


def extras_of(node: Node, lines: Lines) -> tuple[Extra, ...]:
    """Everything of BPMN in a flow node that is not carried out by reading it."""
    line = lines[node]
    found = [
        Extra(f"@{name}", line)
        for name, harmless in _MEANINGFUL_ATTRIBUTES.items()
        if (node.get(name) or "").strip() not in harmless
    ]
    found += [
        Extra(local(child), lines[child])
        for child in bpmn_children(node)
        if local(child) not in _READ_ELSEWHERE and not is_definition(child)
    ]
    found += [
        Extra(local(child), lines[child]) for child in spiff_nodes(node, "preScript", "postScript")
    ]
    return tuple(found)
