"""`qianyue import-diagram`: brings a diagram of another tool into our dialect, and says how.

Needs processes and forms only, no Flask and no database. The file itself is never changed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from forms.definitions import facts
from processes.importing import Imported, import_in_process
from processes.library import called_diagrams
from processes.roles import Role
from processes.safe_xml import MAX_BYTES

STDIN = STDOUT = "-"
STATUS = {"runs": 0, "imports_with_warnings": 1, "refused": 2}
PATIENCE = 60.0


@click.command(
    help="导入其他软件画的 BPMN 流程图（- 表示标准输入）。原文件不变；表单草稿写在输出文件旁边。"
    "退出码：0 可以运行，1 有事项要处理，2 不能导入"
)
@click.argument("file", metavar="FILE")
@click.option("-o", "--output", metavar="FILE", help="把结果写到这个文件；- 表示标准输出")
@click.option("--process", metavar="ID", help="文件里有几个流程时，运行哪一个")
@click.option(
    "--role",
    "roles",
    multiple=True,
    metavar="KEY=ROLE",
    help=f"办理人或泳道的角色，如 who:manager=office；角色：{'、'.join(Role)}",
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取")
def command(
    file: str, output: str | None, process: str | None, roles: tuple[str, ...], as_json: bool
) -> None:
    data = _read(file)
    answers = dict(_role(text) for text in roles)
    if output not in (None, STDOUT) and _same(file, str(output)):
        raise click.UsageError("输出文件不能是原文件，请换一个名字。")
    found = import_in_process(
        data,
        file,
        process=process,
        roles=answers,
        called=called_diagrams(),
        forms=facts(),
        patience=PATIENCE,
    )
    if output and found.diagram is not None:
        write(found, output)
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(told(found)), err=output == STDOUT)
    raise SystemExit(STATUS[found.status])


def told(found: Imported) -> list[str]:
    """The verdict and every note, as lines."""
    trial = found.trial
    tried = f"，试走 {trial.states} 个状态、{len(trial.ends)} 种结束" if trial else ""
    lines = [f"{found.source}：{found.verdict}（元素 {found.elements} 个{tried}）"]
    lines += [f"  {note}" for note in found.notes]
    for question in found.roles:
        keys = f"--role '{question.key}={question.suggested}'"
        lines.append(f"  “{question.label}”是谁？加上 {keys} 可以写明。")
    return lines


def write(found: Imported, output: str) -> None:
    """The diagram, and its form drafts in a folder beside it."""
    assert found.diagram is not None
    if output == STDOUT:
        sys.stdout.buffer.write(found.diagram)
        return
    target = Path(output)
    try:
        target.write_bytes(found.diagram)
        for key, draft in found.forms.items():
            form = target.with_suffix(".forms") / f"{key}.json"
            form.parent.mkdir(parents=True, exist_ok=True)
            form.write_text(json.dumps(draft, ensure_ascii=False, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise click.ClickException(f"写不进 {error.filename}。请检查路径和权限。") from error


def _read(file: str) -> bytes:
    if file == STDIN:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        with Path(file).open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        click.echo(f"打不开 {file}。请检查路径和权限。", err=True)
        raise SystemExit(2) from error


def _role(text: str) -> tuple[str, str]:
    key, _, role = text.rpartition("=")
    if not key or role not in set(Role):
        raise click.UsageError(f"--role {text} 读不懂，请写成 who:办理人=office。")
    return key, role


def _same(file: str, output: str) -> bool:
    paths: list[Any] = [Path(name).resolve() for name in (file, output)]
    return file != STDIN and paths[0] == paths[1]
