"""`qianyue layout`: draws a diagram anew, or tells with `--check` what is wrong with its drawing.

Only the drawing changes; everything else of the file stays byte for byte.
"""

from __future__ import annotations

from pathlib import Path

import click

from processes.diagram import UnreadableDiagram
from processes.layout import measure, names_in, renew_drawing, tell_flaw, tell_measures
from processes.safe_xml import MAX_BYTES

STDOUT = "-"


@click.command(
    help="整理流程图的画面：泳道、走向、连线和文字的位置（直接改写文件，或用 --output 另存）。"
    "退出码：0 正常，1 画面有问题，2 读不懂"
)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option("--output", metavar="FILE", help="写到另一个文件；- 表示标准输出")
@click.option("--check", "only_check", is_flag=True, help="只检查现有画面，不改写文件")
def command(files: tuple[str, ...], output: str | None, only_check: bool) -> None:
    if output is not None and (only_check or len(files) > 1):
        raise click.UsageError("--output 只能用于整理一个文件，不能与 --check 或多个文件同用。")
    worst = 0
    for file in files:
        try:
            worst = max(worst, _checked(file) if only_check else _renewed(file, output))
        except UnreadableDiagram as error:
            findings = "\n".join(f"  {f.message} 办法：{f.way_out}" for f in error.findings)
            click.echo(f"{file}：读不懂\n{findings}", err=True)
            worst = 2
        except OSError as error:
            reason = "找不到这个文件" if isinstance(error, FileNotFoundError) else "打不开这个文件"
            click.echo(f"{file}：{reason}。请检查路径和权限。", err=True)
            worst = 2
    raise SystemExit(worst)


def _checked(file: str) -> int:
    """Tell every flaw of a drawing; 1 when there is any."""
    data = _read(file)
    measures = measure(data)
    names = names_in(data)
    verdict = f"画面有 {len(measures.flaws)} 处问题" if measures.flaws else "画面清楚"
    click.echo(f"{file}：{verdict}（{tell_measures(measures)}）")
    for flaw in measures.flaws:
        click.echo(f"  {tell_flaw(flaw, names)}")
    if measures.flaws:
        click.echo(f"  办法：运行 qianyue layout {file}，或在编辑器里挪开。")
    return 1 if measures.flaws else 0


def _renewed(file: str, output: str | None) -> int:
    """Write the new drawing, unless the file has it already."""
    data = _read(file)
    renewed = renew_drawing(data)
    if output == STDOUT:
        click.echo(renewed, nl=False)
        return 0
    target = Path(output or file)
    if output is None and renewed == data:
        click.echo(f"{file}：画面已经是整理好的。")
        return 0
    target.write_bytes(renewed)
    click.echo(f"{target}：已整理（{tell_measures(measure(renewed))}）")
    return 0


def _read(file: str) -> bytes:
    """Read no more than a diagram may have; the reader refuses the rest."""
    with Path(file).open("rb") as opened:
        return opened.read(MAX_BYTES + 1)
