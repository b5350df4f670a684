"""Reads data objects: those that a step writes are variables, the others are only drawn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from processes import node_reading as nodes
from processes.elements import DataObject, Extra
from processes.kinds import BPMN
from processes.node_reading import Node, is_true, local, name_of, text_of
from processes.notebook import Notebook

LEAVING = frozenset(
    {"userTask", "manualTask", "serviceTask", "sendTask", "receiveTask", "callActivity"}
    | {"businessRuleTask"}
)
_CHANGING = ("transformation", "assignment")


@dataclass
class Data:
    """The data objects that are written, and the steps that write and need them, by step id.

    `alive` are the ids of all nodes that stand for such an object or lead to or from it.
    """

    objects: dict[str, DataObject] = field(default_factory=dict)
    writes: dict[str, list[str]] = field(default_factory=dict)
    reads: dict[str, list[str]] = field(default_factory=dict)
    extras: dict[str, list[Extra]] = field(default_factory=dict)
    alive: set[Node] = field(default_factory=set)


def read_data(book: Notebook, process: Node) -> Data:
    """Look through a process for data objects and the lines to and from them."""
    data = Data()
    objects = {str(n.get("id")): n for n in process.iter(f"{{{BPMN}}}dataObject") if n.get("id")}
    stands_for = {id_: id_ for id_ in objects}
    drawn = list(process.iter(f"{{{BPMN}}}dataObjectReference"))
    for reference in drawn:
        target = book.reference(reference.get("dataObjectRef"))
        if target in objects:
            stands_for[str(reference.get("id"))] = target
    for line, owner in _lines(process, "dataOutputAssociation"):
        object_ = stands_for.get(_end(book, line, "targetRef"))
        if object_ is not None and local(owner) in LEAVING and owner.get("id"):
            data.writes.setdefault(str(owner.get("id")), []).append(object_)
            data.objects[object_] = _object(book, objects[object_])
            data.alive |= {line, objects[object_]}
            _note_changes(book, data, line, owner, data.objects[object_])
    for line, owner in _lines(process, "dataInputAssociation"):
        object_ = stands_for.get(_end(book, line, "sourceRef"))
        if object_ in data.objects and owner.get("id"):
            data.reads.setdefault(str(owner.get("id")), []).append(str(object_))
            data.alive.add(line)
            _note_changes(book, data, line, owner, data.objects[str(object_)])
    data.alive |= {r for r in drawn if stands_for.get(str(r.get("id"))) in data.objects}
    return data


def _lines(process: Node, kind: str) -> Iterator[tuple[Node, Node]]:
    for line in process.iter(f"{{{BPMN}}}{kind}"):
        owner = line.getparent()
        if owner is not None:
            yield line, owner


def _end(book: Notebook, line: Node, name: str) -> str:
    return next((book.reference(text_of(end)) for end in nodes.bpmn_children(line, name)), "")


def _object(book: Notebook, node: Node) -> DataObject:
    parent = node.getparent()
    inside = parent is not None and local(parent) != "process"
    return DataObject(
        id=str(node.get("id")),
        name=name_of(node),
        line=book.lines[node],
        parent=str(parent.get("id")) if inside and parent is not None else None,
        is_collection=is_true(node.get("isCollection")),
    )


def _note_changes(book: Notebook, data: Data, line: Node, owner: Node, object_: DataObject) -> None:
    found = [Extra(local(n), book.lines[n]) for n in nodes.bpmn_children(line, *_CHANGING)]
    if object_.is_collection:
        found.append(Extra("@isCollection", object_.line))
    data.extras.setdefault(str(owner.get("id")), []).extend(found)
