"""Follows every link from some first pages, and looks each page over.

The list of pages is the application's own map of addresses; the examples are found by following
links from each role's first page, so a new page is looked over as soon as something leads to it.
A page that is built of the same parts as one looked over before is only opened.
"""

from __future__ import annotations

import os
from collections import Counter, deque
from urllib.parse import urljoin, urlsplit

from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException

from tests.browser.house import House
from tests.browser.looking import DESKTOP_WIDTH, PHONE_WIDTHS, look_over
from tests.browser.visitor import Visitor
from webapp.access import EVERYBODY, open_to

NOT_PAGES = {
    "static",
    "cases.diagram",
    "cases.tokens",
    "admin.release_diagram",
    "design.diagram",
    "design.catalogue",
    "design_import.original",
    "starts.diagram",
    "starts.template",
    "documents.draft",
    "documents.show",
    "documents.upload",
    "cards.picture",
    "certification.letter",
    "graduates.export",
    "variants.download",
    "guest_tasks.agreement",
    "guest_tasks.upload",
    "settings.number_example",
    "contacts.wechat",  # leads to WeChat, and back
    "contacts.wechat_back",
    "coming_in.leave",  # leads to an outside identity provider, and back
    "coming_in.come_back",
    "auth.index",  # leads on to the first page of the role
}
# Pages that stand behind an act or a secret link; the stories named here look them over.
ELSEWHERE = {
    "guests.prove": "test_guests",
    "guests.done": "test_guests",
    "guest_tasks.answer": "test_guests",
    "guest_tasks.pick": "test_guests",
    "proving.show": "test_certification",
    "cases.ask_act": "test_student_signing",
    "signing.batch": "test_student_signing",
    "signing.pick": "test_student_signing",
    "filings.show": "test_student_signing",
    "design.edit": "test_designing",
    "design.discard": "test_designing",
    "design.title": "test_designing",
    "covering.of_scenarios": "test_designing",
    "simulating.draft": "test_designing",
    "form_design.index": "test_designing",
    "form_design.edit": "test_designing",
    "form_trial.show": "test_designing",
    "publishing.show": "test_changing_flows",
    "publishing.give_back": "test_changing_flows",
    "moving.show": "test_changing_flows",
    "rescuing.skip": "test_changing_flows",
    "rescuing.reassign": "test_changing_flows",
    "review_edit.show": "test_destinations",
    "review_edit.pick": "test_destinations",
}
# What a page is built of: every kind of element with the kind it stands in.
PARTS = """() => [...new Set([...document.querySelectorAll('body *')].map((one) =>
  [one.parentElement, one].map((e) => `${e.tagName}.${e.className}.${e.type || ''}`).join('>')))]"""
# Where one example does not show all that the page can be.
EXAMPLES = {"cases.show": 3, "tasks.answer": 3, "auth.log_in": 3, "tasks.pick": 3}


class Walk:
    """One visitor on the way: a few examples of each kind of page, and what was wrong with them."""

    def __init__(
        self,
        house: House,
        visitor: Visitor,
        name: str,
        left_out: set[str],
        parts: set[str] | None = None,
    ) -> None:
        """`parts` are those looked over before, by others too; they are added to."""
        self.parts = set() if parts is None else parts
        self.visitor, self.name, self.left_out = visitor, name, left_out
        self.adapter = house.app.url_map.bind(urlsplit(house.address).netloc)
        self.seen: Counter[str] = Counter()
        self.faults: list[str] = []

    def follow(self, *first: str) -> Walk:
        waiting, known = deque(first), set(first)
        while waiting:
            path = waiting.popleft()
            if not self.is_wanted(path):
                continue
            page = self.visitor.go(path)
            landed = self.endpoint(urlsplit(page.url).path)
            self.seen[self.endpoint(urlsplit(path).path)] += 1
            if landed != self.endpoint(urlsplit(path).path):
                self.seen[landed] += 1
            self.look(page)
            if self.seen[landed] == 1:
                self.keep_pictures(landed)
            for link in links(page):
                if link not in known:
                    known.add(link)
                    waiting.append(link)
        return self

    def look(self, page: Page) -> None:
        """Look a page over, unless nothing on it is new."""
        parts = set(page.evaluate(PARTS))
        if parts - self.parts:
            self.faults += look_over(page)
            self.parts |= parts

    def keep_pictures(self, endpoint: str) -> None:
        if not os.environ.get("QIANYUE_PICTURES"):
            return
        for device, width in (("desk", DESKTOP_WIDTH), ("phone", PHONE_WIDTHS[0])):
            self.visitor.page.set_viewport_size({"width": width, "height": 844})
            self.visitor.picture(f"{self.name}-{endpoint}-{device}")

    def is_wanted(self, path: str) -> bool:
        endpoint = self.endpoint(urlsplit(path).path)
        if endpoint in NOT_PAGES | {""} or endpoint in self.left_out:
            return False
        return self.seen[endpoint] < EXAMPLES.get(endpoint, 1)

    def endpoint(self, path: str) -> str:
        try:
            return self.adapter.match(path, method="GET")[0]
        except HTTPException:
            return ""


def links(page: Page) -> list[str]:
    """The addresses of this house that the page leads to."""
    found = page.eval_on_selector_all(
        "a[href]", "all => all.map((one) => one.getAttribute('href'))"
    )
    home = urlsplit(page.url)
    whole = [urlsplit(urljoin(page.url, one)) for one in found if not one.startswith(("#", "tel:"))]
    return [
        one.path + (f"?{one.query}" if one.query else "")
        for one in whole
        if one.netloc == home.netloc
    ]


def pages_of(house: House, role: str) -> set[str]:
    """The pages that this role may open by an address alone."""
    rules = [rule for rule in house.app.url_map.iter_rules() if "GET" in (rule.methods or ())]
    open_pages = {rule.endpoint for rule in rules if role in open_to(house.app, rule.endpoint)}
    if role != "anonymous":
        open_pages -= {e for e in open_pages if open_to(house.app, e) == EVERYBODY}
    return open_pages - NOT_PAGES - set(ELSEWHERE) - {"verify.show_long"}
