"""A wrong call of the command line is told in Chinese, with where to read on, and status 2."""

from __future__ import annotations

import re

import click
import pytest
from click.testing import CliRunner

from webapp.cli import main
from webapp.usage import ChineseUsage


def call(*arguments: str) -> tuple[int, str]:
    outcome = CliRunner().invoke(main, list(arguments), prog_name="qianyue")
    return outcome.exit_code, outcome.output


@pytest.mark.parametrize(
    ("arguments", "story"),
    [
        (["frobnicate"], "没有命令 frobnicate"),
        (["check"], "缺少参数 FILE"),
        (["serve", "--prot", "1"], "没有选项 --prot，是不是 --host、--port"),
        (["serve", "--port", "x"], "选项 --port 不能用：'x' 不是整数"),
        (["serve", "--port"], "选项 --port 后面要写一个值"),
        (["serve", "extra"], "多出了参数：extra"),
    ],
)
def test_a_wrong_call_is_told_in_chinese(arguments, story):
    status, said = call(*arguments)

    assert status == 2
    assert said.startswith(story)
    assert re.search(r"\n用法见：qianyue.* --help\n$", said)
    assert not re.search(r"Error|Usage|Try|Missing|No such", said)


@click.group(cls=ChineseUsage)
def other() -> None:
    """A command line with what ours does not have."""


@other.command()
@click.option("--level", type=click.Choice(["college", "office"]))
@click.option("--name", required=True)
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
def read(level: str, name: str, file: str) -> None:
    raise click.ClickException("这个文件读不懂")


@pytest.mark.parametrize(
    ("arguments", "story"),
    [
        (["--name", "a", "/nowhere/a.xlsx"], "参数 FILE 不能用：没有找到 /nowhere/a.xlsx"),
        (["--name", "a", "/"], "参数 FILE 不能用：/ 是文件夹，这里要一个文件"),
        ([__file__], "缺少选项 --name"),
        (["--name", "a", "--level", "x", __file__], "选项 --level 不能用：'x' 不在可选的值里"),
    ],
)
def test_bad_paths_and_values_are_told_in_chinese(arguments, story):
    outcome = CliRunner().invoke(other, ["read", *arguments])

    assert outcome.exit_code == 2
    assert outcome.output.startswith(story)


def test_what_a_command_says_itself_stays_as_it_is():
    outcome = CliRunner().invoke(other, ["read", "--name", "a", __file__])

    assert (outcome.exit_code, outcome.output) == (1, "这个文件读不懂\n")


def test_help_and_version_end_well():
    assert call("--help")[0] == 0
    assert call("--version")[0] == 0
    assert call("check", "--help")[0] == 0


def test_without_a_command_the_help_is_shown():
    status, said = call()

    assert status == 2
    assert "命令" in said
    assert "用法见" not in said
