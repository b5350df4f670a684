"""帐号认证申请公函: one page, filled in, the same bytes every time."""

from __future__ import annotations

from io import BytesIO

import pypdf
import pytest

from pdf.errors import DocumentRefused
from pdf.letter import render_letter
from pdf.stamps import watermark

VALUES = {
    "school_name": "云杭学院",
    "employer_name": "恒信软件有限公司",
    "uscc": "91340100MA2MRBFK0N",
    "address": "安徽省合肥市蜀山区示范路 1 号恒信大厦 12 层",
    "legal_person": "周建国",
    "manager_name": "周宁",
    "manager_id_no": "340104199001011234",
    "manager_mobile": "13800000002",
    "made_on": "2026年11月25日",
}


def words(content: bytes) -> str:
    (page,) = pypdf.PdfReader(BytesIO(content)).pages
    return "".join(page.extract_text().split())


@pytest.mark.requirement("A11", "A12")
def test_the_letter_is_one_page_with_all_that_the_account_knows():
    text = words(render_letter(VALUES).content)

    for known in ("帐号认证申请公函", *VALUES.values()):
        assert known.replace(" ", "") in text
    assert "只认公章或人事章" in text


def test_a_change_of_manager_says_that_the_old_right_ends():
    text = words(render_letter({**VALUES, "purpose": "change"}).content)

    assert "原管理者的授权自变更登记之日起终止" in text


def test_the_same_values_give_the_same_bytes():
    assert render_letter(VALUES).sha256 == render_letter(VALUES).sha256


def test_what_cannot_be_printed_is_told_with_its_label():
    with pytest.raises(DocumentRefused, match="管理者姓名"):
        render_letter({**VALUES, "manager_name": "周\u202e宁"})
    with pytest.raises(DocumentRefused, match="单位地址"):
        render_letter({**VALUES, "address": "很长的地址" * 300})


@pytest.mark.requirement("A13")
def test_a_watermark_names_whom_a_paper_is_shown_to():
    marked = watermark(render_letter(VALUES).content, "仅供单位认证核验 · 陶老师")

    assert "仅供单位认证核验·陶老师" in words(marked)
