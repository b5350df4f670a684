"""What can be wrong with the look of a page: for assistive tools, on a narrow phone, for a thumb."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

PHONE_WIDTHS = (390, 320)
DESKTOP_WIDTH = 1280
AXE = """async (rules) => {
  const found = await axe.run({ resultTypes: ['violations'], ...rules });
  return found.violations.flatMap((one) => one.nodes.map((node) =>
    `${one.id} (${one.impact}): ${node.target.join(' ')} ${node.html.slice(0, 140)} ${node.failureSummary}`));
}"""
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
# A diagram scrolls by design, and a row of tabs is swiped: a shadow tells that there are more. So
# does the bar of the demonstration, which is no part of the product.
SIDEWAYS = """() => {
  const found = [];
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) {
    const wide = [...document.querySelectorAll('body *')].filter((one) =>
      one.getBoundingClientRect().right > root.clientWidth + 1 && !one.closest('.diagram, .demo, .scroll'));
    found.push('the page itself: ' + wide.slice(0, 3).map((one) => one.outerHTML.slice(0, 120)).join(' | '));
  }
  for (const one of document.querySelectorAll('main *, header *, footer *')) {
    if (one.closest('.diagram') || one.matches('.seg') || one.scrollWidth <= one.clientWidth + 1) continue;
    if (['auto', 'scroll'].includes(getComputedStyle(one).overflowX)) {
      found.push(`${one.tagName}.${one.className} ${one.scrollWidth} > ${one.clientWidth}`);
    }
  }
  return found;
}"""
# What people press: buttons, fields, entries of lists and menus. Links inside a text are excepted,
# and a tick or radio counts with its label.
SMALL = """() => {
  const wanted = 'main button, main .btn, main select, main textarea, main summary, .nav a, .seg a, ' +
    'ol.work a, ul.work a, .choice > label, label.tick, label.file, ' +
    'main input:not([type=hidden]):not([type=radio]):not([type=checkbox])';
  return [...document.querySelectorAll(wanted)]
    .filter((one) => one.checkVisibility({ visibilityProperty: true }) && !one.matches('.vh, .link'))
    .filter((one) => !one.closest('label.file') || one.matches('label'))
    .map((one) => [one, one.getBoundingClientRect()])
    .filter(([one, box]) => box.height < 43.5 || box.width < 43.5)
    .map(([one, box]) => `${one.outerHTML.slice(0, 120)}: ${box.width.toFixed(0)} × ${box.height.toFixed(0)}`);
}"""


def look_over(page: Page) -> list[str]:
    """Every fault of this page: narrow and wide, light and dark."""
    faults: list[str] = []

    def note(kind: str, found: list[str]) -> None:
        faults.extend(f"[{kind}] {one} — {page.url}" for one in found)

    page.evaluate(AXE_SCRIPT)
    for width in PHONE_WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        note(f"sideways at {width}", page.evaluate(SIDEWAYS))
    page.set_viewport_size({"width": PHONE_WIDTHS[0], "height": 844})
    note("small on a phone", page.evaluate(SMALL))
    note("axe on a phone", axe(page))
    page.emulate_media(color_scheme="dark")
    note("axe in the dark", axe(page, CONTRAST))
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": DESKTOP_WIDTH, "height": 850})
    note("axe at a desk", axe(page))
    return faults


def axe(page: Page, rules: dict[str, Any] | None = None) -> list[str]:
    found: list[str] = page.evaluate(AXE, rules or {})
    return found


def require_flawless(faults: list[str]) -> None:
    if faults:
        raise AssertionError("\n" + summary(faults))


def summary(faults: list[str]) -> str:
    """Each fault once, with the first page that has it and on how many it stands."""
    places: dict[str, list[str]] = {}
    for fault in faults:
        what, _, where = fault.rpartition(" — ")
        places.setdefault(what, []).append(where)
    return "\n".join(f"{what} — {len(on)} ×, as on {on[0]}" for what, on in sorted(places.items()))
