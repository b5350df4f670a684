"""Moving running cases, as an admin does it in the browser; nothing here needs a script."""

from __future__ import annotations

import re
from functools import partial

import pytest
from sqlalchemy import select

from processes import library
from processes.engine import placing_apart
from webapp import jobs
from webapp.models import Case, Move, MovedCase
from webapp.services.design import moving, releases, trials
from webapp.services.design.drafts import open_draft, save_parts

pytestmark = pytest.mark.usefixtures("placed_here")
FAMILY, VARIANT = "online_signing", "employer_invitation"
RENAMED = (('"Answer_invitation"', '"Reply"'), (">Answer_invitation<", ">Reply<"),
           ("Answer_invitation.", "Reply."))  # fmt: skip


@pytest.fixture
def publish(session, cast, clock, published):
    def replaced(*pairs):
        diagram, called = library.load_family(FAMILY, VARIANT)
        xml = diagram.xml.decode()
        for old, new in pairs:
            assert old in xml
            xml = xml.replace(old, new)
        release = releases.publish(
            session, cast.school.id, FAMILY, VARIANT, xml.encode(),
            {key: child.xml for key, child in called.items()},
            releases.definitions_for([diagram, *called.values()]), now=clock.now,
        )  # fmt: skip
        session.commit()
        return release.id

    return replaced


def test_cases_are_tried_moved_and_taken_back(visit, cast, session, story, publish):
    case, _ = story.invite()
    release = publish(('name="应约"', 'name="答复邀请"'))
    ada = visit(cast.ada)

    tried = ada.get(f"/design/moves/new/{release}").text
    assert "1 件能迁移" in tried
    assert session.scalars(select(Move)).all() == []
    session.rollback()

    answer = ada.post(f"/design/moves/new/{release}", data={"which": "all", "note": "依通知"})
    assert answer.status_code == 303
    report = ada.get(answer.location).text
    assert "共 1 件：已迁移 1 件" in report
    assert "已完成" in report
    assert "把办理的流程由第 1 版改为第 2 版" in ada.get(f"/cases/{case.id}").text
    assert "答复邀请" in visit(cast.lin).get(f"/cases/{case.id}").text

    ada.post(f"{answer.location}/undo")
    assert "已退回原版本 1 件" in ada.get(answer.location).text
    assert "撤销迁移" in ada.get("/admin/audit").text
    session.rollback()
    assert session.get_one(Case, case.id).release.number == 1


def test_one_case_is_chosen_and_one_taken_back(visit, cast, session, story, publish):
    graduate, _ = cast.make.graduate(cast.school, cast.college, "另一位")
    session.commit()
    first, _ = story.invite()
    second, _ = story.invite(graduate=graduate)
    release = publish(('name="应约"', 'name="答复邀请"'))
    ada = visit(cast.ada)

    answer = ada.post(
        f"/design/moves/new/{release}",
        data={"which": "chosen", "case": [second.id.hex], "note": "先试一件"},
    )

    session.rollback()
    assert session.scalars(select(MovedCase.case_id)).all() == [second.id]
    ada.post(f"{answer.location}/undo", data={"case": second.id.hex})
    session.rollback()
    assert session.scalars(select(MovedCase.outcome)).all() == ["undone"]
    assert session.get_one(Case, first.id).version == 2


def test_what_is_missing_is_said_and_what_was_typed_stays(visit, cast, session, story, publish):
    case, _ = story.invite()
    release = publish(('name="应约"', 'name="答复邀请"'))
    ada = visit(cast.ada)
    address = f"/design/moves/new/{release}"

    no_note = ada.post(address, data={"which": "chosen", "case": [case.id.hex], "note": " "})
    none = ada.post(address, data={"which": "chosen", "note": "依第 12 号通知"})

    assert (no_note.status_code, none.status_code) == (422, 422)
    assert "没有写迁移说明" in no_note.text
    assert re.search(rf'value="{case.id.hex}" checked', no_note.text)
    assert "依第 12 号通知" in none.text
    assert session.scalars(select(Move)).all() == []


def test_a_renamed_step_is_named_and_tried_again(visit, cast, session, story, publish):
    story.invite()
    release = publish(*RENAMED)
    ada = visit(cast.ada)

    before = ada.get(f"/design/moves/new/{release}").text
    assert "1 件不能" in before
    assert "“应约”在新版里没有了，也没有说明改叫什么" in before
    assert 'name="rename.Answer_invitation"' in before

    after = ada.get(f"/design/moves/new/{release}?rename.Answer_invitation=Reply").text
    assert "1 件能迁移" in after
    ada.post(
        f"/design/moves/new/{release}",
        data={"rename.Answer_invitation": "Reply", "which": "all", "note": "换了标识"},
    )
    session.rollback()
    assert session.scalars(select(MovedCase.outcome)).all() == ["moved"]


def test_a_refused_case_is_in_the_report_with_its_reason(visit, cast, session, story, publish):
    story.invite()
    release = publish(*RENAMED)

    ada = visit(cast.ada)
    answer = ada.post(f"/design/moves/new/{release}", data={"which": "all", "note": "x"})

    report = ada.get(f"{answer.location}?outcome=refused").text
    assert "没有迁移 1 件" in report
    assert "“应约”在新版里没有了" in report
    assert "x" in ada.get("/design/moves").text


def test_the_impact_is_known_before_publishing(visit, cast, session, story, clock):
    case, _ = story.invite()
    draft = open_draft(session, cast.ada, FAMILY, VARIANT, clock.now)
    xml = draft.diagram.decode()
    for old, new in RENAMED:
        xml = xml.replace(old, new)
    save_parts(
        session, cast.ada, draft.id, revision=draft.revision, now=clock.now, diagram=xml.encode()
    )
    session.commit()

    page = visit(cast.ada).get(f"/design/{draft.id}/publish").text

    assert "“应约”在新版里没有了，也没有说明改叫什么" in page
    assert f"/cases/{case.id}" in page


def test_two_releases_are_compared_in_words(visit, cast, session, published, publish):
    first = next(one.id for one in published if (one.family, one.variant) == (FAMILY, VARIANT))
    newer = publish(('name="应约"', 'name="答复邀请"'))
    ada = visit(cast.ada)

    page = ada.get(f"/design/releases/{newer}/compare").text
    other_way = ada.get(f"/design/releases/{first}/compare?with={newer.hex}").text
    alone = next(one.id for one in published if one.family == "base_data")

    assert "“应约”改名为“答复邀请”" in page
    assert "“应约”改名为“答复邀请”" in other_way
    assert "只有一个版本" in ada.get(f"/design/releases/{alone}/compare").text
    assert ada.get(f"/design/releases/{newer}/compare?with={alone.hex}").status_code == 404


def test_a_trial_of_many_shows_how_far_it_is_until_it_has_ended(
    visit, cast, session, sessions, story, publish, clock, monkeypatch
):
    story.invite()
    release = publish(*RENAMED)
    monkeypatch.setattr(trials, "BATCH", 0)
    monkeypatch.setattr(trials, "try_some", partial(in_batches_of_one, trials.try_some))
    ada, address = visit(cast.ada), f"/design/moves/new/{release}"
    renamed = "rename.Answer_invitation"

    begun = ada.get(f"{address}?{renamed}=Reply").text
    assert "正在试算：已试 0 件，共 1 件" in begun
    assert 'id="trial" data-refresh' in begun
    assert '<noscript><meta http-equiv="refresh"' in begun
    assert "开始迁移" not in begun

    for _ in range(2):
        jobs.run_due(sessions, clock.move(seconds=1))
    ended = ada.get(f"{address}?{renamed}=Reply").text
    assert "1 件能迁移" in ended
    assert "data-refresh" not in ended
    assert "http-equiv" not in ended
    assert "开始迁移" in ended

    answer = ada.post(address, data={"again": "1", renamed: "Reply"})
    assert answer.status_code == 303
    assert "正在试算：已试 0 件" in ada.get(answer.location).text


def in_batches_of_one(try_some, session, which, target, mapping, now, after, most):
    return try_some(session, which, target, mapping, now, after, 1)


def test_the_impact_of_a_draft_on_many_comes_by_itself_and_can_be_asked_for_again(
    visit, cast, session, sessions, story, clock, monkeypatch
):
    story.invite()
    draft = open_draft(session, cast.ada, FAMILY, VARIANT, clock.now)
    xml = draft.diagram.decode().replace('name="应约"', 'name="答复邀请"')
    save_parts(
        session, cast.ada, draft.id, revision=draft.revision, now=clock.now, diagram=xml.encode()
    )
    session.commit()
    monkeypatch.setattr(trials, "BATCH", 0)
    monkeypatch.setattr(trials, "try_some", partial(in_batches_of_one, trials.try_some))
    ada, address = visit(cast.ada), f"/design/{draft.id}/publish"

    begun = ada.get(address).text
    for _ in range(2):
        jobs.run_due(sessions, clock.move(seconds=1))
    ended = ada.get(address).text

    assert 'id="impact" data-refresh' in begun
    assert "正在试算：已试 0 件，共 1 件" in begun
    assert "data-refresh" not in ended
    assert "1 件能迁移" in ended
    assert ada.post(address, data={"again": "1"}).status_code == 303
    assert "正在试算" in ada.get(address).text


def test_the_report_of_a_move_says_how_far_it_is(
    visit, cast, session, sessions, story, publish, clock, monkeypatch
):
    for name in ("甲", "乙"):
        graduate, _ = cast.make.graduate(cast.school, cast.college, name)
        session.commit()
        story.invite(graduate=graduate)
    release = publish(('name="应约"', 'name="答复邀请"'))
    monkeypatch.setattr(moving, "AT_ONCE", 1)
    ada = visit(cast.ada)

    answer = ada.post(f"/design/moves/new/{release}", data={"which": "all", "note": "依通知"})
    going = ada.get(answer.location).text
    jobs.run_due(sessions, clock.move(seconds=1))
    done = ada.get(answer.location).text
    ada.post(f"{answer.location}/undo")
    back = ada.get(answer.location).text
    jobs.run_due(sessions, clock.move(seconds=1))
    ended = ada.get(answer.location).text

    for busy, word in ((going, "正在进行"), (back, "正在退回")):
        assert 'id="report" data-refresh' in busy
        assert '<noscript><meta http-equiv="refresh"' in busy
        assert '<progress aria-label="进度" max="2" value="1">' in busy
        assert word in busy
        assert "全部退回" not in busy
    for still, word in ((done, "已迁移 2 件"), (ended, "已退回原版本 2 件")):
        assert "data-refresh" not in still
        assert "http-equiv" not in still
        assert word in still


def test_a_placing_that_breaks_off_is_left_to_the_sweep(
    visit, cast, session, sessions, story, publish, clock, monkeypatch
):
    story.invite()
    release = publish(('name="应约"', 'name="答复邀请"'))
    with monkeypatch.context() as patched:
        patched.setattr(placing_apart, "ask_for_lines", lambda *order: ([], "killed"))
        answer = visit(cast.ada).post(
            f"/design/moves/new/{release}", data={"which": "all", "note": "依通知"}
        )
    assert answer.status_code == 303

    jobs.run_due(sessions, clock.move(seconds=1))

    session.rollback()
    assert session.scalars(select(MovedCase.outcome)).all() == ["moved"]
