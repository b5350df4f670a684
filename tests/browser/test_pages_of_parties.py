"""Every page of guests, graduates and employers is looked over."""

from __future__ import annotations

from tests.browser.house import House
from tests.browser.looking import require_flawless
from tests.browser.visitor import LOGINS
from tests.browser.walking import pages_of
from webapp.demo.cast import OTHER_SCHOOL_CODE
from webapp.services.agreements.agreements import verification_code


def verified(house: House) -> str:
    number = house.agreement(31).number
    return f"/v/{number}.{verification_code(number)}"


def test_public_pages(standing_house, walk):
    walked = walk().follow("/login", verified(standing_house), "/verify/1/2")

    require_flawless(walked.faults)
    assert pages_of(standing_house, "anonymous") <= set(walked.seen)


def test_pages_of_graduates(standing_house, walk):
    waiting = walk(*LOGINS["lin"]).follow(
        "/home", "/account/base-data", "/choose", "/inbox/done", "/signing/notice"
    )
    signed = walk(standing_house.login_of(26), "graduate").follow("/home", "/cases", "/inbox")
    silent = walk(standing_house.login_of(16), "graduate").follow("/home", "/inbox/others")
    asking = walk(standing_house.login_of(86), "graduate").follow("/cases")
    job = f"/jobs/{standing_house.open_post('产品助理')}"
    applying = walk(standing_house.login_of(7, OTHER_SCHOOL_CODE), "graduate").follow(
        "/jobs", job, f"{job}/apply", "/applications", "/applications/notices", "/resume"
    )
    registering = walk(standing_house.login_of(91), "graduate").follow("/home", "/cases")

    walks = (waiting, signed, silent, asking, applying, registering)
    require_flawless([fault for one in walks for fault in one.faults])
    seen = {endpoint for one in walks for endpoint in one.seen}
    assert pages_of(standing_house, "graduate") - seen == {"tasks.pick"}


def test_pages_of_employers(standing_house, walk):
    draft = standing_house.task(51, "恒信").id
    signed = standing_house.agreement(31).id
    walked = walk(*LOGINS["hengxin"]).follow(
        "/home",
        f"/start/rescission/online_two_party/agreement/{signed}",
        f"/tasks/{draft}",
        f"/tasks/{draft}/pick/industry",
        f"/tasks/{draft}/pick/region?within=340100",
        f"/tasks/{draft}/pick/position_category?q=教",
        "/inbox",
        "/inbox/others",
        "/choose",
        f"/agreements/{signed}/print",
    )

    require_flawless(walked.faults)
    assert pages_of(standing_house, "employer") - set(walked.seen) == set()
