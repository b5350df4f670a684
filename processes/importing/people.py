"""Who does what: lanes, assignees and candidate groups of other tools, and our roles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from processes import node_reading as nodes
from processes.importing.notes import RoleQuestion
from processes.importing.workpiece import (
    Workpiece,
    flow_nodes,
    foreign_attributes,
    foreign_nodes,
)
from processes.node_reading import Node, name_of
from processes.roles import Role, role_of_lane

ASSIGNING = ("assignee", "candidateGroups", "candidateUsers", "actorName")
_PERFORMERS = ("potentialOwner", "humanPerformer", "performer", "resourceRole")
_PEOPLE = ("userTask", "manualTask")
_HINTS: tuple[tuple[Role, tuple[str, ...]], ...] = (
    (Role.GRADUATE, ("毕业生", "学生", "本人", "申请人", "student", "graduate", "applicant", "starter")),
    (Role.EMPLOYER, ("单位", "公司", "企业", "employer", "company", "customer", "client", "supplier")),
    (Role.REVIEWER, ("院", "辅导员", "导师", "系主任", "college", "faculty", "counselor", "teacher")),
    (Role.ADMIN, ("管理员", "admin")),
)  # fmt: skip


def assign(piece: Workpiece, process: Node, roles: Mapping[str, str]) -> list[RoleQuestion]:
    """Give lanes the roles that a person chose; return what is still to be chosen.

    `roles` maps keys of questions to values of Role; others are left as they are.
    """
    lanes = list(piece.bpmn("lane", within=process))
    questions = _lanes(piece, process, lanes, roles) if lanes else []
    named = _named(piece, process)
    if not lanes and (answered := _answered(named, roles)):
        _draw_lanes(piece, process, answered)
        lanes = list(piece.bpmn("lane", within=process))
    for who, tasks in named.items():
        if lanes or f"who:{who}" in roles:
            _say_ignored(piece, who, tasks)
        else:
            questions.append(_question("who", who, tasks))
            piece.note(
                "missing",
                "role",
                tasks,
                f"办理人“{who}”不是本系统的角色，暂由学校就业部门办理",
                "请在导入时选择角色，或在编辑器里画出泳道。",
            )
    return questions


def _question(kind: str, who: str, tasks: list[Node]) -> RoleQuestion:
    elements = tuple(str(task.get("id")) for task in tasks)
    return RoleQuestion(f"{kind}:{who}", who, suggest(who).value, elements)


def suggest(words: str) -> Role:
    """The role that the words hint at; the university office where they hint at none."""
    known = role_of_lane(words)
    if known is not None:
        return known
    lowered = words.lower()
    for role, hints in _HINTS:
        if any(hint in lowered for hint in hints):
            return role
    return Role.OFFICE


def _lanes(
    piece: Workpiece, process: Node, lanes: list[Node], roles: Mapping[str, str]
) -> list[RoleQuestion]:
    people = {str(t.get("id")): t for t in piece.bpmn(*_PEOPLE, within=process)}
    questions = []
    for lane in lanes:
        name = name_of(lane)
        if role_of_lane(name) is not None:
            continue
        members = [
            people[id_]
            for member in nodes.bpmn_children(lane, "flowNodeRef")
            if (id_ := piece.reference(nodes.text_of(member))) in people
        ]
        key = f"lane:{name or lane.get('id')}"
        if chosen := _role(roles.get(key)):
            new = f"{chosen.label}（{name}）" if name else chosen.label
            piece.note(
                "translated", "role", lane, "泳道的角色已按您的选择写进名称", "不需要处理。",
                before=name, after=new,
            )  # fmt: skip
            piece.set(lane, "name", new)
        elif members:
            questions.append(_question("lane", name or str(lane.get("id")), members))
    return questions


def _role(value: str | None) -> Role | None:
    return Role(value) if value in set(Role) else None


def _named(piece: Workpiece, process: Node) -> dict[str, list[Node]]:
    """Whom the tasks name, each with the tasks."""
    found: dict[str, list[Node]] = {}
    for task in piece.bpmn(*_PEOPLE, within=process):
        who = "、".join(dict.fromkeys(_whom(task)))[:80]
        if who:
            found.setdefault(who, []).append(task)
    return found


def _whom(task: Node) -> Iterator[str]:
    for _, value in foreign_attributes(task, *ASSIGNING):
        yield value
    for definition in foreign_nodes(task, "assignmentDefinition"):
        for key in ("assignee", "candidateGroups", "candidateUsers"):
            if definition.get(key):
                yield str(definition.get(key))
    for performer in nodes.bpmn_children(task, *_PERFORMERS):
        text = nodes.text_of(performer) or name_of(performer)
        if text:
            yield text


def _say_ignored(piece: Workpiece, who: str, tasks: list[Node]) -> None:
    piece.note(
        "understood",
        "role",
        tasks,
        f"办理人“{who}”由泳道的角色代替",
        "本系统按泳道决定由谁办理。",
    )


def _answered(named: Mapping[str, list[Node]], roles: Mapping[str, str]) -> dict[str, Role]:
    """Task ids with the roles that a person chose for whom they name."""
    return {
        str(task.get("id")): role
        for who, tasks in named.items()
        if (role := _role(roles.get(f"who:{who}"))) is not None
        for task in tasks
    }


def _draw_lanes(piece: Workpiece, process: Node, answered: Mapping[str, Role]) -> None:
    """One lane for each chosen role; what has none stays with the university office."""
    members: dict[Role, list[str]] = {}
    for node in flow_nodes(process):
        role = answered.get(str(node.get("id")), Role.OFFICE)
        members.setdefault(role, []).append(str(node.get("id")))
    at = sum(1 for child in process if not isinstance(child.tag, str) or _is_head(child))
    lane_set = piece.add(process, "laneSet", at, id=piece.fresh("Lanes"))
    added = [lane_set]
    for role, ids in members.items():
        lane = piece.add(lane_set, "lane", id=piece.fresh(f"Lane_{role.value}"), name=role.label)
        added.append(lane)
        for id_ in ids:
            piece.add(lane, "flowNodeRef").text = id_
    piece.note(
        "translated",
        "role",
        [process, *added],
        "已按您选择的角色画出泳道",
        "请看一遍每一步由谁办理。",
    )


def _is_head(child: Node) -> bool:
    return nodes.local(child) in {
        "documentation",
        "extensionElements",
        "ioSpecification",
        "property",
    }
