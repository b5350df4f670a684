"""The signature's pages: drawn or as a picture, checked with what it changes, then used."""

from __future__ import annotations

import base64
import io
import re

import pytest
from scribbles import blank, drawn, photographed
from sealing import certify
from sqlalchemy import select

from webapp.models import Agreement, Case, Signature

PAGE = "/account/signature"


def sent(picture):
    return "data:image/png;base64," + base64.b64encode(picture).decode()


def checked(page):
    return re.search(r'name="checked" value="([^"]+)"', page).group(1)


@pytest.mark.requirement("A22")
def test_a_drawn_signature_is_checked_and_then_used(visit, cast, session):
    client = visit(cast.hengxin)

    check = client.post(PAGE, data={"drawn": sent(drawn()), "do": "check"}).text
    before = session.scalars(select(Signature)).all()
    kept = client.post(PAGE, data={"checked": checked(check), "do": "confirm"})

    assert "以后签发的协议书用这个签名，已签发的不变" in check
    assert before == []
    assert kept.status_code == 303
    session.rollback()
    assert session.scalars(select(Signature)).one().employer_id == cast.employer.id
    assert "第 1 版" in client.get(PAGE).text


@pytest.mark.requirement("A22", "A23")
def test_without_script_a_picture_of_the_signature_does(visit, cast):
    page = visit(cast.lin).get(PAGE).text
    check = visit(cast.lin).post(PAGE, data={"file": (io.BytesIO(photographed()), "签名.jpg")})

    assert 'type="file"' in page
    assert "<div data-sign hidden>" in page
    assert "核对手写签名" in check.text


@pytest.mark.parametrize(
    ("data", "story"),
    [
        ({}, "还没有签名"),
        ({"drawn": sent(blank())}, "还没有签名"),
        ({"drawn": "data:image/svg+xml,<svg/>"}, "没有传完整"),
        ({"file": (io.BytesIO(b"no picture"), "a.png")}, "不是 JPG、PNG 照片"),
    ],
)
def test_what_is_no_signature_is_told_on_the_page(visit, cast, data, story):
    answer = visit(cast.hengxin).post(PAGE, data={**data, "do": "check"})

    assert answer.status_code == 422
    assert story in answer.text
    assert 'type="file"' in answer.text


@pytest.mark.requirement("A22")
def test_where_the_school_renews_all_the_agreements_are_listed_first(
    visit, story, cast, session, clock
):
    cast.school.settings = {**cast.school.settings, "signature_policy": "all"}
    session.commit()
    story.completed()
    certify(session, cast.employer, session.scalars(select(Case)).one(), clock.now)
    client = visit(cast.hengxin)

    check = client.post(PAGE, data={"drawn": sent(drawn()), "do": "check"}).text
    before = [row.version for row in session.scalars(select(Agreement))]
    client.post(PAGE, data={"checked": checked(check), "do": "confirm"})

    agreement = session.scalars(select(Agreement)).first()
    assert "有 1 份协议书会出新版" in check
    assert agreement.number in check
    assert "确认启用，并更新 1 份协议书" in check
    assert before == [1]
    session.rollback()
    assert sorted(row.version for row in session.scalars(select(Agreement))) == [1, 2]


@pytest.mark.requirement("A22")
def test_an_account_that_does_not_speak_for_the_seal_is_told_who_does(visit, story, cast, session):
    cast.school.settings = {**cast.school.settings, "signature_policy": "all"}
    session.commit()
    story.completed()
    client = visit(cast.hengxin)

    check = client.post(PAGE, data={"drawn": sent(drawn()), "do": "check"}).text
    kept = client.post(PAGE, data={"checked": checked(check), "do": "confirm"})

    assert "须由通过单位认证的帐号管理者来换" in check
    assert 'href="/certification"' in check
    assert "会出新版" not in check
    assert kept.status_code == 303
    session.rollback()
    assert [row.version for row in session.scalars(select(Agreement))] == [1]
    assert "第 1 版" in client.get(PAGE).text


@pytest.mark.requirement("A23")
def test_the_own_page_leads_to_it(visit, cast):
    for owner in (cast.lin, cast.hengxin):
        assert PAGE in visit(owner).get("/account").text
    assert PAGE not in visit(cast.rao).get("/account").text
