"""Lists of employers: codes, doubts, accounts, and what a list may never overwrite."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from webapp.models import Employer, Membership, Person
from webapp.services.imports import import_employers
from webapp.services.imports.values import uscc_check_digit

FIRST17 = "91000000MA00000A1"
USCC = FIRST17 + uscc_check_digit(FIRST17)
HENGXIN = {
    "单位名称": "恒信软件有限公司",
    "统一社会信用代码": USCC,
    "单位性质": "其他企业",
    "单位性质代码": "39",
    "单位行业": "信息传输、软件和信息技术服务业",
    "单位所在地代码": "340104",
    "单位地址": "合肥市蜀山区某路 1 号",
    "单位邮编": "230000",
    "单位联系人": "周老师",
    "联系人手机": "19900001001",
}


@pytest.fixture
def take_in(session, register, monday):
    def take(*rows):
        report = import_employers(session, register(*rows), "单位.xlsx", monday)
        session.commit()
        return report

    return take


def test_an_employer_is_taken_in_with_codes_and_an_account(session, take_in):
    report = take_in(HENGXIN)

    assert [remark.text for remark in report.remarks] == []
    hengxin = session.scalars(select(Employer)).one()
    assert (hengxin.nature, hengxin.industry, hengxin.region) == ("39", "34", "340104")
    assert session.scalars(select(Person.login)).one() == "19900001001"
    assert session.scalars(select(Membership.employer_id)).one() == hengxin.id
    assert report.secrets[0].place == "恒信软件有限公司"


def test_a_failing_check_digit_warns_and_does_not_block(session, take_in):
    report = take_in(HENGXIN | {"统一社会信用代码": "91350100M0001TGQXM"})

    assert report.accepted
    assert "校验位不符，可能是早期代码" in report.warnings[0].text
    assert session.scalars(select(Employer.uscc)).one() == "91350100M0001TGQXM"


def test_units_without_a_code_may_say_so(session, take_in):
    report = take_in(
        HENGXIN | {"统一社会信用代码": "无", "单位名称": "某部队"},
        HENGXIN | {"统一社会信用代码": "无", "单位名称": "另一部队"},
    )

    assert report.accepted
    assert len(session.scalars(select(Employer)).all()) == 2


def test_a_code_of_the_wrong_length_is_refused(take_in):
    report = take_in(HENGXIN | {"统一社会信用代码": USCC[:17]})

    assert [remark.text for remark in report.errors] == [
        "第 2 行「统一社会信用代码」：统一社会信用代码要填 18 位，现在是 17 位。"
        "没有代码的单位（如部队）写“无”"
    ]


def test_an_employer_is_found_again_by_its_code(session, take_in):
    take_in(HENGXIN)

    report = take_in(HENGXIN | {"单位名称": "恒信软件股份有限公司"})

    assert len(report.updated) == 1
    assert session.scalars(select(Employer.name)).one() == "恒信软件股份有限公司"


def test_a_verified_employer_keeps_its_own_data(session, take_in):
    take_in(HENGXIN)
    session.scalars(select(Employer)).one().verification = "letter"
    session.commit()

    report = take_in(HENGXIN | {"单位地址": "别处"})

    assert session.scalars(select(Employer.address)).one() == "合肥市蜀山区某路 1 号"
    assert "已经认证" in report.warnings[0].text


def test_a_list_cannot_take_over_the_account_of_a_known_employer(session, take_in):
    take_in(HENGXIN)

    report = take_in(HENGXIN | {"联系人手机": "19900001999"})

    assert report.secrets == []
    assert session.scalars(select(Person.login)).all() == ["19900001001"]


def test_one_contact_of_two_employers_has_one_account(session, take_in):
    take_in(HENGXIN, HENGXIN | {"单位名称": "恒信分公司", "统一社会信用代码": "无"})

    assert len(session.scalars(select(Person)).all()) == 1
    assert len(session.scalars(select(Membership)).all()) == 2


def test_the_same_employer_twice_in_a_list_is_refused(take_in):
    report = take_in(HENGXIN, HENGXIN)

    assert [remark.text for remark in report.errors] == ["第 3 行「单位名称」：与第 2 行是同一单位"]


def test_an_old_unit_nature_that_is_a_destination_is_refused(take_in):
    report = take_in(HENGXIN | {"单位性质": "", "单位性质代码": "80"})

    assert [remark.text for remark in report.errors] == [
        "第 2 行「单位性质代码」：代码 80 不在代码表里"
    ]
