"""`qianyue explore`: tries everything that can happen in a diagram, and shows what must not.

Needs processes and forms only, no Flask and no database. Values that no form lists come from the
scenarios beside the diagram.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from forms.definitions import facts
from processes.diagram import Diagram, UnreadableDiagram
from processes.engine import DiagramRefused, compile_release
from processes.explore import Explored, explore
from processes.explore.results import Fault
from processes.explore.scenarios import scenario_text
from processes.library import find_diagram_files, load_family, load_file
from processes.scenario import Scenario, ScenarioError, read_scenarios
from processes.tokengame import faults_between

FINE, FAULTS, UNUSABLE = 0, 1, 2


@dataclass(frozen=True)
class Source:
    """A diagram with what it calls and the scenarios beside it, or why there is none."""

    file: str
    diagram: Diagram | None = None
    called: dict[str, Diagram] | None = None
    scenarios: tuple[Scenario, ...] = ()
    story: str = ""


@click.command(
    help="把流程图里能发生的事全部走一遍：每种回答、操作结果、期限和消息；不写文件时走随系统提供的全部流程。"
    "退出码：0 没有问题，1 有问题（附上怎样走到），2 文件不可用"
)
@click.argument("files", nargs=-1, metavar="[FILE.bpmn...]")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取")
def command(files: tuple[str, ...], as_json: bool) -> None:
    told, worst = [], FINE
    for source in sources(files):
        status, report, lines = _explored(source)
        worst = max(worst, status)
        told.append(report)
        if not as_json:
            click.echo("\n".join(lines))
    if as_json:
        click.echo(json.dumps(told[0] if len(told) == 1 else told, ensure_ascii=False, indent=2))
    raise SystemExit(worst)


def sources(files: tuple[str, ...]) -> Iterator[Source]:
    """The named files, or every packaged diagram."""
    if files:
        yield from (read_source(Path(file)) for file in files)
        return
    for found in find_diagram_files():
        diagram, called = load_family(found.family, found.variant)
        text = found.scenarios.read_text("utf-8") if found.scenarios else ""
        scenarios = read_scenarios(text, found.scenario_source) if text else ()
        yield Source(found.source, diagram, called, scenarios)


def read_source(path: Path) -> Source:
    """A diagram from a file, with the scenarios beside it where there are any."""
    beside = path.with_suffix(".toml")
    try:
        diagram, called = load_file(path)
        scenarios = (
            read_scenarios(beside.read_text("utf-8"), str(beside)) if beside.exists() else ()
        )
    except UnreadableDiagram as refusal:
        return Source(str(path), story="；".join(str(finding) for finding in refusal.findings))
    except ScenarioError as error:
        return Source(str(path), story=error.story)
    except UnicodeDecodeError:
        return Source(str(path), story=f"{beside.name} 不是 UTF-8 编码。")
    except OSError as error:
        return Source(str(path), story=f"打不开 {error.filename}。请检查路径和权限。")
    return Source(str(path), diagram, called, scenarios)


def explored(source: Source) -> Explored:
    """Everything that can happen. Raises DiagramRefused."""
    assert source.diagram is not None
    return explore(source.diagram, source.called or {}, facts(), source.scenarios)


def _explored(source: Source) -> tuple[int, dict[str, Any], list[str]]:
    if source.diagram is None:
        return UNUSABLE, _report(source, UNUSABLE), [source.file, f"  ✗ {source.story}"]
    begun = time.monotonic()
    try:
        found = explored(source)
        parted = faults_between(found, compile_release(source.diagram, source.called or {}))
    except DiagramRefused as refusal:
        return (
            FAULTS,
            _report(source, FAULTS, refusal.message),
            [source.file, f"  ✗ {refusal.message}"],
        )
    seconds = time.monotonic() - begun
    faults = (*parted, *found.faults)
    status = FAULTS if any(fault.finding.forbids_running for fault in faults) else FINE
    moves = sum(len(state.following) for state in found.states)
    size = f"{len(found.states)} 个状态，{moves} 步，{len(found.ends)} 种结束"
    lines = [f"{source.diagram.name}（{source.file}）", f"  {size}，{seconds:.2f} 秒"]
    lines += [line for fault in faults for line in _told(fault)]
    report = _report(source, status) | {
        "states": len(found.states),
        "moves": moves,
        "ends": sorted(found.ends),
        "complete": found.complete,
        "findings": [_as_dict(fault) for fault in faults],
    }
    return status, report, lines


def _report(source: Source, status: int, story: str = "") -> dict[str, Any]:
    return {"file": source.file, "status": status, "story": story or source.story}


def _as_dict(fault: Fault) -> dict[str, Any]:
    path = {"scenario": scenario_text(fault.path)} if fault.path else {}
    return fault.finding.as_dict() | path


def _told(fault: Fault) -> Iterator[str]:
    yield f"  ✗ {fault.finding}"
    if fault.path is None:
        return
    for act in fault.path.acts:
        what = {"start": "开始", "time": "时间过去", "message": f"消息 {act.message}"}.get(act.kind)
        chosen = "，".join(f"{name}={value}" for name, value in act.answers.items())
        calls = "".join(f"；{operator} → {outcome}" for operator, outcome in act.calls)
        yield f"      {what or act.element}{f'（{chosen}）' if chosen else ''}{calls}"
