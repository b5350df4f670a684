"""Is what is thrown caught, and what is waited for thrown?

Signals stay within one case: a signal from or for another case is refused. Errors and escalations
climb from level to level, out of called diagrams too, to the first that catches them.
"""

from __future__ import annotations

from collections.abc import Iterator

from processes.checks.inspection import Inspection, about, titled
from processes.diagram import Diagram, Element
from processes.findings import Finding
from processes.kinds import DEFINITIONS

CLIMBING = ("error", "escalation")
_THROWING = ("intermediateThrowEvent", "endEvent")
_CATCHING = ("intermediateCatchEvent", "boundaryEvent", "startEvent")
Thrown = tuple[str, str]  # kind, and code


def look(inspection: Inspection) -> Iterator[Finding]:
    """Look at the diagram together with all it calls; what it lets out concerns its callers."""
    yield from _unsaid(inspection.diagram)
    yield from _places(inspection.diagram)
    if not inspection.is_called:
        yield from _signals(inspection)
    yield from _climbing(inspection)


def _unsaid(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.of_kind(*_THROWING, *_CATCHING):
        for event in element.events:
            if event.word is not None:
                continue
            if event.kind == "signal":
                yield about(element, "没有选择信号。", "请选择或新建一个信号。", line=event.line)
            elif event.kind in CLIMBING and (event.refers or element.kind in _THROWING):
                label = DEFINITIONS[event.kind]
                yield about(
                    element,
                    f"{label}没有代码，分不清是哪一种。",
                    f"请给{label}填写代码（{event.kind}Code）。",
                    line=event.line,
                )


def _places(diagram: Diagram) -> Iterator[Finding]:
    """Only what holds other steps can let an error or escalation out."""
    for event in diagram.of_kind("boundaryEvent"):
        holder = diagram.elements.get(event.attached_to or "")
        kind = event.event.kind if event.event else ""
        if kind not in CLIMBING or holder is None:
            continue
        if holder.kind not in {"subProcess", "callActivity"}:
            yield about(
                event,
                f"{DEFINITIONS[kind]}边界事件依附在{titled(holder)} 上，那里不会抛出{DEFINITIONS[kind]}。",
                "请依附到子流程或调用活动上；操作的结果请用排他网关分支。",
            )
        if kind == "error" and not event.interrupting:
            yield about(event, "错误总会打断，这里却设为不打断。", "请改为打断。")


def _signals(inspection: Inspection) -> Iterator[Finding]:
    family = [inspection.diagram, *_reached(inspection)]
    thrown = {name for diagram in family for _, name in _named(diagram, _THROWING)}
    caught = {name for diagram in family for _, name in _named(diagram, _CATCHING)}
    for element, name in _named(inspection.diagram, _CATCHING):
        if name not in thrown:
            yield about(
                element,
                f"信号「{name}」在这个流程里没有人抛出；不同案件之间不传信号。",
                "请在流程里画出抛出它的事件；等外面的通知时请用消息。",
            )
    for element, name in _named(inspection.diagram, _THROWING):
        if name not in caught:
            yield about(
                element,
                f"信号「{name}」在这个流程里没有人等待；不同案件之间不传信号。",
                "请画出等待它的事件；要通知别人时请用发送任务。",
            )
    for other in family[1:]:
        lost = {n for _, n in _named(other, _CATCHING)} - thrown
        lost |= {n for _, n in _named(other, _THROWING)} - caught
        if lost:
            yield about(
                inspection.diagram,
                f"被调用的 {other.process} 用到信号「{'」「'.join(sorted(lost))}」，"
                "这个流程里没有另一端。",
                "请补上抛出或等待它的事件；不同案件之间不传信号。",
            )


def _named(diagram: Diagram, kinds: tuple[str, ...]) -> Iterator[tuple[Element, str]]:
    for element in diagram.of_kind(*kinds):
        for event in element.events:
            if event.kind == "signal" and event.word is not None:
                yield element, event.word


def _reached(inspection: Inspection) -> list[Diagram]:
    found: dict[str, Diagram] = {}
    waiting = sorted(inspection.diagram.called)
    while waiting:
        name = waiting.pop()
        if name in inspection.called and name not in found:
            found[name] = inspection.called[name]
            waiting += sorted(found[name].called)
    found.pop(inspection.diagram.process, None)
    return list(found.values())


def _climbing(inspection: Inspection) -> Iterator[Finding]:
    diagram = inspection.diagram
    used: set[str] = set()
    for origin, thrown in _origins(inspection, diagram, frozenset({diagram.process})):
        catcher = catcher_of(diagram, origin, thrown)
        if catcher is not None:
            used.add(catcher.id)
        elif not inspection.is_called:
            yield _uncaught(origin, thrown)
    if any(call.called not in inspection.called for call in diagram.of_kind("callActivity")):
        return  # what a missing diagram throws is not known
    for element in diagram.of_kind("boundaryEvent", "startEvent"):
        kind = element.event.kind if element.event else ""
        if kind in CLIMBING and element.id not in used:
            yield about(
                element,
                f"里面没有抛出这个{DEFINITIONS[kind]}的结束或抛出事件，它永远不会触发。",
                "请画出抛出它的事件，代码要一致；操作的结果请用排他网关分支。",
            )


def _uncaught(origin: Element, thrown: Thrown) -> Finding:
    kind, word = thrown
    label = DEFINITIONS[kind]
    if kind == "escalation":
        return about(
            origin,
            f"{label}「{word}」没有人接，抛出后什么也不会发生。",
            "请在外层子流程的边框上画升级事件，或画升级事件子流程。",
            severity="warning",
        )
    return about(
        origin,
        f"{label}「{word}」没有人接，流程会在这里出错。",
        "请在外层子流程的边框上画错误事件，或画错误事件子流程。",
    )


def _origins(
    inspection: Inspection, diagram: Diagram, above: frozenset[str]
) -> Iterator[tuple[Element, Thrown]]:
    """Everything thrown in a diagram, with the event; what a call lets out, with the call."""
    for element in diagram.of_kind(*_THROWING):
        for event in element.events:
            if event.kind in CLIMBING and event.word is not None:
                yield element, (event.kind, event.word)
    for call in diagram.of_kind("callActivity"):
        for thrown in _let_out(inspection, call.called or "", above):
            yield call, thrown


def _let_out(inspection: Inspection, process: str, above: frozenset[str]) -> list[Thrown]:
    """What a called diagram throws and does not catch itself; found out once for each diagram."""
    called = inspection.called.get(process)
    if called is None or process in above:
        return []
    if process not in inspection.let_out:
        inside = _origins(inspection, called, above | {process})
        free = {thrown for origin, thrown in inside if catcher_of(called, origin, thrown) is None}
        inspection.let_out[process] = sorted(free)
    return inspection.let_out[process]


def catcher_of(diagram: Diagram, origin: Element, thrown: Thrown) -> Element | None:
    """The event that catches what is thrown at an element; None when it leaves the diagram."""
    found = _fitting(diagram.boundary_events(origin.id), thrown)
    inside = origin
    while found is None:
        found = _fitting(_starts_beside(diagram, inside), thrown)
        if found is not None or inside.parent is None:
            return found
        inside = diagram.elements[inside.parent]
        found = _fitting(diagram.boundary_events(inside.id), thrown)
    return found


def _starts_beside(diagram: Diagram, inside: Element) -> list[Element]:
    """The starts of event sub-processes that still wait on the level of an element.

    Once an interrupting one runs, none waits beside it any more.
    """
    if inside.triggered:
        own = diagram.start_of(inside.id)
        if own is None or own.interrupting:
            return []
    handlers = diagram.event_sub_processes(inside.parent or diagram.process)
    starts = [diagram.start_of(handler.id) for handler in handlers]
    return [start for start in starts if start is not None and start.parent != inside.id]


def _fitting(events: tuple[Element, ...] | list[Element], thrown: Thrown) -> Element | None:
    """The event that names the code, else the one that catches every code."""
    kind, word = thrown
    fitting = [
        element
        for element in events
        if element.event is not None
        and element.event.kind == kind
        and element.event.word in (None, word)
    ]
    exact = [e for e in fitting if e.event is not None and e.event.word is not None]
    return next(iter([*exact, *fitting]), None)
