"""Everything that can be clicked can be reached, seen and pressed by keyboard alone."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visitor import DESKTOP

REACHABLE = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']"
# Of the radios of one question Tab reaches one; the arrows reach the others.
EXPECTED = """(selector) => {
  const groups = new Set();
  return [...document.querySelectorAll(selector)].filter((one) => {
    if (!one.checkVisibility({ visibilityProperty: true }) || one.disabled || one.tabIndex < 0) return false;
    if (one.closest('details:not([open])') && !one.matches('summary')) return false;
    if (one.type !== 'radio') return true;
    const isNew = !groups.has(one.name);
    groups.add(one.name);
    return isNew;
  }).length;
}"""
# The parts of a date are several stops of one field, and not all draw the outline of the field.
FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return false;
  one.dataset.reached = 'yes';
  const hasOutline = (part) => {
    const style = getComputedStyle(part);
    return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
  };
  if (hasOutline(one) || [...(one.labels ?? [])].some(hasOutline)) one.dataset.outlined = 'yes';
  const box = one.getBoundingClientRect();
  if (box.bottom > 0 && box.top < innerHeight && box.width > 0) one.dataset.insight = 'yes';
  return true;
}"""
MISSED = """([selector, mark]) => [...document.querySelectorAll(selector)]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !(mark in one.dataset))
  .map((one) => one.outerHTML.slice(0, 120))"""
MOST_STOPS = 200


def tab_through(page: Page) -> list[str]:
    """Press Tab until it comes round; what stays unreached or unseen is a fault."""
    wanted = page.evaluate(EXPECTED, REACHABLE)
    for _ in range(MOST_STOPS):
        page.keyboard.press("Tab")
        if not page.evaluate(FOCUSED):
            break
    reached = page.locator("[data-reached]").count()
    faults = [f"reached {reached} of {wanted}"] if reached < wanted else []
    faults += page.evaluate(MISSED, [REACHABLE, "reached"]) if reached < wanted else []
    for mark in ("outlined", "insight"):
        faults += [f"not {mark}: " + one for one in page.evaluate(MISSED, ["[data-reached]", mark])]
    return faults


@pytest.mark.parametrize(
    ("key", "paths"),
    [
        ("lin", ["/home", "task", "case"]),
        ("hengxin", ["/home", "/invitations/new", "draft"]),
        ("rao", ["/review", "review"]),
        ("wu", ["/office", "/graduates"]),
        ("ada", ["/admin/import", "/admin/people"]),
    ],
)
def test_every_control_is_reached_and_seen(key, paths, house, enter):
    visitor = enter(key, DESKTOP)
    task = house.task(1, "恒信")
    known = {
        "task": f"/tasks/{task.id}",
        "case": f"/cases/{task.case_id}",
        "draft": f"/tasks/{house.task(51, '恒信').id}/answer",
        "review": f"/review/{house.task(6, '恒信').id}",
    }

    faults = {path: tab_through(visitor.go(known.get(path, path))) for path in paths}

    assert faults == {path: [] for path in paths}


def test_the_first_tab_skips_to_the_text(house, enter):
    page = enter("lin", DESKTOP).page
    page.reload()

    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.closest('main') !== null")


def test_a_graduate_answers_by_keyboard_alone(house, enter):
    page = enter("lin", DESKTOP).page

    page.get_by_role("link", name="恒信软件有限公司邀请您签约").press("Enter")
    page.get_by_role("link", name="拒绝").press("Enter")
    page.locator("#reason").press_sequentially("已有其他安排")
    page.get_by_role("button", name="确认拒绝").press("Space")

    expect(page.locator("main .tag").first).to_have_text("已拒绝")


def test_shortcuts_can_be_switched_off(house, enter):
    rao = enter("rao")
    page = rao.go(f"/review/{house.task(6, '恒信').id}")

    page.get_by_role("button", name="关闭键盘快捷键").click()
    page.keyboard.press("x")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_role("button", name="打开键盘快捷键")).to_be_visible()
    expect(page.get_by_role("radio", name="不通过")).not_to_be_checked()
    expect(page).to_have_url(page.url)
