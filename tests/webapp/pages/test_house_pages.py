"""The desks: a graduate's home, an employer's list, the office's figures, the admin's pages, the demo."""

from __future__ import annotations

import io

import pytest
from registering import Registration
from sqlalchemy import select, update
from student_acts import signing

from webapp.app import create_app
from webapp.models import Case, Incident, Person, Release, Setting, new_id
from webapp.services.accounts.identity import log_in
from webapp.services.design.releases import publish_packaged

__all__ = ["signing"]


@pytest.mark.requirement("H01")
def test_the_graduate_reads_first_what_waits_and_until_when(visit, cast, story):
    story.invite()

    page = visit(cast.lin).get("/home").text

    assert "林知夏，有 1 件事等您处理" in page
    assert "恒信科技有限公司邀请您签约" in page
    assert "还剩 5 天" in page
    assert "只能接受一份" in page
    assert "可以签约" in page
    for address in ("/account", "/guide", "/cases", "/start/other_destination"):
        assert f'href="{address}' in page


def test_the_home_explains_the_ways_of_signing_that_this_school_offers(visit, cast, session, story):
    invited = visit(cast.lin).get("/home").text
    session.execute(update(Release).values(in_force=False))
    session.commit()
    nothing = visit(cast.lin).get("/home").text

    assert "请单位发来邀请" in invited
    assert "没有收到线上邀请" in invited
    assert "由您发起签约" not in invited
    assert "怎样签约" not in nothing


@pytest.mark.requirement("G08")
def test_waiting_signings_stand_in_the_menu_where_a_school_offers_them(
    visit, cast, session, published, monday
):
    hengxin = visit(cast.hengxin)
    without = hengxin.get("/home").text
    records = hengxin.get("/signing/records").text
    cast.school.settings = {"offered": {"online_signing": ["student_initiated"]}}
    publish_packaged(session, cast.school.id, monday)
    session.commit()
    with_it = hengxin.get("/home").text

    assert ("待签约信息" in without, "签约记录" in without) == (False, True)
    assert ("待签约信息" in records, "签约须知" in records) == (False, False)
    assert "待签约信息" in with_it


@pytest.mark.requirement("G08")
def test_what_waits_stays_in_the_menu_when_no_school_offers_it_any_more(
    visit, cast, session, signing
):
    signing.submit()
    session.execute(update(Release).values(in_force=False))
    session.commit()

    assert "待签约信息" in visit(cast.hengxin).get("/home").text


@pytest.mark.requirement("N06")
def test_filing_stands_in_the_menu_of_a_school_that_files(visit, cast, session, published, monday):
    without = visit(cast.rao).get("/review").text
    cast.school.settings = {"offered": {"online_signing": ["student_initiated"]}}
    publish_packaged(session, cast.school.id, monday)
    session.commit()
    with_it = visit(cast.rao).get("/review").text

    assert 'href="/filings"' not in without
    assert 'href="/filings"' in with_it


def test_with_nothing_to_do_the_home_says_so(visit, cast):
    assert "现在没有事等您处理" in visit(cast.lin).get("/home").text


def test_the_employer_sees_drafts_and_what_was_sent(visit, cast, story):
    story.invite()
    graduate, _ = cast.make.graduate(cast.school, cast.college, "沈以宁")
    story.start(graduate=graduate)

    page = visit(cast.hengxin).get("/home").text

    assert "有 1 件事等贵单位办理" in page
    assert "沈以宁" in page
    assert "林知夏" in page
    assert "待应约" in page


def test_lists_of_work_are_searched_and_say_when_nothing_fits(visit, cast, story):
    story.invite()
    client = visit(cast.hengxin)

    assert "林知夏" in client.get("/inbox/others?q=林").text
    assert "没有符合条件的事项" in client.get("/inbox/others?q=没有").text
    assert "林知夏" in client.get("/inbox/done").text


def test_the_case_says_who_holds_it_and_what_silence_does(visit, cast, story):
    case, _ = story.accepted()

    page = visit(cast.lin).get(f"/cases/{case.id}").text

    assert "现在由计算机学院审核组办理" in page
    assert "什么都不用做" in page
    assert page.index("院系审核") < page.index("签约完成")
    assert "您办理了“应约”" in page


def test_the_diagram_and_its_tokens_follow_the_case(visit, cast, story):
    case, _ = story.accepted()
    client = visit(cast.lin)

    xml = client.get(f"/cases/{case.id}/diagram.xml")
    tokens = client.get(f"/cases/{case.id}/tokens.json").json

    assert b"Answer_invitation" in xml.data
    assert tokens["here"] == {"School_review": 1}
    assert "Answer_invitation" in tokens["done"]
    assert tokens["flows"]


@pytest.mark.requirement("N02", "I10")
def test_a_notice_waits_in_the_inbox_until_it_is_read(visit, cast, story):
    story.invite()
    client = visit(cast.lin)

    before = client.get("/notices").text
    client.post("/notices/read")
    after = client.get("/notices").text

    assert "恒信科技有限公司邀请您签约" in before
    assert "未读" in before
    assert "未读" not in after


def test_the_overview_counts_with_denominator_and_cut_off(visit, cast, story, clock):
    story.completed()
    clock.move(minutes=5)

    page = visit(cast.wu).get("/office").text
    earlier = visit(cast.wu).get("/office?cutoff=2026-05-01T00:00").text

    assert "100.0%" in page
    assert "1 / 1 人" in page
    assert "0 / 1 人" in earlier
    assert "不排名" in page


def test_a_review_that_waits_too_long_is_shown_to_the_office(visit, cast, story, clock):
    story.accepted()
    clock.move(days=4)

    assert "1 件审核超过 3 天" in visit(cast.wu).get("/office").text


def test_papers_of_a_case_put_no_filing_into_the_menu(visit, cast, session, published):
    registration = Registration(visit, cast, session)
    registration.submit()

    page = registration.page(cast.rao)

    assert "录取通知书.png" in page
    assert 'href="/filings"' not in page


def test_a_release_shows_its_diagram_to_the_admin(visit, cast, story, published):
    client = visit(cast.ada)
    release = published[0]

    page = client.get(f"/admin/releases/{release.id}").text
    xml = client.get(f"/admin/releases/{release.id}/diagram.xml")

    assert "data-diagram=" in page
    assert xml.mimetype == "application/xml"
    assert "使用中" in client.get("/admin/releases").text


def test_an_incident_is_retried_on_request(visit, cast, session, story, clock):
    case, _ = story.invite()
    incident = Incident(
        id=new_id(), school_id=cast.school.id, case_id=case.id, at=clock.now, story="编号已用完"
    )
    session.add(incident)
    session.commit()
    client = visit(cast.ada)

    page = client.get("/admin/incidents").text
    client.post(f"/admin/incidents/{incident.id}/retry")

    assert "编号已用完" in page
    session.rollback()
    assert session.get_one(Incident, incident.id).retry_at == clock.now


@pytest.mark.requirement("A03")
def test_a_reset_gives_a_code_that_is_shown_once_and_works(visit, cast, session, clock):
    person_id = cast.rao.person_id
    client = visit(cast.ada)

    page = client.post(f"/admin/people/{person_id}/reset").text
    code = page.split('class="secret">')[1].split("<")[0]

    session.rollback()
    person = session.get_one(Person, person_id)
    assert person.must_change_password
    assert log_in(session, person.login, code, "school", "test", clock.now)[0].role == "reviewer"
    assert code not in client.get(f"/admin/people/{person_id}").text


def test_an_unreadable_file_is_told_and_nothing_is_taken_in(visit, cast):
    answer = visit(cast.ada).post(
        "/admin/import", data={"kind": "graduates", "file": (io.BytesIO(b"PK\x03\x04x"), "a.xlsx")}
    )

    assert answer.status_code == 422
    assert "没有导入" in answer.text


def test_without_a_file_the_import_page_asks_for_one(visit, cast):
    answer = visit(cast.ada).post("/admin/import", data={"kind": "graduates"})

    assert answer.status_code == 422
    assert "请选择文件" in answer.text


@pytest.fixture
def demo(sessions, session, cast, clock):
    """The demonstration with Lin and Rao in its cast."""
    people = [
        {"login": session.get_one(Person, one.person_id).login, "label": one.name}
        for one in (cast.lin, cast.rao)
    ]
    session.add(Setting(key="demo_cast", value={"people": people}))
    session.commit()
    return create_app(sessions=sessions, demo=True, WTF_CSRF_ENABLED=False).test_client(), people


def test_the_demo_plays_its_cast_and_nobody_else(demo, cast, session):
    client, people = demo
    other = session.get_one(Person, cast.ada.person_id).login

    played = client.post("/demo/role", data={"login": people[1]["login"]})
    refused = client.post("/demo/role", data={"login": other})

    assert played.status_code == 303
    assert client.get("/review").status_code in (200, 303)
    assert refused.status_code == 404


@pytest.mark.requirement("H06")
def test_moving_the_demo_clock_lets_an_invitation_lapse(demo, session, story, monkeypatch):
    import webapp.current
    from webapp.clock import utc_now

    case, _ = story.invite()
    monkeypatch.setattr(webapp.current, "utc_now", utc_now)
    client, _ = demo

    client.post("/demo/clock", data={"move": "P7D", "back": "/login"})

    session.rollback()
    assert session.scalar(select(Case.status).where(Case.id == case.id)) == "lapsed"
