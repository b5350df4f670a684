"""The office unlocks a graduate on its pages: one asks, another confirms; and enters destinations."""

from __future__ import annotations

import pytest
from registering import STUDY, Registration, image
from sqlalchemy import select

from webapp.models import Case, Destination
from webapp.services.cases import tasks
from webapp.services.design.releases import publish_packaged


@pytest.fixture
def mo(session, cast):
    session.rollback()
    found = cast.make.actor(cast.make.person("莫老师"), "office", school_id=cast.school.id)
    session.commit()
    return found


@pytest.fixture
def offer(session, cast, clock, published):
    def publish(**offered):
        session.rollback()
        cast.school.settings = {
            **cast.school.settings,
            "offered": offered,
            "review_levels": "college",
        }
        publish_packaged(session, cast.school.id, clock.now)
        session.commit()

    return publish


@pytest.fixture
def registration(visit, cast, session, offer) -> Registration:
    offer(destination_void=["admin_unlock"], other_destination=["registration", "school_entered"])
    return Registration(visit, cast, session)


@pytest.fixture
def unlocking(registration, visit, cast, session):
    """Wu has asked to unlock Lin, who goes on to study."""
    registration.submit()
    registration.review(cast.rao, outcome="pass")
    session.rollback()
    destination = session.scalars(select(Destination)).one()
    entry = f"/start/destination_void/admin_unlock/destination/{destination.id}"
    office = visit(cast.wu)
    page = office.get(f"/graduates/{cast.graduate.id}").text
    assert entry in page
    assert "解锁（设置为待就业）" in office.get(entry).text
    office.post(entry)
    address = f"/tasks/{registration.task('destination_void').id}/answer"
    office.post(
        address, data={"outcome": "unlock", "reason": "放弃入学，已交说明", "do": "confirm"}
    )
    return registration


@pytest.mark.requirement("E06", "K14")
def test_the_one_who_asked_reads_that_a_colleague_must_confirm(unlocking, visit, cast):
    task = unlocking.task("destination_void")

    page = visit(cast.wu).get(f"/tasks/{task.id}").text
    refused = visit(cast.wu).post(
        f"/tasks/{task.id}/answer", data={"outcome": "confirm", "do": "confirm"}
    )

    assert "须由另一位老师复核" in page
    assert "同意解锁" not in page
    assert refused.status_code == 403
    assert "这一步须由另一位老师办理" in refused.text
    assert unlocking.case("destination_void").status == "waiting_second_person"


@pytest.mark.requirement("E06", "K14")
def test_a_colleague_reads_the_reason_and_unlocks(unlocking, visit, cast, mo):
    task = unlocking.task("destination_void")
    page = visit(mo).get(f"/tasks/{task.id}").text
    for text in ("放弃入学，已交说明", "同意解锁", "升学：考研"):
        assert text in page

    visit(mo).post(f"/tasks/{task.id}/answer", data={"outcome": "confirm", "do": "confirm"})

    assert unlocking.case("destination_void").status == "unlocked"
    home = visit(cast.lin).get("/home").text
    assert "待就业" in home
    assert "可以签约" in home
    assert "学校解锁" in visit(cast.wu).get("/office/voids").text


@pytest.mark.requirement("E06")
def test_a_running_unlock_is_gone_on_with_not_begun_twice(unlocking, visit, cast):
    page = visit(cast.wu).get(f"/graduates/{cast.graduate.id}").text

    assert "“解锁（设置为待就业）”正在办理" in page


@pytest.mark.requirement("F35", "K15")
def test_the_school_enters_first_and_the_graduate_uploads(registration, visit, cast, session):
    office = visit(cast.wu)
    entry = f"/start/other_destination/school_entered/graduate/{cast.graduate.id}"
    assert entry in office.get(f"/graduates/{cast.graduate.id}").text
    office.post(entry)
    choose = f"/tasks/{registration.task().id}/answer"
    assert "签劳动合同形式就业" in office.get(choose).text
    office.post(choose, data={"code": "801", "outcome": "fill", "do": "confirm"})
    data = {key: value for key, value in STUDY.items() if key != "study_proof_kind"}
    office.post(f"/tasks/{registration.task().id}/answer", data={**data, "do": "confirm"})

    assert registration.case().status == "waiting_evidence"
    graduate = visit(cast.lin)
    assert "学校录入了您的去向：升学：考研 · 江南大学" in graduate.get("/home").text
    assert "江南大学" in graduate.get(f"/tasks/{registration.task().id}/answer").text

    registration.fill(outcome="submit", study_proof_kind="notice", study_proof__album=image())

    assert registration.case().status == "destination_under_review"
    page = visit(cast.rao).get(f"/review/{registration.task().id}").text
    for text in ("江南大学", "录取通知书.png"):
        assert text in page
    assert "撤回修改" in registration.page(cast.lin)


@pytest.mark.requirement("F35")
def test_a_graduate_who_objects_sends_it_back_to_the_school(registration, visit, cast, session):
    office = visit(cast.wu)
    office.post(f"/start/other_destination/school_entered/graduate/{cast.graduate.id}")
    for data in (
        {"code": "72", "outcome": "fill"},
        {"outcome": "choose_again"},
        {"code": "801", "outcome": "fill"},
        {key: value for key, value in STUDY.items() if key != "study_proof_kind"},
    ):
        task = registration.task()
        office.post(f"/tasks/{task.id}/answer", data={**data, "do": "confirm"})

    registration.post(outcome="object", reason="没有考上", do="confirm")

    case = session.get(Case, registration.case().id)
    assert case.status == "destination_to_correct"
    assert registration.task().role == "office"
    assert "没有考上" in office.get(f"/tasks/{registration.task().id}/answer").text
    assert "请更正" in office.get("/notices").text
    assert "待学校更正" in registration.page(cast.lin)


def test_what_the_office_still_fills_in_is_no_review_that_waits(registration, visit, cast, session):
    office = visit(cast.wu)
    office.post(f"/start/other_destination/school_entered/graduate/{cast.graduate.id}")
    task = registration.task()

    assert office.get(f"/review/{task.id}").location.endswith(f"/tasks/{task.id}")
    assert tasks.waiting_for_me(session, cast.wu)[0].name == "选择去向类型"
    assert ">0</b>" in office.get("/office").text
