"""`qianyue cover`: how much of diagrams their scenarios take, as words and as one HTML file.

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
from processes.coverage import Coverage
from processes.diagram import Diagram
from processes.engine import DiagramRefused
from processes.rehearsal import Rehearsal, rehearse

from .cover_sheet import draw_sheet
from .explore import Source, sources

FINE, MISSING, UNUSABLE = 0, 1, 2


@dataclass(frozen=True)
class Covered:
    """One diagram with what it calls and what its scenarios took, or why nothing was played."""

    source: Source
    coverage: Coverage | None = None
    failed: tuple[str, ...] = ()
    story: str = ""

    @property
    def percent(self) -> float:
        """The share of flows that were taken, rounded down to a tenth: 100.0 means all."""
        if self.coverage is None or not self.coverage.flows:
            return 0.0
        return 1000 * len(self.coverage.taken) // len(self.coverage.flows) / 10

    @property
    def diagrams(self) -> dict[str, Diagram]:
        diagram = self.source.diagram
        return {diagram.process: diagram, **(self.source.called or {})} if diagram else {}

    def as_dict(self) -> dict[str, Any]:
        found = {"file": self.source.file, "percent": self.percent, "story": self.story}
        if self.coverage is None:
            return found
        return found | {
            "flows": len(self.coverage.flows),
            "taken": len(self.coverage.taken),
            "missing": [f"{key.process}/{key.flow}" for key in self.coverage.missing],
            "failed": list(self.failed),
        }


@click.command(
    help="场景走过流程图的多少连线；不写文件时看随系统提供的全部流程。"
    "退出码：0 达到要求，1 没有达到或有场景不符，2 文件不可用"
)
@click.argument("files", nargs=-1, metavar="[FILE.bpmn...]")
@click.option("--at-least", default=100.0, show_default=True, help="要求走过的百分比")
@click.option(
    "--html", "page", type=click.Path(dir_okay=False, path_type=Path), help="另写一个网页文件"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取")
def command(files: tuple[str, ...], at_least: float, page: Path | None, as_json: bool) -> None:
    covered = [cover(source) for source in sources(files)]
    if as_json:
        click.echo(json.dumps([one.as_dict() for one in covered], ensure_ascii=False, indent=2))
    else:
        for one in covered:
            click.echo("\n".join(_told(one)))
    if page:
        page.write_text(draw_sheet(covered), encoding="utf-8")
        click.echo(f"已写入 {page}", err=as_json)
    raise SystemExit(max((status_of(one, at_least) for one in covered), default=FINE))


def cover(source: Source) -> Covered:
    """Play the scenarios beside a diagram and measure what they take."""
    if source.diagram is None:
        return Covered(source, story=source.story)
    try:
        rehearsal = rehearse(source.diagram, source.called or {}, source.scenarios, _forms(source))
    except DiagramRefused as refusal:
        return Covered(source, story=refusal.message)
    return Covered(source, rehearsal.coverage, tuple(_failed(rehearsal)))


def status_of(covered: Covered, at_least: float) -> int:
    if covered.coverage is None:
        return UNUSABLE
    return MISSING if covered.failed or covered.percent < at_least else FINE


def _forms(source: Source) -> Any:
    """What is known of the forms, where all of them are ours; else answers stay unchecked."""
    known = facts()
    diagrams = [source.diagram, *(source.called or {}).values()]
    used = {element.form for one in diagrams if one for element in one.elements.values()}
    return known if used - {None} <= set(known) else None


def _failed(rehearsal: Rehearsal) -> Iterator[str]:
    return (result.story for result in rehearsal.results if not result.passed)


def _told(covered: Covered) -> Iterator[str]:
    if covered.coverage is None:
        yield covered.source.file
        yield f"  ✗ {covered.story}"
        return
    name = covered.source.diagram.name if covered.source.diagram else ""
    yield f"{name}（{covered.source.file}）  {covered.percent:g} %"
    for line in covered.coverage.story.splitlines():
        yield f"  {line}"
    for story in covered.failed:
        yield f"  ✗ {story}"
