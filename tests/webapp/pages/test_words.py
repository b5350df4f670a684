"""How moments and ways read: the words people decide by."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from processes.diagram import read_diagram
from processes.library import load_family
from webapp.pages.way import Map, names_ahead
from webapp.pages.wording import mask_mobile, read_cutoff, say_left, say_moment, say_percent
from webapp.security import is_own_address

NOW = datetime(2026, 11, 20, 2, 24, tzinfo=UTC)


def test_a_moment_is_the_time_of_shanghai_with_its_weekday():
    assert say_moment(datetime(2026, 11, 22, 15, 59, tzinfo=UTC)) == "11月22日（周日）23:59"


@pytest.mark.parametrize(
    ("left", "words"),
    [
        (timedelta(days=2, hours=13, minutes=40), "还剩 2 天 13 小时"),
        (timedelta(hours=3, minutes=5), "还剩 3 小时 5 分钟"),
        (timedelta(seconds=20), "还剩 不到 1 分钟"),
        (timedelta(0), "已到期"),
    ],
)
def test_the_time_left_is_said_in_two_units(left, words):
    assert say_left(NOW + left, NOW) == words


def test_nobody_counted_gives_no_rate():
    assert say_percent(0, 0) == "–"
    assert say_percent(1, 3) == "33.3%"


def test_a_cut_off_never_lies_in_the_future():
    assert read_cutoff("2030-01-01T00:00", NOW) == NOW
    assert read_cutoff("nonsense", NOW) == NOW
    assert read_cutoff("2026-11-20T00:00", NOW) == datetime(2026, 11, 19, 16, tzinfo=UTC)


def test_a_mobile_number_is_shown_in_part():
    assert mask_mobile("13800000001") == "138 **** 0001"


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "https://x", "", "/a\nb"])
def test_only_paths_of_this_site_are_followed(target):
    assert not is_own_address(target)


@pytest.mark.requirement("K5")
@pytest.mark.parametrize(
    ("levels", "ahead"),
    [
        ("both", ["院系审核", "学校审核", "签约完成"]),
        ("college", ["院系审核", "签约完成"]),
        ("office", ["学校审核", "签约完成"]),
    ],
)
def test_the_way_ahead_follows_the_school_s_levels_of_review(levels, ahead):
    diagram, called = load_family("online_signing", "employer_invitation")
    plan = Map(diagram, called, {"case": {}, "school": {"review_levels": levels}})

    assert names_ahead(plan, "Answer_invitation") == ahead


def test_inside_a_called_diagram_the_way_goes_on_outside():
    diagram, called = load_family("online_signing", "employer_invitation")
    plan = Map(diagram, called, {"case": {}, "school": {"review_levels": "both"}})

    assert names_ahead(plan, "School_review/College_review") == ["学校审核", "签约完成"]


def test_the_way_ahead_follows_links_and_conditions_of_tasks():
    body = (
        '<startEvent id="S"/><userTask id="A" name="填写"/><userTask id="Back" name="退回"/>'
        '<intermediateThrowEvent id="T"><linkEventDefinition name="over"/></intermediateThrowEvent>'
        '<intermediateCatchEvent id="C"><linkEventDefinition name="over"/></intermediateCatchEvent>'
        '<userTask id="B" name="盖章"/><endEvent id="E" name="完成"/>'
        '<sequenceFlow id="f1" sourceRef="S" targetRef="A"/>'
        '<sequenceFlow id="f2" sourceRef="A" targetRef="Back"><conditionExpression>A.outcome == '
        "'refuse'</conditionExpression></sequenceFlow>"
        '<sequenceFlow id="f3" sourceRef="A" targetRef="T"><conditionExpression>A.outcome == '
        "'pass'</conditionExpression></sequenceFlow>"
        '<sequenceFlow id="f4" sourceRef="C" targetRef="B"/>'
        '<sequenceFlow id="f5" sourceRef="B" targetRef="E"/>'
    )
    namespace = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    text = f'<definitions xmlns="{namespace}"><process id="P">{body}</process></definitions>'
    plan = Map(read_diagram(text.encode()), {}, {"case": {}, "school": {}})

    assert names_ahead(plan, "S") == ["填写", "盖章", "完成"]
