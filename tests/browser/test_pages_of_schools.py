"""Every page of reviewers, the office and the admin is looked over, and those of errors."""

from __future__ import annotations

import pytest

from tests.browser.looking import look_over, require_flawless
from tests.browser.visitor import LOGINS
from tests.browser.walking import pages_of


@pytest.mark.parametrize("key", ["rao", "wu"])
def test_pages_of_reviewers(key, standing_house, walk):
    role, behind, not_offered = {
        "rao": ("reviewer", ["/filings"], set()),  # in the menu of schools that file
        "wu": ("office", [], {"starts.show"}),
    }[key]
    first = ("/", "/review", "/inbox", "/inbox/others", "/choose", *behind)
    walked = walk(*LOGINS[key]).follow(*first)

    require_flawless(walked.faults)
    unseen = pages_of(standing_house, role) - set(walked.seen)
    assert unseen == {"tasks.answer", "tasks.pick"} | not_offered


def test_pages_of_the_admin(standing_house, walk):
    walked = walk(*LOGINS["ada"]).follow("/", "/inbox", "/inbox/others", "/inbox/done", "/choose")

    require_flawless(walked.faults)
    missing = pages_of(standing_house, "admin") - set(walked.seen)
    assert missing <= {"tasks.answer", "tasks.pick", "tasks.show", "cases.show", "prints.show"}


def test_pages_of_errors(standing_house, walk):
    foreign = standing_house.cases(6)[0].id
    visitor = walk(*LOGINS["lin"]).visitor
    faults = []
    for path, status in ((f"/cases/{foreign}", 404), ("/nothing/here", 404), ("/review", 403)):
        answer = visitor.page.goto(visitor.address + path)

        assert answer.status == status
        faults += look_over(visitor.page)

    require_flawless(faults)
