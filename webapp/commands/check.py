"""`qianyue check`: lists every fault of diagrams, each with its line and a way out.

Needs processes and forms only, no Flask and no database. Each file is checked in a process of
its own, which is killed when it takes too long.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from forms.definitions import facts
from processes.diagram import UnreadableDiagram, read_diagram
from processes.findings import Finding
from processes.kinds import label_of
from processes.library import called_diagrams, is_packaged, neighbours
from processes.safe_xml import MAX_BYTES
from processes.sandbox import UNREADABLE, CheckResult, FormFacts, check_in_process

STDIN = "-"
VERDICTS = {0: "可以运行", 1: "不能运行", 2: "读不懂"}


@dataclass(frozen=True)
class Checked:
    """A file, its bytes as far as they could be read, and what was found."""

    file: str
    data: bytes
    result: CheckResult

    def as_dict(self) -> dict[str, Any]:
        return {"file": self.file, **self.result.as_dict()}


@click.command(help="检查流程图（- 表示标准输入）。退出码：0 可以运行，1 有错误，2 读不懂")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取")
@click.option(
    "--patience", type=float, metavar="秒", help="机器繁忙时按时钟最多等多久，默认 2 秒内答复"
)
def command(files: tuple[str, ...], as_json: bool, patience: float | None) -> None:
    worst = 0
    reports = []
    for file in files:
        checked = check_file(file, patience)
        worst = max(worst, checked.result.status)
        if as_json:
            reports.append(checked.as_dict())
        else:
            click.echo("\n".join(_told(checked)))
    if as_json:
        shown = reports[0] if len(reports) == 1 else reports
        click.echo(json.dumps(shown, ensure_ascii=False, indent=2))
    raise SystemExit(worst)


def check_file(file: str, patience: float | None = None) -> Checked:
    """Check one file; one that cannot be opened is a finding, too. For `patience` see the sandbox."""
    try:
        data = _read(file)
    except OSError as error:
        return Checked(file, b"", CheckResult(UNREADABLE, (_not_opened(error),), 0, 0.0))
    result = check_in_process(
        data,
        file,
        called=_called(file, data),
        forms=_forms_for(file, data, facts()),
        patience=patience,
    )
    return Checked(file, data, result)


def _read(file: str) -> bytes:
    """Read no more than the check would accept, however large the file is."""
    if file == STDIN:
        return sys.stdin.buffer.read(MAX_BYTES + 1)
    with Path(file).open("rb") as opened:
        return opened.read(MAX_BYTES + 1)


def _called(file: str, data: bytes) -> Mapping[str, bytes]:
    """The diagrams that a call activity may name: the packaged ones and those beside the file.

    Only those whose id stands in the file, or in one that it calls, so a folder of hundreds costs
    nothing.
    """
    if not _mentions(data, "callActivity"):
        return {}
    beside = {} if file == STDIN else neighbours(Path(file))
    candidates = {**called_diagrams(), **beside}
    found: dict[str, bytes] = {}
    looked_at = [data]
    while looked_at:
        text = looked_at.pop()
        for process, other in candidates.items():
            if process not in found and _mentions(text, process):
                found[process] = other
                looked_at.append(other)
    return found


def _forms_for(file: str, data: bytes, known: FormFacts) -> FormFacts | None:
    """What is known of the forms, when the diagram uses ours; else its forms stay unchecked.

    The keys are searched in the bytes: nothing of a stranger's file is parsed in this process.
    """
    ours = file != STDIN and is_packaged(Path(file))
    return known if ours or any(_mentions(data, key) for key in known) else None


def _mentions(data: bytes, word: str) -> bool:
    """Whether a word stands in a file, be it written in UTF-8, GB18030 or UTF-16."""
    return any(word.encode(encoding) in data for encoding in ("utf-8", "utf-16-le", "utf-16-be"))


def _not_opened(error: OSError) -> Finding:
    reason = "找不到这个文件" if isinstance(error, FileNotFoundError) else "打不开这个文件"
    return Finding("not_opened", "error", "", "", 0, f"{reason}。", "请检查路径和权限。")


# -- the report ------------------------------------------------------------------------------


def _told(checked: Checked) -> list[str]:
    result = checked.result
    title = "标准输入" if checked.file == STDIN else checked.file
    errors = sum(finding.forbids_running for finding in result.findings)
    warnings = len(result.findings) - errors
    counts = "，".join(
        part
        for part in (
            f"元素 {result.elements} 个" if result.elements else "",
            f"错误 {errors} 处" if errors else "",
            f"提醒 {warnings} 处" if warnings else "",
        )
        if part
    )
    head = f"{title}：{VERDICTS[result.status]}" + (f"（{counts}）" if counts else "")
    kinds = _kinds(checked)
    return [head, *(f"  {_line(finding, kinds)}" for finding in result.findings)]


def _line(finding: Finding, kinds: Mapping[str, str]) -> str:
    mark = "错误" if finding.forbids_running else "提醒"
    where = f"行 {finding.line}" if finding.line else "整个文件"
    name = f"「{finding.name}」" if finding.name else ""
    what = f"{kinds.get(finding.element, '')}{name}"
    if finding.element:
        what += f"({finding.element})"
    place = f"{where} · {what}" if what else where
    return f"{mark} {place}：{finding.message} 办法：{finding.way_out}"


def _kinds(checked: Checked) -> dict[str, str]:
    """What each element is called in Chinese. Only for a file that the check could read."""
    if checked.result.status == UNREADABLE or not checked.result.findings:
        return {}
    try:
        diagram = read_diagram(checked.data, checked.file)
    except UnreadableDiagram:
        return {}
    kinds = {element.id: label_of(element.kind) for element in diagram.elements.values()}
    return kinds | dict.fromkeys(diagram.flows, "连线") | {diagram.process: "流程"}
