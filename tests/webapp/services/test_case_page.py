"""What each reader sees of a case, and what they must not."""

from __future__ import annotations

import pytest

from webapp.errors import NotYours
from webapp.models import Case
from webapp.services.cases import case_page, cases, steps


def page_for(session, actor, case):
    session.expire_all()
    return case_page.describe(session, actor, cases.find_case(session, actor, case.id))


def texts(page):
    return [line.text for line in page.lines]


def test_a_waiting_case_says_who_holds_it_and_until_when(story, session, cast):
    case, _ = story.invite()

    page = page_for(session, cast.hengxin, case)

    (holder,) = page.holders
    assert (holder.name, holder.who, holder.mine) == ("应约", "林知夏", False)
    assert holder.due_at == story.later(days=5)
    assert "失效" in holder.silence
    assert page.status_label == "待应约"
    assert page.can_withdraw


def test_the_one_who_must_act_reads_so(story, session, cast):
    case, _ = story.invite()

    (holder,) = page_for(session, cast.lin, case).holders

    assert (holder.who, holder.mine) == ("您", True)


def test_automatic_lines_begin_with_the_system(story, session, cast):
    case = story.complete()

    page = page_for(session, cast.lin, case)

    automatic = [line.text for line in page.lines if line.automatic]
    assert automatic
    assert all(text.startswith("系统") for text in automatic)
    assert page.lines[0].text == "系统结束了这件事：签约完成"
    assert page.ending == "签约完成"


def test_the_diagram_knows_where_the_tokens_are_and_were(story, session, cast):
    case, answer = story.invite()
    story.accept(cast.lin, answer)

    tokens = page_for(session, cast.lin, case).tokens

    assert tokens.here == ["School_review/College_review"]
    assert {"Fill_invitation", "Answer_invitation", "Acquire_claim"} <= set(tokens.done)
    assert tokens.flows


@pytest.fixture
def claim_between_check_and_operator(monkeypatch):
    """A claim that was free when the answer came, and taken when the diagram asked for it."""
    monkeypatch.setattr(steps, "require_free", lambda *args: None)


@pytest.mark.requirement("H08")
@pytest.mark.usefixtures("claim_between_check_and_operator")
def test_an_employer_never_learns_of_another_claim(story, session, cast):
    other, other_member = cast.make.employer("云杉软件有限公司")
    session.commit()
    _, first_answer = story.invite()
    second, second_answer = story.invite(other_member, employer=other)
    before = page_for(session, other_member, second)
    story.accept(cast.lin, first_answer)

    came_back = story.accept(cast.lin, second_answer, now=story.later(hours=2))
    told = page_for(session, other_member, second)
    own = page_for(session, cast.lin, second)

    assert came_back.status == "waiting_answer"
    assert texts(told) == texts(before)
    assert told.tokens == before.tokens
    assert told.steps == before.steps
    assert told.said == before.said
    assert [h.since for h in told.holders] == [h.since for h in before.holders]
    assert any("只能查看" in text for text in texts(own))


@pytest.mark.requirement("H08")
@pytest.mark.usefixtures("claim_between_check_and_operator")
def test_a_list_does_not_give_the_other_claim_away(story, session, cast):
    from webapp.services.cases import tasks

    other, other_member = cast.make.employer("云杉软件有限公司")
    session.commit()
    _, first_answer = story.invite()
    _, second_answer = story.invite(other_member, employer=other)
    (before,) = tasks.waiting_for_others(session, other_member)
    story.accept(cast.lin, first_answer)

    story.accept(cast.lin, second_answer, now=story.later(hours=2))
    (after,) = tasks.waiting_for_others(session, other_member)

    assert after.since == before.since


@pytest.mark.requirement("H13")
def test_both_sides_read_the_reason_but_not_the_note(story, session, cast):
    case, answer = story.invite()
    story.accept(cast.lin, answer)
    story.submit(
        cast.rao, story.open_task(case), outcome="refuse", reason="专业不符", note="内部话"
    )

    for reader in (cast.lin, cast.hengxin):
        page = page_for(session, reader, case)
        assert any("专业不符" in text for text in texts(page))
        assert "内部话" not in repr(page)
    assert "内部话" in repr(page_for(session, cast.rao, case))


@pytest.mark.requirement("I9")
def test_only_those_concerned_find_the_case(story, session, cast):
    case, _ = story.invite()
    law = cast.make.college(cast.school, "法学院", "02")
    stranger = cast.make.actor(
        cast.make.person("法学院老师"), "reviewer", school_id=cast.school.id, college_id=law.id
    )
    _, other_employer = cast.make.employer("云杉软件有限公司")
    session.commit()

    for actor in (cast.lin, cast.hengxin, cast.rao, cast.wu, cast.ada):
        assert cases.find_case(session, actor, case.id).id == case.id
    for actor in (cast.nils, stranger, other_employer):
        with pytest.raises(NotYours):
            cases.find_case(session, actor, case.id)


def test_an_unsent_invitation_is_nobody_elses_business(story, session, cast):
    case = story.start()

    assert cases.find_case(session, cast.hengxin, case.id)
    for actor in (cast.lin, cast.rao):
        with pytest.raises(NotYours):
            cases.find_case(session, actor, case.id)
    assert session.get(Case, case.id).status == "drafting"


@pytest.mark.requirement("H13")
@pytest.mark.parametrize("who", ["lin", "hengxin"])
def test_answers_for_the_own_side_are_told_to_neither_party(story, session, cast, who):
    case, answer = story.invite()
    story.accept(cast.lin, answer)
    labelled = [
        {"key": "outcome", "label": "审核结论", "text": "不通过"},
        {"key": "reason", "label": "依据", "text": "内部依据", "internal": True},
        {"key": "scan", "label": "留档", "text": "1 个文件：内部.pdf", "internal": True},
    ]
    task = story.open_task(case)
    cases.submit_task(
        session, cast.rao, task.id, {"outcome": "refuse"}, labelled, story.later(hours=1)
    )
    session.commit()

    told = page_for(session, getattr(cast, who), case)
    at_school = page_for(session, cast.wu, case)

    assert "内部" not in repr(told)
    assert "不通过" in repr(told.said)
    assert "内部.pdf" in repr(at_school.said)
