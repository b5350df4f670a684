"""`qianyue simulate`: a term through the real diagram, with queues, waits and the bottleneck.

Needs processes and forms only, no Flask and no database.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import click

from forms.definitions import facts
from processes.engine import DiagramRefused, EngineError
from processes.explore.choices import TooManyChoices
from processes.roles import Role
from processes.simulation import PlanError, Simulated, read_plan, simulate

from .explore import Source, read_source
from .simulate_sheet import draw_sheet

FINE, REFUSED, UNUSABLE = 0, 1, 2


@click.command(
    help="按假设把许多事项走过流程图：要等多久，堆积多少，卡在哪一步。"
    "退出码：0 完成，1 流程图走不下去，2 文件或假设不可用"
)
@click.argument("file", type=click.Path(path_type=Path), metavar="FILE.bpmn")
@click.option("--arrivals", default=40.0, show_default=True, help="平均每天发起多少件")
@click.option("--days", default=30, show_default=True, help="发起多少天")
@click.option("--staff", multiple=True, help="办理人数，如 reviewer=2（可重复）")
@click.option("--minutes", multiple=True, help="每件平均办几分钟，如 reviewer=6")
@click.option("--reply", multiple=True, help="其他人平均多久答复，如 graduate=P2D")
@click.option(
    "--weight", multiple=True, help="回答或结果的份数，如 Answer.outcome=accept:9,refuse:1"
)
@click.option("--fact", multiple=True, help="流程开始时的事实，如 school.review_levels=both")
@click.option("--hours", default="8:30-17:00", show_default=True, help="周一至周五的上班时间")
@click.option("--seed", default=1, show_default=True, help="随机数的种子；相同则结果相同")
@click.option(
    "--html", "page", type=click.Path(dir_okay=False, path_type=Path), help="另写一个带图的网页文件"
)
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取")
def command(
    file: Path,
    arrivals: float,
    days: int,
    staff: tuple[str, ...],
    minutes: tuple[str, ...],
    reply: tuple[str, ...],
    weight: tuple[str, ...],
    fact: tuple[str, ...],
    hours: str,
    seed: int,
    page: Path | None,
    as_json: bool,
) -> None:
    source = read_source(file)
    if source.diagram is None:
        raise stop(source.story, UNUSABLE)
    try:
        plan = read_plan(
            arrivals=arrivals, days=days, staff=staff, minutes=minutes, reply=reply,
            weights=weight, hours=hours, seed=seed, facts=fact,
        )  # fmt: skip
        found = simulate(source.diagram, source.called or {}, facts(), source.scenarios, plan)
    except (PlanError, TooManyChoices) as error:
        raise stop(error.story, UNUSABLE) from None
    except (DiagramRefused, EngineError) as error:
        raise stop(getattr(error, "message", str(error)), REFUSED) from None
    if page:
        page.write_text(draw_sheet(source, found), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(found.as_dict(), ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(told(source, found)))


def stop(story: str, status: int) -> SystemExit:
    """Tell why there is no result, and end with this status."""
    click.echo(f"✗ {story}", err=True)
    return SystemExit(status)


def told(source: Source, found: Simulated) -> Iterator[str]:
    """The result in words."""
    name = source.diagram.name if source.diagram else source.file
    yield f"{name}：发起 {found.started} 件，结束 {found.ended} 件"
    yield f"从头到尾：一半不超过 {span(found.median_hours)}，九成不超过 {span(found.ninth_hours)}"
    for step in found.steps:
        undone = f"，没办就过去 {step.undone} 次" if step.undone else ""
        yield (
            f"  {step.name}（{who(step.role)}）：{step.done} 次，一半不超过 {span(step.median_hours)}，"
            f"九成不超过 {span(step.ninth_hours)}{undone}"
        )
    for queue in found.queues:
        yield (
            f"  {who(queue.role)} {queue.people} 人：工作量是上班时间的 {queue.load:.0%}，"
            f"傍晚最多积压 {max(queue.waiting, default=0)} 件"
        )
    if found.bottleneck:
        yield f"等得最多的一步：{found.bottleneck.name}"


def who(role: str) -> str:
    return Role(role).label if role else "没有办理人"


def span(hours: float) -> str:
    """Hours as people say them."""
    return f"{hours / 24:.1f} 天" if hours >= 48 else f"{hours:.1f} 小时"
