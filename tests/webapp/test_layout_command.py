"""`qianyue layout` at the keyboard: it renews a file, or tells what is wrong with it."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from processes.layout import measure, renew_drawing
from webapp.cli import main

PLAIN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="D" targetNamespace="x">
  <process id="P">
    <startEvent id="s" name="发起"/><task id="a" name="审核"/>
    <sequenceFlow id="f" sourceRef="s" targetRef="a"/>
  </process>
</definitions>
"""


@pytest.fixture
def file(tmp_path) -> Path:
    path = tmp_path / "plain.bpmn"
    path.write_text(PLAIN, encoding="utf-8")
    return path


def run(*arguments: object):
    return CliRunner().invoke(main, ["layout", *map(str, arguments)])


def test_a_file_gets_its_drawing(file):
    result = run(file)

    assert result.exit_code == 0
    assert "已整理（图形 2 个，连线 1 条" in result.output
    assert file.read_bytes() == renew_drawing(PLAIN.encode())


def test_a_second_run_says_that_nothing_is_left_to_do(file):
    run(file)
    once = file.read_bytes()

    result = run(file)

    assert "已经是整理好的" in result.output
    assert file.read_bytes() == once


def test_another_file_may_take_the_drawing(file, tmp_path):
    target = tmp_path / "drawn.bpmn"

    result = run(file, "--output", target)

    assert result.exit_code == 0
    assert file.read_text(encoding="utf-8") == PLAIN
    assert measure(target.read_bytes()).flaws == ()


def test_the_drawing_may_go_to_the_screen(file):
    result = run(file, "--output", "-")

    assert result.stdout_bytes == renew_drawing(PLAIN.encode())


def test_the_check_tells_what_is_missing_and_changes_nothing(file):
    result = run("--check", file)

    assert result.exit_code == 1
    assert "「审核」(a) 没有画在图上。" in result.output
    assert "连线 f 没有画在图上。" in result.output
    assert file.read_text(encoding="utf-8") == PLAIN


def test_the_check_is_content_with_a_renewed_file(file):
    run(file)

    result = run("--check", file)

    assert result.exit_code == 0
    assert "画面清楚" in result.output


def test_what_cannot_be_read_is_told_and_the_others_are_still_looked_at(file, tmp_path):
    broken = tmp_path / "broken.bpmn"
    broken.write_bytes(b"<html/>")

    result = run(broken, tmp_path / "nowhere.bpmn", file)

    assert result.exit_code == 2
    assert "不是 BPMN 2.0 流程图" in result.output
    assert "找不到这个文件" in result.output
    assert "已整理" in result.output
    assert broken.read_bytes() == b"<html/>"


def test_one_output_cannot_take_two_files(file):
    result = run(file, file, "--output", "-")

    assert result.exit_code == 2
    assert "--output 只能用于整理一个文件" in result.output
