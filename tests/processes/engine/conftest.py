"""Draws small diagrams as BPMN XML, and plays cases on them with a clock that stands still."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from types import SimpleNamespace
from xml.sax.saxutils import escape, quoteattr

import pytest

from processes.diagram import read_diagram
from processes.engine import OperatorResult, Run, compile_release

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
SPIFF = "http://spiffworkflow.org/bpmn/schema/1.0/core"
MONDAY = datetime(2026, 6, 1, 1, 0, tzinfo=UTC)


def _properties(values):
    if not values:
        return ""
    rows = "".join(
        f"<s:property name={quoteattr(k)} value={quoteattr(v)}/>" for k, v in values.items()
    )
    return f"<extensionElements><s:properties>{rows}</s:properties></extensionElements>"


def node(kind, id, inside="", **properties):
    return f'<{kind} id="{id}" name="{id}">{_properties(properties)}{inside}</{kind}>'


def start(id="s"):
    return node("startEvent", id)


def user(id, **properties):
    return node("userTask", id, **properties)


def end(id="e", **properties):
    return node("endEvent", id, **properties)


def terminate(id):
    return node("endEvent", id, "<terminateEventDefinition/>")


def gateway(id, default=None):
    return f'<exclusiveGateway id="{id}"' + (f' default="{default}"/>' if default else "/>")


def parallel(id):
    return f'<parallelGateway id="{id}"/>'


def service(id, operator="acquire_claim", kind="serviceTask", **parameters):
    rows = "".join(
        f"<s:parameter id={quoteattr(k)} type='text' value={quoteattr(v)}/>"
        for k, v in parameters.items()
    )
    return (
        f'<{kind} id="{id}" name="{id}"><extensionElements>'
        f'<s:serviceTaskOperator id="{operator}"><s:parameters>{rows}</s:parameters>'
        f"</s:serviceTaskOperator></extensionElements></{kind}>"
    )


def timer(text, kind="timeDuration"):
    body = f"<{kind}>{escape(text)}</{kind}>"
    return f"<timerEventDefinition>{body}</timerEventDefinition>"


def message(name):
    return f'<messageEventDefinition messageRef="Message_{name}"/>'


def signal(name):
    return f'<signalEventDefinition signalRef="Signal_{name}"/>'


def error(code=None):
    return f'<errorEventDefinition errorRef="Error_{code}"/>' if code else "<errorEventDefinition/>"


def escalation(code=None):
    if code is None:
        return "<escalationEventDefinition/>"
    return f'<escalationEventDefinition escalationRef="Escalation_{code}"/>'


def link(name):
    return f'<linkEventDefinition name="{name}"/>'


def throw(id, definition):
    return node("intermediateThrowEvent", id, definition)


def throwing_end(id, definition, **properties):
    return node("endEvent", id, definition, **properties)


def event_sub_process(id, definition, *parts, interrupting=True):
    """A sub-process that begins with the event `<id>_start`."""
    stops = "true" if interrupting else "false"
    begin = f'<startEvent id="{id}_start" isInterrupting="{stops}">{definition}</startEvent>'
    return f'<subProcess id="{id}" name="{id}" triggeredByEvent="true">{begin}{"".join(parts)}</subProcess>'


def catch(id, definition):
    return node("intermediateCatchEvent", id, definition)


def again(condition, maximum=3, before=False):
    """The marker of a standard loop."""
    return (
        f'<standardLoopCharacteristics loopMaximum="{maximum}" testBefore="{str(before).lower()}">'
        f"<loopCondition>{escape(condition)}</loopCondition></standardLoopCharacteristics>"
    )


def many(count=None, *, each=None, until=None, sequential=False, maximum=9):
    """The marker of a multi-instance; `each` is "item in list"."""
    inside = (
        f"<extensionElements>{_properties({'maximum': str(maximum)})[19:-20]}</extensionElements>"
    )
    if count is not None:
        inside += f"<loopCardinality>{escape(str(count))}</loopCardinality>"
    if each is not None:
        item, items = each.split(" in ")
        inside += f"<loopDataInputRef>{items}</loopDataInputRef>"
        inside += f'<inputDataItem id="{item}_item" name="{item}"/>'
    if until is not None:
        inside += f"<completionCondition>{escape(until)}</completionCondition>"
    one_by_one = str(sequential).lower()
    return (
        f'<multiInstanceLoopCharacteristics isSequential="{one_by_one}">{inside}'
        "</multiInstanceLoopCharacteristics>"
    )


def marked(xml, marker):
    """An activity with a marker at its end."""
    head, tail = xml.rsplit("</", 1)
    return f"{head}{marker}</{tail}"


def boundary(id, attached, definition, interrupting=True):
    stops = "true" if interrupting else "false"
    return (
        f'<boundaryEvent id="{id}" name="{id}" attachedToRef="{attached}" '
        f'cancelActivity="{stops}">{definition}</boundaryEvent>'
    )


def sub_process(id, *parts):
    return f'<subProcess id="{id}" name="{id}">{"".join(parts)}</subProcess>'


def call(id, called, **parameters):
    return (
        f'<callActivity id="{id}" name="{id}" calledElement="{called}">'
        f"{_properties(parameters)}</callActivity>"
    )


def flow(source, target, condition=None, id=None):
    inside = f"<conditionExpression>{escape(condition)}</conditionExpression>" if condition else ""
    name = id or f"{source}_{target}"
    return f'<sequenceFlow id="{name}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'


def path(*ids):
    """Flows from each to the next."""
    return "".join(flow(a, b) for a, b in pairwise(ids))


def document(*parts, process="p"):
    names = ("withdraw", "hello", "answer")
    messages = "".join(f'<message id="Message_{n}" name="{n}"/>' for n in names)
    messages += "".join(f'<signal id="Signal_{n}" name="{n}"/>' for n in ("go", "stop"))
    for n in ("one", "two"):
        messages += f'<error id="Error_{n}" errorCode="{n}"/>'
        messages += f'<escalation id="Escalation_{n}" escalationCode="{n}"/>'
    return (
        f'<definitions xmlns="{BPMN}" xmlns:s="{SPIFF}" targetNamespace="t">{messages}'
        f'<process id="{process}" isExecutable="true">{"".join(parts)}</process></definitions>'
    ).encode()


def compiled(*parts, called=None):
    inner = {name: read_diagram(data) for name, data in (called or {}).items()}
    return compile_release(read_diagram(document(*parts)), inner)


class RecordingOperators:
    """Answers with what was agreed for the element's path, else ok; remembers each call."""

    def __init__(self, answers=None):
        self.answers = answers or {}
        self.calls = []

    def call(self, operator, parameters, at):
        self.calls.append((operator, parameters, at))
        answer = self.answers.get(at, "ok")
        if isinstance(answer, Exception):
            raise answer
        return answer


class Play:
    """A case on its way. Restores the run before every step, unless told not to."""

    def __init__(self, executable, *, answers=None, facts=None, restores=True, compacts=True):
        self.executable = executable
        self.operators = RecordingOperators(answers)
        self.facts = facts or {"case": {}, "school": {}}
        self.restores, self.now = restores, MONDAY
        self._compacts = compacts
        run = Run if compacts else type("PlainRun", (Run,), {"_compacts": False})
        self.run = run.start(executable, facts=self.facts, now=self.now, operators=self.operators)
        self.step = self.run.step
        self.history = list(self.step.happened)

    @property
    def waiting(self):
        return [task.element for task in self.step.tasks]

    @property
    def kinds(self):
        return [(h.kind, h.element) for h in self.step.happened if h.kind != "flow"]

    def task(self, element):
        [task] = [t for t in self.step.tasks if t.element == element]
        return task

    def answer(self, element, **answers):
        return self._move(
            lambda: self.run.answer(self.task(element).token, answers, self.now, self.operators)
        )

    def message(self, name, payload=None):
        return self._move(lambda: self.run.message(name, self.now, self.operators, payload))

    def later(self, **delta):
        """Let time pass and wake the case."""
        self.now += timedelta(**delta)
        return self._move(lambda: self.run.wake(self.now, self.operators))

    def _move(self, act):
        if self.restores:
            self.restore()
        self.step = act()
        self.history.extend(self.step.happened)
        return self.step

    def restore(self):
        kind = type(self.run)
        self.run = kind.restore(
            self.executable, self.run.dump(), variables=self.run.variables, facts=self.facts
        )


@pytest.fixture(scope="session")
def draw():
    """The words for drawing: draw.user("A"), draw.path("s", "A", "e"), draw.compiled(…)."""
    words = (
        node, start, user, end, terminate, gateway, parallel, service, timer, message, catch,
        boundary, sub_process, call, flow, path, document, compiled,
        again, many, marked, signal, error, escalation, link, throw, throwing_end, event_sub_process,
    )  # fmt: skip
    return SimpleNamespace(**{word.__name__: word for word in words})


@pytest.fixture(scope="session")
def play() -> Callable[..., Play]:
    """Start a case on a drawing: play(start(), user("A"), …) or play(executable)."""

    def begin(*parts, called=None, **options):
        ready = parts[0] if parts and not isinstance(parts[0], str) else None
        return Play(ready or compiled(*parts, called=called), **options)

    return begin


@pytest.fixture(scope="session")
def result():
    return OperatorResult
