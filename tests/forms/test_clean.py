"""Cleaning: invisible characters go, meaning stays."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from forms.clean import clean_line, clean_lines, half_width


def test_control_and_direction_marks_are_dropped():
    assert clean_line("恒\x00信\u202e软\u200b件\ufeff") == "恒信软件"


def test_a_line_keeps_no_line_end():
    assert clean_line(" 示例\r\n大道\t1 号 ") == "示例 大道 1 号"


def test_lines_keep_their_ends_in_one_form():
    assert clean_lines("一\r\n二\r三\u2028四 \n\n") == "一\n二\n三\n四"


def test_accents_are_composed():
    assert clean_line("Zoe\u0308") == "Zo\u00eb"


def test_full_width_punctuation_of_sentences_stays():
    assert clean_line("三个月，包住：是") == "三个月，包住：是"
    assert half_width("１３８－００") == "138-00"


def test_rare_characters_of_names_stay():
    assert clean_line("\U00020bb7\U0002b5af\U00031350") == "\U00020bb7\U0002b5af\U00031350"


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text):
    assert clean_line(clean_line(text)) == clean_line(text)
    assert clean_lines(clean_lines(text)) == clean_lines(text)
    assert "\x00" not in clean_lines(text)
