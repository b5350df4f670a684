"""A graduate with wrong base data gets past the gate to have them corrected; the school's lists."""

from __future__ import annotations

import io
import re
import uuid

import pytest
from PIL import Image

from webapp.models import Case, Graduate, Task
from webapp.services.cases.tasks import open_tasks

LISTS = ("/graduates/employment", "/graduates/corrections", "/graduates/changes")


def photo() -> tuple[io.BytesIO, str]:
    out = io.BytesIO()
    Image.new("RGB", (200, 120), "white").save(out, "PNG")
    out.seek(0)
    return out, "证明.png"


@pytest.fixture
def unconfirmed(session, cast, published):
    cast.graduate.base_data_confirmed_at = None
    session.commit()
    return cast.graduate


@pytest.fixture
def acts(visit, cast, session, published):
    class Acts:
        def __init__(self):
            self.lin = visit(cast.lin)

        def begin(self):
            start = f"/start/base_data/correction/graduate/{cast.graduate.id}"
            answer = self.lin.post(start)
            task_id = uuid.UUID(re.search(r"/tasks/([0-9a-f-]+)", answer.location)[1])
            session.rollback()
            return session.get_one(Case, session.get_one(Task, task_id).case_id)

        def task(self, case):
            session.rollback()
            (task,) = open_tasks(session, case.id)
            return task

        def ask(self, case, **changed):
            typed = {
                "outcome": "submit",
                "fields": ["major", "id_no"],
                "new_major": "人工智能",
                "new_id_no": "11010519491231002X",
                "explanation": "转专业",
                "evidence__album": photo(),
                "do": "confirm",
            }
            return self.lin.post(f"/tasks/{self.task(case).id}/answer", data=typed | changed)

        def corrected(self):
            case = self.begin()
            self.ask(case)
            for actor in (cast.rao, cast.wu):
                address = f"/review/{self.task(case).id}"
                visit(actor).post(address, data={"outcome": "pass"})
            return case

    return Acts()


@pytest.mark.requirement("B01", "B02")
def test_the_gate_lets_a_correction_through_and_nothing_else(unconfirmed, acts):
    page = acts.lin.get("/account/base-data").text
    case = acts.begin()
    acts.ask(case)

    assert "申请更正基本信息" in page
    assert acts.lin.get("/home").location == "/account/base-data"
    assert acts.lin.get(f"/cases/{case.id}").status_code == 200
    assert "更正待院系审核" in acts.lin.get("/account/base-data").text
    assert acts.lin.get("/cases").location == "/account/base-data"


@pytest.mark.requirement("B02", "A24")
def test_a_corrected_graduate_reads_and_confirms_again(acts, session, cast):
    acts.corrected()

    session.rollback()
    assert session.get_one(Graduate, cast.graduate.id).major == "人工智能"
    assert acts.lin.get("/home").location == "/account/base-data"
    page = acts.lin.get("/account/base-data").text
    assert "人工智能" in page
    assert "学信网" in page
    acts.lin.post("/account/base-data")
    assert acts.lin.get("/home").status_code == 200


@pytest.mark.requirement("B02")
def test_the_reviewer_reads_what_is_asked_beside_what_stands(acts, visit, cast):
    case = acts.begin()
    acts.ask(case)

    page = visit(cast.rao).get(f"/review/{acts.task(case).id}").text

    assert "申请更正为" in page
    assert "人工智能" in page
    assert "软件工程" in page
    assert "证明.png" in page


def test_a_right_value_is_needed_for_each_wrong_one(acts):
    case = acts.begin()

    answer = acts.ask(case, new_major="")

    assert answer.status_code == 422
    assert "专业应为" in answer.text


@pytest.mark.requirement("B08")
def test_the_lists_tell_requests_and_changes_with_old_and_new(acts, visit, cast):
    acts.corrected()

    requests = visit(cast.wu).get("/graduates/corrections?which=ended").text
    changes = visit(cast.rao).get("/graduates/changes").text

    assert "专业" in requests
    assert "已更正" in requests
    assert "软件工程" in changes
    assert "人工智能" in changes
    assert "11010519491231002X" not in changes


@pytest.mark.requirement("B08", "B09")
def test_the_employment_list_names_destination_and_employer(story, visit, cast):
    story.completed()

    page = visit(cast.rao).get("/graduates/employment").text

    assert "恒信科技有限公司" in page
    assert "签就业协议形式就业" in page


@pytest.mark.requirement("B09")
def test_filters_keep_plan_education_class_and_major(visit, cast, session, published):
    cast.graduate.plan, cast.graduate.class_name = "autumn", "软件工程1班"
    session.commit()
    rao = visit(cast.rao)
    fits = "cohort=2027&plan=autumn&education=31&major=软件&class_name=软件工程1"

    for address in ("/graduates", "/graduates/employment"):
        assert "林知夏" in rao.get(f"{address}?{fits}").text
        for other in (
            "plan=spring",
            "education=11",
            "major=会计",
            "class_name=人工",
            "cohort=2026",
        ):
            assert "林知夏" not in rao.get(f"{address}?{other}").text


@pytest.mark.requirement("B08")
def test_another_college_and_another_school_see_nothing(acts, visit, cast, session):
    acts.corrected()
    session.rollback()
    other = cast.make.college(cast.school, "外国语学院", "09")
    stranger = cast.make.actor(
        cast.make.person("外院老师"), "reviewer", school_id=cast.school.id, college_id=other.id
    )
    elsewhere = cast.make.actor(
        cast.make.person("外校老师"), "office", school_id=cast.nils.school_id
    )
    session.commit()

    for actor in (stranger, elsewhere):
        for address in LISTS:
            assert "林知夏" not in visit(actor).get(address).text
