"""The eyes of these tests see: what is planted is found."""

from __future__ import annotations

import pytest

from tests.browser.looking import look_over
from tests.browser.visitor import DESKTOP

PLANTED = {
    "sideways at 320": "main.innerHTML += '<p class=wide>宽</p>';"
    "document.querySelector('.wide').style.width = '900px'",
    "small on a phone": "main.innerHTML += '<button class=btn>小</button>';"
    "main.lastChild.style.cssText = 'min-height:0;padding:0;height:20px'",
    "axe on a phone": "main.innerHTML += '<input class=unnamed>'",
    "axe in the dark": "main.innerHTML += '<p>在暗处看不清的字</p>'; main.lastChild.style.color = '#333'",
}


@pytest.mark.parametrize("kind", PLANTED)
def test_a_planted_fault_is_found(kind, standing_house, visit):
    page = visit(standing_house, **DESKTOP).go("/login")

    page.evaluate("() => { const main = document.querySelector('main');" + PLANTED[kind] + "}")

    assert [fault for fault in look_over(page) if fault.startswith(f"[{kind}]")]


@pytest.mark.parametrize(
    ("event", "planted"),
    [
        ("console", "console.error('broken')"),
        ("pageerror", "setTimeout(() => { throw new Error('broken') })"),
        (
            "console",
            "const one = document.createElement('script'); one.text = '1'; main.append(one)",
        ),
    ],
)
def test_a_page_that_breaks_is_noticed(event, planted, standing_house, visit):
    visitor = visit(standing_house, **DESKTOP)
    page = visitor.go("/login")

    with page.expect_event(event):
        page.evaluate("() => { const main = document.querySelector('main');" + planted + "}")

    page.title()  # lets what happened arrive
    assert visitor.faults
    visitor.faults.clear()


def test_a_file_that_is_missing_is_noticed(standing_house, visit):
    visitor = visit(standing_house, **DESKTOP)
    page = visitor.go("/login")

    with page.expect_response("**/no/such/file"):
        page.evaluate("() => { fetch('/no/such/file') }")

    page.title()  # lets what happened arrive
    assert visitor.faults
    visitor.faults.clear()
