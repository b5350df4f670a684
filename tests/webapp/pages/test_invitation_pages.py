"""An employer begins, fills in, picks, checks and sends an invitation; and takes it back."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from webapp.models import Case, Task


@pytest.fixture
def wanted(cast, published):
    return {
        "school": cast.school.code,
        "name": cast.graduate.name,
        "student_no": cast.graduate.student_no,
    }


def count_cases(session):
    session.rollback()
    return session.scalar(select(func.count()).select_from(Case))


@pytest.mark.requirement("H02")
def test_school_name_and_number_together_open_the_invitation(visit, cast, session, wanted):
    answer = visit(cast.hengxin).post("/invitations/new", data=wanted)

    assert answer.status_code == 303
    assert answer.location.startswith("/tasks/")
    assert count_cases(session) == 1


@pytest.mark.parametrize("field", ["name", "student_no"])
def test_one_of_the_three_wrong_finds_nobody_and_does_not_say_which(
    visit, cast, session, wanted, field
):
    answer = visit(cast.hengxin).post("/invitations/new", data={**wanted, field: "不对"})

    assert answer.status_code == 422
    assert "没有找到这位毕业生" in answer.text
    assert 'value="不对"' in answer.text
    assert count_cases(session) == 0


def test_clicking_twice_begins_one_invitation(visit, cast, session, wanted):
    client = visit(cast.hengxin)

    first = client.post("/invitations/new", data=wanted)
    second = client.post("/invitations/new", data=wanted)

    assert first.location == second.location
    assert count_cases(session) == 1


@pytest.mark.requirement("H02")
def test_an_invitation_is_checked_in_words_before_it_is_sent(visit, cast, session, story, offer):
    case = story.start()
    task = story.open_task(case)
    client = visit(cast.hengxin)

    check = client.post(f"/tasks/{task.id}/answer", data={**offer, "do": "check"})
    before = session.get_one(Case, case.id).status
    sent = client.post(f"/tasks/{task.id}/answer", data={**offer, "do": "confirm"})

    assert check.status_code == 200
    assert "确认发出邀请" in check.text
    assert "工程技术人员" in check.text
    assert before == "drafting"
    assert sent.status_code == 303
    session.rollback()
    assert session.get_one(Case, case.id).status == "waiting_answer"


def test_what_is_wrong_is_shown_with_what_was_typed_and_kept(visit, cast, session, story, offer):
    task = story.open_task(story.start())

    answer = visit(cast.hengxin).post(
        f"/tasks/{task.id}/answer", data={**offer, "uscc": "91340100", "do": "check"}
    )

    assert answer.status_code == 422
    assert 'value="91340100"' in answer.text
    assert "处需要修改" in answer.text
    session.rollback()
    assert "91340100" in str(session.get_one(Task, task.id).draft)


def test_going_back_from_the_check_brings_everything_back(visit, cast, story, offer):
    task = story.open_task(story.start())
    client = visit(cast.hengxin)

    back = client.post(f"/tasks/{task.id}/answer", data={**offer, "penalty": "4321", "do": "back"})
    form = client.get(back.location)

    assert 'value="4321"' in form.text


def test_picking_keeps_everything_that_was_typed(visit, cast, story, offer):
    task = story.open_task(story.start())
    client = visit(cast.hengxin)
    typed = {**offer, "address": "写了一半的地址", "_pick": "region"}

    to_picker = client.post(f"/tasks/{task.id}/answer", data=typed)
    city = client.get(f"{to_picker.location}?within=340100")
    chosen = client.post(to_picker.location, data={"code": "340104"})
    form = client.get(chosen.location)

    assert to_picker.location == f"/tasks/{task.id}/pick/region"
    assert "蜀山区" in city.text
    assert "安徽省 合肥市 蜀山区" in form.text
    assert "写了一半的地址" in form.text


def test_a_code_that_may_not_be_chosen_changes_nothing(visit, cast, story, offer):
    task = story.open_task(story.start())
    client = visit(cast.hengxin)
    client.post(f"/tasks/{task.id}/answer", data={**offer, "do": "save"})

    client.post(f"/tasks/{task.id}/pick/region", data={"code": "340000"})

    assert "安徽省 合肥市 蜀山区" in client.get(f"/tasks/{task.id}/answer").text


def test_a_whole_province_is_not_offered_where_a_county_is_asked_for(visit, cast, story):
    task = story.open_task(story.start())
    client = visit(cast.hengxin)

    page = client.get(f"/tasks/{task.id}/pick/region?within=340100").text
    client.post(f"/tasks/{task.id}/pick/region", data={"code": "340100"})

    assert 'value="340104"' in page
    assert "选“合肥市”本身" not in page
    assert "合肥市" not in client.get(f"/tasks/{task.id}/answer").text


def test_the_picker_searches(visit, cast, story):
    task = story.open_task(story.start())

    page = visit(cast.hengxin).get(f"/tasks/{task.id}/pick/industry?q=软件")

    assert "软件和信息技术服务业" in page.text


def test_a_field_without_codes_has_no_picker(visit, cast, story):
    task = story.open_task(story.start())

    assert visit(cast.hengxin).get(f"/tasks/{task.id}/pick/address").status_code == 404


def test_an_invitation_can_be_taken_back_while_nobody_answered(visit, cast, session, story):
    case, _ = story.invite()
    client = visit(cast.hengxin)

    shown = client.get(f"/cases/{case.id}").text
    answer = client.post(f"/cases/{case.id}/withdraw")

    assert "撤回邀请" in shown
    assert answer.status_code == 303
    session.rollback()
    assert session.get_one(Case, case.id).status == "withdrawn"


def test_after_the_answer_it_cannot_be_taken_back(visit, cast, session, story):
    case, _ = story.accepted()
    client = visit(cast.hengxin)

    shown = client.get(f"/cases/{case.id}").text
    read = client.get(f"/cases/{case.id}/withdraw")
    answer = client.post(f"/cases/{case.id}/withdraw")

    assert "撤回邀请" not in shown
    assert [read.status_code, answer.status_code] == [409, 409]
    assert "林知夏在 6月1日 10:00 已办理“应约”" in answer.text
    assert "不能再撤回" in answer.text
    assert f'href="/cases/{case.id}">查看现在的进度' in answer.text
    session.rollback()
    assert session.get_one(Case, case.id).status == "waiting_college"


def test_a_graduate_cannot_take_back_what_an_employer_sent(visit, cast, story):
    case, _ = story.invite()

    assert visit(cast.lin).post(f"/cases/{case.id}/withdraw").status_code == 403
