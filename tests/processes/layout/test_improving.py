"""Items and lines are tried elsewhere while that saves crossings and corners, and only then."""

from __future__ import annotations

import pytest

from processes.layout import composing, measure, renew_drawing
from processes.layout.improving import Manner

REVIEWS = (
    # two reviewers with the same three answers: one drawing without crossings, none of it greedy
    '<laneSet id="Lanes"><lane id="College" name="院系">'
    + "".join(f"<flowNodeRef>{id_}</flowNodeRef>" for id_ in ("S", "Who", "R1", "A1", "More"))
    + '<flowNodeRef>Passed</flowNodeRef></lane><lane id="School" name="学校">'
    + "".join(f"<flowNodeRef>{id_}</flowNodeRef>" for id_ in ("R2", "A2", "Returned", "Failed"))
    + "</lane></laneSet>"
    '<startEvent id="S"/><exclusiveGateway id="Who"/><userTask id="R1"/><userTask id="R2"/>'
    '<exclusiveGateway id="A1"/><exclusiveGateway id="More"/><exclusiveGateway id="A2"/>'
    '<endEvent id="Passed"/><endEvent id="Returned"/><endEvent id="Failed"/>'
)
WAYS = (
    "S > Who > R1 > A1 > More > Passed",
    "Who > R2 > A2 > Passed",
    "More > R2",
    "A1 > Returned",
    "A1 > Failed",
    "A2 > Returned",
    "A2 > Failed",
)


@pytest.fixture
def greedily(monkeypatch):
    """Draws as if nothing were tried after the first placing."""

    def draw(data: bytes) -> bytes:
        with monkeypatch.context() as patch:
            patch.setattr(composing, "improve", lambda plan, route: route(Manner()))
            return renew_drawing(data)

    return draw


def test_lines_go_round_rather_than_cross(process, chained, greedily):
    data = process(REVIEWS, chained(*WAYS))

    assert measure(greedily(data)).crossings > 0
    measures = measure(renew_drawing(data))
    assert (measures.crossings, measures.flaws) == (0, ())


def test_names_of_lines_that_leave_together_stand_at_lines_of_their_own(process, chained):
    named = chained(*WAYS)
    for id_, name in (("A1_Returned", "退回"), ("A1_Failed", "不通过")):
        named = named.replace(f'id="{id_}"', f'id="{id_}" name="{name}"')

    measures = measure(renew_drawing(process(REVIEWS, named)))

    assert (measures.crossings, measures.flaws) == (0, ())


def test_a_drawing_without_crossings_and_corners_stays_as_it_was(process, chained, greedily):
    tasks = "".join(f'<userTask id="{id_}"/>' for id_ in ("A", "B", "C"))
    events = '<startEvent id="S"/><endEvent id="E"/><endEvent id="F"/>'
    gateway = '<exclusiveGateway id="G"/>'
    data = process(tasks, events, gateway, chained("S > A > G > B > E", "G > C > F"))

    assert renew_drawing(data) == greedily(data)


def test_what_the_whole_is_about_is_no_exception(process, chained):
    tasks = "".join(f'<userTask id="{id_}"/>' for id_ in ("Confirm", "Void"))
    ends = '<startEvent id="S"/><endEvent id="Elsewhere" name="须办理解约"/>'
    ends += '<endEvent id="Voided" name="已作废"/><exclusiveGateway id="G"/>'
    flows = chained("S > G > Elsewhere", "G > Confirm > Void > Voided")
    flows = flows.replace('id="G_Confirm"', 'id="G_Confirm" name="否"')
    pool = '<participant id="Pool" name="{}" processRef="P"/>'
    voiding, other = (
        process(
            tasks, ends, flows, before=f'<collaboration id="C">{pool.format(name)}</collaboration>'
        )
        for name in ("作废去向", "登记去向")
    )

    assert _top(voiding, "Confirm_shape") < _top(voiding, "Elsewhere_shape")
    assert _top(other, "Confirm_shape") > _top(other, "Elsewhere_shape")


def test_lanes_keep_the_order_in_which_they_are_drawn(process):
    lanes = "".join(
        f'<lane id="{id_}"><flowNodeRef>{task}</flowNodeRef></lane>'
        for id_, task in (("First", "A"), ("Second", "B"))
    )
    tasks = '<userTask id="A"/><userTask id="B"/><sequenceFlow id="F" sourceRef="A" targetRef="B"/>'
    data = renew_drawing(process(f'<laneSet id="L">{lanes}</laneSet>', tasks))
    assert _top(data, "First_shape") < _top(data, "Second_shape")

    text = data.decode()
    y = f'y="{_top(data, "First_shape")}"'
    head, shape, rest = text.partition('id="First_shape"')
    moved = (head + shape + rest.replace(y, 'y="900"', 1)).encode()

    renewed = renew_drawing(moved)

    assert _top(renewed, "First_shape") > _top(renewed, "Second_shape")
    assert renew_drawing(renewed) == renewed


def _top(data: bytes, shape: str) -> int:
    """Where a shape of a renewed drawing begins."""
    text = data.decode() if b"BPMNShape" in data else renew_drawing(data).decode()
    bounds = text.partition(f'id="{shape}"')[2]
    return int(bounds.partition(' y="')[2].partition('"')[0])
