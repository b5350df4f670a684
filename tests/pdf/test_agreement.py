"""The drawn agreement: two pages that carry every value and all seven clauses."""

import re

import pytest

from pdf.agreement import render_agreement
from pdf.breaking import NEVER_FIRST, NEVER_LAST
from pdf.errors import DocumentRefused
from pdf.values import read_values

NOT_PRINTED = {"school.code", "verify_url"}  # inside the number and the code
POINTS_PER_MM = 72 / 25.4
SUPPLEMENT_LEFT = (14 + 13 + 15) * POINTS_PER_MM


def packed(text):
    return re.sub(r"\s+", "", text)


@pytest.mark.requirement("F10", "G25")
def test_an_agreement_has_two_pages(drawn):
    assert drawn.pages == 2


@pytest.mark.requirement("B03")
def test_every_value_can_be_read_from_the_paper(drawn, values, text_of):
    text = text_of(drawn.content)

    missing = [
        path
        for path, value in read_values(values).texts()
        if path not in NOT_PRINTED and any(packed(v) not in text for v in value.split("\n"))
    ]

    assert missing == []


def test_all_seven_clauses_are_printed(drawn, text_of):
    text = text_of(drawn.content)

    assert [f"第{n}条" for n in "一二三四五六七" if f"第{n}条" not in text] == []
    assert "甲方离校时未取得毕业资格" in text
    assert "违约金人民币5000元" in text
    assert "本协议一式3份" in text


@pytest.mark.parametrize(("cohort", "mentioned"), [(2022, True), (2023, False), (2027, False)])
def test_the_dispatch_card_ends_with_the_cohort_of_2023(values, text_of, cohort, mentioned):
    values["cohort"] = cohort

    text = text_of(render_agreement(values).content)

    assert ("就业报到证" in text) is mentioned


def test_a_school_words_its_own_clauses(values, text_of):
    values["wording"] = {"graduation": "未按时领取毕业证", "contract_party": "乙方"}

    text = text_of(render_agreement(values).content)

    assert "1.甲方未按时领取毕业证；" in text
    assert "乙方应按照《劳动合同法》" in text


def test_drawing_twice_gives_the_same_bytes(drawn, values):
    again = render_agreement(values)

    assert again.content == drawn.content
    assert again.sha256 == drawn.sha256


def test_an_empty_form_still_has_two_pages(text_of):
    empty = render_agreement({"school": {"name": "江淮工程大学"}, "cohort": 2027})

    assert empty.pages == 2
    assert "审核通过后编号" in text_of(empty.content)


def test_a_supplement_of_a_thousand_characters_is_printed_whole(values, text_of):
    values["terms"]["supplement"] = "甲乙双方约定，乙方提供住房（含水电）。" * 53
    assert len(values["terms"]["supplement"]) > 1000

    rendered = render_agreement(values)

    assert rendered.pages == 2
    assert values["terms"]["supplement"] in text_of(rendered.content)


def test_the_longest_values_that_fit_still_make_two_pages(values):
    values["cohort"] = 2022
    values["wording"] = {"graduation": "甲" * 60, "contract_party": "双" * 12, "holders": "方" * 60}
    values["terms"]["penalty"] = "违" * 60
    values["version"] = 12
    values["opinions"] = {
        "graduate": {"text": "意" * 300, "signed_by": "名" * 20, "signed_on": "日" * 20},
        "employer": {"text": "意" * 300, "signed_by": "名" * 16, "signed_on": "日" * 20},
        "superior": {"text": "意" * 300, "signed_by": "章" * 40, "signed_on": "日" * 20},
    }

    assert render_agreement(values).pages == 2


def test_nothing_leaves_the_page(drawn, words_of):
    words = words_of(drawn.content)
    left, right = 14 * POINTS_PER_MM, (210 - 14) * POINTS_PER_MM

    assert len(words) > 100
    assert [w for w in words if w.left < left - 1 or w.right > right + 1] == []
    assert [w for w in words if w.top < 20 or w.bottom > 835] == []


def test_no_word_covers_another(values, words_of):
    values["employer"]["name"] = "安徽省合肥市高新技术产业开发区恒信信息技术与人工智能研究院" * 2
    values["graduate"]["home_address"] = "新疆维吾尔自治区巴音郭楞蒙古自治州和静县" * 5
    values["terms"]["supplement"] = "甲乙双方约定，如下事项均应遵守。" * 60
    words = words_of(render_agreement(values).content)

    # A font's box is taller than its ink: compare the middle thirds.
    boxes = [
        (w, w.middle - (w.bottom - w.top) / 6, w.middle + (w.bottom - w.top) / 6) for w in words
    ]
    covered = [
        (a.text, b.text)
        for i, (a, a_top, a_bottom) in enumerate(boxes)
        for b, b_top, b_bottom in boxes[i + 1 :]
        if a.page == b.page and a_top < b_bottom and b_top < a_bottom
        if a.left < b.right - 0.5 and b.left < a.right - 0.5
    ]

    assert covered == []


def test_drawn_lines_begin_and_end_as_chinese_does(values, words_of):
    values["terms"]["supplement"] = (
        "乙方提供住房（含水电），“五险一金”按规定缴纳；其他事项，另议。" * 25
    )
    words = words_of(render_agreement(values).content)

    rows: dict[int, list] = {}
    for word in words:
        if word.page == 1 and word.left > SUPPLEMENT_LEFT and 580 < word.middle < 800:
            rows.setdefault(round(word.middle), []).append(word)
    lines = ["".join(w.text for w in sorted(row, key=lambda w: w.left)) for row in rows.values()]

    assert len(lines) > 10
    assert [line for line in lines if line[0] in NEVER_FIRST] == []
    assert [line for line in lines if line[-1] in NEVER_LAST] == []


def test_what_does_not_fit_is_refused_and_not_cut(values):
    values["terms"]["hukou"] = "长" * 500

    with pytest.raises(DocumentRefused) as refused:
        render_agreement(values)

    assert "单位是否解决户籍" in refused.value.story
