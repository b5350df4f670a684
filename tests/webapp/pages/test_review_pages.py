"""Reviewing in three panes, several at once, and what reviewers may look up."""

from __future__ import annotations

import re

import pytest

from webapp.models import Case, Task
from webapp.pages.task_form import scope_of


@pytest.fixture
def submitted(story):
    return story.accepted()


@pytest.mark.requirement("F03", "F04")
def test_the_list_has_the_columns_of_the_source_and_the_name_opens_what_was_signed(
    visit, cast, submitted, session
):
    _, task = submitted

    reviewer = visit(cast.rao)
    row = re.search(r"<tr><td>.*?</tr>", reviewer.get("/review").text)[0]

    told = ["林知夏", cast.graduate.student_no, "计算机学院", "恒信科技有限公司", "06-01 10:00"]
    told.append("91340100MA2MRBFK0N · 安徽省 合肥市 蜀山区 · 其他企业 · 软件和信息技术服务业")
    assert [word for word in told if word not in row] == []
    opened = re.search(r'<a href="([^"]+)">林知夏</a>', row)[1]
    assert opened == f"/review/{task.id}"
    assert "10,500" in reviewer.get(opened).text


@pytest.mark.requirement("H11", "F04")
def test_the_queue_and_the_case_stand_beside_the_decision(visit, cast, submitted):
    _, task = submitted

    page = visit(cast.rao).get(f"/review/{task.id}").text

    assert "林知夏" in page
    assert "恒信科技有限公司" in page
    assert "10,500" in page
    assert "只有审核老师能看到" in page
    assert "checked" not in page


@pytest.mark.requirement("F02", "F17")
def test_the_queue_is_narrowed_to_one_kind_under_the_words_of_the_source(visit, cast, submitted):
    page = visit(cast.rao).get("/review?family=online_signing").text
    other = visit(cast.rao).get("/review?family=rescission").text

    assert "网络签约管理</option>" in page
    assert "林知夏" in page
    assert "林知夏" not in other
    assert "没有符合条件的事项" in other


def test_a_task_in_the_list_opens_the_review_page(visit, cast, submitted):
    _, task = submitted

    assert visit(cast.rao).get(f"/tasks/{task.id}").location == f"/review/{task.id}"


@pytest.mark.requirement("H11", "F06")
def test_a_refusal_needs_a_reason_and_shows_what_was_typed(visit, cast, session, submitted):
    case, task = submitted

    answer = visit(cast.rao).post(
        f"/review/{task.id}", data={"outcome": "refuse", "note": "先问问单位"}
    )

    assert answer.status_code == 422
    assert "先问问单位" in answer.text
    session.rollback()
    assert session.get_one(Case, case.id).status == "waiting_college"
    assert session.get_one(Task, task.id).draft is not None


@pytest.mark.requirement("H13")
def test_a_refusal_tells_both_sides_why_and_keeps_the_note_inside(visit, cast, session, submitted):
    case, task = submitted

    visit(cast.rao).post(
        f"/review/{task.id}",
        data={"outcome": "refuse", "reason": "授权书上看不到红章", "note": "已电话核实"},
    )

    session.rollback()
    assert session.get_one(Case, case.id).status == "failed"
    for party in (cast.lin, cast.hengxin):
        page = visit(party).get(f"/cases/{case.id}").text
        assert "授权书上看不到红章" in page
        assert "已电话核实" not in page


@pytest.mark.requirement("H11")
def test_college_then_university_complete_the_signing(visit, cast, session, story, submitted):
    case, task = submitted

    first = visit(cast.rao).post(f"/review/{task.id}", data={"outcome": "pass"})
    session.rollback()
    second = story.open_task(case)
    visit(cast.wu).post(f"/review/{second.id}", data={"outcome": "pass"})

    assert first.location == "/review"
    session.rollback()
    assert session.get_one(Case, case.id).status == "completed"


def test_after_one_the_next_in_the_queue_opens_with_the_filters_kept(visit, cast, story):
    _, first = story.accepted()
    graduate, other = cast.make.graduate(cast.school, cast.college, "沈以宁")
    case, answer = story.invite(graduate=graduate)
    story.submit(other, answer, outcome="accept", ack=True)
    second = story.open_task(case)

    decided = visit(cast.rao).post(f"/review/{first.id}", data={"outcome": "pass"})

    assert decided.location == f"/review/{second.id}"


def test_deciding_twice_is_once(visit, cast, session, submitted):
    case, task = submitted
    client = visit(cast.rao)
    client.post(f"/review/{task.id}", data={"outcome": "pass"})

    again = client.post(
        f"/review/{task.id}", data={"outcome": "refuse", "reason": "晚了一步的原因"}
    )

    assert again.status_code == 409
    assert "晚了一步的原因" in again.text
    session.rollback()
    assert session.get_one(Case, case.id).status == "waiting_university"


def test_a_reviewer_cannot_decide_for_the_university(visit, cast, session, story, submitted):
    case, task = submitted
    visit(cast.rao).post(f"/review/{task.id}", data={"outcome": "pass"})
    session.rollback()
    second = story.open_task(case)

    assert visit(cast.rao).post(f"/review/{second.id}", data={"outcome": "pass"}).status_code == 404


def test_several_at_once_are_checked_first_and_each_tells_how_it_went(visit, cast, session, story):
    _, first = story.accepted()
    graduate, other = cast.make.graduate(cast.school, cast.college, "沈以宁")
    case, answer = story.invite(graduate=graduate)
    story.submit(other, answer, outcome="accept", ack=True)
    second = story.open_task(case)
    client = visit(cast.rao)
    ticked = {"task": [first.id.hex, second.id.hex]}

    check = client.post("/review/batch", data=ticked)
    session.rollback()
    before = session.get_one(Case, case.id).status
    result = client.post("/review/batch", data={**ticked, "do": "confirm", "outcome": "pass"})

    assert "核对并批量审核：2 件" in check.text
    assert before == "waiting_college"
    assert "2 件已提交" in result.text
    session.rollback()
    assert session.get_one(Case, case.id).status == "waiting_university"


def test_several_without_a_decision_are_shown_again(visit, cast, session, submitted):
    case, task = submitted

    answer = visit(cast.rao).post("/review/batch", data={"task": task.id.hex, "do": "confirm"})

    assert answer.status_code == 422
    session.rollback()
    assert session.get_one(Case, case.id).status == "waiting_college"


def test_one_of_several_that_somebody_else_decided_is_told(visit, cast, session, submitted, story):
    _, task = submitted
    graduate, other = cast.make.graduate(cast.school, cast.college, "沈以宁")
    case, answer = story.invite(graduate=graduate)
    story.submit(other, answer, outcome="accept", ack=True)
    second = story.open_task(case)
    story.submit(cast.rao, task, outcome="pass")

    result = visit(cast.rao).post(
        "/review/batch",
        data={"task": [task.id.hex, second.id.hex], "do": "confirm", "outcome": "pass"},
    )

    assert "1 件已提交，1 件没有办成" in result.text


@pytest.mark.requirement("B09")
def test_reviewers_find_graduates_of_their_college_only(visit, cast, session):
    other = cast.make.college(cast.school, "外国语学院", "02")
    cast.make.graduate(cast.school, other, "顾南乔")
    session.commit()

    college = visit(cast.rao).get("/graduates").text
    school = visit(cast.wu).get("/graduates").text

    assert "林知夏" in college
    assert "顾南乔" not in college
    assert "顾南乔" in school
    assert "尼尔斯" not in school


def test_graduates_are_found_by_name_number_and_state(visit, cast, session, clock):
    cast.make.graduate(cast.school, cast.college, "顾南乔", base_data_confirmed_at=None)
    session.commit()
    client = visit(cast.wu)

    assert "顾南乔" not in client.get("/graduates?q=林").text
    assert "林知夏" in client.get(f"/graduates?q={cast.graduate.student_no}").text
    assert "林知夏" not in client.get("/graduates?state=unconfirmed").text
    assert "没有符合条件的毕业生" in client.get("/graduates?q=没有这个人").text


def test_long_lists_go_on_by_key(visit, cast, session):
    for number in range(35):
        cast.make.graduate(cast.school, cast.college, f"学生{number:02}")
    session.commit()
    client = visit(cast.wu)

    first = client.get("/graduates")
    following = first.text.split("before=")[1].split('"')[0]
    second = client.get(f"/graduates?before={following}")

    assert "学生34" in first.text
    assert "学生34" not in second.text
    assert "林知夏" in second.text


@pytest.mark.requirement("H11")
def test_an_invitation_cannot_be_returned_not_even_by_a_forged_answer(
    visit, cast, session, submitted
):
    case, task = submitted
    client = visit(cast.rao)
    forged = {"outcome": "return", "reason": "请补充材料"}

    page = client.get(f"/review/{task.id}").text
    answer = client.post(f"/review/{task.id}", data=forged)
    several = client.post("/review/batch", data={**forged, "task": task.id.hex, "do": "confirm"})

    assert "退回修改" not in page
    assert answer.status_code == several.status_code == 422
    session.rollback()
    assert session.get_one(Case, case.id).status == "waiting_college"


def test_a_form_reads_the_parameters_of_the_call_that_its_task_stands_in():
    variables = {"Review_application": {"parameters": {"returns": True}}, "Fill": {"outcome": "x"}}

    inside = scope_of(variables, Task(element="Review_application/College_review"))
    outside = scope_of(variables, Task(element="Fill"))

    assert inside == {"parameters": {"returns": True}}
    assert outside == variables
