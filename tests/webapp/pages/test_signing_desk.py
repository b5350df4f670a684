"""The employer's signing pages, the college's filing desk, and the notice that graduates read."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from rendering import store_document
from sqlalchemy import select
from student_acts import TERMS, entering, signing

from webapp.models import Agreement, Case, Filing, Task, Upload

__all__ = ["entering", "signing"]
TYPED = {
    **TERMS,
    "uscc": "91340100MA2MRBFK0N",
    "nature": "39",
    "industry": "I65",
    "region": "340104",
    "hukou": "NONE",
}


@pytest.fixture
def two(signing, session, cast):
    """Two graduates who wait for the employer, with their cases and tasks."""
    graduate, actor = cast.make.graduate(cast.school, cast.college, "宋清越")
    session.commit()
    first = signing.submit()
    second = signing.submit(signing.begin(actor, graduate), actor)
    waiting = [signing.task(case, "Sign_with_graduate").id.hex for case in (first, second)]
    return [first, second], waiting


def picture() -> io.BytesIO:
    out = io.BytesIO()
    Image.new("RGB", (60, 80), "white").save(out, "PNG")
    out.seek(0)
    return out


@pytest.mark.requirement("G08", "G09", "N06")
def test_who_waits_is_listed_searched_and_counted(visit, cast, two):
    employer = visit(cast.hengxin)

    page = employer.get("/signing/waiting").text
    found = employer.get("/signing/waiting?q=宋").text

    assert "2 位毕业生等贵单位办理" in page
    assert "林知夏" in page
    assert ("宋清越" in found, "林知夏" in found) == (True, False)
    assert "没有符合条件的毕业生" in employer.get("/signing/waiting?q=无此人").text
    assert 'class="count">2' in employer.get("/home").text


@pytest.mark.requirement("G15")
def test_several_are_signed_with_one_set_of_terms_and_a_result_each(visit, cast, session, two):
    both, waiting = two
    employer = visit(cast.hengxin)

    checked = employer.post("/signing/batch", data={**TYPED, "task": waiting, "do": "check"})
    done = employer.post("/signing/batch", data={**TYPED, "task": waiting, "do": "confirm"})

    session.rollback()
    assert "确定与这 2 位签约" in checked.text
    assert "2 人已签约" in done.text
    assert {session.get_one(Case, case.id).status for case in both} == {"waiting_recheck"}


@pytest.mark.requirement("G15")
def test_one_who_was_signed_meanwhile_holds_nobody_up(visit, cast, session, signing, two):
    (first, second), waiting = two
    employer = visit(cast.hengxin)
    employer.post("/signing/batch", data={**TYPED, "task": waiting, "do": "check"})
    signing.sign(first)

    done = employer.post("/signing/batch", data={**TYPED, "task": waiting, "do": "confirm"})

    session.rollback()
    assert "1 人已签约" in done.text
    assert session.get_one(Case, second.id).status == "waiting_recheck"


@pytest.mark.requirement("G15")
def test_terms_under_way_are_signed_alone(visit, cast, signing, two):
    (first, _), waiting = two
    signing.sign(first)
    signing.answer(cast.lin, first, "Confirm_signing", outcome="object", proposal="起薪有误")
    again = signing.task(first, "Sign_with_graduate").id.hex

    page = visit(cast.hengxin).get("/signing/batch", query_string={"task": [again, waiting[1]]})
    alone = visit(cast.hengxin).get("/signing/batch", query_string={"task": again})

    assert "批量签约：1 位" in page.text
    assert "林知夏（毕业生有异议）须单独办理" in page.text
    assert alone.location == "/signing/waiting"


@pytest.mark.requirement("G15")
def test_what_is_missing_is_said_and_what_was_typed_comes_back(visit, cast, two):
    _, waiting = two
    typed = {**TYPED, "task": waiting, "position_name": "", "salary": "八千"}

    answer = visit(cast.hengxin).post("/signing/batch", data={**typed, "do": "confirm"})

    assert answer.status_code == 422
    assert "请填写职位名称" in answer.text
    assert 'value="八千"' in answer.text


def test_picking_for_all_keeps_what_was_typed(visit, cast, session, two):
    _, waiting = two
    employer = visit(cast.hengxin)
    typed = {**TYPED, "task": waiting, "position_name": "测试工程师", "_pick": "position_category"}

    opened = employer.post("/signing/batch", data=typed)
    search = employer.get(opened.location + "&q=工程")
    chosen = employer.post(opened.location, data={"code": "24"})

    assert "工程技术人员" in search.text
    page = employer.get(chosen.location.partition("#")[0]).text
    assert 'value="测试工程师"' in page
    assert 'name="position_category" value="24"' in page


@pytest.mark.requirement("G15")
def test_a_stranger_signs_nobody(visit, cast, session, two):
    both, waiting = two
    _, other = cast.make.employer("云杉软件有限公司")
    session.commit()

    answer = visit(other).post("/signing/batch", data={**TYPED, "task": waiting, "do": "confirm"})

    session.rollback()
    assert answer.location == "/signing/waiting"
    assert {session.get_one(Case, case.id).status for case in both} == {"waiting_employer"}


@pytest.mark.requirement("G16")
def test_the_signed_are_one_step_from_those_who_wait(visit, cast, two):
    link = '<a class="btn alt" href="/signing/signed">查看已签</a>'

    assert link in visit(cast.hengxin).get("/signing/waiting").text


@pytest.mark.requirement("G16")
def test_the_signed_are_there_when_nobody_waits(visit, cast, signing):
    page = visit(cast.hengxin).get("/signing/waiting").text

    assert "现在没有毕业生等贵单位办理" in page
    assert "查看已签" in page


@pytest.mark.requirement("G14", "G16")
def test_the_signed_are_listed_and_taken_back_from_there(visit, cast, session, signing):
    case = signing.sign()
    employer = visit(cast.hengxin)

    listed = employer.get("/signing/confirming").text
    asked = employer.get(f"/cases/{case.id}/acts/take_back").text
    done = employer.post(f"/cases/{case.id}/acts/take_back")

    session.rollback()
    assert f"/cases/{case.id}/acts/take_back" in listed
    assert "七天重新起算" in asked
    assert session.get_one(Case, case.id).status == "waiting_employer"
    assert done.location.startswith("/tasks/")
    assert "林知夏" not in employer.get("/signing/signed").text


@pytest.mark.requirement("B06")
def test_the_base_data_stand_in_the_form_to_be_confirmed_not_typed(visit, cast, signing):
    case = signing.begin()
    task = signing.task(case, "Fill_agreement")
    graduate = visit(cast.lin)

    page = graduate.get(f"/tasks/{task.id}/answer").text
    unconfirmed = graduate.post(
        f"/tasks/{task.id}/answer", data={"outcome": "submit", "mobile": "13800000077"}
    )

    assert "林知夏" in page
    assert 'name="student_no"' not in page
    assert "先联系院系更正" in page
    assert unconfirmed.status_code == 422
    assert "请核对基本信息，无误后勾选" in unconfirmed.text


@pytest.mark.requirement("G14")
def test_an_act_that_came_too_late_says_who_was_faster(visit, cast, signing):
    case = signing.confirm()

    answer = visit(cast.hengxin).post(f"/cases/{case.id}/acts/take_back")

    assert answer.status_code == 409
    assert "不能再拿回重签" in answer.text


@pytest.mark.requirement("G02")
def test_a_tick_under_an_older_notice_does_not_count(visit, cast, session, signing):
    signing.settle(signing_notice=["第一版须知。"])
    case = signing.begin_unread()
    task = signing.task(case, "Read_notice")
    graduate = visit(cast.lin)
    page = graduate.get(f"/tasks/{task.id}/answer").text
    version = page.partition('name="ack" value="')[2].partition('"')[0]
    signing.settle(signing_notice=["第二版须知。"])

    answer = graduate.post(f"/tasks/{task.id}/answer", data={"ack": version, "do": "confirm"})

    session.rollback()
    assert answer.status_code == 422
    assert "文字有了更新，请重新阅读，再勾选" in answer.text
    assert "第二版须知。" in answer.text
    assert session.get_one(Task, task.id).state == "open"


@pytest.mark.requirement("G04", "A20")
def test_the_unit_is_found_by_parts_of_its_name_without_script(visit, cast, session, signing):
    case = signing.begin()
    task = signing.task(case, "Fill_agreement")
    graduate = visit(cast.lin)
    typed = {"email": "lin@example.com", "_pick": "employer"}

    opened = graduate.post(f"/tasks/{task.id}/answer", data=typed)
    nobody = graduate.get(opened.location + "?q=无此单位").text
    found = graduate.get(opened.location + "?q=恒科").text
    graduate.post(opened.location, data={"code": cast.employer.id.hex})

    assert "请单位先注册" in nobody
    assert "恒信科技有限公司" in found
    page = graduate.get(f"/tasks/{task.id}/answer").text
    assert "恒信科技有限公司" in page
    assert 'value="lin@example.com"' in page


def test_a_code_that_is_no_unit_is_refused(visit, cast, session, signing):
    case = signing.begin()
    task = signing.task(case, "Fill_agreement")
    typed = {"employer": "nonsense", "mobile": "13800000077", "email": "l@example.com"}
    typed |= {"graduate_opinion": "同意", "data_right": "1", "outcome": "submit"}

    answer = visit(cast.lin).post(f"/tasks/{task.id}/answer", data={**typed, "do": "confirm"})

    assert answer.status_code == 422
    assert "签约单位里没有这一项，请重新选择" in answer.text


@pytest.mark.requirement("D04", "G20", "G23")
def test_passing_opens_the_print_and_nothing_does_before(visit, cast, signing, session, clock):
    case = signing.confirm()
    graduate = visit(cast.lin)

    before = graduate.get(f"/cases/{case.id}").text
    signing.approve(case)
    agreement = session.scalars(select(Agreement)).one()
    store_document(session, agreement, b"%PDF", clock.now)
    after = graduate.get(f"/cases/{case.id}").text

    assert "打印协议书" not in before
    assert f"/agreements/{agreement.id}/print" in after
    assert "打印“毕业生”一份" in graduate.get(f"/agreements/{agreement.id}/print").text


@pytest.mark.requirement("G30")
def test_whoever_waits_is_told_by_a_notice(visit, cast, signing):
    case = signing.submit()
    told = [visit(cast.hengxin).get("/notices").text]
    signing.sign(case)
    told.append(visit(cast.lin).get("/notices").text)
    signing.confirm(case)
    signing.approve(case)
    told.append(visit(cast.lin).get("/notices").text)

    assert [f"/cases/{case.id}" in page for page in told] == [True, True, True]
    assert told[1] != told[2]


@pytest.mark.requirement("G29")
def test_a_filed_signing_offers_no_rescission_and_says_where_to_go(visit, cast, signing):
    case = signing.file()

    page = visit(cast.lin).get(f"/cases/{case.id}").text

    assert "违约不在网上办理" in page
    assert "解约" not in page.partition("流程图")[0]


@pytest.mark.requirement("G01", "G03")
def test_my_signing_offers_the_start_with_flow_and_template(visit, cast, signing):
    graduate = visit(cast.lin)

    mine = graduate.get("/cases").text
    start = f"/start/online_signing/student_initiated/graduate/{cast.graduate.id}"
    page = graduate.get(start).text

    assert start in mine
    assert "/start/online_signing/student_initiated/diagram.xml" in page
    assert "查看就业协议模板（PDF）" in page
    assert graduate.get("/start/online_signing/student_initiated/diagram.xml").status_code == 200
    signing.submit()
    assert start not in graduate.get("/cases").text


@pytest.mark.requirement("G22")
def test_the_contact_begins_with_what_this_reviewer_wrote_last(visit, cast, session, signing):
    reviewer = visit(cast.rao)
    signing.approve()
    graduate, actor = cast.make.graduate(cast.school, cast.college, "宋清越")
    session.commit()
    case = signing.submit(signing.begin(actor, graduate), actor)
    signing.sign(case)
    signing.answer(actor, case, "Confirm_signing", outcome="confirm")
    task = signing.task(case, "College_review")

    page = reviewer.get(f"/review/{task.id}").text

    assert 'value="计算机学院学工办"' in page
    assert 'value="0551-11111111"' in page


@pytest.mark.requirement("G21")
def test_passing_needs_the_contact_and_returning_does_not(visit, cast, session, signing):
    case = signing.confirm()
    task = signing.task(case, "College_review")
    reviewer = visit(cast.rao)

    empty = {"school_contact_name": "", "school_phone": ""}
    passed = reviewer.post(f"/review/{task.id}", data={"outcome": "pass", **empty})
    returned = reviewer.post(
        f"/review/{task.id}", data={"outcome": "return", "reason": "手机号有误", **empty}
    )

    session.rollback()
    assert passed.status_code == 422
    assert "请填写学校联系人" in passed.text
    assert returned.status_code == 303
    assert session.get_one(Case, case.id).status == "signing_returned"


@pytest.mark.requirement("G27", "G28")
def test_a_number_leads_to_the_filing_and_the_seal_must_be_seen(visit, cast, session, signing):
    case = signing.approve()
    number = session.scalars(select(Agreement.number)).one()
    reviewer = visit(cast.rao)

    opened = reviewer.get("/filings", query_string={"q": number}).location
    unseen = reviewer.post(opened, data={})
    seen = {"sealed_seen": "1", "sealed_copy__camera": (picture(), "扫描.png")}
    filed = reviewer.post(opened, data=seen, content_type="multipart/form-data")

    session.rollback()
    assert unseen.status_code == 422
    assert "见到三方盖章的原件，才能备案" in unseen.text
    assert filed.location == "/filings"
    assert session.get_one(Case, case.id).status == "filed"
    assert session.scalars(select(Filing.number)).all() == [number]
    assert session.scalars(select(Upload.filename)).all() == ["扫描.png"]


@pytest.mark.requirement("G28")
def test_a_scan_that_is_no_picture_files_nothing_and_keeps_the_ticks(visit, cast, session, signing):
    case = signing.approve()
    task = signing.task(case, "File_agreement")
    bad = {"sealed_seen": "1", "sealed_copy__album": (io.BytesIO(b"MZ"), "扫描.exe")}

    answer = visit(cast.rao).post(
        f"/filings/{task.id}", data=bad, content_type="multipart/form-data"
    )

    session.rollback()
    assert answer.status_code == 422
    assert "没有上传" in answer.text
    assert "checked" in answer.text
    assert session.get_one(Case, case.id).status == "approved"


@pytest.mark.requirement("G28")
@pytest.mark.parametrize(
    ("until", "told"),
    [("confirm", "还没有审核通过"), ("file", "不用再办"), (None, "没有找到")],
)
def test_a_number_with_nothing_to_file_says_why(visit, cast, signing, until, told):
    if until:
        getattr(signing, until)()

    page = visit(cast.rao).get("/filings", query_string={"q": cast.graduate.student_no})

    assert page.status_code == 200
    assert told in page.text


@pytest.mark.requirement("G28")
def test_the_review_queue_leaves_filings_to_their_own_page(visit, cast, signing):
    signing.approve()
    reviewer = visit(cast.rao)

    assert "没有待审核的事项" in reviewer.get("/review").text
    assert "林知夏" in reviewer.get("/filings").text


@pytest.mark.requirement("D02")
def test_the_direct_entry_says_what_is_missing_and_keeps_what_was_typed(visit, cast, entering):
    employer = visit(cast.hengxin)

    empty = employer.post("/signing/direct", data={"school": "10001", "name": "林知夏"})
    wrong = employer.post(
        "/signing/direct", data={"school": "10001", "name": "林知夏", "number": "000000"}
    )

    assert (empty.status_code, wrong.status_code) == (422, 422)
    assert "请填写学号或身份证号后 6 位" in empty.text
    assert "要完全一致" in wrong.text
    assert 'value="林知夏"' in wrong.text


@pytest.mark.requirement("D02", "D03", "D05")
def test_the_record_shows_contacts_once_the_graduate_agreed(visit, cast, session, entering):
    employer = visit(cast.hengxin)
    found = {"school": "10001", "name": "林知夏", "number": cast.graduate.student_no}
    opened = employer.post("/signing/direct", data=found)
    assert opened.location.endswith("/answer")
    case = entering.fill()

    before = employer.get("/signing/records").text
    entering.answer(cast.lin, case, outcome="confirm")
    after = employer.get("/signing/records").text
    page = employer.get(f"/cases/{case.id}").text

    assert "确认后可见" in before
    assert ("确认后可见" in after, "网签成功,待学校审核" in after) == (False, True)
    assert "签约成功，待学校审核" in page
    for column in ("岗位名称", "院校名称", "派遣时间", "签约状态"):
        assert column in after
    assert "预览草稿（PDF）" in page
    assert "点击下载电子协议书" not in page
    assert "打印协议书" not in page


def test_the_notice_is_there_to_read_again(visit, cast, signing):
    signing.settle(breach_notice=["违约金以协议为准。"])

    assert "违约金以协议为准。" in visit(cast.hengxin).get("/signing/notice").text
    assert "违约金以协议为准。" in visit(cast.lin).get("/signing/notice").text
