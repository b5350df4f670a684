"""Registers of graduates: what is taken in, what is refused, and with which words."""

from __future__ import annotations

import hashlib

import pytest
from sqlalchemy import func, select

from webapp.models import College, Graduate, Membership, Person
from webapp.services.accounts.actors import actors_of
from webapp.services.imports import GRADUATES, import_graduates
from webapp.services.imports.graduate_columns import (
    NATIONAL_2014,
    NATIONAL_2024,
    PINYIN,
    SCHOOL_REGISTER,
)


@pytest.fixture
def take_in(session, school, monday):
    """Import these bytes, commit what was accepted, and give the report."""

    def take(source: bytes, filename: str = "生源.xlsx", **options):
        report = import_graduates(session, school, source, filename, monday, **options)
        session.commit()
        return report

    return take


def graduates(session) -> list[Graduate]:
    return list(session.scalars(select(Graduate).order_by(Graduate.student_no)))


def errors(report) -> list[str]:
    return [remark.text for remark in report.errors]


def test_a_register_becomes_graduates_with_codes_as_text(session, take_in, register, row):
    report = take_in(register(row(1), row(2)))

    assert errors(report) == []
    lin = graduates(session)[0]
    assert (lin.student_no, lin.exam_no) == ("00000000001", "00000000000001")
    assert (lin.gender, lin.nation, lin.political_status, lin.education) == ("2", "01", "03", "31")
    assert (lin.origin_region, lin.cohort, lin.mobile) == ("340104", 2027, "19900000001")
    assert lin.register["专业代码"] == "080902"
    assert lin.online_signing_allowed
    assert lin.base_data_confirmed_at is None
    assert report.created == ["00000000001", "00000000002"]


def test_colleges_are_made_once_and_found_by_name(session, take_in, register, row):
    take_in(register(row(1), row(2), row(3, 所在院系="数学学院")))
    report = take_in(register(row(4, 所在院系=" 数学学院 ")))

    names = session.scalars(select(College.name).order_by(College.code)).all()
    assert names == ["计算机学院", "数学学院"]
    assert report.new_colleges == []


def test_graduates_can_act_with_an_account_of_their_own(session, take_in, register, row):
    report = take_in(register(row(1)))

    person = session.scalars(select(Person)).one()
    assert person.login == "1099900000000001"
    assert person.must_change_password
    (actor,) = actors_of(session, person.id)
    assert (actor.role, actor.graduate_id) == ("graduate", graduates(session)[0].id)
    assert [secret.login for secret in report.secrets] == [person.login]


@pytest.mark.requirement("A03")
def test_no_readable_password_is_stored_or_reported(session, take_in, register, row):
    report = take_in(register(row(1)))

    stored = session.scalars(select(Person.password_hash)).one()
    code = report.secrets[0].code
    assert code not in stored
    assert code.replace("-", "") not in stored
    assert hashlib.sha256(code.encode()).hexdigest() not in stored
    assert code not in str(report.as_dict())
    assert code not in repr(report)


@pytest.mark.parametrize("layout", [NATIONAL_2014, NATIONAL_2024, SCHOOL_REGISTER])
def test_each_layout_is_recognised_in_any_order_of_columns(session, take_in, workbook, row, layout):
    columns = {name: c for c in GRADUATES.columns for name in (c.header, *c.aliases)}
    values = row(1)
    headers = list(reversed(layout.headers))
    line = [values.get(columns[header].header, "") for header in headers]

    report = take_in(workbook([headers, line]), college="计算机学院")

    assert errors(report) == []
    assert report.layout == layout.label
    assert graduates(session)[0].name == "林知夏"
    assert graduates(session)[0].education == "31"
    assert not [w for w in report.warnings if "不认识的列" in w.reason]


def test_the_layouts_have_the_columns_they_are_known_for():
    sizes = [len(set(one.headers)) for one in (NATIONAL_2014, NATIONAL_2024, SCHOOL_REGISTER)]

    assert sizes == [74, 35, 32]


def test_the_upload_form_with_pinyin_codes_above_the_names_is_read(session, take_in, workbook, row):
    values = row(1)
    pairs = [(code, name) for code, name in PINYIN if name in values]
    sheet = [
        [code for code, _ in pairs],
        [name for _, name in pairs],
        [values[name] for _, name in pairs],
    ]

    report = take_in(workbook(sheet))

    assert errors(report) == []
    assert report.rows == 1
    assert graduates(session)[0].student_no == "00000000001"


def test_a_sheet_with_pinyin_codes_alone_is_read(session, take_in, workbook, row):
    values = row(1)
    pairs = [(code, name) for code, name in PINYIN if name in values]

    report = take_in(workbook([[c for c, _ in pairs], [values[n] for _, n in pairs]]))

    assert errors(report) == []
    assert len(graduates(session)) == 1


def test_every_pinyin_code_names_a_column_of_the_national_layout():
    assert {name for _, name in PINYIN} == set(NATIONAL_2014.headers)


def test_every_fault_is_told_with_row_column_and_reason(session, take_in, register, row):
    wrong = row(1)["身份证号"][:17] + ("1" if row(1)["身份证号"][17] != "1" else "2")

    report = take_in(
        register(
            row(1, 身份证号=wrong, 手机号码="12345"),
            row(2),
            row(3, 姓名="", 民族="火星族", 民族代码=""),
        )
    )

    assert errors(report) == [
        "第 2 行「身份证号」：校验位不符",
        "第 2 行「手机号码」：手机号要填 11 位，以 13 到 19 开头",
        "第 4 行「姓名」：没有填",
        "第 4 行「民族」：名称“火星族”不在代码表里",
    ]
    assert not report.accepted
    assert report.exit_status == 1


def test_one_bad_row_keeps_the_whole_file_out(session, take_in, register, row):
    report = take_in(register(row(1), row(2, 手机号码="1")))

    assert "没有导入任何一行" in report.summary
    for model in (Graduate, Person, Membership, College):
        assert session.scalar(select(func.count()).select_from(model)) == 0


def test_a_file_of_several_sheets_names_the_sheet(take_in, workbook, table, row):
    report = take_in(workbook(table(row(1)), table(row(2, 手机号码="1"))))

    assert errors(report) == [
        "工作表「表2」第 2 行「手机号码」：手机号要填 11 位，以 13 到 19 开头"
    ]


def test_several_sheets_are_taken_in_together(session, take_in, workbook, table, row):
    report = take_in(workbook(table(row(1)), table(row(2)), [["说明"], ["请按模板填写"]]))

    assert errors(report) == []
    assert len(graduates(session)) == 2
    assert [w.text for w in report.warnings if w.sheet == "表3"] == [
        "工作表「表3」：没有找到表头，没有读取"
    ]


def test_the_same_student_twice_in_a_file_is_refused(take_in, register, row):
    report = take_in(register(row(1), row(2), row(1)))

    assert errors(report) == ["第 4 行「学号」：与第 2 行的学号 00000000001 重复"]


def test_two_students_with_one_identity_number_are_refused(take_in, register, row):
    report = take_in(register(row(1), row(2, 身份证号=row(1)["身份证号"])))

    assert errors(report) == [
        "第 3 行「身份证号」：与学号 00000000001 的身份证号相同。核对两人的号码"
    ]


def test_importing_again_changes_nothing(session, take_in, register, row):
    take_in(register(row(1), row(2)))

    report = take_in(register(row(1), row(2)))

    assert (report.created, report.updated, report.unchanged) == ([], [], 2)
    assert report.secrets == []
    assert len(graduates(session)) == 2


def test_a_second_import_updates_and_says_what(session, take_in, register, row):
    take_in(register(row(1), row(2)))

    report = take_in(register(row(1, 专业="人工智能", 专业代码="080717T"), row(2)))

    (change,) = report.updated
    assert change.key == "00000000001"
    assert change.fields == {
        "专业": ("软件工程", "人工智能"),
        "专业代码": ("080902", "080717T"),
    }
    assert graduates(session)[0].major == "人工智能"
    assert graduates(session)[0].register["专业代码"] == "080717T"


def test_a_blank_cell_leaves_what_the_register_has(session, take_in, register, row):
    take_in(register(row(1)))

    report = take_in(register({"学号": row(1)["学号"], "姓名": "林知夏", "专业": ""}))

    assert report.unchanged == 1
    assert graduates(session)[0].major == "软件工程"
    assert graduates(session)[0].register["专业代码"] == "080902"


@pytest.mark.requirement("B01")
def test_a_change_to_confirmed_data_asks_for_a_new_confirmation(
    session, take_in, register, row, monday
):
    take_in(register(row(1), row(2)))
    for graduate in graduates(session):
        graduate.base_data_confirmed_at = monday
    session.commit()

    report = take_in(register(row(1, 专业="人工智能"), row(2)))

    changed, same = graduates(session)
    assert report.confirm_again == ["00000000001"]
    assert changed.base_data_confirmed_at is None
    assert same.base_data_confirmed_at == monday
    assert "1 人需要重新确认" in report.summary


@pytest.mark.requirement("B10")
@pytest.mark.parametrize(("code", "name"), [("2", "定向"), ("4", "委培")])
def test_directed_training_may_not_sign_online(session, take_in, register, row, code, name):
    take_in(register(row(1, 培养方式代码=code, 培养方式=name), row(2)))

    assert [g.online_signing_allowed for g in graduates(session)] == [False, True]


def test_a_permission_given_by_the_school_survives_the_next_import(session, take_in, register, row):
    directed = {"培养方式代码": "2", "培养方式": "定向"}
    take_in(register(row(1, **directed)))
    graduates(session)[0].online_signing_allowed = True
    session.commit()

    take_in(register(row(1, 专业="人工智能", **directed)))

    assert graduates(session)[0].online_signing_allowed


def test_codes_of_another_education_scheme_are_refused_by_name(take_in, register, row):
    report = take_in(register(row(1, 学历代码="31", 学历="大学专科毕业")))

    (error,) = report.errors
    assert error.text.startswith(
        "第 2 行「学历代码」：代码 31 是“本科生毕业”，名称写的是“大学专科毕业”（41），两者不符"
    )


@pytest.mark.requirement("P18")
def test_origin_must_go_down_to_the_county_inside_the_province(take_in, register, row):
    report = take_in(register(row(1, 生源所在地代码="340100", 生源所在地="合肥市")))

    assert errors(report) == ["第 2 行「生源所在地」：本省生源要填到县（区），现在是“合肥市”"]


def test_a_row_of_another_school_is_refused(take_in, register, row):
    report = take_in(register(row(1, 院校代码="10998")))

    assert errors(report) == ["第 2 行「院校代码」：10998 不是本校（10999）"]


def test_a_new_graduate_without_a_college_is_refused(take_in, register, row):
    values = row(1)
    del values["所在院系"]

    report = take_in(register(values))

    assert "没有填，新的毕业生不知道归哪个学院审核" in report.errors[0].text


def test_unknown_columns_are_told_and_left_out(session, take_in, register, row):
    report = take_in(register(row(1, 星座="双鱼")))

    assert [w.text for w in report.warnings if w.column == "星座"] == [
        "第 1 行「星座」：不认识的列，没有导入。需要时改成标准列名"
    ]
    assert "星座" not in graduates(session)[0].register


def test_a_missing_column_is_named_with_the_way_out(take_in, workbook):
    report = take_in(workbook([["学号", "专业", "所在院系"], ["1", "软件工程", "计算机学院"]]))

    assert errors(report)[0] == "缺少「姓名」一列。补上这一列，列名写对，顺序不限"


def test_two_columns_for_one_thing_are_refused(take_in, register, row):
    report = take_in(register(row(1, 专业名称="人工智能")))

    assert errors(report) == ["第 1 行「专业名称」：与「专业」是同一项，重复了。只留一列"]


def test_headers_may_carry_stars_and_remarks(session, take_in, workbook):
    sheet = [
        ["2027 届毕业生生源信息"],
        ["*学号（必填）", "* 姓 名", "所在院系", "毕业年份"],
        ["001", "林知夏", "计算机学院", "2027届"],
    ]

    report = take_in(workbook(sheet))

    assert errors(report) == []
    assert graduates(session)[0].cohort == 2027


def test_a_dry_run_writes_nothing(session, take_in, register, row):
    report = take_in(register(row(1)), dry_run=True)

    assert report.accepted
    assert report.created == ["00000000001"]
    assert report.secrets == []
    assert graduates(session) == []


def test_a_student_number_whose_zeros_were_lost_is_not_taken_for_another(
    session, take_in, register, row
):
    take_in(register(row(1)))

    report = take_in(register(row(1, 学号=1)))

    assert errors(report) == [
        "第 2 行「学号」：登记册里是 00000000001，前面的 0 丢失了。把学号列设为“文本”"
    ]


def test_the_same_student_number_at_two_schools_is_two_people(
    session, take_in, register, row, monday
):
    from webapp.models import School

    other = School(code="10998", name="云杭学院", settings={})
    session.add(other)
    session.commit()
    take_in(register(row(1)))

    report = import_graduates(session, other, register(row(1)), "生源.xlsx", monday)
    session.commit()

    assert errors(report) == []
    assert session.scalars(select(Person.login).order_by(Person.login)).all() == [
        "1099800000000001",
        "1099900000000001",
    ]
