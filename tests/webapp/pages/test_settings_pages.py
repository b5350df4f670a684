"""The admin sets the school up: values, words, notices, business; with an audit and clear errors."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from sqlalchemy import select

from pdf.values import Wording
from webapp.models import Audit, Case, Release, School
from webapp.pages.school_settings import as_typed
from webapp.services.agreements import printed
from webapp.services.design import releases
from webapp.services.schools.labels import STATUS_LABELS
from webapp.services.schools.settings import groups, registry, value_of

SIMPLE = [group for group in groups() if any(one.kind != "table" for one in group.settings)]


@pytest.fixture
def ada(visit, cast):
    return visit(cast.ada)


def chosen(session, cast):
    session.rollback()
    return session.get_one(School, cast.school.id).settings


def told(session):
    session.rollback()
    return list(session.scalars(select(Audit.about).where(Audit.act == "setting_changed")))


def form_of(key, settings, **changed):
    """The form of a group as the page shows it, with something typed differently."""
    group = next(one for one in SIMPLE if one.key == key)
    shown = {one.key: as_typed(one, one.value_in(settings)) for one in group.settings}
    return {**shown, **changed}


@pytest.mark.parametrize("group", SIMPLE, ids=lambda group: group.key)
def test_every_group_is_saved_as_it_is_shown(ada, cast, session, group):
    page = ada.get(f"/admin/settings/{group.key}")
    saved = ada.post(f"/admin/settings/{group.key}", data=form_of(group.key, {}))

    for setting in group.settings:
        assert setting.label in page.text
    assert saved.status_code == 303
    assert all(
        value_of(chosen(session, cast), one.key) == one.default
        for one in group.settings
        if one.key != "review_levels"
    )


def test_a_change_is_written_down_with_old_and_new(ada, cast, session):
    ada.post("/admin/settings/deadlines", data=form_of("deadlines", {}, reply_days="9"))

    assert chosen(session, cast)["reply_days"] == 9
    assert told(session) == ["应约期限（天）：5 → 9"]
    assert "应约期限（天）：5 → 9" in ada.get("/admin/audit?act=setting_changed").text


@pytest.mark.parametrize(
    ("group", "typed", "complaint"),
    [
        ("deadlines", {"reply_days": "0"}, "应约期限（天）要在 1 到 60 之间"),
        ("deadlines", {"reply_days": "五"}, "应约期限（天）要填整数"),
        ("agreements", {"number_pattern": "{school}{cohort}"}, "要有 {serial:06}，不然编号会重复"),
        ("agreements", {"number_pattern": "{school.__class__}"}, "可以用的位置"),
        ("agreements", {"copies": "毕业生\n毕业生"}, "协议书份数里有重复的名称"),
        ("agreements", {"copies": ""}, "协议书份数要写 1 到 6 行"),
        ("reviewing", {"review_levels": "nobody"}, "请选择审核级次"),
        ("school", {"region": "999999"}, "请选择学校所在省"),
        ("school", {"phone": "<b>"}, "电话只写数字"),
    ],
)
def test_a_value_that_cannot_be_comes_back_with_its_reason(
    ada, cast, session, group, typed, complaint
):
    before = dict(chosen(session, cast))

    answer = ada.post(f"/admin/settings/{group}", data=form_of(group, before, **typed))

    assert answer.status_code == 422
    assert complaint in answer.text
    assert "有 1 处需要修改" in answer.text
    assert chosen(session, cast) == before


def test_places_are_told_by_name_and_an_older_city_is_not_lost(ada, cast, session):
    places = {"region": "340100", "minimum_wages": ["340100 2060"]}
    cast.school.settings = {**cast.school.settings, **places}
    session.commit()

    overview = ada.get("/admin/settings").text
    page = ada.get("/admin/settings/school").text

    assert "安徽省 合肥市（340100）" in overview
    assert "安徽省 合肥市（340100）每月 2060 元" in overview
    assert '<option value="340100" selected>安徽省 合肥市（340100）</option>' in page
    assert '<option value="340000">安徽省（340000）</option>' in page


def test_the_example_follows_the_pattern(ada):
    good = ada.get("/admin/settings/number-example?pattern=Q{cohort}{school}{serial:04}")
    bad = ada.get("/admin/settings/number-example?pattern={x}")

    assert good.json == {"example": "Q2027109990001"}
    assert bad.json == {"example": ""}


@pytest.mark.requirement("F02")
def test_review_levels_of_one_kind_alone_serve_new_cases(ada, cast, session, story):
    running, _ = story.invite()
    data = form_of("reviewing", chosen(session, cast), review_levels_online_signing="college")
    page = ada.get("/admin/settings/reviewing").text
    ada.post("/admin/settings/reviewing", data=data)
    session.rollback()
    employer, member = cast.make.employer("云杉软件有限公司")
    session.commit()
    begun, _ = story.invite(member, employer=employer)

    assert "改动只影响以后发起的事项" in page
    assert session.get_one(Case, running.id).facts["school"]["review_levels"] == "both"
    assert session.get_one(Case, begun.id).facts["school"]["review_levels"] == "college"


def test_states_have_the_words_of_the_school(ada, visit, cast, session, story):
    case, _ = story.invite()
    words = dict.fromkeys(STATUS_LABELS, "")

    ada.post("/admin/settings/labels", data={**words, "waiting_answer": "等待毕业生应约"})
    page = visit(cast.hengxin).get(f"/cases/{case.id}").text
    taken_back = ada.post("/admin/settings/labels", data=words)

    assert "等待毕业生应约" in page
    assert told(session)[0] == "状态名称：待应约 → 等待毕业生应约"
    assert taken_back.status_code == 303
    assert chosen(session, cast)["labels"] == {}


def test_clauses_have_the_words_of_the_school(ada, cast, session):
    ada.post("/admin/settings/terms", data={"holders": "三方各执 1 份", "copies": "3"})

    assert chosen(session, cast)["terms"] == {"holders": "三方各执 1 份"}
    assert printed.wording(session.get_one(School, cast.school.id)) == {"holders": "三方各执 1 份"}
    assert told(session) == ["协议书条款：甲方、乙方、甲方培养学校各执 1 份 → 三方各执 1 份"]


def test_the_packaged_clauses_are_the_printed_ones():
    assert asdict(Wording()) == printed.PACKAGED_WORDING


def test_a_word_that_is_too_long_comes_back(ada):
    answer = ada.post("/admin/settings/labels", data={"waiting_answer": "很" * 30})

    assert answer.status_code == 422
    assert "状态名称最多 24 字" in answer.text
    assert "很" * 30 in answer.text


def offered(session, cast):
    wanted = select(Release.family, Release.variant).where(
        Release.school_id == cast.school.id, Release.in_force
    )
    session.rollback()
    return {f"{family}/{variant}" for family, variant in session.execute(wanted)}


def test_business_is_opened_and_closed_and_running_cases_go_on(ada, visit, cast, session, story):
    case, task = story.invite()
    before = offered(session, cast)
    wanted = (before - {"online_signing/employer_invitation"}) | {"destination_void/admin_unlock"}

    ada.post("/admin/settings/offered", data={"offered": sorted(wanted)})

    assert offered(session, cast) == wanted
    assert sorted(told(session))[-2:] != []
    assert visit(cast.lin).get(f"/tasks/{task.id}").status_code == 200
    story.submit(cast.lin, task, outcome="refuse", reason="不去")
    assert session.get_one(Case, case.id).status == "refused"
    assert "正在办" in ada.get("/admin/settings/offered").text or case
    ada.post("/admin/settings/offered", data={"offered": sorted(before)})
    assert offered(session, cast) == before


def test_a_diagram_with_faults_is_not_opened(ada, cast, session, published, monkeypatch):
    def refuse(*args):
        raise releases.ReleaseRefused([{"message": "死路"}])

    monkeypatch.setattr(releases, "require_sound", refuse)
    monkeypatch.setattr(releases, "SOUND", set())
    before = offered(session, cast)

    answer = ada.post(
        "/admin/settings/offered", data={"offered": [*before, "destination_void/admin_unlock"]}
    )

    assert answer.status_code == 422
    assert offered(session, cast) == before


@pytest.mark.requirement("N02")
def test_a_notice_has_the_words_and_ways_of_the_school(ada, cast, session):
    key = "invitation.graduate"

    saved = ada.post(
        f"/admin/settings/notices/{key}",
        data={"text": "{employer}想与您签约。{until}", "channels": ["sms"]},
    )
    shown = ada.get("/admin/settings/notices").text

    assert saved.status_code == 303
    assert chosen(session, cast)["notice_channels"] == {key: ["sms"]}
    assert "{employer}想与您签约。{until}" in shown
    assert len(told(session)) == 2


def test_an_unknown_place_comes_back_with_the_known_ones(ada, cast, session):
    answer = ada.post(
        "/admin/settings/notices/invitation.graduate", data={"text": "{name}请看", "channels": []}
    )

    assert answer.status_code == 422
    assert "“{name}”不是可以用的位置" in answer.text
    assert "{employer} 用人单位" in answer.text
    assert "{name}请看" in answer.text
    assert "notice_texts" not in chosen(session, cast)


@pytest.mark.parametrize("address", ["/admin/settings/own_pages", "/admin/settings/notices/x"])
def test_what_is_no_setting_is_not_found(ada, address):
    assert ada.get(address).status_code == 404
    assert ada.post(address).status_code == 404


def test_two_schools_do_not_share_settings(ada, cast, session):
    ada.post("/admin/settings/deadlines", data=form_of("deadlines", {}, reply_days="9"))

    session.rollback()
    others = session.scalars(select(School).where(School.id != cast.school.id))
    assert all("reply_days" not in school.settings for school in others)
    assert "reply_days" in registry()
