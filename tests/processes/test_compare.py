"""What changed between two diagrams is told in words, and nothing else is told."""

from __future__ import annotations

import pytest

from processes import library
from processes.compare import compare
from processes.diagram import read_diagram

FIRST = (
    "start A\nuser U form=f due=P3D\nboundary B on=U duration=P5D\nend E\nend L\nA > U > E\nB > L"
)


def told(sketch, old: str, new: str) -> list[str]:
    return [
        change.story for change in compare(read_diagram(sketch(old)), read_diagram(sketch(new)))
    ]


def test_the_same_diagram_has_no_changes():
    diagram, _ = library.load_family("online_signing", "employer_invitation")

    assert compare(diagram, diagram) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("duration=P5D", "duration=P7D", ["P5D", "P7D"]),
        ("form=f", "form=g", ["表单由“f”改为“g”"]),
        ("due=P3D", "", ["提醒由“P3D”改为（无）"]),
        ("user U form=f due=P3D", "manual U form=f due=P3D", ["改为"]),
        ("A > U > E", "A > U > L", ["新增走向", "→ L"]),
        ("A > U > E", "A > U > L", ["去掉走向", "→ E"]),
        ("user U form=f", "user U name=填表 form=f", ["改名为“填表”"]),
    ],
)
def test_one_change_is_told_once(sketch, old, new, words):
    stories = told(sketch, FIRST, FIRST.replace(old, new))

    assert any(all(word in story for word in words) for story in stories)
    assert len(stories) <= 2


def test_a_condition_is_told_with_both_texts(sketch):
    drawn = "start A\nuser U\nxor X\nend E\nend F\nA > U > X > E : U.outcome == 'a'\nX >> F"

    stories = told(sketch, drawn, drawn.replace("'a'", "'b'"))

    assert len(stories) == 1
    assert "U.outcome == 'a'" in stories[0]
    assert "U.outcome == 'b'" in stories[0]


def test_an_added_and_a_removed_step_are_told_with_their_kind(sketch):
    more = "start A\nuser U form=f due=P3D\nmanual M name=盖章\nboundary B on=U duration=P5D\nend E\nend L\nA > U > M > E\nB > L"

    assert any("新增" in story and "盖章" in story for story in told(sketch, FIRST, more))
    assert any("去掉" in story and "盖章" in story for story in told(sketch, more, FIRST))


def test_another_lane_is_another_person(sketch):
    old = read_diagram(sketch(FIRST, lane="学校"))
    new = read_diagram(sketch(FIRST, lane="院系"))

    assert any("由谁办由“学校”改为“院系”" in change.story for change in compare(old, new))


def test_changes_of_forms_are_told_by_field(sketch):
    diagram = read_diagram(sketch(FIRST))

    def fields(**more):
        return {"f": {"reason": {"label": "原因", "required": False, "values": None, **more}}}

    def stories(old, new):
        return [change.story for change in compare(diagram, diagram, old, new)]

    assert stories(fields(), fields(required=True)) == ["表单 f：“原因”改为必填"]
    assert stories(fields(), fields(label="理由")) == ["表单 f：“原因”改名为“理由”"]
    assert stories(fields(values={"a": "甲"}), fields(values={"a": "甲", "b": "乙"})) == [
        "表单 f：“原因”增加一项“乙”"
    ]
    assert stories(fields(), {"f": {}}) == ["表单 f：去掉“原因”"]
    assert stories({}, fields()) == ["新增表单 f"]


def test_a_drawing_moved_about_is_no_change():
    diagram, _ = library.load_family("rescission", "online_two_party")
    moved = read_diagram(diagram.xml.replace(b'x="', b'x="1'))

    assert compare(diagram, moved) == []


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("again='U.outcome == 1'", "again='U.outcome == 2'", ["办几次", "U.outcome == 2 时再办一次"]),
        ("again='U.outcome == 1'", "count=3 until='U.x == 1'", ["同时办 3 次，U.x == 1 时提前结束"]),
        ("again='U.outcome == 1'", "each=one of=A.list most=9 serial", ["逐次办 A.list 的每一项（one）"]),
        ("again='U.outcome == 1'", "", ["办几次", "改为（无）"]),
        ("writes=D", "writes=C", ["写入的数据对象由“D”改为“C”"]),
        ("row1='\"a\" => 1'", "row1='\"b\" => 1'", ["决策表", 'U.kind "b" → x = 1']),
        ("hit=UNIQUE", "hit=FIRST", ["FIRST"]),
        ("error=one", "error=two", ["错误 one", "错误 two"]),
    ],
)  # fmt: skip
def test_loops_tables_data_and_codes_are_compared(sketch, old, new, words):
    first = (
        "start A\nuser U form=f again='U.outcome == 1' writes=D\n"
        "rules R hit=UNIQUE asks=U.kind gives=x row1='\"a\" => 1'\nend E error=one\nA > U > R > E"
    )

    (story,) = told(sketch, first, first.replace(old, new))

    assert all(word in story for word in words), story
