"""A school's own expressions: safe ones pass, those that could hang a worker do not."""

from __future__ import annotations

import pytest

from forms.bounded import regex_fault


@pytest.mark.parametrize(
    "pattern", ["[0-9]{6}", "(20[0-9]{2})-[A-Z]{1,8}", "甲|乙", "[A-Z]?[0-9]{8,12}", r"\d{4}届"]
)
def test_bounded_expressions_are_accepted(pattern):
    assert regex_fault(pattern) is None


@pytest.mark.parametrize(
    ("pattern", "word"),
    [
        ("(a+)+$", "没有上限"),
        ("[0-9]*", "没有上限"),
        ("a{3,}", "没有上限"),
        ("a{0,5000}", "没有上限"),
        ("(a{0,20}){0,20}b", "不能再套重复"),
        ("(a|aa){0,50}", "拆开写"),
        ("a{0,9}a{0,9}a{0,9}b", "最多 2 处"),
        (r"(a)\1", "不支持"),
        ("(?=a)b", "不支持"),
        ("[", "写错了"),
        ("a" * 201, "最长 200"),
    ],
)
def test_dangerous_expressions_are_refused_with_a_way_out(pattern, word):
    assert word in str(regex_fault(pattern))
