"""How the command line says that it was called wrongly: in Chinese, with the way out, status 2."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import click

PROGRAM = "qianyue"
TYPES = {"integer": "整数", "float": "数", "boolean": "是或否", "datetime": "日期"}
KINDS = {"argument": "参数", "option": "选项", "parameter": "参数"}
PATHS = (
    (re.compile(r"(?:File|Directory|Path) '(.*)' does not exist\."), "没有找到 {0}"),
    (re.compile(r"File '(.*)' is a directory\."), "{0} 是文件夹，这里要一个文件"),
    (re.compile(r"Directory '(.*)' is a file\."), "{0} 是文件，这里要一个文件夹"),
    (re.compile(r"(?:File|Directory|Path) '(.*)' is not readable\."), "{0} 不能读"),
    (re.compile(r"(?:File|Directory|Path) '(.*)' is not writable\."), "{0} 不能写"),
    (re.compile(r"'(.*)' is not a valid (\w+)(?: range)?\."), "{0!r} 不是{1}"),
    (re.compile(r"(.*) is not in the range (.*)\."), "{0} 不在范围内：{1}"),
    (re.compile(r"'(.*)' is not one of (.*)\."), "{0!r} 不在可选的值里：{1}"),
)


def say(error: click.UsageError) -> str:
    """What is wrong, in Chinese. What click says in words of its own stays as it is."""
    if isinstance(error, click.NoSuchOption):
        return f"没有选项 {error.option_name}" + near(error.possibilities)
    if isinstance(error, click.MissingParameter):
        return f"缺少{kind(error)} {name(error)}".rstrip()
    if isinstance(error, click.BadParameter):
        return f"{kind(error)} {name(error)} 不能用：{say_value(error.message)}"
    if isinstance(error, click.BadOptionUsage):
        return f"选项 {error.option_name} 后面要写一个值"
    for pattern, text in (
        (r"No such command '(.*)'\.", "没有命令 {0}"),
        (r"Missing command\.", "缺少命令"),
        (r"Got unexpected extra arguments? \((.*)\)", "多出了参数：{0}"),
    ):
        if found := re.match(pattern, error.message):
            return text.format(*found.groups())
    return error.message


def say_value(message: str) -> str:
    """What is wrong with a value."""
    for pattern, text in PATHS:
        if found := pattern.fullmatch(message):
            return text.format(*(TYPES.get(part, part) for part in found.groups()))
    return message


def kind(error: click.BadParameter) -> str:
    given = str(getattr(error, "param_type", None) or getattr(error.param, "param_type_name", ""))
    return KINDS.get(given, "参数")


def name(error: click.BadParameter) -> str:
    """The parameter as the person types it: `--school`, or the argument's name."""
    if error.param is None:
        return str(error.param_hint or "")
    if isinstance(error.param, click.Argument):
        return error.param.make_metavar(error.ctx) if error.ctx else str(error.param.name).upper()
    return " / ".join(error.param.opts)


def near(possibilities: Any) -> str:
    return f"，是不是 {'、'.join(sorted(possibilities))}" if possibilities else ""


class ChineseUsage(click.Group):
    """A group that tells wrong calls in Chinese, its own and those of its commands."""

    def main(self, *args: Any, standalone_mode: bool = True, **more: Any) -> Any:
        run: Callable[..., Any] = super().main
        if not standalone_mode:
            return run(*args, standalone_mode=False, **more)
        try:
            result = run(*args, standalone_mode=False, **more)
        except click.exceptions.NoArgsIsHelpError as error:
            click.echo(error.message, err=True)
            raise SystemExit(2) from None
        except click.UsageError as error:
            where = error.ctx.command_path if error.ctx else PROGRAM
            click.echo(f"{say(error)}\n用法见：{where} --help", err=True)
            raise SystemExit(2) from None
        except click.ClickException as error:
            click.echo(error.format_message(), err=True)
            raise SystemExit(error.exit_code) from None
        except click.Abort:
            click.echo("已中止", err=True)
            raise SystemExit(1) from None
        raise SystemExit(result if isinstance(result, int) else 0)
