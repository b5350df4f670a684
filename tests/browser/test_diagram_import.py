"""An admin brings a diagram from another tool: reads the list, says who does what, confirms, edits on."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser import acts
from tests.browser.looking import look_over, require_flawless

DIALECTS = Path(__file__).parents[1] / "processes" / "importing" / "dialects"


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
def test_a_diagram_of_camunda_becomes_a_draft(house, enter, script):
    ada = enter("ada", java_script_enabled=script)
    page = ada.go("/design")
    page.get_by_role("link", name="导入流程图").click()

    page.locator("#file").set_input_files(DIALECTS / "camunda7.bpmn")
    acts.press(page, "上传并识别")
    expect(page.get_by_role("status")).to_contain_text("可以导入，有事项要处理")
    expect(page.locator("main")).to_contain_text("Apply.leave_kind == 'sick' and Apply.days > 3")
    ada.picture("diagram-import")
    faults = look_over(page) if script else []

    page.get_by_label("teachers").select_option("reviewer")
    acts.press(page, "按这些角色重新识别")
    expect(page.locator("main")).to_contain_text("已按您选择的角色画出泳道")
    page.locator("#variant").fill("leave")
    acts.press(page, "存成草稿")
    expect(page.get_by_role("alert")).to_contain_text("1 处改写没有确认")
    expect(page.locator("#variant")).to_have_value("leave")
    page.get_by_label("看过了，意思没有变").check()
    acts.press(page, "存成草稿")

    page.wait_for_url("**/design/*-*")
    if script:
        expect(page.locator("[data-element-id='Approve']").first).to_be_visible()
    require_flawless(faults)
