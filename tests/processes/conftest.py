"""Draws diagrams for tests from a few lines of text.

    start Begin
    user Fill form=signing/fill
    end Done
    Begin > Fill > Done

One line for each element (`kind id key=value …`) or chain of flows. `A > B : condition` puts a
condition on the last flow of a chain, `A >> B` makes it the default. Keys: `in` (sub-process),
`on` and `free` (boundary event, not interrupting), `duration`, `date`, `cycle`, `message`,
`terminate`, `calls`, `op` with `p.<name>` for its parameters; everything else is a property.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

import pytest

from processes.checks import check
from processes.diagram import Diagram, read_diagram
from processes.findings import Finding

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL"'
    ' xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="Definitions_1"'
    ' targetNamespace="http://example.org/qianyue">\n'
)
KINDS = {
    "start": "startEvent",
    "end": "endEvent",
    "catch": "intermediateCatchEvent",
    "boundary": "boundaryEvent",
    "user": "userTask",
    "manual": "manualTask",
    "service": "serviceTask",
    "send": "sendTask",
    "receive": "receiveTask",
    "sub": "subProcess",
    "call": "callActivity",
    "xor": "exclusiveGateway",
    "and": "parallelGateway",
    "or": "inclusiveGateway",
    "rules": "businessRuleTask",
    "throw": "intermediateThrowEvent",
    "event": "eventBasedGateway",
}
TIMERS = {"duration": "timeDuration", "date": "timeDate", "cycle": "timeCycle"}
THROWN = {"signal": "name", "error": "errorCode", "escalation": "escalationCode"}
LOOP_KEYS = {"again", "before", "count", "each", "of", "until", "most"}
TABLE_KEYS = {"hit", "asks", "gives", "row1", "row2", "row3", "row4"}
OWN_KEYS = {
    "name",
    "in",
    "on",
    "message",
    "calls",
    "op",
    "link",
    *TIMERS,
    *THROWN,
    *LOOP_KEYS,
    *TABLE_KEYS,
    "writes",
    "reads",
}


@dataclass
class Part:
    """One element of a sketch."""

    kind: str
    id: str
    keys: dict[str, str]
    flags: set[str]
    default: str = ""
    inside: list[str] = field(default_factory=list)


def sketch(text: str, *, extra: str = "", lane: str | None = "学校", process: str = "P") -> bytes:
    """Return BPMN for a few lines of text; `extra` is raw XML inside the process."""
    parts: dict[str, Part] = {}
    flows: list[tuple[str, str, str | None]] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if " > " in line or " >> " in line:
            _read_chain(line, parts, flows)
        else:
            _read_part(line, parts)
    inside: dict[str, list[str]] = {"": [], **{id_: [] for id_ in parts}}
    for source, target, condition in flows:
        home = parts[source].keys.get("in", "") if source in parts else ""
        inside[home].append(_flow(source, target, condition))
    for part in reversed(parts.values()):
        inside[part.keys.get("in", "")].insert(0, _element(part, inside[part.id]))
    return _document(process, lane, parts, "\n".join(inside[""]) + extra + _objects(parts, extra))


def _objects(parts: dict[str, Part], extra: str) -> str:
    """The data objects that parts write or read, where they are not drawn by hand."""
    names = {
        part.keys[key] for part in parts.values() for key in ("writes", "reads") & part.keys.keys()
    }
    return "".join(
        f'<dataObject id="{name}"/><dataObjectReference id="{name}_ref" dataObjectRef="{name}"/>'
        for name in sorted(names)
        if f'id="{name}"' not in extra
    )


def _read_part(line: str, parts: dict[str, Part]) -> None:
    kind, id_, *rest = shlex.split(line)
    keys = dict(word.split("=", 1) for word in rest if "=" in word)
    parts[id_] = Part(KINDS.get(kind, kind), id_, keys, {word for word in rest if "=" not in word})


def _read_chain(
    line: str, parts: dict[str, Part], flows: list[tuple[str, str, str | None]]
) -> None:
    chain, _, condition = line.partition(" : ")
    steps = chain.replace(" >> ", " > !").split(" > ")
    for number, (source, target) in enumerate(pairwise(steps), 1):
        source, is_default = source.strip().lstrip("!"), target.startswith("!")
        target = target.strip().lstrip("!")
        last = number == len(steps) - 1
        flows.append((source, target, condition.strip() if condition and last else None))
        if is_default:
            parts[source].default = f"{source}_to_{target}"


def _flow(source: str, target: str, condition: str | None) -> str:
    inner = (
        f"<conditionExpression xsi:type='tFormalExpression'>{escape(condition)}"
        "</conditionExpression>"
        if condition
        else ""
    )
    return (
        f'<sequenceFlow id="{source}_to_{target}" sourceRef="{source}" targetRef="{target}">'
        f"{inner}</sequenceFlow>"
    )


def _element(part: Part, inside: list[str]) -> str:
    keys = part.keys
    attributes = {"id": part.id, "name": keys.get("name", part.id)}
    if part.default:
        attributes["default"] = part.default
    if "on" in keys:
        attributes["attachedToRef"] = keys["on"]
    if "free" in part.flags:
        attributes["isInterrupting" if part.kind == "startEvent" else "cancelActivity"] = "false"
    if "triggered" in part.flags:
        attributes["triggeredByEvent"] = "true"
    if "calls" in keys:
        attributes["calledElement"] = keys["calls"]
    if part.kind == "receiveTask" and "message" in keys:
        attributes["messageRef"] = f"Message_{keys['message']}"
    written = " ".join(f"{key}={quoteattr(value)}" for key, value in attributes.items())
    body = (
        _extensions(part) + _data_lines(part) + _definitions(part) + "\n".join(inside) + _loop(part)
    )
    return f"<{part.kind} {written}>{body}</{part.kind}>"


def _extensions(part: Part) -> str:
    properties = {
        key: value
        for key, value in part.keys.items()
        if key not in OWN_KEYS and not key.startswith("p.")
    }
    if part.kind == "endEvent" and not {"status", "outcome"} & {*properties, *part.flags}:
        properties["status"] = "done"
    inner = "".join(
        f"<spiffworkflow:property name={quoteattr(key)} value={quoteattr(value)}/>"
        for key, value in properties.items()
        if "bare" not in part.flags
    )
    inner = f"<spiffworkflow:properties>{inner}</spiffworkflow:properties>" if inner else ""
    if "op" in part.keys:
        parameters = "".join(
            f'<spiffworkflow:parameter id="{key[2:]}" type="str" value={quoteattr(value)}/>'
            for key, value in part.keys.items()
            if key.startswith("p.")
        )
        inner += (
            f'<spiffworkflow:serviceTaskOperator id="{part.keys["op"]}" resultVariable="">'
            f"<spiffworkflow:parameters>{parameters}</spiffworkflow:parameters>"
            "</spiffworkflow:serviceTaskOperator>"
        )
    inner += decision_table(part.keys) if "gives" in part.keys else ""
    return f"<extensionElements>{inner}</extensionElements>" if inner else ""


def decision_table(keys: dict[str, str]) -> str:
    """A decision table: `asks` and `gives` are columns, each row is `cell ; cell => result ; …`."""
    columns = [column.strip() for column in keys.get("asks", "").split(";") if column.strip()]
    inside = "".join(
        f"<dmn:input><dmn:inputExpression><dmn:text>{escape(text)}</dmn:text></dmn:inputExpression></dmn:input>"
        for text in columns
    )
    for column in keys["gives"].split(";"):
        name, _, default = column.strip().partition("=")
        entry = f"<dmn:text>{escape(default)}</dmn:text>"
        entry = f"<dmn:defaultOutputEntry>{entry}</dmn:defaultOutputEntry>" if default else ""
        inside += f'<dmn:output name="{name}">{entry}</dmn:output>'
    for row in (value for key, value in sorted(keys.items()) if key.startswith("row")):
        tests, _, results = row.partition("=>")
        cells = [("inputEntry", cell) for cell in tests.split(";") if columns]
        cells += [("outputEntry", cell) for cell in results.split(";")]
        inside += "".join(
            ["<dmn:rule>"]
            + [f"<dmn:{n}><dmn:text>{escape(c.strip())}</dmn:text></dmn:{n}>" for n, c in cells]
            + ["</dmn:rule>"]
        )
    return (
        '<dmn:definitions xmlns:dmn="https://www.omg.org/spec/DMN/20191111/MODEL/"><dmn:decision>'
        f'<dmn:decisionTable hitPolicy="{keys.get("hit", "UNIQUE")}">{inside}</dmn:decisionTable>'
        "</dmn:decision></dmn:definitions>"
    )


def _data_lines(part: Part) -> str:
    """`writes=D` and `reads=D` are lines to and from a data object, drawn by reference."""
    found = ""
    if "reads" in part.keys:
        found += (
            f'<dataInputAssociation id="{part.id}_in"><sourceRef>{part.keys["reads"]}_ref</sourceRef>'
            f"<targetRef>{part.id}_property</targetRef></dataInputAssociation>"
        )
    if "writes" in part.keys:
        found += (
            f'<dataOutputAssociation id="{part.id}_out"><targetRef>{part.keys["writes"]}_ref'
            "</targetRef></dataOutputAssociation>"
        )
    return found


def _loop(part: Part) -> str:
    """`again=CONDITION` is a loop, `count=NUMBER` and `each=ITEM of=LIST` are multi-instances."""
    keys = part.keys
    if "again" in keys:
        before = "true" if "before" in part.flags else "false"
        return (
            f'<standardLoopCharacteristics loopMaximum="{keys.get("most", "3")}" testBefore="{before}">'
            f"<loopCondition>{escape(keys['again'])}</loopCondition></standardLoopCharacteristics>"
        )
    if not {"count", "each"} & keys.keys():
        return ""
    inside = ""
    if "most" in keys:
        inside += (
            "<extensionElements><spiffworkflow:properties><spiffworkflow:property"
            f' name="maximum" value="{keys["most"]}"/></spiffworkflow:properties></extensionElements>'
        )
    if "count" in keys:
        inside += f"<loopCardinality>{escape(keys['count'])}</loopCardinality>"
    if "each" in keys:
        inside += f'<loopDataInputRef>{keys["of"]}</loopDataInputRef><inputDataItem name="{keys["each"]}"/>'
    if "until" in keys:
        inside += f"<completionCondition>{escape(keys['until'])}</completionCondition>"
    one_by_one = "true" if "serial" in part.flags else "false"
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{one_by_one}">{inside}'
        "</multiInstanceLoopCharacteristics>"
    )


def _definitions(part: Part) -> str:
    found = [
        f"<timerEventDefinition><{tag}>{escape(part.keys[key])}</{tag}></timerEventDefinition>"
        for key, tag in TIMERS.items()
        if key in part.keys
    ]
    if "message" in part.keys and part.kind != "receiveTask":
        found.append(f'<messageEventDefinition messageRef="Message_{part.keys["message"]}"/>')
    for key in THROWN:
        if part.keys.get(key) == "any":
            found.append(f"<{key}EventDefinition/>")
        elif key in part.keys:
            found.append(f'<{key}EventDefinition {key}Ref="{key}_{part.keys[key]}"/>')
    if "link" in part.keys:
        found.append(f'<linkEventDefinition name="{part.keys["link"]}"/>')
    if "terminate" in part.flags:
        found.append("<terminateEventDefinition/>")
    return "".join(found)


def _document(process: str, lane: str | None, parts: dict[str, Part], body: str) -> bytes:
    members = "".join(
        f"<flowNodeRef>{part.id}</flowNodeRef>" for part in parts.values() if "in" not in part.keys
    )
    lanes = (
        f'<laneSet id="Lanes"><lane id="Lane_1" name={quoteattr(lane)}>{members}</lane></laneSet>'
        if lane is not None
        else ""
    )
    names = sorted({part.keys["message"] for part in parts.values() if "message" in part.keys})
    messages = "".join(f'<message id="Message_{name}" name="{name}"/>' for name in names)
    for key, attribute in THROWN.items():
        for word in sorted({part.keys[key] for part in parts.values() if key in part.keys}):
            messages += f'<{key} id="{key}_{word}" {attribute}="{word}"/>'
    return (
        f'{HEAD}{messages}<process id="{process}" name="流程" isExecutable="true">\n{lanes}\n{body}\n'
        "</process></definitions>"
    ).encode()


def wrap(body: str, *, head: str = HEAD, executable: str = ' isExecutable="true"') -> bytes:
    """Return BPMN with raw XML inside the process."""
    return (
        f'{head}<process id="P" name="流程"{executable}>\n{body}\n</process></definitions>'.encode()
    )


@pytest.fixture(name="sketch", scope="session")
def sketch_fixture() -> Callable[..., bytes]:
    """Draw BPMN from a few lines of text."""
    return sketch


@pytest.fixture(name="wrap", scope="session")
def wrap_fixture() -> Callable[..., bytes]:
    """Put raw XML into a process."""
    return wrap


@pytest.fixture(scope="session")
def draw() -> Callable[..., Diagram]:
    """Draw a sketch and read it."""

    def read(text: str, **options: str | None) -> Diagram:
        return read_diagram(sketch(text, **options), "sketch.bpmn")  # type: ignore[arg-type]

    return read


@pytest.fixture(scope="session")
def faults() -> Callable[..., list[Finding]]:
    """Read and check raw bytes; return the errors only."""

    def errors(data: bytes, **facts: object) -> list[Finding]:
        found = check(read_diagram(data), **facts)  # type: ignore[arg-type]
        return [finding for finding in found if finding.forbids_running]

    return errors
