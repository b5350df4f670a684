"""`qianyue paths`: the few paths that take every sequence flow, and one more for each refusal, lapse
and withdrawal; as scenarios.

With --write they are added to the scenario file beside the diagram: only those that show something
which no scenario there shows yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click

from processes.engine import DiagramRefused
from processes.explore.paths import titled_path, worthy_paths
from processes.explore.results import Act
from processes.explore.results import Path as Way
from processes.explore.scenarios import scenario_text
from processes.explore.turns import Turn, Turns
from processes.rehearsal import rehearse

from .explore import FAULTS, FINE, UNUSABLE, Source, explored, read_source


@click.command(
    help="列出走遍每条连线的最少路径，并为每种拒绝、逾期和撤回各加一条。"
    "--write 把还没有场景走过的路径写进旁边的 .toml。"
    "退出码：0 正常，1 流程图有问题，2 文件不可用"
)
@click.argument("file", metavar="FILE.bpmn")
@click.option("--write", is_flag=True, help="写进流程图旁边的场景文件")
@click.option("--toml", "as_toml", is_flag=True, help="以场景的写法输出")
def command(file: str, write: bool, as_toml: bool) -> None:
    source = read_source(Path(file))
    if source.diagram is None:
        click.echo(f"{file}：{source.story}", err=True)
        raise SystemExit(UNUSABLE)
    try:
        ways = _ways(source, only_new=write)
    except DiagramRefused as refusal:
        click.echo(f"{file}：{refusal.message}", err=True)
        raise SystemExit(FAULTS) from None
    if write:
        _write(Path(file).with_suffix(".toml"), ways)
    elif as_toml:
        click.echo("\n".join(map(scenario_text, ways)), nl=False)
    else:
        click.echo("\n".join(line for way in ways for line in _told(way)))
        click.echo(f"共 {len(ways)} 条路径，走遍每条能走到的连线，每种拒绝、逾期和撤回各有一条。")
    raise SystemExit(FINE)


def _ways(source: Source, only_new: bool) -> list[Way]:
    """The paths with their titles; `only_new` leaves out what the scenarios show already."""
    assert source.diagram is not None
    turns = Turns(source.diagram, source.called or {})
    taken: set[str] = set()
    shown: set[Turn] = set()
    titles = {scenario.title for scenario in source.scenarios}
    if only_new and source.scenarios:
        rehearsal = rehearse(source.diagram, source.called or {}, source.scenarios)
        for played in (result.played for result in rehearsal.results if result.played):
            taken |= {h.element for h in played.happened if h.kind == "flow"}
            shown |= turns.of_played(played)
    ways = []
    number = 0
    for path in worthy_paths(explored(source), turns, taken, shown):
        number += 1
        while (way := titled_path(path, source.diagram, number)).title in titles:
            number += 1
        ways.append(way)
    return ways


def _write(beside: Path, ways: list[Way]) -> None:
    if not ways:
        click.echo("现有场景已经走遍每条能走到的连线，以及每种拒绝、逾期和撤回，没有改动。")
        return
    head = (
        ""
        if beside.exists()
        else "# 由 qianyue paths 生成：走遍每条连线，每种拒绝、逾期和撤回各一条。\n"
    )
    with beside.open("a", encoding="utf-8") as file:
        file.write(head + "".join(f"\n{scenario_text(way)}" for way in ways))
    click.echo(f"已写入 {len(ways)} 个场景：{beside}")


def _told(way: Way) -> Iterable[str]:
    yield way.title
    yield from (f"    {_act(act)}" for act in way.acts)


def _act(act: Act) -> str:
    if act.kind == "answer":
        chosen = "，".join(f"{name}={value}" for name, value in act.answers.items())
        return f"{act.who} 办理 {act.element}" + (f"（{chosen}）" if chosen else "")
    return {"start": "开始", "time": "时间过去"}.get(act.kind, f"{act.who} 发出消息 {act.message}")
