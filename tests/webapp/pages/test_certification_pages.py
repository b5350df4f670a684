"""Certification on its pages: begun at a school, filled, printed, uploaded, checked and accepted."""

from __future__ import annotations

import io
import re
import uuid

import pytest
from PIL import Image

from webapp.models import Case, Delivery, Employer, MobileProof, Person, Task
from webapp.services.accounts.codes import latest_code
from webapp.services.cases.tasks import open_tasks

FILLED = {
    "outcome": "next",
    "employer_name": "恒信软件有限公司",
    "uscc": "91340100MA2MRBFK0N",
    "nature": "39",
    "industry": "I65",
    "region": "340104",
    "address": "示例大道 1 号",
    "contact_name": "周宁",
    "contact_mobile": "13800000002",
    "contact_email": "hr@example.com",
    "legal_person": "周建国",
    "manager_name": "周宁",
    "manager_id_no": "11010519491231002X",
    "manager_mobile": "13800000002",
}
BEGIN = {"school": "10001", "what": "employer_certification/authorisation_letter"}
CHECKED = dict.fromkeys(("has_signature", "has_red_seal", "name_matches", "code_matches"), "y")
PASS = {"outcome": "pass", "seal": "official", "looked_up": "found", "looked_up_at": "天眼查"}
PAPERS = ("licence", "letter", "manager_id_front", "manager_id_back")


def photo() -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (200, 120), "white").save(out, "PNG")
    out.seek(0)
    return out, "拍照.png"


@pytest.fixture
def acts(visit, cast, published, session, clock):
    """The acts of both sides on the pages."""

    class Acts:
        def __init__(self):
            self.employer, self.office = visit(cast.hengxin), visit(cast.wu)

        def begin(self):
            answer = self.employer.post("/certification", data=BEGIN)
            task_id = re.search(r"/tasks/([0-9a-f-]+)", answer.location)[1]
            session.rollback()
            return session.get_one(Case, session.get_one(Task, uuid.UUID(task_id)).case_id)

        def task(self, case):
            session.rollback()
            (task,) = open_tasks(session, case.id)
            return task

        def fill(self, case, **changed):
            self.prove(case, changed.get("manager_mobile", FILLED["manager_mobile"]))
            return self.confirm(case, **changed)

        def prove(self, case, mobile):
            """Have a code sent and type it, as the pages ask for it."""
            address = f"/tasks/{self.task(case).id}/mobile/manager_mobile"
            sent = self.employer.post(f"{address}/code", data={"mobile": mobile})
            session.rollback()
            code = latest_code(session, clock.now)
            if code is None or sent.status_code != 303:
                return sent
            clock.move(minutes=2)
            return self.employer.post(address, data={"mobile": mobile, "code": code[0]})

        def confirm(self, case, **changed):
            address = f"/tasks/{self.task(case).id}/answer"
            return self.employer.post(address, data={**FILLED, **changed, "do": "confirm"})

        def bring(self, case):
            files = {f"{field}__album": photo() for field in PAPERS}
            address = f"/tasks/{self.task(case).id}/answer"
            typed = {"outcome": "submit", "do": "confirm", **files}
            return self.employer.post(address, data=typed)

        def decide(self, case, **answers):
            return self.office.post(f"/review/{self.task(case).id}", data=answers)

        def submitted(self):
            case = self.begin()
            self.fill(case)
            self.bring(case)
            return case

        def status(self, case):
            session.rollback()
            return session.get_one(Case, case.id).status

    return Acts()


@pytest.mark.requirement("A09", "A10", "A11", "A14", "A15", "A18")
def test_a_certification_goes_its_way_on_the_pages(acts, session, cast):
    case = acts.begin()
    assert acts.fill(case).status_code == 303
    upload = acts.employer.get(f"/tasks/{acts.task(case).id}/answer").text
    assert f"/certification/{case.id}/letter.pdf" in upload
    letter = acts.employer.get(f"/certification/{case.id}/letter.pdf")
    assert letter.data.startswith(b"%PDF-")
    acts.bring(case)
    assert acts.status(case) == "certification_under_review"

    queue = acts.office.get("/review").text
    assert "恒信科技有限公司" in queue
    assert "选中恒信" not in queue
    page = acts.office.get(f"/review/{acts.task(case).id}").text
    assert "11010519491231002X" in page
    assert "公章" in page
    assert "人事章" in page
    refused = acts.decide(case, **PASS)
    assert refused.status_code == 422
    assert "公函看不见红章，不能通过，请退回" in refused.text
    acts.decide(case, **PASS, **CHECKED)

    assert acts.status(case) == "certified"
    standing = acts.employer.get("/certification").text
    assert "已核验授权书和工商登记" in standing
    assert "变更帐号管理者" in standing


@pytest.mark.requirement("A09", "A12")
def test_an_unproved_number_is_refused_with_the_way_out_and_nothing_is_lost(acts, session):
    case = acts.begin()

    refused = acts.confirm(case)

    assert refused.status_code == 422
    assert "注册手机号还没有核验，请点“用短信验证码核验”" in refused.text
    assert 'value="周建国"' in refused.text
    assert acts.status(case) == "drafting"
    again = acts.employer.get(f"/tasks/{acts.task(case).id}/answer").text
    assert 'value="周建国"' in again
    assert 'name="_prove" value="manager_mobile"' in again


@pytest.mark.requirement("A09", "A12")
def test_a_number_is_proved_on_its_own_page_and_the_form_keeps_all_that_was_typed(acts, session):
    case = acts.begin()
    address = f"/tasks/{acts.task(case).id}"
    typed = {**FILLED, "manager_mobile": "", "_prove": "manager_mobile"}

    asked = acts.employer.post(f"{address}/answer", data=typed)
    proved = acts.prove(case, "138 0000 0009")

    assert asked.location.endswith(f"{address}/mobile/manager_mobile")
    assert proved.location.endswith(f"{address}/answer#manager_mobile")
    form = acts.employer.get(f"{address}/answer").text
    assert 'value="13800000009"' in form
    assert 'value="周建国"' in form
    assert "13800000009</span> 已核验" in form
    session.rollback()
    (proof,) = session.query(MobileProof)
    assert (proof.case_id, proof.mobile) == (case.id, "13800000009")
    assert acts.confirm(case, manager_mobile="13800000009").status_code == 303


@pytest.mark.requirement("A12")
def test_a_number_changed_after_its_proof_is_not_proved(acts):
    case = acts.begin()
    acts.prove(case, FILLED["manager_mobile"])

    refused = acts.confirm(case, manager_mobile="13800000009")

    assert refused.status_code == 422
    assert "改过号码的，要再核验一次" in refused.text
    assert 'value="13800000009"' in refused.text


def test_a_wrong_code_proves_nothing_and_says_how_many_tries_are_left(acts, session):
    case = acts.begin()
    address = f"/tasks/{acts.task(case).id}/mobile/manager_mobile"
    acts.employer.post(f"{address}/code", data={"mobile": "13800000009"})

    typed = {"mobile": "13800000009", "code": "abc"}
    wrong = acts.employer.post(address, data=typed)
    other = acts.employer.post(address, data={**typed, "mobile": "13800000010"})
    tried = [acts.employer.post(address, data=typed).text for _ in range(4)]

    assert wrong.status_code == 422
    assert "验证码不对，还可以试 4 次" in wrong.text
    assert "验证码已过期" in other.text
    assert "验证码已过期" in tried[-1]
    assert session.query(MobileProof).count() == 0


def test_codes_are_sent_slowly_and_tell_nobody_who_has_an_account(acts, session, cast):
    session.get_one(Person, cast.lin.person_id).login = "13800000011"
    session.commit()
    case = acts.begin()
    address = f"/tasks/{acts.task(case).id}/mobile/manager_mobile/code"

    known = acts.employer.post(address, data={"mobile": "13800000011"})
    again = acts.employer.post(address, data={"mobile": "13800000011"})
    none = acts.employer.post(address, data={"mobile": "12345"})
    strangers = [
        acts.employer.post(address, data={"mobile": f"139000000{place:02}"}) for place in range(6)
    ]

    session.rollback()
    sent = session.query(Delivery).filter(Delivery.subject == "code").all()
    assert (known.status_code, again.status_code, none.status_code) == (303, 429, 422)
    assert "刚刚发过验证码" in again.text
    assert "手机号要填 11 位数字" in none.text
    assert strangers[0].status_code == known.status_code
    assert strangers[-1].status_code == 429
    assert len(sent) <= 6
    assert "不知情的，不要告诉任何人" in sent[0].text


def test_only_the_field_that_asks_for_a_proof_has_such_a_page(acts, visit, cast, session):
    case = acts.begin()
    task = acts.task(case)
    _, other = cast.make.employer("云杉软件有限公司")
    session.commit()

    assert acts.employer.get(f"/tasks/{task.id}/mobile/contact_mobile").status_code == 404
    address = f"/tasks/{task.id}/mobile/manager_mobile"
    assert visit(other).get(address).status_code == 404
    assert visit(other).post(f"{address}/code", data={"mobile": "13800000009"}).status_code == 404
    acts.fill(case)
    assert acts.employer.get(address).status_code == 409


@pytest.mark.requirement("A12", "A18")
def test_the_reviewer_reads_by_whom_the_number_was_proved(acts):
    case = acts.submitted()

    page = acts.office.get(f"/review/{acts.task(case).id}").text

    assert "13800000002，6月1日 10:02 由周宁用短信验证码核验" in page


@pytest.mark.requirement("A14")
def test_a_return_needs_a_reason_and_the_employer_reads_it(acts):
    case = acts.submitted()

    without = acts.decide(case, outcome="return")
    acts.decide(case, outcome="return", reason="看不见红章，请重新盖章")

    assert without.status_code == 422
    page = acts.employer.get(f"/tasks/{acts.task(case).id}/answer").text
    assert "看不见红章，请重新盖章" in page
    assert "恒信软件有限公司" in page


@pytest.mark.requirement("A15")
def test_no_other_seal_can_be_accepted(acts):
    case = acts.submitted()

    answer = acts.decide(case, **PASS | {"seal": "contract"}, **CHECKED)

    assert answer.status_code == 422
    assert acts.status(case) == "certification_under_review"


@pytest.mark.requirement("A13")
def test_the_history_keeps_the_ends_of_the_identity_number_only(acts, session):
    case = acts.begin()
    acts.fill(case)

    session.rollback()
    rows = [row.body for row in session.get_one(Case, case.id).history]
    assert "11010519491231002X" not in str(rows)
    assert "110***********002X" in str(rows)


def test_an_employer_takes_its_papers_back_before_they_are_looked_at(acts):
    case = acts.submitted()

    page = acts.employer.get(f"/cases/{case.id}/withdraw").text
    acts.employer.post(f"/cases/{case.id}/withdraw")

    assert "撤回提交" in page
    assert acts.status(case) == "waiting_letter"


def test_the_letter_is_for_the_employer_itself(acts, visit, cast, session):
    case = acts.begin()
    assert acts.employer.get(f"/certification/{case.id}/letter.pdf").status_code == 404
    acts.fill(case)
    session.rollback()
    _, other = cast.make.employer("云杉软件有限公司")
    session.commit()

    assert visit(other).get(f"/certification/{case.id}/letter.pdf").status_code == 404


def test_the_school_has_to_be_chosen(acts):
    answer = acts.employer.post("/certification", data={**BEGIN, "school": ""})

    assert answer.status_code == 422
    assert "请选择向哪所学校申请" in answer.text


@pytest.mark.requirement("A20")
def test_a_school_that_wants_a_letter_tells_so_before_anybody_is_looked_up(
    acts, session, cast, clock
):
    cast.school.settings = {**cast.school.settings, "minimum_verification": "letter"}
    session.commit()
    typed = {"school": "10001", "name": "林知夏", "student_no": cast.graduate.student_no}

    refused = acts.employer.post("/invitations/new", data=typed)
    session.rollback()
    session.get_one(Employer, cast.employer.id).verification = "letter"
    session.commit()
    clock.move(minutes=1)
    accepted = acts.employer.post("/invitations/new", data=typed)

    assert refused.status_code == 403
    assert "要求用人单位已核验授权书后才能邀请" in refused.text
    assert "/certification" in refused.text
    assert accepted.status_code == 303


@pytest.mark.requirement("A21", "F05")
def test_the_review_of_a_signing_shows_the_level_and_the_papers(acts, story, visit, cast):
    case = acts.submitted()
    acts.decide(case, **PASS, **CHECKED)
    _, task = story.accepted()

    page = visit(cast.rao).get(f"/review/{task.id}").text

    assert "已核验授权书和工商登记" in page
    assert "营业执照或法人证书" in page
    assert "身份证人像面" not in page


@pytest.mark.requirement("A17")
def test_members_are_added_and_ended_on_the_page(acts, clock):
    clock.move(days=400)  # members are in the order in which they came
    bad = acts.employer.post("/certification/members", data={"name": "沈", "mobile": "12"})
    added = acts.employer.post(
        "/certification/members", data={"name": "沈一", "mobile": "13800000009"}
    )
    page = acts.employer.get("/certification").text
    ended = re.search(r"/certification/members/[0-9a-f-]+/end", page)[0]
    acts.employer.post(ended)

    assert bad.status_code == 422
    assert "请填写姓名" in bad.text
    assert added.status_code == 303
    assert "沈一" in page
    assert "移除沈一" not in acts.employer.get("/certification").text


@pytest.mark.requirement("A08")
def test_the_office_recovers_an_account_from_the_employers_page(acts, visit, cast, session):
    colleague = cast.make.actor(cast.make.person("郑老师"), "office", school_id=cast.school.id)
    session.commit()
    listed = acts.office.get("/employers?q=恒信").text
    assert "恒信科技有限公司" in listed

    start = {"what": "employer_certification/recover_account"}
    answer = acts.office.post(f"/employers/{cast.employer.id}/start", data=start)
    form = acts.office.get(answer.location, follow_redirects=True).text
    task_id = re.search(r"/tasks/([0-9a-f-]+)", answer.location)[1]
    typed = {
        "outcome": "enter",
        "manager_name": "沈一",
        "manager_id_no": "11010519491231002X",
        "manager_mobile": "13800000009",
        "received_on": "2026-05-30",
        "how_verified": "按证照上的电话回拨核实",
        "letter__album": photo(),
        "do": "confirm",
    }
    acts.office.post(f"/tasks/{task_id}/answer", data=typed)
    session.rollback()
    case = session.get_one(Case, session.get_one(Task, uuid.UUID(task_id)).case_id)
    confirm = acts.task(case)
    passed = {"outcome": "pass", "do": "confirm"}
    alone = acts.office.post(f"/tasks/{confirm.id}/answer", data=passed)
    done = visit(colleague).post(f"/tasks/{confirm.id}/answer", data=passed)

    assert "公函上的帐号管理者" in form
    assert alone.status_code == 403
    assert done.status_code == 303
    assert acts.status(case) == "account_recovered"


@pytest.mark.requirement("A09", "K13")
def test_an_ended_certification_is_told_and_offered_again(acts, visit, cast, clock):
    case = acts.submitted()
    acts.decide(case, **PASS, **CHECKED)
    before = acts.employer.get("/certification").text
    clock.move(days=366)

    employer, office = visit(cast.hengxin), visit(cast.wu)
    page = employer.get("/certification").text

    assert "认证已到期" not in before
    assert "到期前请重新认证" in before
    assert "认证已到期" in page
    assert "重新认证</button>" in page
    assert "变更帐号管理者</h2>" not in page
    assert "认证已到期" in employer.get("/account").text
    assert "认证已到期" in office.get(f"/employers/{cast.employer.id}").text
