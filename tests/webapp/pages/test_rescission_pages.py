"""What the pages say once an agreement is rescinded."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from webapp.models import Agreement
from webapp.services import cases, releases
from webapp.services.agreements import verification_code

ASKED = {
    "outcome": "send",
    "rescission_reason": "S3",
    "explanation": "已与对方协商一致，双方同意解除协议。",
}


@pytest.fixture
def asked(story, session, cast, clock):
    """Lin asks Rao to rescind the agreement with Hengxin: the agreement and the case."""
    cast.school.settings = {
        **cast.school.settings,
        "offered": {"rescission": ["counsellor_decision"]},
    }
    releases.publish_packaged(session, cast.school.id, clock.now)
    session.commit()
    story.completed()
    agreement = session.scalars(select(Agreement)).one()
    case = cases.start_case(
        session,
        cast.lin,
        "rescission",
        variant="counsellor_decision",
        graduate=cast.graduate,
        employer=None,
        now=clock.now,
        about=agreement,
    )
    session.commit()
    story.submit(cast.lin, story.open_task(case), **ASKED)
    return agreement, case


@pytest.mark.requirement("F15", "F17")
def test_anybody_reads_that_it_is_rescinded_as_soon_as_the_counsellor_agrees(
    visit, story, cast, asked
):
    agreement, case = asked
    address = f"/verify/{agreement.number}/{verification_code(agreement.number)}"
    before = visit(None).get(address, follow_redirects=True).text

    story.submit(cast.rao, story.open_task(case), outcome="agree")

    after = visit(None).get(address, follow_redirects=True).text
    assert "这份协议书有效" in before
    assert "这份协议书已解除" in after
    assert "这份协议书有效" not in after


@pytest.mark.requirement("F16", "F18")
def test_a_counsellor_reads_the_agreement_beside_the_request(visit, story, cast, asked):
    agreement, case = asked
    task = story.open_task(case)

    page = visit(cast.rao).get(f"/review/{task.id}")

    assert page.status_code == 200
    assert agreement.number in page.text
    assert ASKED["explanation"] in page.text
    assert "同意毁约" in page.text
