"""Beginning an invitation: twice at once is one draft."""

from __future__ import annotations

import pytest
from racing import race
from sqlalchemy import func, select

from webapp.models import Case
from webapp.services.accounts.throttles import ADDRESS
from webapp.services.signing import invitations


@pytest.mark.requirement("H09")
@pytest.mark.usefixtures("published")
def test_colleagues_who_begin_at_once_share_one_draft(sessions, session, cast, monday):
    named = (cast.school.code, cast.graduate.name, cast.graduate.student_no)

    results = race(
        sessions, [lambda s: invitations.invite(s, cast.hengxin, *named, ADDRESS, monday)] * 3
    )

    assert len({case.id for case in results}) == 1
    assert session.scalar(select(func.count()).select_from(Case)) == 1
