"""The pages of an edit after signing: from the agreement to the new version and the public page."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from webapp.models import Agreement, Case
from webapp.services.agreements.agreements import verification_code
from webapp.services.design import releases

START = "/start/amendment/employer_edit/agreement/{}"
TERMS = {
    "address": "示例大道 1 号",
    "postcode": "230000",
    "contact_name": "周宁",
    "contact_mobile": "13800000002",
    "contact_email": "hr@example.com",
    "position_category": "13",
    "position_name": "后端开发工程师",
    "work_place": "合肥市蜀山区",
    "trial_period": "3 个月",
    "trial_salary": "9000",
    "salary": "10500",
    "penalty": "3000",
}
EDIT = {**TERMS, "salary": "12000", "penalty": "", "outcome": "upload"}


@pytest.fixture
def signed(story, session, cast, clock):
    """Lin and Hengxin have signed, at a school that offers edits."""
    offered = {"amendment": ["employer_edit"], "rescission": ["online_two_party"]}
    cast.school.settings = {**cast.school.settings, "offered": offered}
    releases.publish_packaged(session, cast.school.id, clock.now)
    session.commit()
    story.completed()
    return session.scalars(select(Agreement)).one()


@pytest.fixture
def begin(visit, cast, signed):
    """Hengxin begins an edit: the browser and the address of its form."""

    def begin():
        browser = visit(cast.hengxin)
        return browser, browser.post(START.format(signed.id)).location

    return begin


@pytest.fixture
def uploaded(begin, session):
    browser, form = begin()
    sent = browser.post(form + "/answer", data={**EDIT, "do": "confirm"})
    assert sent.status_code == 303, sent.text
    session.rollback()
    return session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()


@pytest.mark.requirement("F21", "A23")
def test_the_agreements_page_offers_the_edit_to_the_employer_alone(visit, cast, signed):
    assert START.format(signed.id) in visit(cast.hengxin).get(f"/cases/{signed.case_id}").text

    for other in (cast.lin, cast.rao):
        assert START.format(signed.id) not in visit(other).get(f"/cases/{signed.case_id}").text
    assert visit(cast.lin).post(START.format(signed.id)).status_code == 404


@pytest.mark.requirement("F21")
def test_the_form_begins_with_what_is_in_force_and_shows_the_difference_before_it_is_sent(begin):
    browser, form = begin()
    filled = browser.get(form, follow_redirects=True).text

    checked = browser.post(form + "/answer", data={**EDIT, "do": "check"})

    assert 'value="10500"' in filled
    assert "确认并上传" in filled
    assert "改了什么" in checked.text
    assert "10,500" in checked.text
    assert "12,000" in checked.text
    assert "（空）" in checked.text
    assert "后端开发工程师" not in checked.text.partition("<main")[2].partition("<form")[0]
    assert '<button class="btn wide" name="do" value="confirm">确认并上传</button>' in checked.text


@pytest.mark.requirement("F21")
def test_an_edit_without_a_change_is_told_so_and_keeps_what_was_typed(begin):
    browser, form = begin()

    sent = browser.post(
        form + "/answer",
        data={**TERMS, "outcome": "upload", "do": "confirm"},
        follow_redirects=True,
    )

    assert "与原来的内容没有不同，没有上传" in sent.text
    assert "后端开发工程师" in sent.text


@pytest.mark.requirement("F22", "N07")
def test_the_graduate_compares_old_and_new_and_confirms(
    visit, story, session, cast, signed, uploaded
):
    task = story.open_task(uploaded)
    lin = visit(cast.lin)

    home, page = lin.get("/home").text, lin.get(f"/tasks/{task.id}").text
    check = lin.get(f"/tasks/{task.id}/answer?outcome=confirm").text
    sent = lin.post(f"/tasks/{task.id}/answer", data={"outcome": "confirm", "do": "confirm"})

    assert "恒信科技有限公司修改了签约信息，等您确认" in home
    for shown in (page, check):
        assert "原来" in shown
        assert "10,500" in shown
        assert "12,000" in shown
    assert "确认确认" not in check
    assert sent.status_code == 303
    session.rollback()
    assert [
        a.version for a in session.scalars(select(Agreement).where(Agreement.state == "valid"))
    ] == [2]
    assert "<b>已修改</b>" in page
    signing = lin.get(f"/cases/{signed.case_id}").text
    assert "12,000" in signing
    assert "10,500" not in signing
    told = lin.get(f"/cases/{uploaded.id}").text
    assert "已修改" in told
    assert "原来的签约" in told


@pytest.mark.requirement("F22")
def test_a_refusal_without_a_reason_claims_none(visit, story, session, cast, uploaded):
    task = story.open_task(uploaded)

    visit(cast.lin).post(f"/tasks/{task.id}/answer", data={"outcome": "refuse", "do": "confirm"})

    told = visit(cast.hengxin).get(f"/cases/{uploaded.id}").text
    assert "原来的内容继续有效" in told
    assert "原因：" not in told


@pytest.mark.requirement("F21")
def test_while_an_edit_runs_the_entry_leads_to_it_and_the_employer_may_take_it_back(
    visit, cast, signed, uploaded
):
    hengxin = visit(cast.hengxin)
    signing = hengxin.get(f"/cases/{signed.case_id}").text

    asked = hengxin.get(f"/cases/{uploaded.id}/withdraw").text
    hengxin.post(f"/cases/{uploaded.id}/withdraw")

    assert "修改正在办理" in signing
    assert START.format(signed.id) not in signing
    assert "原来的内容有效" in asked
    assert START.format(signed.id) in hengxin.get(f"/cases/{signed.case_id}").text


@pytest.mark.requirement("F22")
def test_a_reviewer_sees_the_difference(visit, story, session, cast, clock, begin):
    cast.school.settings = {**cast.school.settings, "amendment_review": True}
    session.commit()
    browser, form = begin()
    browser.post(form + "/answer", data={**EDIT, "do": "confirm"})
    session.rollback()
    case = session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()
    story.submit(cast.lin, story.open_task(case), outcome="confirm")

    page = visit(cast.rao).get(f"/review/{story.open_task(case).id}").text

    assert "签约条件的修改" in page
    assert "12,000" in page


@pytest.mark.requirement("F15", "F22")
def test_the_public_page_of_the_old_version_names_the_new_one_and_nothing_of_it(
    visit, story, session, cast, signed, uploaded
):
    story.submit(cast.lin, story.open_task(uploaded), outcome="confirm")

    def page(version):
        code = verification_code(signed.number, version)
        return visit(None).get(f"/verify/{signed.number}/{code}").text

    assert "这一版已被新版取代" in page(1)
    assert "请以第 2 版为准" in page(1)
    assert verification_code(signed.number, 2) not in page(1)
    assert "12,000" not in page(1)
    assert "这份协议书有效" in page(2)
    assert "第 2 版，当前版本" in page(2)
