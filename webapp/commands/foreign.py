"""`qianyue foreign`: takes a folder of diagrams by other tools through reading, import, check, trial.

Each file goes through a process of its own, which is killed when it takes too long. With
`--manifest` the verdicts are compared with what a table expects.
"""

from __future__ import annotations

import csv
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from forms.definitions import facts
from processes.importing import Imported, import_in_process
from processes.importing.notes import VERDICTS
from processes.safe_xml import MAX_BYTES

ENDINGS = (".bpmn", ".bpmn2", ".bpmn20.xml", ".bpmn.xml")
STOPPED = {"time": "超时", "memory": "内存超限", "crash": "导入程序出错"}
PATIENCE = 4  # times the processor's share, for a machine that is busy otherwise


@dataclass(frozen=True)
class Tried:
    """A file, what became of it, and what the manifest expects ("" where it says nothing)."""

    file: str
    found: Imported | None
    expected: str = ""
    story: str = ""

    @property
    def status(self) -> str:
        return self.found.status if self.found else "refused"

    @property
    def broke(self) -> bool:
        """Whether the import itself failed: it crashed, hung, or ate the memory."""
        return bool(self.found and self.found.stopped)

    @property
    def differs(self) -> bool:
        return bool(self.expected) and self.expected != self.status

    def as_dict(self) -> dict[str, Any]:
        told: dict[str, Any] = {"file": self.file, "status": self.status, "story": self.story}
        if self.expected:
            told["expected"] = self.expected
        if self.found is None:
            return told
        rest = self.found.as_dict()
        kept = ("elements", "stopped", "seconds", "trial", "process", "notes")
        counts = Counter(note.kind for note in self.found.notes)
        return told | {key: rest[key] for key in kept} | {"counts": dict(counts)}


@click.command(
    help="把文件夹（含子文件夹）里的 BPMN 文件逐个读取、导入、检查、试走，给出结论和汇总。"
    "退出码：0 全部有结论（与清单一致），1 有文件出错、超时，或与清单不符，2 没有可用的文件或清单"
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path))
@click.option("--manifest", metavar="FILE", help="CSV 清单：file 和 expected 两列，逐个比对结论")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取；进度写到标准错误")
@click.option("--details", is_flag=True, help="列出每个文件的每一条")
@click.option("--seconds", default=10.0, show_default=True, help="每个文件的处理器时间上限")
@click.option("--jobs", default=0, help="同时处理几个文件（默认按处理器个数）")
def command(
    folder: Path, manifest: str | None, as_json: bool, details: bool, seconds: float, jobs: int
) -> None:
    expected = _manifest(manifest) if manifest else {}
    files = find_files(folder, expected)
    if not files:
        click.echo(f"{folder} 里没有 BPMN 文件（{'、'.join(ENDINGS)}）。", err=True)
        raise SystemExit(2)
    tried: list[Tried] = []
    for one in try_all(folder, files, expected, seconds, jobs or os.cpu_count() or 1):
        tried.append(one)
        if as_json:
            click.echo(f"\r{len(tried)}/{len(files)}", nl=False, err=True)
        else:
            click.echo("\n".join(_told(one, len(tried), len(files), details)))
            sys.stdout.flush()
    lost = sorted(set(expected) - {Path(one.file).name for one in tried})
    if as_json:
        click.echo("", err=True)
        report = {"files": [one.as_dict() for one in tried], "summary": _counts(tried, lost)}
        click.echo(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_summary(tried, lost)))
    failed = bool(lost) or any(one.broke or one.differs for one in tried)
    raise SystemExit(1 if failed else 0)


def find_files(folder: Path, named: Mapping[str, str]) -> list[Path]:
    """Every file that looks like BPMN, and those that a manifest names, in a stable order."""
    if folder.is_file():
        return [folder]
    found = (path for path in folder.rglob("*") if path.is_file())
    wanted = (p for p in found if p.name.lower().endswith(ENDINGS) or p.name in named)
    return sorted(wanted)


def try_all(
    folder: Path, files: list[Path], expected: Mapping[str, str], seconds: float, jobs: int
) -> Iterator[Tried]:
    """Take the files through, a few at once; they come back in order."""
    known = facts()

    def one(path: Path) -> Tried:
        name = str(path.relative_to(folder)) if path != folder else path.name
        wanted = expected.get(path.name, "")
        try:
            with path.open("rb") as opened:
                data = opened.read(MAX_BYTES + 1)
        except OSError:
            return Tried(name, None, wanted, "打不开，请检查权限")
        found = import_in_process(
            data, name, forms=known, seconds=seconds, patience=seconds * PATIENCE
        )
        return Tried(name, found, wanted)

    with ThreadPoolExecutor(max_workers=jobs) as pool:
        yield from pool.map(one, files)


def _manifest(file: str) -> dict[str, str]:
    try:
        with Path(file).open(encoding="utf-8-sig", newline="") as opened:
            rows = list(csv.DictReader(opened))
        found = {row["file"]: row["expected"] for row in rows}
        if not found:
            raise KeyError("file")
    except (OSError, UnicodeDecodeError, csv.Error, KeyError) as error:
        click.echo(f"清单 {file} 不可用：要有 file 和 expected 两列，UTF-8 编码。", err=True)
        raise SystemExit(2) from error
    wrong = sorted(name for name, status in found.items() if status not in VERDICTS)
    if wrong:
        known = "、".join(VERDICTS)
        click.echo(f"清单里 {wrong[0]} 的 expected 不认识，只能写：{known}。", err=True)
        raise SystemExit(2)
    return found


def _told(one: Tried, number: int, total: int, details: bool) -> Iterator[str]:
    mark = "✗" if one.broke or one.differs else "✓"
    yield f"{mark} [{number}/{total}] {one.file}：{_verdict(one)}"
    if one.found is None:
        return
    notes = one.found.notes
    shown = notes if details or one.differs else [n for n in notes if n.kind == "refused"][:3]
    yield from (f"      {note}" for note in shown)


def _verdict(one: Tried) -> str:
    if one.found is None:
        return one.story
    if one.broke:
        return STOPPED[one.found.stopped]
    counts = Counter(note.kind for note in one.found.notes)
    told = f"{VERDICTS[one.status]}（改写 {counts['translated']}，缺少 {counts['missing']}"
    told += f"，不支持 {counts['refused']}，{one.found.seconds:.1f} 秒）"
    return told + (f"；清单要求：{VERDICTS[one.expected]}" if one.differs else "")


def _counts(tried: list[Tried], lost: list[str]) -> dict[str, Any]:
    rules = Counter(
        (note.kind, note.rule)
        for one in tried
        if one.found
        for note in {(n.kind, n.rule): n for n in one.found.notes}.values()
    )
    return {
        "files": len(tried),
        **{status: sum(one.status == status for one in tried) for status in VERDICTS},
        "stopped": sum(one.broke for one in tried),
        "unopened": sum(one.found is None for one in tried),
        "compared": sum(bool(one.expected) for one in tried),
        "differing": sum(one.differs for one in tried),
        "not_found": lost,
        "rules": [[kind, rule, count] for (kind, rule), count in rules.most_common()],
    }


def _summary(tried: list[Tried], lost: list[str]) -> Iterator[str]:
    counts = _counts(tried, lost)
    shares = "，".join(f"{words} {counts[status]}" for status, words in VERDICTS.items())
    yield f"共 {counts['files']} 个文件：{shares}；出错或超时 {counts['stopped']}"
    reasons = [f"{rule} {n}" for kind, rule, n in counts["rules"] if kind == "refused"][:8]
    if reasons:
        yield f"不能导入的原因（文件数）：{'，'.join(reasons)}"
    if counts["compared"] or lost:
        same = counts["compared"] - counts["differing"]
        yield f"清单 {counts['compared'] + len(lost)} 个：一致 {same}，不一致 {counts['differing']}"
    for name in lost:
        yield f"清单里的 {name} 没有找到"
