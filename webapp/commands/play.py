"""`qianyue play`: plays the scenarios beside diagrams on the real engine.

Needs processes and forms only, no Flask and no database.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from forms.definitions import facts
from processes.diagram import Diagram, UnreadableDiagram
from processes.engine import DiagramRefused
from processes.library import find_diagram_files, is_packaged, load_family, load_file
from processes.rehearsal import Rehearsal, Result, rehearse
from processes.sandbox import FormFacts
from processes.scenario import PlayedStep, ScenarioError, describe, read_scenarios

PASSED, FAILED, UNUSABLE = 0, 1, 2


@dataclass(frozen=True)
class Report:
    """One diagram: its rehearsal, or the Chinese story of why there was none."""

    file: str
    status: int
    rehearsal: Rehearsal | None = None
    story: str = ""

    def as_dict(self) -> dict[str, Any]:
        if self.rehearsal is None:
            return {"file": self.file, "status": self.status, "story": self.story}
        coverage = self.rehearsal.coverage
        return {
            "file": self.file,
            "status": self.status,
            "scenarios": [_result_as_dict(result) for result in self.rehearsal.results],
            "coverage": {
                "flows": len(coverage.flows),
                "taken": len(coverage.taken),
                "missing": [f"{key.process}/{key.flow}" for key in coverage.missing],
            },
        }


@click.command(
    help="按场景走流程图；不写文件时走随系统提供的全部流程。"
    "退出码：0 全部符合预期，1 有场景不符，2 文件不可用"
)
@click.argument("files", nargs=-1, metavar="[FILE.bpmn|FILE.toml...]")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取")
@click.option("--verbose", is_flag=True, help="列出每一步和每次操作")
def command(files: tuple[str, ...], as_json: bool, verbose: bool) -> None:
    reports = []
    for report in _reports(files):
        reports.append(report)
        if not as_json:
            click.echo("\n".join(_told(report, verbose)))
    if as_json:
        shown = [report.as_dict() for report in reports]
        click.echo(json.dumps(shown[0] if len(shown) == 1 else shown, ensure_ascii=False, indent=2))
    else:
        click.echo(_summary(reports))
    raise SystemExit(max((report.status for report in reports), default=PASSED))


def _reports(files: tuple[str, ...]) -> Iterator[Report]:
    if files:
        yield from (play_file(Path(file)) for file in files)
        return
    for found in find_diagram_files():
        if found.scenarios is None:
            yield Report(found.source, UNUSABLE, story="旁边没有场景文件。")
            continue
        diagram, called = load_family(found.family, found.variant)
        text = found.scenarios.read_text("utf-8")
        yield _rehearsed(found.source, diagram, called, text, facts(), source=found.scenario_source)


def play_file(path: Path) -> Report:
    """Play the scenarios of a diagram, or a scenario file with the diagram beside it."""
    drawn, scenarios = path.with_suffix(".bpmn"), path.with_suffix(".toml")
    if path.suffix not in {".bpmn", ".toml"}:
        return Report(str(path), UNUSABLE, story="只认识 .bpmn 和 .toml 文件。")
    for needed, what in ((path, "这个文件"), (drawn, "流程图"), (scenarios, "场景文件")):
        if not needed.is_file():
            return Report(str(path), UNUSABLE, story=f"找不到{what}：{needed}。")
    try:
        diagram, called = load_file(drawn)
        text = scenarios.read_text("utf-8")
    except UnreadableDiagram as refusal:
        story = "；".join(str(finding) for finding in refusal.findings)
        return Report(str(path), UNUSABLE, story=f"流程图读不懂：{story}")
    except UnicodeDecodeError:
        return Report(str(path), UNUSABLE, story=f"{scenarios.name} 不是 UTF-8 编码。")
    except OSError as error:
        return Report(str(path), UNUSABLE, story=f"打不开 {error.filename}。")
    return _rehearsed(
        str(path), diagram, called, text, forms_for(path, diagram, called), source=str(scenarios)
    )


def forms_for(path: Path, diagram: Diagram, called: dict[str, Diagram]) -> FormFacts | None:
    """What is known of the forms, when the diagram uses ours; else answers stay unchecked."""
    known = facts()
    used = {e.form for d in (diagram, *called.values()) for e in d.elements.values()}
    return known if is_packaged(path) or used - {None} <= set(known) else None


def _rehearsed(
    file: str,
    diagram: Diagram,
    called: dict[str, Diagram],
    text: str,
    forms: FormFacts | None,
    source: str,
) -> Report:
    try:
        rehearsal = rehearse(diagram, called, read_scenarios(text, source), forms)
    except ScenarioError as error:
        return Report(file, UNUSABLE, story=error.story)
    except DiagramRefused as refusal:
        return Report(file, FAILED, story=refusal.message)
    return Report(file, PASSED if rehearsal.passed else FAILED, rehearsal)


# -- the report ------------------------------------------------------------------------------


def _told(report: Report, verbose: bool) -> list[str]:
    if report.rehearsal is None:
        return [report.file, f"  ✗ {report.story}"]
    lines = [f"{report.rehearsal.diagram.name}（{report.file}）"]
    for result in report.rehearsal.results:
        lines.append(f"  ✓ {result.scenario.title}" if result.passed else f"  ✗ {result.story}")
        if verbose and result.played is not None:
            for step in result.played.steps:
                lines += _told_step(step)
    return lines + [f"  {line}" for line in report.rehearsal.coverage.story.splitlines()]


def _told_step(step: PlayedStep) -> list[str]:
    title = step.step.title if step.step else "开始"
    waiting = "；".join(map(describe, step.waiting)) or "没有等待办理的步骤"
    lines = [f"      {step.now:%Y-%m-%d %H:%M} {title} → {waiting}"]
    for happening in step.happened:
        if happening.kind == "called":
            outcome = happening.detail.get("outcome")
            lines.append(f"        操作 {happening.name or happening.element}：{outcome}")
        elif happening.kind == "ended":
            lines.append(f"        结束 {happening.name or happening.element}")
    return lines


def _summary(reports: list[Report]) -> str:
    results = [r for report in reports if report.rehearsal for r in report.rehearsal.results]
    failed = sum(not result.passed for result in results)
    unusable = sum(report.rehearsal is None for report in reports)
    if not failed and not unusable:
        return f"共 {len(results)} 个场景，全部符合预期。"
    told = f"共 {len(results)} 个场景，{failed} 个不符合预期"
    return told + (f"；{unusable} 个文件没有走成。" if unusable else "。")


def _result_as_dict(result: Result) -> dict[str, Any]:
    told: dict[str, Any] = {"title": result.scenario.title, "passed": result.passed}
    if result.played is None:
        return {**told, "story": result.story}
    return {**told, "ended_at": result.played.ended_at, "steps": len(result.scenario.steps)}
