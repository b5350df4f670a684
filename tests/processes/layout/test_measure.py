"""`measure` finds what a careless hand does to a drawing."""

from __future__ import annotations

import re

import pytest

from processes.layout import measure, names_in, renew_drawing, tell_flaw


@pytest.fixture
def clean(process, chained) -> str:
    data = process(
        '<laneSet id="ls"><lane id="l" name="学校"><flowNodeRef>s</flowNodeRef>'
        "<flowNodeRef>a</flowNodeRef><flowNodeRef>b</flowNodeRef></lane></laneSet>",
        '<startEvent id="s" name="发起"/><task id="a" name="审核"/><task id="b"/>',
        chained("s > a > b"),
    )
    renewed = renew_drawing(data)
    assert measure(renewed).flaws == ()
    return renewed.decode()


def spoiled(text: str, element: str, pattern: str, replacement: str) -> set[tuple[str, str]]:
    """Kinds and elements of the flaws after a change inside one shape or line."""
    begin = text.index(f'bpmnElement="{element}"')
    end = text.index("</bpmndi:BPMN", text.index("/>", begin))
    part, count = re.subn(pattern, replacement, text[begin:end], count=1)
    assert count == 1
    flaws = measure((text[:begin] + part + text[end:]).encode()).flaws
    return {(flaw.kind, flaw.element) for flaw in flaws}


def test_a_shape_on_another_is_found(clean):
    x = re.search(r'bpmnElement="b">\s*<dc:Bounds x="(\d+)"', clean)[1]

    found = spoiled(clean, "a", r'x="\d+"', f'x="{int(x) - 20}"')

    assert ("overlap", "a") in found
    assert ("undocked", "s_a") in found


def test_a_shape_outside_its_lane_is_found(clean):
    assert ("outside", "a") in spoiled(clean, "a", r' y="\d+"', ' y="900"')


def test_a_line_through_a_foreign_shape_is_found(clean):
    y = re.search(r'bpmnElement="a_b">\s*<di:waypoint x="\d+" y="(\d+)"', clean)[1]

    found = spoiled(clean, "a_b", r"/>", f'/><di:waypoint x="0" y="{y}" />')

    assert ("line_through_shape", "a_b") in found


def test_a_label_on_a_line_is_found(clean):
    y = re.search(r'bpmnElement="s_a">\s*<di:waypoint x="\d+" y="(\d+)"', clean)[1]
    x = re.search(r'bpmnElement="s_a">\s*<di:waypoint x="(\d+)"', clean)[1]

    label = r'(?<=Label>)\s*<dc:Bounds x="\d+" y="\d+"'
    found = spoiled(clean, "s", label, f'<dc:Bounds x="{x}" y="{int(y) - 5}"')

    assert ("label_on_line", "s") in found


def test_missing_shapes_and_lines_are_found(process, chained):
    flaws = measure(process('<task id="a" name="审核"/><task id="b"/>', chained("a > b"))).flaws

    assert {(f.kind, f.element) for f in flaws} == {
        ("missing_shape", "a"),
        ("missing_shape", "b"),
        ("missing_line", "a_b"),
    }


def test_crossings_are_counted(process, chained):
    data = renew_drawing(
        process(
            '<task id="a"/><task id="b"/><task id="c"/><task id="d"/>', chained("a > b", "c > d")
        )
    ).decode()
    for flow, points in (("a_b", ((0, 50), (90, 50))), ("c_d", ((40, 0), (40, 99)))):
        way = "".join(f'<di:waypoint x="{x}" y="{y}" />' for x, y in points)
        data = re.sub(
            rf'(bpmnElement="{flow}">).*?(</bpmndi:BPMNEdge>)', rf"\1{way}\2", data, flags=re.S
        )

    assert measure(data.encode()).crossings == 1


def test_a_flaw_is_told_in_a_sentence_with_the_name(process):
    data = process('<task id="a" name="审核"/>')

    flaw = measure(data).flaws[0]

    assert tell_flaw(flaw, names_in(data)) == "「审核」(a) 没有画在图上。"


def test_lines_on_one_another_are_found_unless_they_share_an_end(clean):
    begin = re.search(r'bpmnElement="a_b">\s*<di:waypoint x="(\d+)" y="(\d+)"', clean)
    x, y = int(begin[1]), begin[2]

    found = spoiled(clean, "s_a", r"/>", f'/><di:waypoint x="{x + 30}" y="{y}" />')

    assert ("line_on_line", "a_b") in found
