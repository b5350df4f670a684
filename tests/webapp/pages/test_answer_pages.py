"""Answering: the offer, two pages for a binding act, drafts, and who was faster."""

from __future__ import annotations

import pytest

from webapp.models import Case, Task
from webapp.pages.task_form import internal_keys, without


@pytest.fixture
def invitation(story):
    return story.invite()


ACCEPT = {"outcome": "accept", "ack": "1", "do": "confirm"}


@pytest.mark.requirement("H03")
def test_the_offer_says_until_when_and_what_silence_does(visit, cast, invitation):
    _, task = invitation

    page = visit(cast.lin).get(f"/tasks/{task.id}").text

    assert "恒信科技有限公司" in page
    assert "还剩 5 天" in page
    assert "邀请失效" in page
    assert "10,500" in page
    assert "院系审核" in page


@pytest.mark.requirement("H04")
def test_accepting_takes_two_pages(visit, cast, session, invitation):
    case, task = invitation
    client = visit(cast.lin)

    second = client.get(f"/tasks/{task.id}/answer?outcome=accept")
    before = session.get_one(Case, case.id).status
    answer = client.post(f"/tasks/{task.id}/answer", data=ACCEPT)

    assert "确认接受签约" in second.text
    assert before == "waiting_answer"
    assert answer.location == f"/cases/{case.id}"
    session.rollback()
    assert session.get_one(Case, case.id).status == "waiting_college"


@pytest.mark.requirement("H05")
def test_refusing_gives_the_reason_to_the_employer(visit, cast, session, invitation):
    case, task = invitation

    visit(cast.lin).post(
        f"/tasks/{task.id}/answer",
        data={"outcome": "refuse", "reason": "已有其他意向", "do": "confirm"},
    )

    session.rollback()
    assert session.get_one(Case, case.id).status == "refused"
    assert "已有其他意向" in visit(cast.hengxin).get(f"/cases/{case.id}").text


def test_an_answer_without_consent_is_shown_again_and_kept_as_draft(
    visit, cast, session, invitation
):
    _, task = invitation

    answer = visit(cast.lin).post(
        f"/tasks/{task.id}/answer", data={"outcome": "accept", "do": "confirm"}
    )

    assert answer.status_code == 422
    assert "有 1 处需要修改" in answer.text
    assert "确认接受签约" in answer.text
    session.rollback()
    assert session.get_one(Task, task.id).draft is not None


def test_a_second_click_changes_nothing_and_tells_who_was_faster(visit, cast, session, invitation):
    case, task = invitation
    client = visit(cast.lin)
    client.post(f"/tasks/{task.id}/answer", data=ACCEPT)
    session.rollback()
    before = session.get_one(Case, case.id).version

    again = client.post(
        f"/tasks/{task.id}/answer",
        data={"outcome": "refuse", "reason": "我改主意了", "do": "confirm"},
    )

    assert again.status_code == 409
    assert "这件事已经办完" in again.text
    assert "我改主意了" in again.text
    session.rollback()
    assert session.get_one(Case, case.id).version == before


@pytest.mark.requirement("H06")
def test_an_answer_after_the_deadline_reads_that_it_is_too_late(visit, cast, clock, invitation):
    _, task = invitation
    client = visit(cast.lin)
    clock.move(days=6)

    late = client.post(f"/tasks/{task.id}/answer", data=ACCEPT)

    assert late.status_code == 409
    assert "现在不能提交了" in late.text
    assert "不算您拒绝" in late.text


def test_a_stranger_who_posts_gets_404_and_the_typed_values_back(visit, cast, invitation):
    _, task = invitation

    answer = visit(cast.nils).post(
        f"/tasks/{task.id}/answer",
        data={"outcome": "refuse", "reason": "写了很久", "do": "confirm"},
    )

    assert answer.status_code == 404
    assert "写了很久" in answer.text


@pytest.mark.requirement("H07")
def test_after_accepting_one_the_other_invitation_can_only_be_read(visit, cast, session, story):
    employer, member = cast.make.employer("云杉软件有限公司")
    _, first = story.invite()
    case, second = story.invite(member, cast.graduate, employer)
    client = visit(cast.lin)
    client.post(f"/tasks/{first.id}/answer", data=ACCEPT)

    page = client.get(f"/tasks/{second.id}")
    tried = client.post(f"/tasks/{second.id}/answer", data={"outcome": "refuse", "do": "confirm"})

    assert "您已与其他单位签约，这份邀请只能查看" in page.text
    assert "outcome=accept" not in page.text
    assert tried.status_code == 409
    session.rollback()
    assert session.get_one(Case, case.id).status == "waiting_answer"


@pytest.mark.requirement("H08")
def test_the_other_employer_is_not_told_why_nobody_answers(visit, cast, story):
    employer, member = cast.make.employer("云杉软件有限公司")
    _, first = story.invite()
    case, _ = story.invite(member, cast.graduate, employer)
    visit(cast.lin).post(f"/tasks/{first.id}/answer", data=ACCEPT)

    page = visit(member).get(f"/cases/{case.id}").text

    assert "待应约" in page
    assert "恒信" not in page
    assert "其他单位" not in page


def test_the_finished_task_leads_to_its_case(visit, cast, invitation):
    case, task = invitation
    client = visit(cast.lin)
    client.post(f"/tasks/{task.id}/answer", data=ACCEPT)

    assert client.get(f"/tasks/{task.id}").location == f"/cases/{case.id}"


def test_a_form_shows_the_parties_nothing_that_the_school_keeps():
    forms = {
        "review/decide": {
            "components": [
                {"type": "text", "key": "reason"},
                {"components": [{"key": "note", "properties": {"internal": True}}]},
            ]
        }
    }
    variables = {"School_review": {"College_review": {"reason": "缺章", "note": "已电话核实"}}}

    shown = without(variables, internal_keys(forms))

    assert shown == {"School_review": {"College_review": {"reason": "缺章"}}}
