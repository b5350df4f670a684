"""毕业生派遣, 毕业生联系方式, 数据核查: read as tables, filtered, paged, taken along as a spreadsheet."""

from __future__ import annotations

import io

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select, update

from webapp.models import Audit, Destination
from webapp.pages.paging import PAGE

KINDS = ("dispatch", "contacts", "checks")
WHOLE = {
    "id_no": "110105199901010019", "origin_region": "340104", "nation": "01", "class_name": "1班",
    "political_status": "13", "years": "4", "mobile": "13800000001",
}  # fmt: skip


@pytest.fixture
def whole(session, cast, published):
    """Lin's line without anything to look at."""
    for key, value in WHOLE.items():
        setattr(cast.graduate, key, value)
    cast.school.settings = {**cast.school.settings, "region": "340000"}
    session.commit()
    return cast.graduate


def sheet(answer) -> list[list[str]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.data))
    return book.get_sheet_by_index(0).to_python()


def change(session, graduate, **values):
    for key, value in values.items():
        setattr(graduate, key, value)
    session.commit()


@pytest.mark.requirement("B08", "B09")
def test_dispatch_tells_destination_agreement_and_confirmation(whole, story, visit, cast):
    story.completed()

    page = visit(cast.wu).get("/graduates/dispatch").text

    assert "恒信科技有限公司" in page
    assert "签就业协议形式就业" in page
    assert "1101**********0019" in page
    assert WHOLE["id_no"] not in page
    assert "林知夏" in visit(cast.wu).get("/graduates/dispatch?which=yes").text
    assert "林知夏" not in visit(cast.wu).get("/graduates/dispatch?which=no").text


@pytest.mark.requirement("B08")
def test_contacts_tell_how_graduates_are_reached(whole, visit, cast, session):
    change(session, whole, email="lin@example.com", home_address="示例路 1 号")

    page = visit(cast.rao).get("/graduates/contacts").text

    for told in ("13800000001", "lin@example.com", "示例路 1 号"):
        assert told in page


@pytest.mark.requirement("B08")
def test_who_has_nothing_to_look_at_is_in_no_check(whole, visit, cast):
    assert "林知夏" not in visit(cast.wu).get("/graduates/checks").text


@pytest.mark.requirement("B08")
@pytest.mark.parametrize(
    ("wrong", "check", "told"),
    [
        ({"id_no": ""}, "roll", "没有身份证号"),
        ({"origin_region": ""}, "origin", "没有生源地"),
        ({"origin_region": "110000"}, "origin", "生源地没有到市"),
        ({"origin_region": "340100"}, "origin", "省内生源地没有到县区"),
        ({"mobile": "", "nation": ""}, "quality", "没有民族、手机号码"),
    ],
)
def test_a_check_names_what_is_wrong(whole, visit, cast, session, wrong, check, told):
    change(session, whole, **wrong)
    wu = visit(cast.wu)

    for which in ("", check):
        assert told in wu.get(f"/graduates/checks?which={which}").text
    for other in {"roll", "origin", "quality", "employer"} - {check}:
        assert "林知夏" not in wu.get(f"/graduates/checks?which={other}").text


@pytest.mark.requirement("B08")
def test_a_city_is_enough_outside_the_province(whole, visit, cast, session):
    change(session, whole, origin_region="320100")

    assert "林知夏" not in visit(cast.wu).get("/graduates/checks").text


@pytest.mark.requirement("B08")
def test_two_graduates_with_one_identity_number_are_told(whole, visit, cast, session):
    cast.make.graduate(cast.school, cast.college, "林之夏", **WHOLE)
    session.commit()

    page = visit(cast.wu).get("/graduates/checks?which=roll").text

    assert page.count("身份证号与另一位毕业生相同") == 2


@pytest.mark.requirement("B08")
def test_a_signing_with_an_unverified_employer_is_looked_at(whole, story, visit, cast, session):
    story.completed()
    wu = visit(cast.wu)
    before = wu.get("/graduates/checks?which=employer").text
    session.rollback()
    cast.employer.verification = "letter"
    session.commit()

    assert "未核验单位资质" in before
    assert "林知夏" not in wu.get("/graduates/checks?which=employer").text


@pytest.mark.requirement("B08")
def test_a_signing_that_is_not_yet_in_effect_names_its_employer_too(
    whole, story, visit, cast, session, monday
):
    story.completed()
    session.rollback()
    session.execute(update(Destination).values(closed_at=monday))
    session.commit()

    page = visit(cast.wu).get("/graduates/checks?which=employer").text

    assert "恒信科技有限公司未核验单位资质" in page


@pytest.mark.requirement("B09")
@pytest.mark.parametrize("kind", KINDS)
def test_the_filters_of_the_register_work_on_every_list(whole, visit, cast, session, kind):
    change(session, whole, plan="autumn", nation="" if kind == "checks" else "01")
    rao = visit(cast.rao)

    assert "林知夏" in rao.get(f"/graduates/{kind}?plan=autumn&major=软件&q=林").text
    assert "林知夏" not in rao.get(f"/graduates/{kind}?plan=spring").text


@pytest.mark.requirement("B09")
@pytest.mark.parametrize("kind", KINDS)
def test_a_list_pages_by_key_and_its_spreadsheet_has_every_line(
    published, visit, cast, session, kind
):
    for number in range(PAGE + 5):
        cast.make.graduate(cast.school, cast.college, f"同学{number:02}")
    session.commit()
    wu = visit(cast.wu)

    first = wu.get(f"/graduates/{kind}").text
    next_page = first.split("before=")[1].split('"')[0]
    second = wu.get(f"/graduates/{kind}?before={next_page}").text
    lines = sheet(wu.get(f"/graduates/{kind}.xlsx?before={next_page}"))

    assert first.count("同学") == PAGE
    assert second.count("同学") == 5
    assert len([line for line in lines if line[0].startswith("同学")]) == PAGE + 5


@pytest.mark.requirement("B08")
def test_a_spreadsheet_keeps_the_filter_hides_numbers_and_is_on_record(whole, visit, cast, session):
    cast.make.graduate(cast.school, cast.college, "秦川", **WHOLE)
    session.commit()
    answer = visit(cast.wu).get("/graduates/dispatch.xlsx?q=林知夏")
    lines = sheet(answer)

    assert lines[0][:4] == ["姓名", "学号", "院系", "身份证号"]
    assert [line[0] for line in lines[1:]] == ["林知夏"]
    assert lines[1][1:4] == [whole.student_no, "计算机学院", "1101**********0019"]
    session.rollback()
    acts = session.execute(select(Audit.act, Audit.about).where(Audit.act == "list_exported"))
    assert acts.all() == [("list_exported", "毕业生派遣")]


def test_a_name_that_looks_like_a_formula_stays_text(published, visit, cast, session):
    cast.make.graduate(cast.school, cast.college, "=1+1")
    session.commit()

    lines = sheet(visit(cast.wu).get("/graduates/contacts.xlsx"))

    assert "=1+1" in [line[0] for line in lines]


@pytest.mark.requirement("B08", "I9")
@pytest.mark.parametrize("kind", KINDS)
def test_another_college_and_another_school_see_nothing(whole, visit, cast, session, kind):
    change(session, whole, nation="")
    college = cast.make.college(cast.school, "外国语学院", "09")
    stranger = cast.make.actor(
        cast.make.person("外院老师"), "reviewer", school_id=cast.school.id, college_id=college.id
    )
    elsewhere = cast.make.actor(
        cast.make.person("外校老师"), "office", school_id=cast.nils.school_id
    )
    session.commit()

    for actor in (stranger, elsewhere):
        page = visit(actor).get(f"/graduates/{kind}").text
        lines = sheet(visit(actor).get(f"/graduates/{kind}.xlsx"))
        assert "林知夏" not in page
        assert "林知夏" not in [line[0] for line in lines]


def test_an_unknown_list_is_not_there(published, visit, cast):
    assert visit(cast.wu).get("/graduates/secrets.xlsx").status_code == 404
