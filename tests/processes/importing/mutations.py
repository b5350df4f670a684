"""Makes thousands of files out of a few: the dialects and packaged diagrams, damaged in the ways of tools and people.

Everything follows from a seed, so a file that shows a fault can be made again:

    python -m tests.processes.importing.masses 5000 [first seed]
"""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from functools import cache

from lxml import etree

from processes import library
from processes.kinds import BPMN

from .conftest import DIALECTS

# Every element of BPMN 2.0 that may stand in a process, with a few that never do.
NAMES = """adHocSubProcess association auditing boundaryEvent businessRuleTask callActivity
callChoreography cancelEventDefinition choreographyTask compensateEventDefinition complexGateway
conditionalEventDefinition conversation dataInput dataInputAssociation dataObject
dataObjectReference dataOutput dataOutputAssociation dataState dataStore dataStoreReference
documentation endEvent errorEventDefinition escalationEventDefinition event eventBasedGateway
exclusiveGateway extensionElements globalTask globalUserTask group humanPerformer
implicitThrowEvent inclusiveGateway intermediateCatchEvent intermediateThrowEvent ioSpecification
lane laneSet linkEventDefinition manualTask messageEventDefinition messageFlow monitoring
multiInstanceLoopCharacteristics parallelGateway performer potentialOwner process property
receiveTask resourceRole scriptTask sendTask sequenceFlow serviceTask signalEventDefinition
standardLoopCharacteristics startEvent subChoreography subConversation subProcess task
terminateEventDefinition textAnnotation timerEventDefinition transaction userTask""".split()  # noqa: SIM905
STEPS = [
    name for name in NAMES if name.endswith(("Task", "task", "Event", "event", "Gateway", "rocess"))
]
REFERENCES = ("sourceRef", "targetRef", "default", "attachedToRef", "calledElement", "messageRef",
              "processRef", "bpmnElement", "signalRef", "errorRef", "id")  # fmt: skip
VENDORS = {
    "camunda": "http://camunda.org/schema/1.0/bpmn",
    "flowable": "http://flowable.org/bpmn",
    "zeebe": "http://camunda.org/schema/zeebe/1.0",
    "odd": "urn:odd",
}
ENCODINGS = ("utf-8-sig", "utf-16", "utf-16-be", "gb18030", "utf-8")


@cache
def sources() -> tuple[bytes, ...]:
    """The files that everything else is made of."""
    foreign = [file.read_bytes() for file in sorted(DIALECTS.iterdir())]
    own = [found.file.read_bytes() for found in library.find_diagram_files()]
    return (*foreign, *own)


def file_of(seed: int) -> bytes:
    """The file of a seed: one of the sources, damaged once to four times."""
    chance = random.Random(seed)
    data = chance.choice(sources())
    root = etree.fromstring(data)
    for _ in range(chance.randint(1, 4)):
        chance.choice(DAMAGES)(root, chance)
    return written(root, chance)


def written(root: etree._Element, chance: random.Random) -> bytes:
    """The tree as bytes: now and then in an odd encoding, cut off, or with a byte gone wrong."""
    way = chance.randrange(12)
    if way == 0:
        text = etree.tostring(root, encoding="unicode")
        return text.encode(chance.choice(ENCODINGS))
    data = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    if way == 1:
        return data[: chance.randrange(len(data))]
    if way == 2:
        place = chance.randrange(len(data))
        return data[:place] + bytes([chance.randrange(256)]) + data[place + 1 :]
    if way == 3:
        return (
            data.replace(b"<bpmn:", b"<x:")
            .replace(b"</bpmn:", b"</x:")
            .replace(b"xmlns:bpmn=", b"xmlns:x=")
        )
    return data


def parts(root: etree._Element, *names: str) -> list[etree._Element]:
    """The parts of a tree beneath its root, or those of BPMN with these names."""
    found = [node for node in root.iter("*") if node is not root]
    return [n for n in found if etree.QName(n).localname in names] if names else found


def one(root: etree._Element, chance: random.Random, *names: str) -> etree._Element | None:
    found = parts(root, *names)
    return chance.choice(found) if found else None


def drop(root, chance):
    if (node := one(root, chance)) is not None:
        node.getparent().remove(node)


def double(root, chance):
    if (node := one(root, chance)) is not None:
        node.addnext(copy.deepcopy(node))


def double_with_new_ids(root, chance):
    if (node := one(root, chance, *STEPS)) is not None:
        twin = copy.deepcopy(node)
        for inner in twin.iter("*"):
            if inner.get("id"):
                inner.set("id", f"{inner.get('id')}_{chance.randrange(9)}")
        node.addnext(twin)


def reorder(root, chance):
    if (node := one(root, chance, "process", "subProcess", "userTask", "laneSet")) is not None:
        inner = list(node)
        chance.shuffle(inner)
        node[:] = inner


def swap_kind(root, chance):
    if (node := one(root, chance, *STEPS)) is not None:
        node.tag = f"{{{BPMN}}}{chance.choice(NAMES)}"


def swap_any(root, chance):
    if (node := one(root, chance)) is not None:
        node.tag = f"{{{BPMN}}}{chance.choice(NAMES)}"


def add(root, chance):
    if (node := one(root, chance, "process", *STEPS)) is not None:
        child = etree.SubElement(node, f"{{{BPMN}}}{chance.choice(NAMES)}")
        if chance.random() < 0.7:
            child.set("id", f"added_{chance.randrange(99)}")


def strip_ids(root, chance):
    everywhere = chance.random() < 0.3
    for node in parts(root):
        if everywhere or chance.random() < 0.1:
            node.attrib.pop("id", None)


def break_reference(root, chance):
    found = [n for n in parts(root) if set(n.attrib) & set(REFERENCES)]
    if found:
        node = chance.choice(found)
        key = chance.choice(sorted(set(node.attrib) & set(REFERENCES)))
        node.set(key, chance.choice(["", "nowhere", "a b", "x:y", "不在", *node.attrib.values()]))


def bend(root, chance):
    flows, steps = parts(root, "sequenceFlow"), [n for n in parts(root, *STEPS) if n.get("id")]
    if flows and steps:
        chance.choice(flows).set(
            chance.choice(["sourceRef", "targetRef"]), chance.choice(steps).get("id")
        )


def move(root, chance):
    node, there = one(root, chance), one(root, chance, "process", *STEPS)
    if node is not None and there is not None and there not in list(node.iter()):
        there.append(node)


def nest(root, chance):
    """A step goes into sub-processes, one inside the other."""
    if (node := one(root, chance, *STEPS)) is not None:
        around, number = node.getparent(), chance.randrange(999)
        index = around.index(node)
        for depth in range(chance.choice([1, 2, 3, 70])):
            level = etree.Element(f"{{{BPMN}}}subProcess", id=f"level_{number}_{depth}")
            level.append(node)
            node = level
        around.insert(index, node)


def name(root, chance):
    if (node := one(root, chance)) is not None:
        node.set(
            "name", chance.choice(["", " ", "名" * 3000, "<&>\"'", "a\nb", "\u202e", "😀", "${x}"])
        )


def text(root, chance):
    if (node := one(root, chance)) is not None:
        node.text = chance.choice(
            [
                "",
                "true",
                "${a > 1}",
                "=x",
                "R/PT0S",
                "P99999Y",
                "x" * 5000,
                "\u0007".strip("\u0007"),
            ]
        )


def vendor(root, chance):
    """Another tool's attributes and extensions, on whatever it likes."""
    space = chance.choice(list(VENDORS.values()))
    for _ in range(chance.randint(1, 5)):
        if (node := one(root, chance)) is not None:
            node.set(
                f"{{{space}}}{chance.choice(['assignee', 'class', 'formKey', 'type', 'odd'])}", "x"
            )
    if (node := one(root, chance, *STEPS)) is not None:
        around = etree.SubElement(node, f"{{{BPMN}}}extensionElements")
        etree.SubElement(around, f"{{{space}}}{chance.choice(['formData', 'in', 'taskListener'])}")


def other_namespace(root, chance):
    """A part, or all of them, in the namespace of something else."""
    space = chance.choice(
        ["http://schema.omg.org/spec/BPMN/2.0", "urn:else", "", VENDORS["camunda"]]
    )
    found = parts(root) if chance.random() < 0.3 else [one(root, chance)]
    for node in filter(lambda n: n is not None and str(n.tag).startswith(f"{{{BPMN}}}"), found):
        bare = etree.QName(node).localname
        node.tag = f"{{{space}}}{bare}" if space else bare


def collaborate(root, chance):
    """A collaboration around the processes, with pools for some and for nothing."""
    around = etree.Element(f"{{{BPMN}}}collaboration", id=f"co_{chance.randrange(9)}")
    for node in parts(root, "process"):
        etree.SubElement(around, f"{{{BPMN}}}participant", id=f"pool_{chance.randrange(99)}",
                         name="池", processRef=node.get("id") or "")  # fmt: skip
    etree.SubElement(around, f"{{{BPMN}}}participant", id=f"pool_{chance.randrange(99)}")
    root.insert(0, around)


def second_process(root, chance):
    if (node := one(root, chance, "process")) is not None:
        twin = copy.deepcopy(node)
        for inner in twin.iter("*"):
            for key in {"id", "sourceRef", "targetRef", "default", "attachedToRef"} & set(
                inner.attrib
            ):
                inner.set(key, f"{inner.get(key)}_2")
            if etree.QName(inner).localname in ("incoming", "outgoing", "flowNodeRef"):
                inner.text = f"{inner.text}_2"
        root.append(twin)


def no_drawing(root, chance):
    for node in parts(root, "BPMNDiagram"):
        node.getparent().remove(node)


def half_a_drawing(root, chance):
    for node in parts(root, "BPMNShape", "BPMNEdge"):
        if chance.random() < 0.3:
            node.getparent().remove(node)


def odd_drawing(root, chance):
    for node in parts(root, "Bounds", "waypoint"):
        if chance.random() < 0.2 and node.attrib:
            key = chance.choice(sorted(node.attrib))
            node.set(key, chance.choice(["", "-1", "NaN", "1e400", "x", "99999999"]))


def comments(root, chance):
    for node in parts(root):
        if chance.random() < 0.1:
            node.append(etree.Comment("remark") if chance.random() < 0.7 else etree.PI("pi", "x"))


DAMAGES: list[Callable[[etree._Element, random.Random], None]] = [
    drop, drop, double, double_with_new_ids, reorder, swap_kind, swap_kind, swap_kind, swap_any, add,
    add, strip_ids, break_reference, break_reference, bend, bend, move, nest, name, text, vendor,
    other_namespace, collaborate, second_process, no_drawing, half_a_drawing, odd_drawing, comments,
]  # fmt: skip
