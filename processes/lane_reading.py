"""Reads lanes, and finds out who works on what."""

from __future__ import annotations

from collections.abc import Collection

from processes import node_reading as nodes
from processes.choosing import pool_of
from processes.elements import Element, Lane
from processes.kinds import BPMN
from processes.node_reading import Node, local, name_of
from processes.notebook import Notebook
from processes.roles import Role, role_of_lane


def read_lanes(book: Notebook, process: Node, elements: Collection[str]) -> dict[str, Lane]:
    """Return the lanes of a process by id, outer ones before those inside them.

    A process without lanes belongs to its pool, when the pool is named like a role.
    """
    lanes: dict[str, Lane] = {}
    for node in process.iter(f"{{{BPMN}}}lane"):
        lane = _lane(book, node, _members(book, node, elements))
        lanes[lane.id] = lane
    pool = pool_of(book, process)
    if not lanes and pool is not None and role_of_lane(name_of(pool)) is not None:
        whole = _lane(book, pool, ())
        lanes[whole.id] = whole
    return lanes


def _lane(book: Notebook, node: Node, members: tuple[str, ...]) -> Lane:
    name = name_of(node)
    outer = node.getparent()
    while outer is not None and local(outer) in {"laneSet", "childLaneSet"}:
        outer = outer.getparent()
    within = outer.get("id") if outer is not None and local(outer) == "lane" else None
    id_ = book.complete_id(node, "Lane")
    return Lane(id_, name, role_of_lane(name), book.lines[node], members, within)


def _members(book: Notebook, node: Node, elements: Collection[str]) -> tuple[str, ...]:
    members = []
    for reference in nodes.bpmn_children(node, "flowNodeRef"):
        member = book.reference(nodes.text_of(reference))
        if member in elements:
            members.append(member)
        else:
            book.note_dangling(node, "泳道里的一个成员", member, "warning")
    return tuple(members)


def places(
    lanes: dict[str, Lane], elements: dict[str, Element]
) -> dict[str, tuple[str | None, Role | None]]:
    """Return the lane's name and the role for each element.

    The innermost lane counts; what is inside a sub-process or attached follows it. Without any
    lane the university office does everything (the checks say so).
    """
    lane_of = {member: lane for lane in lanes.values() for member in lane.members}
    pools = [lane for lane in lanes.values() if not lane.members and lane.within is None]
    whole = pools[0] if len(lanes) == 1 and pools else None
    found: dict[str, tuple[str | None, Role | None]] = {}
    for element in elements.values():  # parents come before what they hold
        own = lane_of.get(element.id) or lane_of.get(element.attached_to or "")
        lane = own or lane_of.get(element.parent or "") or whole
        if lane is not None:
            lane_of[element.id] = lane
            found[element.id] = (lane.name, lane.role)
        else:
            found[element.id] = (None, None if lanes else Role.OFFICE)
    return found
