"""Structured diagrams that somebody broke: crossed ways, missing joins, gateways of the wrong kind.

A block of `artist` is drawn well first, then damaged in a few places, in the process itself or in what
it calls. What results may be sound all the same, starve, go on for ever or end too early; engine and
token game do the same with it, or both give up at the same act.
"""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, assume, event, given, settings
from hypothesis import strategies as st
from lxml import etree

from processes.diagram import read_diagram
from processes.engine import DiagramRefused, compile_release, specs
from processes.safe_xml import UnreadableDiagram
from tests.processes.engine.artist import BLOCKS, MOVES, Artist
from tests.processes.pair import Pair

CALM = settings(
    deadline=None,
    max_examples=100,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
    ],
)
GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway")
DAMAGES = st.lists(
    st.tuples(
        st.sampled_from(["cross", "cross", "skip", "skip", "bend", "kind", "kind", "more", "stop"]),
        st.integers(0, 400),
        st.integers(0, 400),
    ),
    min_size=1,
    max_size=3,
)


class Vandal:
    """Damages one drawing, which stays one that can be read."""

    def __init__(self, data: bytes) -> None:
        self.root = etree.fromstring(data)

    def damaged(self, damages) -> bytes:
        for what, first, second in damages:
            getattr(self, what)(first, second)
        return etree.tostring(self.root)

    def named(self, *kinds):
        return [one for kind in kinds for one in self.root.iter(f"{{*}}{kind}")]

    def pick(self, found, number):
        return found[number % len(found)] if found else None

    def flows_beside(self, flow):
        return [one for one in flow.getparent().iterchildren("{*}sequenceFlow") if one is not flow]

    def cross(self, first, second):
        """Two flows of one level exchange where they lead to."""
        flow = self.pick(self.named("sequenceFlow"), first)
        other = None if flow is None else self.pick(self.flows_beside(flow), second)
        if other is not None:
            here, there = flow.get("targetRef"), other.get("targetRef")
            flow.set("targetRef", there)
            other.set("targetRef", here)

    def skip(self, first, second):
        """A flow passes its join, and goes where that would have gone."""
        joins = {one.get("id") for one in self.named(*GATEWAYS)}
        into = [one for one in self.named("sequenceFlow") if one.get("targetRef") in joins]
        if (flow := self.pick(into, first)) is not None:
            on = [f for f in self.flows_beside(flow) if f.get("sourceRef") == flow.get("targetRef")]
            if on:
                flow.set("targetRef", self.pick(on, second).get("targetRef"))

    def bend(self, first, second):
        """A flow leads to some other place of its level."""
        flow = self.pick(self.named("sequenceFlow"), first)
        others = [] if flow is None else [f.get("targetRef") for f in self.flows_beside(flow)]
        if others:
            flow.set("targetRef", self.pick(others, second))

    def kind(self, first, second):
        """A gateway becomes one of another kind; conditions stay only where they may."""
        gateway = self.pick(self.named(*GATEWAYS), first)
        if gateway is None:
            return
        kind, id = GATEWAYS[second % 3], gateway.get("id")
        gateway.tag = f"{{{etree.QName(gateway).namespace}}}{kind}"
        on = [
            f
            for f in gateway.getparent().iterchildren("{*}sequenceFlow")
            if f.get("sourceRef") == id
        ]
        if kind == "parallelGateway" or len(on) == 1:
            gateway.attrib.pop("default", None)
            for flow in on:
                flow[:] = []
        elif not any(len(flow) for flow in on):
            for flow in on[1:]:
                etree.SubElement(
                    flow, flow.tag.replace("sequenceFlow", "conditionExpression")
                ).text = "True"
            gateway.set("default", on[0].get("id"))

    def more(self, first, second):
        """A parallel fork sends one more token, or a step that had one way gets another."""
        flow = self.pick(self.named("sequenceFlow"), first)
        others = [] if flow is None else self.flows_beside(flow)
        if others:
            extra = etree.SubElement(flow.getparent(), flow.tag, dict(flow.attrib))
            extra.set("id", f"{flow.get('id')}_more_{second}")
            extra.set("targetRef", self.pick(others, second).get("targetRef"))

    def stop(self, first, second):
        """An end takes every other token away."""
        ends = [one for one in self.named("endEvent") if not len(one)]
        if (end := self.pick(ends, first)) is not None:
            etree.SubElement(end, end.tag.replace("endEvent", "terminateEventDefinition"))


def broken(draw, shape, damages):
    """The release of a damaged drawing; gives the example up where the engine refuses it."""
    artist = Artist(draw)
    top = draw.document(*artist.parts(shape))
    drawings = {"": top, **artist.called}
    worst = sorted(drawings)[damages[0][2] % len(drawings)]
    drawings[worst] = Vandal(drawings[worst]).damaged(damages)
    try:
        read = {name: read_diagram(data) for name, data in drawings.items()}
        return compile_release(read.pop(""), read)
    except (DiagramRefused, UnreadableDiagram):
        assume(False)


def compared(executable, moves):
    """Play both; raises AssertionError where they part."""
    pair = Pair(executable)
    going = pair.start()
    for action, number, way in moves:
        going = going and pair.move(action, number, way)
    event("goes on" if going and not pair.run.is_finished else "ended or given up")


@CALM
@given(shape=BLOCKS, damages=DAMAGES, moves=MOVES)
def test_engine_and_game_agree_on_what_was_broken(draw, shape, damages, moves):
    compared(broken(draw, shape, damages), moves)


def the_first_token_opens(self, token):
    return True


@pytest.mark.parametrize(
    ("part", "name", "instead"),
    [
        (specs.Parallel, "_update_hook", the_first_token_opens),
        (specs.Choice, "ways_on", lambda self, token: self.ways[-1:]),
    ],
    ids=["a join waits for one branch only", "only the default"],
)
def test_an_engine_that_is_broken_too_is_found(draw, monkeypatch, part, name, instead):
    monkeypatch.setattr(part, name, instead)

    @settings(CALM, database=None, phases=[Phase.generate])
    @given(shape=BLOCKS, damages=DAMAGES, moves=MOVES)
    def agree(shape, damages, moves):
        compared(broken(draw, shape, damages), moves)

    with pytest.raises((AssertionError, ExceptionGroup)):
        agree()
