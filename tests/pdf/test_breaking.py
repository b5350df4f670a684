"""Where a line of Chinese may end."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pdf.breaking import NEVER_FIRST, NEVER_LAST, break_lines


def lines(text: str, room: float) -> list[str]:
    widths = [0 if char == "\n" else 0.5 if ord(char) < 128 else 1 for char in text]
    return [text[line.start : line.end] for line in break_lines(text, widths, lambda _: room)]


@pytest.mark.parametrize(
    ("text", "room", "expected"),
    [
        ("甲乙双方，达成协议", 4, ["甲乙双", "方，达成", "协议"]),
        ("按照《劳动合同法》", 3, ["按照", "《劳动", "合同", "法》"]),
        ("月薪8000元整", 3, ["月薪", "8000元", "整"]),
        ("第一行\n第二行", 9, ["第一行", "第二行"]),
        ("第一行\n\n第三行", 9, ["第一行", "", "第三行"]),
        ("依法 订立", 2, ["依法", "订立"]),
        ("买买提·吐尔逊", 3, ["买买", "提·吐", "尔逊"]),
        ("", 5, [""]),
        ("abcdefgh", 2, ["abcd", "efgh"]),
    ],
)
def test_lines_end_where_chinese_allows(text, room, expected):
    assert lines(text, room) == expected


PLAIN = st.sampled_from("甲乙双方签订协议书学校单位")
TEXT = st.lists(PLAIN | st.sampled_from("，。；：？！、）》”（《“"), min_size=1, max_size=80)


@given(TEXT)
def test_no_character_is_lost(chars):
    text = "".join(chars)

    assert "".join(lines(text, 7)) == text


@given(st.lists(st.tuples(PLAIN, PLAIN, st.sampled_from("，。）》”") | PLAIN), min_size=1))
def test_no_line_begins_with_a_closing_mark(words):
    found = lines("".join("".join(word) for word in words), 7)

    assert not [line for line in found if line[0] in NEVER_FIRST]


@given(st.lists(st.tuples(st.sampled_from("（《“") | PLAIN, PLAIN, PLAIN), min_size=1))
def test_no_line_ends_with_an_opening_mark(words):
    found = lines("".join("".join(word) for word in words), 7)

    assert not [line for line in found if line[-1] in NEVER_LAST]
