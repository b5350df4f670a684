"""A graduate registers another destination page by page; the school reviews; it is voided again."""

from __future__ import annotations

import pytest
from registering import STUDY, Registration, image


@pytest.fixture
def registration(visit, cast, session, published) -> Registration:
    return Registration(visit, cast, session)


@pytest.fixture
def completed(registration, cast) -> Registration:
    registration.submit()
    registration.review(cast.rao, outcome="pass")
    registration.review(cast.wu, outcome="pass")
    return registration


@pytest.mark.requirement("M01", "M02")
def test_the_home_page_offers_the_entry_and_the_type_comes_first(registration, visit, cast):
    assert "无需就业协议去向登记" in visit(cast.lin).get("/home").text

    registration.begin()
    page = visit(cast.lin).get(f"/tasks/{registration.task().id}/answer").text

    assert "签劳动合同形式就业" in page
    assert "科研助理、管理助理" in page
    assert "定向/委培毕业去向补充登记" not in page


@pytest.mark.requirement("M04", "B10")
def test_who_is_trained_for_an_employer_sees_and_takes_one_type_only(registration, session, cast):
    cast.graduate.training_mode = "2"
    session.commit()
    registration.begin()

    page = registration.visit(cast.lin).get(f"/tasks/{registration.task().id}/answer").text
    refused = registration.post(code="801", outcome="fill", do="confirm")

    assert "定向/委培毕业去向补充登记" in page
    assert "签劳动合同形式就业" not in page
    assert refused.status_code == 422
    assert registration.task().element == "Choose_destination_type"


@pytest.mark.requirement("M04")
def test_the_unit_of_the_register_stands_in_the_form(registration, session, cast):
    cast.graduate.training_mode = "2"
    cast.graduate.register = {"定向或委培单位": "明湖县教育局"}
    session.commit()

    page = registration.choose("DX").text

    assert "明湖县教育局" in page


@pytest.mark.requirement("M03")
def test_missing_evidence_is_named_and_what_was_typed_stays(registration):
    registration.choose("801")

    answer = registration.post(**STUDY, do="check")

    assert answer.status_code == 422
    assert "请上传录取证明" in answer.text
    assert "江南大学" in answer.text


@pytest.mark.requirement("F27", "F32")
def test_a_wage_below_the_place_s_minimum_is_refused(registration, session, cast):
    cast.school.settings = {
        **cast.school.settings,
        "region": "340104",
        "minimum_wages": ["340000 1870", "330000 2490"],
    }
    session.commit()
    registration.choose("12")

    here = registration.post(hire_salary="1800", region="340104", outcome="submit", do="check")
    fine = registration.post(hire_salary="1900", region="340104", outcome="submit", do="check")
    there = registration.post(hire_salary="1900", region="330106", outcome="submit", do="check")

    assert "月薪不能低于 1,870 元/月（当地最低工资标准）" in here.text
    assert "月薪不能低于" not in fine.text
    assert "月薪不能低于 2,490 元/月" in there.text


@pytest.mark.requirement("M03", "M06")
def test_the_reviewer_reads_type_data_and_evidence(registration, visit, cast):
    registration.submit()

    queue = visit(cast.rao).get("/review").text
    page = visit(cast.rao).get(f"/review/{registration.task().id}").text

    assert "升学：考研 · 江南大学" in queue
    for text in ("升学：考研", "江南大学", "食品科学", "全日制", "录取通知书.png", "退回修改"):
        assert text in page
    assert "去向待审核" in registration.page(cast.lin)


@pytest.mark.requirement("M06")
def test_a_returned_registration_tells_why_and_goes_on(registration, visit, cast):
    registration.submit()
    registration.review(cast.rao, outcome="return", reason="通知书看不清")

    page = visit(cast.lin).get(f"/tasks/{registration.task().id}/answer").text

    assert "通知书看不清" in page
    assert "江南大学" in page
    assert "去向待提交（老师退回）" in registration.page(cast.lin)
    assert registration.fill(**STUDY, study_proof__album=image()).status_code == 200
    assert registration.case().status == "destination_under_review"


@pytest.mark.requirement("M05")
def test_taking_back_reads_what_it_means_and_goes_back_to_the_form(registration, visit, cast):
    registration.submit()
    address = f"/cases/{registration.case().id}/withdraw"

    assert "不占用签约名额" in visit(cast.lin).get(address).text
    visit(cast.lin).post(address)

    assert registration.case().status == "drafting"
    assert registration.task().element == "Fill_destination"


@pytest.mark.requirement("M06", "M08", "M09")
def test_a_completed_destination_shows_its_way_out(completed, visit, cast):
    page = completed.page(cast.lin)
    home = visit(cast.lin).get("/home").text

    assert "完成其他毕业去向信息登记" in page
    assert completed.void_entry() in page
    assert "升学：考研 · 江南大学" in home
    assert "无需就业协议去向登记" not in home


@pytest.mark.requirement("M08", "M09")
def test_voiding_takes_a_confirmation_and_the_school_sees_the_record(completed, visit, cast):
    entry = completed.void_entry()
    graduate = visit(cast.lin)
    assert "作废" in graduate.get(entry).text
    graduate.post(entry)
    task = completed.task("destination_void")
    read = graduate.get(f"/tasks/{task.id}").text
    confirm = graduate.get(f"/tasks/{task.id}/answer?outcome=void").text
    assert "升学：考研" in read
    assert "确认作废" in confirm

    graduate.post(
        f"/tasks/{task.id}/answer", data={"outcome": "void", "reason": "改为就业", "do": "confirm"}
    )

    assert completed.case("destination_void").status == "voided"
    assert "作废" in completed.page(cast.lin)
    for reader in (cast.rao, cast.wu):
        record = visit(reader).get("/office/voids").text
        for text in ("林知夏", "升学：考研 · 江南大学", "本人作废", "改为就业"):
            assert text in record
    assert "无需就业协议去向登记" in graduate.get("/home").text


@pytest.mark.requirement("M08", "I9")
def test_the_record_stays_within_the_college_and_the_school(completed, visit, cast, session):
    visit(cast.lin).post(completed.void_entry())
    task = completed.task("destination_void")
    visit(cast.lin).post(
        f"/tasks/{task.id}/answer", data={"outcome": "void", "reason": "", "do": "confirm"}
    )
    session.rollback()
    make = cast.make
    other = make.college(cast.school, "外国语学院", "09")
    elsewhere = make.school("北山大学", "10003")
    strangers = [
        make.actor(make.person("外院"), "reviewer", school_id=cast.school.id, college_id=other.id),
        make.actor(make.person("外校"), "office", school_id=elsewhere.id),
    ]
    session.commit()

    pages = [visit(stranger).get("/office/voids").text for stranger in strangers]

    assert ["林知夏" in page for page in pages] == [False, False]


@pytest.mark.requirement("I10")
def test_the_office_counts_what_is_in_force_of_all_graduates(completed, visit, cast, clock):
    completed.session.rollback()
    cast.make.graduate(cast.school, cast.college, "同学")
    completed.session.commit()
    placed_at = clock.now
    clock.move(days=1)
    visit(cast.lin).post(completed.void_entry())
    task = completed.task("destination_void")
    answers = {"outcome": "void", "reason": "", "do": "confirm"}
    visit(cast.lin).post(f"/tasks/{task.id}/answer", data=answers)
    clock.move(hours=1)

    now = visit(cast.wu).get("/office").text
    before = visit(cast.wu).get(f"/office?cutoff={placed_at:%Y-%m-%d}T23:00").text

    assert "0 / 2 人" in now
    assert "1 / 2 人" in before


@pytest.mark.requirement("I10")
def test_who_has_no_work_yet_counts_as_a_graduate_and_not_as_placed(registration, visit, cast):
    registration.choose("70")
    registration.fill(waiting_kind="701", outcome="submit")
    registration.review(cast.rao, outcome="pass")
    registration.review(cast.wu, outcome="pass")

    assert "0 / 1 人" in visit(cast.wu).get("/office").text
    assert "无需就业协议去向登记" in visit(cast.lin).get("/home").text


def test_the_list_of_graduates_tells_a_destination_from_a_signing(completed, visit, cast):
    page = visit(cast.rao).get("/graduates").text
    found = visit(cast.rao).get("/graduates?state=placed").text
    bound = visit(cast.rao).get("/graduates?state=bound").text

    assert "已登记去向" in page
    assert "林知夏" in found
    assert "林知夏" not in bound
