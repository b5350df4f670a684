"""A diagram and all it calls, made ready to run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from processes.diagram import Diagram
from processes.elements import Element
from processes.engine.builder import Builder
from processes.engine.errors import DiagramRefused
from processes.engine.makers import ProcessSpec, finding_about
from processes.findings import Finding


@dataclass(frozen=True)
class Executable:
    """A release ready to run. Immutable once built, so threads may share it."""

    diagram: Diagram
    called: Mapping[str, Diagram]
    spec: Any
    inner_specs: Mapping[str, Any] = field(repr=False)
    merges: bool = False  # whether an inclusive gateway may have to wait
    throws: bool = False  # whether something waits for what only the case itself can bring

    def drawn_at(self, path: str) -> tuple[Diagram, Element]:
        """The diagram and element that a path such as `School_review/College_review` leads to.

        Raises KeyError where there is none.
        """
        diagram = self.diagram
        *calls, last = path.split("/")
        for call in calls:
            process = diagram.elements[call].called
            diagram = self.called[process] if process else diagram
        return diagram, diagram.elements[last]


def compile_release(diagram: Diagram, called: Mapping[str, Diagram] | None = None) -> Executable:
    """Build the specs of a diagram and of all it calls.

    Raises DiagramRefused with a finding for each thing the engine cannot carry out. This is the
    last line of defence; the checks say more, and say it better.
    """
    called = called or {}
    findings: list[Finding] = []
    used = _reachable(diagram, called, findings)
    builders = [Builder(d, findings) for d in (diagram, *used.values())]
    specs: dict[str, ProcessSpec] = {}
    for builder in builders:
        specs.update(builder.build())
    if findings:
        raise DiagramRefused(findings)
    family = (diagram, *used.values())
    merges, throws = any(map(_merges, family)), any(map(_throws, family))
    return Executable(diagram, used, specs.pop(diagram.process), specs, merges, throws)


def _merges(diagram: Diagram) -> bool:
    gateways = diagram.of_kind("inclusiveGateway")
    return any(len(diagram.incoming(gateway.id)) > 1 for gateway in gateways)


def _throws(diagram: Diagram) -> bool:
    kinds = {event.kind for element in diagram.elements.values() for event in element.events}
    return bool(kinds & {"signal", "error", "escalation"})


def _reachable(
    diagram: Diagram, called: Mapping[str, Diagram], findings: list[Finding]
) -> dict[str, Diagram]:
    """The called diagrams that are used; a missing or circular call is a finding."""
    used: dict[str, Diagram] = {}
    waiting: list[tuple[Diagram, tuple[str, ...]]] = [(diagram, (diagram.process,))]
    while waiting:
        caller, calls = waiting.pop()
        for element in caller.elements.values():
            if element.kind != "callActivity":
                continue
            name = element.called or ""
            if name in calls:
                findings.append(finding_about(element, f"调用了自己所在的流程 {name}"))
            elif name not in called:
                findings.append(finding_about(element, f"调用的流程 {name or '（未指定）'} 不存在"))
            else:
                used[name] = called[name]
                waiting.append((called[name], (*calls, name)))
    return used
