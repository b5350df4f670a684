"""A number in a form is proved for its case, for a while, before the form may be sent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from webapp.models import Audit, Case, MobileProof
from webapp.services.accounts.codes import CodeExpired, SentJustNow, WrongCode, latest_code
from webapp.services.cases import cases, mobile_proofs, tasks
from webapp.services.cases.mobile_proofs import MobileNotProved
from webapp.services.employers import certifying

FAMILY = "employer_certification"
MOBILE, OTHER = "13800000009", "13800000010"
FILLED = {"outcome": "next", "manager_name": "沈一", "manager_mobile": MOBILE}

ON_BOTH = {"test_a_proved_number_lets_the_form_go", "test_a_proof_is_renewed_and_not_doubled"}


def pytest_generate_tests(metafunc):
    if "dialect" in metafunc.fixturenames and metafunc.function.__name__ not in ON_BOTH:
        metafunc.parametrize("dialect", ["sqlite"])


@pytest.fixture
def begin(session, cast, monday, published):
    """Begins a case about an employer, the cast's own where none is said."""

    def begin(variant="authorisation_letter", actor=None, employer=None):
        case_id = certifying.begin(
            session, actor or cast.hengxin, "10001", FAMILY, variant,
            (employer or cast.employer).id, monday,
        )  # fmt: skip
        session.commit()
        return session.get_one(Case, case_id)

    return begin


@pytest.fixture
def prove(session, cast, monday):
    """Has a code sent and types it, or what is said in its place."""

    def prove(case, mobile=MOBILE, typed=None, actor=None, now=monday):
        (task,) = tasks.open_tasks(session, case.id)
        actor = actor or cast.hengxin
        mobile_proofs.send_proof_code(session, actor, task, mobile, "10.0.0.1", now)
        session.commit()
        code, sent_to = latest_code(session, now)
        assert sent_to == mobile
        return mobile_proofs.prove_mobile(
            session, actor, task, mobile, typed or code, "10.0.0.1", now
        )

    return prove


@pytest.mark.requirement("A12")
def test_a_proved_number_lets_the_form_go(begin, prove, story, session, cast):
    case = begin()

    prove(case)
    session.commit()
    story.submit(cast.hengxin, story.open_task(case), **FILLED)

    proof = session.scalars(select(MobileProof)).one()
    told = session.scalars(select(Audit).where(Audit.act == "mobile_proved")).one()
    assert (proof.case_id, proof.mobile) == (case.id, MOBILE)
    assert proof.proved_by_id == cast.hengxin.person_id
    assert told.about == "用人单位认证 · 恒信科技有限公司 · 138****0009"
    assert (told.person_id, told.school_id) == (cast.hengxin.person_id, cast.school.id)
    assert session.get_one(Case, case.id).status == "waiting_letter"


@pytest.mark.requirement("A12")
@pytest.mark.parametrize("proved_first", [None, OTHER])
def test_an_unproved_or_changed_number_is_refused_and_nothing_written(
    begin, prove, story, session, cast, proved_first
):
    case = begin()
    if proved_first:
        prove(case, proved_first)
    session.commit()
    task = story.open_task(case)

    with pytest.raises(MobileNotProved, match=r"注册手机号 138\*\*\*\*0009 还没有") as refused:
        story.submit(cast.hengxin, task, **FILLED)

    session.rollback()
    assert refused.value.link[0] == f"/tasks/{task.id}/answer"
    assert story.open_task(case).id == task.id


@pytest.mark.requirement("A16")
def test_a_new_manager_is_not_asked_for_without_the_own_number(
    begin, story, session, cast, monkeypatch
):
    monkeypatch.setattr(certifying, "level_of", lambda *args: "letter")
    case = begin("change_manager")
    change = {**FILLED, "change_reason": "离职"}

    with pytest.raises(MobileNotProved):
        story.submit(cast.hengxin, story.open_task(case), **change)

    session.rollback()
    mobile_proofs.keep_proof(session, cast.hengxin, case, MOBILE, story.monday)
    session.commit()
    assert story.submit(cast.hengxin, story.open_task(case), **change).status == "waiting_letter"


def test_a_proof_of_another_employer_proves_nothing_here(begin, prove, story, session, cast):
    other, colleague = cast.make.employer("云杉软件有限公司")
    session.commit()
    prove(begin(actor=colleague, employer=other), actor=colleague)
    session.commit()

    with pytest.raises(MobileNotProved):
        story.submit(cast.hengxin, story.open_task(begin()), **FILLED)


def test_a_code_for_one_case_proves_nothing_in_another(begin, session, cast, monday):
    other, colleague = cast.make.employer("云杉软件有限公司")
    session.commit()
    (own,) = tasks.open_tasks(session, begin().id)
    (elsewhere,) = tasks.open_tasks(session, begin(actor=colleague, employer=other).id)
    mobile_proofs.send_proof_code(session, colleague, elsewhere, MOBILE, "", monday)
    session.commit()
    code, _ = latest_code(session, monday)

    with pytest.raises(CodeExpired):
        mobile_proofs.prove_mobile(session, cast.hengxin, own, MOBILE, code, "", monday)


def test_a_proof_counts_for_a_month(begin, prove, story, session, cast, monday):
    case = begin()
    prove(case)
    session.commit()

    with pytest.raises(MobileNotProved):
        story.submit(cast.hengxin, story.open_task(case), monday + mobile_proofs.LASTS, **FILLED)
    session.rollback()
    before = monday + mobile_proofs.LASTS - timedelta(seconds=1)
    story.submit(cast.hengxin, story.open_task(case), before, **FILLED)


def test_a_proof_is_renewed_and_not_doubled(begin, prove, session, cast, monday):
    case, later = begin(), monday + timedelta(days=20)
    prove(case)
    session.commit()
    prove(case, now=later)
    session.commit()

    session.expire_all()
    assert session.scalars(select(MobileProof.proved_at)).all() == [later]


def test_who_asks_for_many_codes_has_to_wait_whatever_the_number(begin, session, cast, monday):
    (task,) = tasks.open_tasks(session, begin().id)
    for place in range(5):
        mobile_proofs.send_proof_code(
            session, cast.hengxin, task, f"1390000000{place}", f"10.0.0.{place}", monday
        )
        session.commit()

    with pytest.raises(SentJustNow):
        mobile_proofs.send_proof_code(
            session, cast.hengxin, task, "13900000009", "10.0.0.9", monday
        )


def test_a_wrong_code_proves_nothing(begin, prove, session):
    with pytest.raises(WrongCode):
        prove(begin(), typed="none")

    session.rollback()
    assert session.scalar(select(func.count()).select_from(MobileProof)) == 0


def test_who_gives_the_application_up_proves_nothing(begin, story, cast):
    ended = story.submit(cast.hengxin, story.open_task(begin()), outcome="discard")

    assert ended.status == "discarded"


@pytest.mark.requirement("A08")
def test_the_office_enters_the_number_of_a_letter_unproved(begin, story, session, cast):
    case = begin("recover_account", actor=cast.wu)
    entered = {"outcome": "enter", "manager_name": "沈一", "manager_mobile": MOBILE}

    moved = story.submit(cast.wu, story.open_task(case), **entered)

    assert moved.status == "waiting_second_person"
    assert cases.find_case(session, cast.wu, case.id).id == case.id
