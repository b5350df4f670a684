"""Every page that anybody may open is looked over, in every role.

The list of pages is the application's own map of addresses; the examples are found by following
links from each role's first page, so a new page is looked over as soon as something leads to it.
"""

from __future__ import annotations

from collections import Counter, deque
from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page
from werkzeug.exceptions import HTTPException

from tests.browser.house import House
from tests.browser.looking import look_over, require_flawless
from tests.browser.visitor import DESKTOP, Visitor
from webapp.access import EVERYBODY, open_to
from webapp.demo import CAST
from webapp.services.agreements import verification_code

LOGINS = {member.key: (member.login, member.door) for member in CAST}
NOT_PAGES = {
    "static",
    "cases.diagram",
    "cases.tokens",
    "admin.release_diagram",
    "documents.draft",
    "documents.show",
    "documents.upload",
    "auth.index",  # leads on to the first page of the role
}
# Where one example does not show all that the page can be.
EXAMPLES = {"cases.show": 3, "tasks.answer": 3, "auth.log_in": 3, "tasks.pick": 3}


class Walk:
    """Follows every link from some first pages, a few examples of each kind."""

    def __init__(self, house: House, visitor: Visitor, left_out: set[str]) -> None:
        self.visitor, self.left_out = visitor, left_out
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
            self.faults += look_over(page)
            for link in links(page):
                if link not in known:
                    known.add(link)
                    waiting.append(link)
        return self

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
    return open_pages - NOT_PAGES - {"verify.show_long"}


@pytest.fixture
def walk(standing_house, visit) -> Any:
    def begin(login: str = "", door: str = "") -> Walk:
        visitor = visit(standing_house, **DESKTOP)
        if login:
            visitor.log_in(login, door)
        left_out = pages_of(standing_house, "anonymous") if login else set()
        return Walk(standing_house, visitor, left_out)

    return begin


def verified(house: House) -> str:
    number = house.agreement(31).number
    return f"/v/{number}.{verification_code(number)}"


def test_public_pages(standing_house, walk):
    walked = walk().follow("/login", "/about/privacy", verified(standing_house), "/verify/1/2")

    require_flawless(walked.faults)
    assert pages_of(standing_house, "anonymous") <= set(walked.seen)


def test_pages_of_graduates(standing_house, walk):
    waiting = walk(*LOGINS["lin"]).follow("/home", "/account/base-data", "/choose", "/inbox/done")
    signed = walk(standing_house.login_of(26), "graduate").follow("/home", "/cases", "/inbox")
    silent = walk(standing_house.login_of(16), "graduate").follow("/home", "/inbox/others")

    require_flawless(waiting.faults + signed.faults + silent.faults)
    seen = set(waiting.seen + signed.seen + silent.seen)
    assert pages_of(standing_house, "graduate") - seen == {"tasks.pick"}


def test_pages_of_employers(standing_house, walk):
    draft = standing_house.task(51, "恒信").id
    walked = walk(*LOGINS["hengxin"]).follow(
        "/home",
        f"/tasks/{draft}",
        f"/tasks/{draft}/pick/industry",
        f"/tasks/{draft}/pick/region?within=340100",
        f"/tasks/{draft}/pick/position_category?q=教",
        "/inbox",
        "/inbox/others",
        "/choose",
    )

    require_flawless(walked.faults)
    assert pages_of(standing_house, "employer") - set(walked.seen) == set()


@pytest.mark.parametrize("key", ["rao", "wu"])
def test_pages_of_reviewers(key, standing_house, walk):
    walked = walk(*LOGINS[key]).follow("/", "/review", "/inbox", "/inbox/others", "/choose")

    require_flawless(walked.faults)
    role = {"rao": "reviewer", "wu": "office"}[key]
    assert pages_of(standing_house, role) - set(walked.seen) == {"tasks.answer", "tasks.pick"}


def test_pages_of_the_admin(standing_house, walk):
    walked = walk(*LOGINS["ada"]).follow("/", "/inbox", "/inbox/others", "/inbox/done", "/choose")

    require_flawless(walked.faults)
    missing = pages_of(standing_house, "admin") - set(walked.seen)
    assert missing <= {"tasks.answer", "tasks.pick", "tasks.show", "cases.show"}


def test_pages_of_errors(standing_house, walk):
    foreign = standing_house.cases(6)[0].id
    visitor = walk(*LOGINS["lin"]).visitor
    faults = []
    for path, status in ((f"/cases/{foreign}", 404), ("/nothing/here", 404), ("/review", 403)):
        answer = visitor.page.goto(visitor.address + path)

        assert answer.status == status
        faults += look_over(visitor.page)

    require_flawless(faults)
