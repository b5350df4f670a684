"""An admin changes a deadline and a condition, publishes, moves the running cases, and goes back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser import acts
from tests.browser.looking import look_over, require_flawless
from webapp.clock import utc_now
from webapp.models import Case, Draft, Incident, Person, Release, Task, new_id
from webapp.services.accounts.actors import actors_of
from webapp.services.design.drafts import save_parts

FAMILY, VARIANT = "online_signing", "employer_invitation"
CHANGES = (
    (
        '<bpmn:timeDate xsi:type="bpmn:tFormalExpression">Fill_invitation.reply_by</bpmn:timeDate>',
        '<bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P7D</bpmn:timeDuration>',
    ),
    ('Answer_invitation.outcome == "refuse"', 'Answer_invitation.outcome != "accept"'),
)


@pytest.fixture
def change_draft(house):
    """What the modeler saves: the draft with another deadline and another condition."""

    def change() -> None:
        with house.sessions() as session:
            draft = session.scalars(select(Draft)).one()
            ada = session.scalars(select(Person).where(Person.login == "ada")).one()
            actor = next(one for one in actors_of(session, ada.id) if one.role == "admin")
            xml = draft.diagram.decode()
            for old, new in CHANGES:
                assert old in xml
                xml = xml.replace(old, new)
            save_parts(
                session, actor, draft.id, revision=draft.revision, now=utc_now(session),
                diagram=xml.encode(),
            )  # fmt: skip
            session.commit()

    return change


def running_by_release(house) -> dict[int, int]:
    with house.sessions() as session:
        found: dict[int, int] = {}
        wanted = (
            select(Release.number)
            .join(Case, Case.release_id == Release.id)
            .where(Release.family == FAMILY, Release.variant == VARIANT, Case.ended_at.is_(None))
        )
        for number in session.scalars(wanted):
            found[number] = found.get(number, 0) + 1
        return found


def test_a_flow_is_changed_published_moved_to_and_taken_back(house, enter, change_draft):
    ada = enter("ada")
    before = running_by_release(house)[1]
    page = ada.go("/design")
    row = page.locator("tr", has_text=VARIANT)
    row.get_by_role("button", name="改流程").click()
    page.wait_for_url("**/design/*-*")
    draft_url = page.url
    change_draft()

    page.goto(f"{draft_url}/publish")
    expect(page.get_by_role("heading", level=1)).to_contain_text("第 2 版")
    expect(page.locator("main")).to_contain_text("P7D")
    expect(page.locator("main")).to_contain_text('Answer_invitation.outcome != "accept"')
    expect(page.locator("[data-drawn]")).to_have_count(2)
    expect(page.locator(".is-changed").first).to_be_attached()
    faults = look_over(page)
    ada.picture("publish")
    page.locator("#note").fill("应约期限统一为七天")
    if page.locator("[name=confirmed]").count():
        page.locator("[name=confirmed]").check()
    acts.press(page, "发布第 2 版")
    expect(page.get_by_role("status")).to_contain_text("第 2 版已发布")
    assert running_by_release(house) == {1: before}
    faults += look_over(page)

    release_url = page.url
    page.get_by_role("link", name="与另一版比较").click()
    expect(page.locator("[data-drawn]")).to_have_count(2)
    faults += look_over(page)
    page.goto(release_url)
    page.get_by_role("link", name="把正在办理的改按这一版").click()
    expect(page.locator("main")).to_contain_text(f"{before} 件能迁移")
    faults += look_over(page)
    ada.picture("move-trial")
    page.locator("#note").fill("依通知")
    acts.press(page, "开始迁移")
    page.wait_for_url("**/design/moves/*-*")
    house.sweep()  # the page follows by itself
    expect(page.locator("main")).to_contain_text(f"已迁移 {before} 件")
    expect(page.locator("progress")).to_have_count(0)
    assert running_by_release(house) == {2: before}
    faults += look_over(page)
    ada.picture("move-report")

    acts.press(page, "全部退回原来的版本")
    house.sweep()
    expect(page.locator("main")).to_contain_text(f"已退回原版本 {before} 件")
    assert running_by_release(house) == {1: before}
    page.goto(ada.address + "/design/moves")
    faults += look_over(page)

    page.goto(ada.address + "/admin/releases")
    old = page.locator("tr", has_text="旧版本").filter(has_text=VARIANT)
    old.get_by_role("link").first.click()
    page.get_by_role("link", name="恢复使用这一版").click()
    faults += look_over(page)
    acts.press(page, "确认恢复第 1 版")
    expect(page.get_by_role("status")).to_contain_text("已恢复使用")
    require_flawless(faults)


def test_where_time_goes_is_drawn_and_leads_to_the_cases(house, enter):
    ada = enter("ada")
    page = ada.go("/admin/releases")
    page.locator("tr", has_text=VARIANT).get_by_role("link").first.click()
    page.get_by_role("link", name="各步用时").click()
    expect(page.locator("[data-drawn]")).to_have_count(2)
    expect(page.locator(".heat").first).to_be_visible()
    faults = look_over(page)
    ada.picture("heat")

    page.locator("tbody").get_by_role("link").nth(1).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("到过这一步的事项")
    expect(page.locator("tbody tr").first).to_be_visible()
    faults += look_over(page)
    require_flawless(faults)


def test_an_incident_is_helped_and_a_review_given_to_others(house, enter):
    with house.sessions() as session:
        wanted = select(Task).where(Task.state == "open", Task.element.like("%/College_review"))
        task = session.scalars(wanted.limit(1)).one()
        case = session.get_one(Case, task.case_id)
        incident = Incident(
            id=new_id(), school_id=case.school_id, case_id=case.id, at=utc_now(session),
            story="到期事项没有办成",
        )  # fmt: skip
        session.add(incident)
        session.commit()
        case_id = case.id
    ada = enter("ada")

    page = ada.go(f"/cases/{case_id}")
    page.get_by_role("link", name="改派办理人").click()
    faults = look_over(page)
    page.locator("#reason").fill("学院老师请假")
    acts.press(page, "改派")
    expect(page.locator("#log").locator("..")).to_contain_text("学院老师请假")

    page.goto(ada.address + "/admin/incidents")
    page.get_by_role("link", name="跳到指定步骤").first.click()
    faults += look_over(page)
    ada.picture("skip")
    page.locator("#reason").fill("重新审核")
    target = page.locator("#target option", has_text="审核").first.get_attribute("value")
    page.locator("#target").select_option(target)
    acts.press(page, "跳到这一步")
    expect(page.get_by_role("status")).to_contain_text("已转到指定的步骤")
    require_flawless(faults)
