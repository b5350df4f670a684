"""Two admins publish together, in the browser."""

from __future__ import annotations

import re

import pytest

from webapp.models import School
from webapp.services.design.drafts import open_draft


@pytest.fixture
def two(session, cast, clock):
    school = session.get_one(School, cast.school.id)
    school.settings = {**school.settings, "publication_approval": True}
    bo = cast.make.actor(cast.make.person("柏老师"), "admin", school_id=cast.school.id)
    draft = open_draft(session, cast.ada, "rescission", "online_two_party", clock.now)
    session.commit()
    return bo, draft.id


def test_one_asks_the_other_refuses_then_agrees(visit, cast, two):
    other, draft_id = two
    ada, bo = visit(cast.ada), visit(other)
    address = f"/design/{draft_id}/publish"

    assert "提请发布第 1 版" in ada.get(address).text
    ada.post(address, data={"revision": 1, "note": "依第 12 号通知"})
    mine, theirs = ada.get(address).text, bo.get(address).text
    assert "由您提请，须另一位管理员同意" in mine
    assert "安达" in theirs
    assert "依第 12 号通知" in theirs
    assert "同意，发布第 1 版" not in mine
    refuse, agree = (
        re.search(rf'action="([^"]+/{act})"', theirs)[1] for act in ("refuse", "agree")
    )

    assert ada.post(agree).status_code == 403
    assert bo.post(refuse, data={"reason": ""}).status_code == 422
    bo.post(refuse, data={"reason": "期限太短"})
    assert "期限太短" in ada.get(address).text

    ada.post(address, data={"revision": 1, "note": "改长了期限"})
    agree = re.search(r'action="([^"]+/agree)"', bo.get(address).text)[1]
    done = bo.post(agree)
    assert "改长了期限" in bo.get(done.location).text
    assert "使用中" in bo.get(done.location).text
