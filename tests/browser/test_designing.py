"""Ada changes a diagram: a timer, a condition, a new step with a new form; tries it; is not overwritten."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Page, expect

from processes.decisions import compile_decision
from processes.decisions.table import asked
from processes.diagram import read_diagram
from tests.browser import acts
from tests.browser.looking import AXE_SCRIPT, axe, look_over, require_flawless
from tests.browser.visitor import PHONE

TITLE = "线上签约：用人单位邀请"


@pytest.fixture
def ada(enter):
    return enter("ada")


def open_modeler(visitor, name: str = TITLE) -> Page:
    page = visitor.go("/design")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=name)).first
    row.get_by_role("button").or_(row.get_by_role("link", name="打开草稿")).first.click()
    ready(page)
    return page


def ready(page: Page) -> None:
    expect(page.locator("[data-ready=yes]")).to_be_visible()


def choose(page: Page, element: str) -> None:
    """Select an element as a click on it does, wherever it lies on the canvas."""
    page.evaluate(
        "(id) => { const m = window.qianyue.modeler; "
        "const one = m.get('elementRegistry').get(id); "
        "m.get('canvas').scrollToElement(one); m.get('selection').select(one); }",
        element,
    )


def saved(page: Page) -> None:
    expect(page.locator("[data-part=saved]")).to_contain_text("已保存")


def prop(page: Page, key: str):
    return page.locator(f"[data-part=panel] [data-key='{key}']")


def xml(page: Page) -> str:
    address = page.locator("[data-diagram]").get_attribute("data-diagram")
    return page.request.get(page.url.split("/design")[0] + address).text()


def test_a_timer_and_a_condition_are_changed_undone_and_kept(ada):
    page = open_modeler(ada)
    choose(page, "Reply_deadline")
    prop(page, "timer-kind").select_option("timeDuration")
    prop(page, "timer-body").fill("7")
    prop(page, "timer-body").blur()
    saved(page)
    assert ">P7D</bpmn:timeDuration>" in xml(page)

    page.get_by_role("button", name="撤销").click()
    page.get_by_role("button", name="撤销").click()
    page.get_by_role("button", name="重做").click()
    page.get_by_role("button", name="重做").click()
    saved(page)
    assert ">P7D</bpmn:timeDuration>" in xml(page)

    choose(page, flow_after(page, "accept"))
    expect(prop(page, "condition")).to_have_value('Answer_invitation.outcome == "accept"')
    page.get_by_label("拒绝（refuse）").check()
    saved(page)
    expect(prop(page, "condition")).to_have_value(
        'Answer_invitation.outcome in ["accept", "refuse"]'
    )
    expect(page.locator("[data-part=findings]")).to_contain_text("错误")
    ada.picture("design-condition")
    page.get_by_role("button", name="撤销").click()
    saved(page)
    expect(page.locator("[data-part=findings]")).to_contain_text("0 个错误")
    page.evaluate(AXE_SCRIPT)
    require_flawless(axe(page))


def test_a_draft_is_given_up_only_after_asking(ada):
    page = open_modeler(ada)
    modeler = page.url
    page.get_by_text("文件", exact=True).click()
    page.get_by_role("link", name="删除草稿…").click()
    faults = look_over(page)
    page.get_by_role("link", name="不删除").click()
    ready(page)

    for behind in ("forms", "title", "coverage", "simulate"):
        page = ada.go(f"{modeler}/{behind}")
        faults += look_over(page)
    page.get_by_role("button", name="模拟", exact=True).click()
    expect(page.get_by_role("heading", name="结果")).to_be_visible()
    faults += look_over(page)
    ada.go(f"{modeler}/discard")
    page.get_by_role("button", name="确认删除草稿").click()

    expect(page.get_by_role("status")).to_contain_text("草稿已删除")
    assert page.goto(modeler).status == 404
    require_flawless(faults)


def flow_after(page: Page, value: str) -> str:
    return page.evaluate(
        "(value) => window.qianyue.modeler.get('elementRegistry').find((one) => "
        "(one.businessObject?.conditionExpression?.body ?? '') === "
        '`Answer_invitation.outcome == "${value}"`).id',
        value,
    )


DEPENDING = {
    "title": "补充说明",
    "components": [
        {"type": "number", "key": "days", "label": "几天"},
        {"type": "select", "key": "why", "label": "为什么",
         "values": [{"value": "far", "label": "太远"}, {"value": "pay", "label": "待遇"}]},
        {"type": "text", "key": "short", "label": "短的",
         "conditional": {"field": "days", "op": "<", "value": 5}},
        {"type": "text", "key": "other", "label": "别的",
         "conditional": {"field": "why", "op": "not in", "value": ["far", "pay"]}},
        {"type": "text", "key": "after", "label": "接着",
         "conditional": {"all": [{"field": "short", "op": "filled"}, {"field": "why", "op": "==", "value": "far"}]}},
    ],
}  # fmt: skip


def shows_what_the_server_would(page: Page) -> None:
    """The script's conditions agree with the server's: nothing is not small, hidden is empty."""
    address = page.url.partition("?")[0]
    page.goto(address)
    page.get_by_text("整份定义（JSON）").click()
    page.locator("#source").fill(json.dumps(DEPENDING))
    acts.press(page, "保存定义")
    trial = page.frame_locator("iframe")
    short, other, after = (trial.get_by_label(name) for name in ("短的", "别的", "接着"))
    expect(other).to_be_visible()
    expect(short).to_be_hidden()
    trial.get_by_label("几天").fill("3")
    short.fill("是")
    trial.get_by_label("为什么").select_option("far")
    expect(after).to_be_visible()
    expect(other).to_be_hidden()
    trial.get_by_label("几天").fill("10")
    expect(short).to_be_hidden()
    expect(after).to_be_hidden()


def test_a_step_with_a_new_form_is_added(ada):
    page = open_modeler(ada)
    page.get_by_role("link", name="表单", exact=True).click()
    page.locator("#title").fill("补充说明")
    page.locator("#key").fill("signing/say_more")
    acts.press(page, "新建表单")
    page.get_by_role("link", name="新的字段").click()
    page.locator("#p-label").fill("还要补充什么")
    page.locator("#required").select_option("true")
    acts.press(page, "保存这一项")
    trial = page.frame_locator("iframe")
    trial.get_by_role("button", name="试着提交").click()
    expect(trial.get_by_role("alert")).to_contain_text("还要补充什么")
    trial.get_by_label("还要补充什么").fill("没有了")
    trial.get_by_role("button", name="试着提交").click()
    expect(trial.get_by_role("status")).to_contain_text("可以提交")
    ada.picture("design-form")
    faults = look_over(page)
    shows_what_the_server_would(page)

    page = open_modeler(ada)
    add_task_before(page, "Answer_invitation")
    prop(page, "name").fill("补充说明")
    prop(page, "name").blur()
    prop(page, "form").select_option("signing/say_more")
    prop(page, "status").select_option("waiting_answer")
    saved(page)
    kept = xml(page)
    assert 'name="补充说明"' in kept
    assert 'value="signing/say_more"' in kept
    with page.expect_popup() as opened:
        page.get_by_role("link", name="看表单，改表单").click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("补充说明")
    repeat_twice(page)
    write_a_table(page)
    ada.picture("design-table")
    faults += axe_faults(page)
    page.get_by_role("button", name="保存决策表").click()
    saved(page)
    drawn = read_diagram(xml(page).encode()).elements.values()
    (loop,) = [one.loop for one in drawn if one.name == "补充说明"]
    assert (loop.kind, loop.count, loop.until) == ("parallel", "2", "case.cohort > 1")
    (table,) = [compile_decision(one.decision) for one in drawn if one.decision]
    assert asked(table, {"case": {"cohort": 4}}) == {"outcome": "early"}
    expect(page.get_by_role("group", name="决策表")).to_contain_text("小于 5")
    require_flawless(faults)


def repeat_twice(page: Page) -> None:
    prop(page, "loop-kind").select_option("parallel")
    for key, value in (("loop-count", "2"), ("loop-until", "case.cohort > 1")):
        prop(page, key).fill(value)
        prop(page, key).blur()


def write_a_table(page: Page) -> None:
    """Another step becomes one that asks a table, which is written in its window."""
    page.evaluate(
        """() => {
          const m = window.qianyue.modeler;
          const step = m.get('elementRegistry').get('Fill_invitation');
          const made = m.get('bpmnReplace').replaceElement(step, { type: 'bpmn:BusinessRuleTask' });
          m.get('selection').select(made);
        }"""
    )
    page.get_by_role("button", name="写一张决策表").click()
    table = page.get_by_role("dialog", name="决策表")
    table.get_by_label("条件列 1 看什么").fill("case.cohort")
    table.get_by_role("button", name="加一条规则").click()
    for number, (test, result) in enumerate((("< 5", '"early"'), (">= 5", '"late"')), 1):
        table.get_by_label(f"第 {number} 条的条件 1").fill(test)
        table.get_by_label(f"第 {number} 条的结果 1").fill(result)


def add_task_before(page: Page, element: str) -> None:
    """A user task dropped on the flow that leads to a step, as the palette does it."""
    page.evaluate(
        """(id) => {
          const m = window.qianyue.modeler;
          const target = m.get('elementRegistry').get(id);
          const flow = target.incoming[0];
          const shape = m.get('elementFactory').createShape({ type: 'bpmn:UserTask' });
          const [from, to] = flow.waypoints.slice(-2);
          const at = { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2 };
          const made = m.get('modeling').createShape(shape, at, flow);
          m.get('selection').select(made);
        }""",
        element,
    )


def test_a_claim_that_is_never_released_is_refused_with_its_path_replayed(ada):
    page = open_modeler(ada)
    choose(page, "Release_claim")
    prop(page, "operator").select_option("check_claim")
    saved(page)
    page.get_by_role("button", name="检查", exact=True).click()
    finding = page.get_by_role("row").filter(has_text="仍被占用")
    expect(finding).to_be_visible(timeout=60_000)
    ada.picture("design-finding")
    finding.get_by_role("button", name="重放怎样走到").click()
    panel = page.locator("[data-part=panel]")
    expect(panel).to_contain_text("走完了")
    expect(page.locator(".was-taken")).not_to_have_count(0)
    ada.picture("design-replay")
    page.evaluate(AXE_SCRIPT)
    require_flawless(axe(page))


def test_a_draft_is_tried_out_step_by_step(ada):
    page = open_modeler(ada)
    page.get_by_role("button", name="试走", exact=True).click()
    panel = page.locator("[data-part=panel]")
    waiting = panel.get_by_role("group", name="用人单位：填写签约邀请")
    expect(waiting).to_be_visible()
    expect(page.locator(".djs-shape.has-token")).to_have_attribute(
        "data-element-id", "Fill_invitation"
    )

    prop(page, "answer-outcome").select_option("send")
    waiting.get_by_role("button", name="这样办").click()
    expect(page.locator(".djs-shape.has-token")).to_have_attribute(
        "data-element-id", "Answer_invitation"
    )
    ada.picture("design-try")
    panel.get_by_role("button", name=re.compile("^等到")).click()
    expect(panel).to_contain_text("走完了")
    panel.get_by_text("把这条路存成场景").click()
    prop(page, "scenario-title").fill("试走时没有人回应")
    panel.get_by_role("button", name="存成场景").click()
    expect(panel).to_contain_text("已存进草稿的场景")
    panel.get_by_role("button", name="退一步").click()
    expect(page.locator(".djs-shape.has-token")).to_have_attribute(
        "data-element-id", "Answer_invitation"
    )
    panel.get_by_role("button", name="结束试走").click()
    expect(page.locator(".djs-shape.has-token")).to_have_count(0)
    expect(panel.get_by_label("入口叫什么")).to_be_visible()


def test_a_called_diagram_is_only_read_until_this_draft_takes_its_own(ada):
    page = open_modeler(ada)
    choose(page, "School_review")
    page.get_by_role("button", name="打开被调用的流程图").click()
    expect(page.get_by_text("其他流程照旧")).to_be_visible()
    choose(page, "College_review")
    expect(prop(page, "name")).to_be_disabled()
    faults = axe_faults(page)

    page.get_by_role("button", name="在本草稿中修改").click()
    expect(page.locator(".djs-palette:visible")).to_be_visible()
    choose(page, "College_review")
    prop(page, "form").select_option("")
    saved(page)
    finding = page.get_by_role("row").filter(has_text="没有表单").last
    finding.get_by_role("button").first.click()
    expect(page.locator("[data-sheet=school_review][aria-current=true]")).to_be_visible()
    expect(page.locator(".has-warning[data-element-id=College_review]:visible")).to_be_visible()
    ada.picture("design-called")

    page.get_by_role("navigation").get_by_role("button", name="主流程").click()
    expect(page.get_by_role("button", name="撤销")).to_be_disabled()
    page.get_by_role("navigation").get_by_role("button", name="学校（院系）审核").click()
    page.get_by_role("button", name="撤销").click()
    saved(page)
    page.get_by_role("button", name="恢复为共用的…").click()
    page.get_by_role("button", name="确认恢复").click()
    expect(page.get_by_text("其他流程照旧")).to_be_visible()
    require_flawless(faults)


def axe_faults(page: Page) -> list[str]:
    page.evaluate(AXE_SCRIPT)
    return axe(page)


def test_two_windows_on_one_diagram_never_overwrite_each_other(ada):
    page = open_modeler(ada)
    other = ada.context.new_page()
    other.goto(page.url)
    ready(other)
    for window, name in ((page, "甲改的"), (other, "乙改的")):
        choose(window, "Fill_invitation")
        prop(window, "name").fill(name)
        prop(window, "name").blur()
        if window is page:
            saved(page)

    dialog = other.get_by_role("dialog", name="保存")
    expect(dialog).to_contain_text("保存过这份草稿")
    with other.expect_download() as mine:
        dialog.get_by_role("button", name="下载我的改动").click()
    assert "乙改的" in mine.value.path().read_text("utf-8")
    dialog.get_by_role("button", name="载入最新的草稿").click()
    ready(other)
    choose(other, "Fill_invitation")
    expect(prop(other, "name")).to_have_value("甲改的")
    ada.faults[:] = [fault for fault in ada.faults if not fault.endswith("/diagram: 409")]


def test_on_a_phone_a_draft_is_looked_at_but_not_changed(enter):
    visitor = enter("ada", PHONE)
    page = visitor.go("/design")
    row = page.get_by_role("row").filter(has=page.get_by_role("rowheader", name=TITLE)).first
    row.get_by_role("button", name=re.compile("改流程")).click()

    expect(page.get_by_text("改流程图要用电脑")).to_be_visible()
    expect(page.locator("[data-drawn=yes]")).to_be_visible()
    expect(page.get_by_text("0 个错误")).to_be_visible()
    page.locator(".too-small [data-element-id=School_review]").first.tap()
    page.get_by_role("button", name="打开被调用的流程图").tap()
    page.locator(".too-small [data-element-id=College_review]").first.tap()
    expect(page.get_by_label("表单", exact=True)).to_be_disabled()
    expect(page.get_by_role("link", name="下载流程图文件")).to_be_visible()
    visitor.picture("design-phone")
    require_flawless(axe_faults(page))
