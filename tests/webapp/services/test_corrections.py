"""Wrong base data: the graduate asks, college and university agree, the register changes, old kept."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from webapp.errors import CannotWithdraw
from webapp.models import Audit, Case, Graduate, RegisterChange
from webapp.services.agreements.agreements import agreement_of
from webapp.services.cases import cases
from webapp.services.imports import import_graduates

ASKED = {
    "outcome": "submit",
    "fields": ["name", "major", "years"],
    "new_name": "林知霞",
    "new_major": "人工智能",
    "new_years": 4.0,
    "evidence": ["scan-1"],
    "explanation": "登记时写错了",
}
ON_BOTH = {
    "test_both_agree_and_the_register_changes_with_what_it_was",
    "test_a_number_of_another_graduate_changes_nothing",
}


def pytest_generate_tests(metafunc):
    if "dialect" in metafunc.fixturenames and metafunc.function.__name__ not in ON_BOTH:
        metafunc.parametrize("dialect", ["sqlite"])


@pytest.fixture
def asking(story, session, cast, monday):
    """Acts of a correction, each committed."""

    class Acts:
        def begin(self):
            case = cases.start_case(
                session, cast.lin, "base_data", graduate=cast.graduate, employer=None, now=monday
            )
            session.commit()
            return case

        def ask(self, **changed):
            case = self.begin()
            story.submit(cast.lin, story.open_task(case), **{**ASKED, **changed})
            return case

        def agreed(self, **changed):
            case = self.ask(**changed)
            story.submit(cast.rao, story.open_task(case), outcome="pass")
            return story.submit(cast.wu, story.open_task(case), outcome="pass")

    return Acts()


def graduate_now(session, cast):
    session.expire_all()
    return session.get_one(Graduate, cast.graduate.id)


@pytest.mark.requirement("B02")
def test_both_agree_and_the_register_changes_with_what_it_was(asking, session, cast):
    case = asking.agreed()

    lin = graduate_now(session, cast)
    change = session.scalars(select(RegisterChange)).one()
    assert (lin.name, lin.major, lin.years) == ("林知霞", "人工智能", "4")
    assert lin.base_data_confirmed_at is None
    assert change.changes == {
        "name": ["林知夏", "林知霞"],
        "major": ["软件工程", "人工智能"],
        "years": ["", "4"],
    }
    assert (change.source, change.case_id) == ("correction", case.id)
    told = session.scalars(select(Audit.about).where(Audit.act == "register_corrected")).one()
    assert told.endswith("姓名、专业、学制")


@pytest.mark.requirement("B02")
def test_a_number_of_another_graduate_changes_nothing(asking, session, cast):
    cast.make.graduate(cast.school, cast.college, "顾安", id_no="11010519491231002X")
    session.commit()

    case = asking.agreed(fields=["id_no", "major"], new_id_no="11010519491231002X")

    assert session.get_one(Case, case.id).status == "correction_returned"
    assert graduate_now(session, cast).major == "软件工程"
    assert session.scalar(select(func.count(RegisterChange.id))) == 0


@pytest.mark.requirement("B02", "B10")
def test_another_training_mode_decides_about_online_signing(asking, session, cast):
    asking.agreed(fields=["training_mode"], new_training_mode="2")

    assert not graduate_now(session, cast).online_signing_allowed


@pytest.mark.requirement("B02")
def test_it_is_taken_back_before_the_college_decides_and_not_after(asking, session, cast, story):
    case = asking.ask()
    cases.withdraw_case(session, cast.lin, case.id, story.monday)
    session.commit()
    story.submit(cast.lin, story.open_task(case), **ASKED)

    story.submit(cast.rao, story.open_task(case), outcome="pass")

    with pytest.raises(CannotWithdraw):
        cases.withdraw_case(session, cast.lin, case.id, story.monday)


@pytest.mark.requirement("B02")
def test_a_refusal_leaves_the_register_as_it_is(asking, session, cast, story):
    case = asking.ask()

    story.submit(cast.rao, story.open_task(case), outcome="refuse", reason="材料不符")

    assert session.get_one(Case, case.id).status == "not_corrected"
    assert graduate_now(session, cast).base_data_confirmed_at is not None


@pytest.mark.requirement("B08", "B09")
def test_a_newer_sheet_tells_the_plan_and_what_it_changed(session, cast, monday):
    number = cast.graduate.student_no
    sheet = f"学号,姓名,方案,专业\n{number},林知夏,秋季方案,人工智能".encode()

    report = import_graduates(session, cast.school, sheet, "方案.csv", monday, cast.ada)
    session.commit()

    lin = graduate_now(session, cast)
    change = session.scalars(select(RegisterChange)).one()
    assert report.accepted
    assert (lin.plan, lin.major) == ("autumn", "人工智能")
    assert change.changes == {"plan": ["", "autumn"], "major": ["软件工程", "人工智能"]}
    assert (change.source, change.person_id) == ("import", cast.ada.person_id)


@pytest.mark.requirement("B03")
def test_an_approved_agreement_keeps_the_name_it_was_approved_with(asking, session, cast, story):
    signed = story.complete()

    asking.agreed()

    agreement = agreement_of(session, signed.id)
    assert agreement.snapshot["values"]["graduate"]["name"] == "林知夏"
    assert agreement.state == "valid"
