"""Whatever people type is printed as text or refused, never obeyed."""

import pytest

from pdf.agreement import render_agreement
from pdf.errors import DocumentRefused
from pdf.fits import check

MARKUP = [
    "<b>粗</b>",
    "<img src=file:///etc/passwd>",
    '<img src="http://127.0.0.1:9/x.png">',
    '<td colspan="100000000">',
    "<style>@import url(/etc/passwd);</style>",
    "<pdf:nextpage />",
    "</table></body>",
    "{{ 7 * 7 }}",
    "{% include '/etc/passwd' %}",
    "&lt;script&gt; &amp; &#65;",
    "'\"><link rel=attachment href=/etc/passwd>",
    "<!-- 注 -->",
    "]]>",
]


@pytest.mark.parametrize("markup", MARKUP)
def test_markup_is_printed_as_text(values, text_of, markup):
    values["terms"]["supplement"] = markup
    values["employer"]["name"] = markup

    rendered = render_agreement(values)

    assert rendered.pages == 2
    assert text_of(rendered.content).count(markup.replace(" ", "")) == 2


@pytest.mark.parametrize(
    ("hidden", "code"),
    [
        ("\x00", "U+0000"),
        ("\x1b", "U+001B"),
        ("‮", "U+202E"),
        ("​", "U+200B"),
        ("\ud800", "U+D800"),
        ("\ue000", "U+E000"),
        ("﻿", "U+FEFF"),
    ],
)
def test_hidden_characters_are_refused_by_their_number(values, hidden, code):
    values["graduate"]["name"] = f"林{hidden}晓"

    (message,) = check(values)

    assert "姓名" in message
    assert code in message
    with pytest.raises(DocumentRefused):
        render_agreement(values)


@pytest.mark.parametrize("text", ["שלום", "محمد", "한국", "😀", "ก"])
def test_a_script_without_font_is_refused_by_name(values, text):
    values["graduate"]["name"] = text

    (message,) = check(values)

    assert f"“{text[0]}”" in message


def test_a_line_break_in_a_name_does_not_break_the_line(values, text_of):
    values["graduate"]["name"] = "林\r\n晓\t明"

    assert "林晓明" in text_of(render_agreement(values).content)


def test_an_endless_value_is_refused_quickly(values):
    values["terms"]["supplement"] = "约" * 1_000_000

    (message,) = check(values)

    assert "最多 4000 字" in message


@pytest.mark.parametrize("given", [None, 0, 3.5, True, ["a"], {"a": 1}])
def test_any_json_value_becomes_text(values, given):
    values["graduate"]["qq"] = given

    assert render_agreement(values).pages == 2


def test_a_key_nobody_knows_is_left_out(values, drawn):
    values["graduate"]["__class__"] = "x"
    values["surprise"] = {"a": 1}

    assert render_agreement(values).content == drawn.content


def test_a_number_that_is_too_long_is_told_once(values):
    values["number"] = "1" * 41

    (message,) = check(values)

    assert "协议编号" in message


@pytest.mark.parametrize("given", ["林晓", ["林晓"], 7])
def test_a_part_of_the_wrong_shape_is_told(values, given):
    values["graduate"] = given
    values["opinions"] = given

    messages = check(values)

    assert [m[:4] for m in messages] == ["甲方信息", "签署意见"]
