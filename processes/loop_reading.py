"""Reads how often an activity is carried out: loop and multi-instance markers."""

from __future__ import annotations

from processes import node_reading as nodes
from processes.elements import Extra, Loop
from processes.node_reading import Lines, Node, is_true, local, text_of

LOOPS = ("standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
_READ = frozenset(
    {"loopCondition", "loopCardinality", "loopDataInputRef", "inputDataItem"}
    | {"completionCondition", "extensionElements", "documentation"}
)


def loop_of(node: Node, lines: Lines) -> tuple[Loop | None, tuple[Extra, ...]]:
    """The marker of an activity, and what there is in it that is not carried out."""
    found = list(nodes.bpmn_children(node, *LOOPS))
    if not found:
        return None, ()
    marker, line = found[0], lines[found[0]]
    extras = [Extra(local(other), lines[other]) for other in found[1:]]
    extras += [
        Extra(local(child), lines[child])
        for child in nodes.bpmn_children(marker)
        if local(child) not in _READ
    ]
    if (marker.get("behavior") or "All").strip() != "All":
        extras.append(Extra("@behavior", line))
    if local(marker) == LOOPS[0]:
        return _standard(marker, line), tuple(extras)
    return _multiple(marker, line), tuple(extras)


def _standard(marker: Node, line: int) -> Loop:
    return Loop(
        "standard",
        line,
        condition=_text(marker, "loopCondition"),
        before=is_true(marker.get("testBefore")),
        maximum=marker.get("loopMaximum"),
    )


def _multiple(marker: Node, line: int) -> Loop:
    items = next(iter(nodes.bpmn_children(marker, "inputDataItem")), None)
    return Loop(
        "sequential" if is_true(marker.get("isSequential")) else "parallel",
        line,
        count=_text(marker, "loopCardinality"),
        items=_text(marker, "loopDataInputRef"),
        item=None if items is None else items.get("name") or items.get("id"),
        until=_text(marker, "completionCondition"),
        maximum=nodes.properties_of(marker).get("maximum"),
    )


def _text(marker: Node, name: str) -> str | None:
    return next((text_of(child) or None for child in nodes.bpmn_children(marker, name)), None)
