"""Writes diagrams without a drawing: small ones by hand, large ones by dice."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise

import pytest

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="Definitions_1"'
    ' targetNamespace="http://example.org/qianyue">\n'
)
NAMES = (
    "填写签约邀请",
    "审核",
    "可以签约？",
    "通过",
    "应约有效期内不能重复邀请",
    "Notify them",
    "",
)
GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway")


def in_process(body: str, before: str = "") -> bytes:
    """A file with one process and, before it, a collaboration or nothing."""
    return f'{HEAD}{before}<process id="P">\n{body}\n</process>\n</definitions>\n'.encode()


def flows(*pairs: str) -> str:
    """Sequence flows from lines such as `a > b > c`."""
    found = []
    for pair in pairs:
        ends = [end.strip() for end in pair.split(">")]
        for source, target in pairwise(ends):
            found.append(
                f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"/>'
            )
    return "\n".join(found)


class Dice:
    """Builds a structured diagram of about `size` blocks; the same seed gives the same one."""

    def __init__(self, seed: int, size: int, lanes: int) -> None:
        self.dice = random.Random(seed)
        self.left, self.lanes, self.lane, self.count = size, lanes, 0, 0
        self.parts: list[str] = []
        self.members: dict[str, int] = {}
        self.inside = 0

    def node(self, kind: str, attributes: str = "", content: str = "") -> str:
        self.count += 1
        id_ = f"N{self.count}"
        name = self.dice.choice(NAMES)
        self.parts.append(f'<{kind} id="{id_}" name="{name}" {attributes}>{content}</{kind}>')
        if not self.inside:
            self.members[id_] = self.lane
        return id_

    def flow(self, source: str, target: str) -> None:
        self.count += 1
        name = self.dice.choice(NAMES) if self.dice.random() < 0.4 else ""
        self.parts.append(
            f'<sequenceFlow id="F{self.count}" name="{name}"'
            f' sourceRef="{source}" targetRef="{target}"/>'
        )

    def task(self) -> str:
        if self.dice.random() < 0.3 and not self.inside and self.lanes:
            self.lane = self.dice.randrange(self.lanes)
        task = self.node(self.dice.choice(("userTask", "serviceTask", "callActivity")))
        if self.dice.random() < 0.15:
            for _ in range(self.dice.choice((1, 1, 2, 3))):
                event = self.node(
                    "boundaryEvent", f'attachedToRef="{task}"', "<timerEventDefinition/>"
                )
                self.flow(event, self.node("endEvent"))
        if self.dice.random() < 0.05:
            self.flow(task, task)
        return task

    def block(self, depth: int) -> tuple[str, str]:
        self.left -= 1
        roll = self.dice.random()
        if depth > 4 or self.left <= 0 or roll < 0.5:
            task = self.task()
            return task, task
        if roll < 0.75:
            return self.split(depth)
        if roll < 0.9:
            return self.loop(depth)
        return self.sub_process(depth)

    def split(self, depth: int) -> tuple[str, str]:
        kind = self.dice.choice(GATEWAYS)
        split = self.node(kind)
        branches = []
        for _ in range(self.dice.choice((2, 2, 3, 4))):
            first, last = self.sequence(depth + 1)
            self.flow(split, first)
            branches.append(last)
        join = self.node(kind)
        for last in branches:
            self.flow(last, join if self.dice.random() < 0.85 else self.node("endEvent"))
        if self.dice.random() < 0.3:
            self.flow(split, join)
        return split, join

    def loop(self, depth: int) -> tuple[str, str]:
        head = self.node("exclusiveGateway")
        first, last = self.sequence(depth + 1)
        tail = self.node("exclusiveGateway")
        self.flow(head, first)
        self.flow(last, tail)
        self.flow(tail, head)
        return head, tail

    def sub_process(self, depth: int) -> tuple[str, str]:
        outer, self.parts = self.parts, []
        self.inside += 1
        start = self.node("startEvent")
        first, last = self.sequence(depth + 2)
        self.flow(start, first)
        self.flow(last, self.node("endEvent"))
        self.inside -= 1
        content, self.parts = "".join(self.parts), outer
        node = self.node("subProcess", "", content)
        return node, node

    def sequence(self, depth: int) -> tuple[str, str]:
        first, last = self.block(depth)
        while self.left > 0 and self.dice.random() < 0.5:
            following, end = self.block(depth)
            self.flow(last, following)
            last = end
        return first, last

    def write(self) -> bytes:
        last = self.node("startEvent")
        while self.left > 0:
            first, end = self.block(0)
            self.flow(last, first)
            last = end
        self.flow(last, self.node("endEvent"))
        body = "\n".join(self.parts)
        if not self.lanes:
            return in_process(body)
        lanes = "".join(
            f'<lane id="L{lane}" name="泳道{lane}">'
            + "".join(
                f"<flowNodeRef>{i}</flowNodeRef>" for i, at in self.members.items() if at == lane
            )
            + "</lane>"
            for lane in range(self.lanes)
        )
        pool = '<participant id="Pool" name="签约" processRef="P"/>'
        before = f'<collaboration id="C">{pool}</collaboration>\n'
        return in_process(f'<laneSet id="Lanes">{lanes}</laneSet>\n{body}', before)


@pytest.fixture
def diced() -> Callable[[int, int, int], bytes]:
    return lambda seed, size, lanes: Dice(seed, size, lanes).write()


@pytest.fixture
def process() -> Callable[..., bytes]:
    return lambda *parts, before="": in_process("\n".join(parts), before)


@pytest.fixture
def chained() -> Callable[..., str]:
    return flows
