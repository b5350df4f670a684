"""`qianyue publish`: publishes releases from folders that git keeps, proven like in the browser."""

from __future__ import annotations

import uuid
from pathlib import Path

import click
from sqlalchemy import select
from sqlalchemy.orm import Session

from processes.diagram import UnreadableDiagram

from ..clock import utc_now
from ..errors import CaseError, ReleaseRefused
from ..models import Person
from ..services.design.carrying import (
    Carried,
    Parcel,
    find_parcels,
    publish_parcel,
    read_file,
    read_folder,
    unreadable,
)
from .carrying import find_schools, opened

FINE, REFUSED, UNUSABLE = 0, 1, 2


@click.command(
    help="从文件夹（export-diagrams 写出的）或一个 .bpmn 文件发布流程：先检查、试走，打印与使用中版本的不同。"
    "每个流程各自发布。退出码：0 全部发布或没有变化，1 有流程没有通过，2 内容不可用"
)
@click.argument("place", metavar="DIR|FILE", type=click.Path(path_type=Path, exists=True))
@click.option("--school", "code", metavar="CODE", required=True, help="学校代码，五位")
@click.option("--note", metavar="TEXT", required=True, help="发布说明：改了什么，依据是什么")
@click.option("--author", metavar="LOGIN", help="以谁的名义发布（登录名）")
@click.option("--family", metavar="NAME", help="发布一个文件时：它的类别，如 rescission")
@click.option("--variant", metavar="NAME", help="发布一个文件时：它的短名，如 online_two_party")
@click.option("--accept-differences", is_flag=True, help="场景与原来预期不同，是有意的改动")
@click.option("--dry-run", is_flag=True, help="只检查、试走和比较，不发布")
def command(
    place: Path,
    code: str,
    note: str,
    author: str | None,
    family: str | None,
    variant: str | None,
    accept_differences: bool,
    dry_run: bool,
) -> None:
    if not note.strip():
        raise click.UsageError("--note 不能是空的，请写一两句说明。")
    worst = FINE
    with opened() as session:
        school = find_schools(session, code)[0]
        author_id = _person(session, author)
        for found in _places(place, family, variant):
            try:
                carried = publish_parcel(
                    session,
                    school,
                    _read(found, family, variant),
                    note=note.strip(),
                    now=utc_now(session),
                    author_id=author_id,
                    confirmed=accept_differences,
                    dry_run=dry_run,
                )
                session.commit()
                click.echo("\n".join(_told(carried)))
            except ReleaseRefused as refusal:
                session.rollback()
                findings = "\n".join(f"  ✗ {finding}" for finding in refusal.findings)
                click.echo(f"{found}：没有通过检查\n{findings}", err=True)
                worst = max(worst, REFUSED)
            except CaseError as refusal:
                session.rollback()
                click.echo(f"{found}：{refusal.story}{refusal.way_out}", err=True)
                worst = max(worst, REFUSED)
            except UnreadableDiagram as refusal:
                session.rollback()
                click.echo(f"{found}：{'；'.join(unreadable(refusal))}", err=True)
                worst = UNUSABLE
            except OSError as error:
                session.rollback()
                click.echo(f"{found}：打不开 {error.filename}。请检查路径和权限。", err=True)
                worst = UNUSABLE
    raise SystemExit(worst)


def _places(place: Path, family: str | None, variant: str | None) -> list[Path]:
    if place.is_file():
        if not (family and variant):
            raise click.UsageError("发布一个文件时，请写明 --family 和 --variant。")
        return [place]
    found = find_parcels(place)
    if not found:
        raise click.UsageError(f"{place} 里没有 release.toml，不是 export-diagrams 写出的文件夹。")
    names = [(one.parent.name, one.name) for one in found]
    if len(set(names)) != len(names):
        raise click.UsageError(f"{place} 里有几所学校的流程，请指定其中一所的文件夹。")
    return found


def _read(place: Path, family: str | None, variant: str | None) -> Parcel:
    if place.is_file():
        return read_file(place, family or "", variant or "")
    return read_folder(place)


def _person(session: Session, login: str | None) -> uuid.UUID | None:
    if login is None:
        return None
    found = session.scalars(select(Person.id).where(Person.login == login)).first()
    if found is None:
        raise click.UsageError(f"没有登录名是 {login} 的账号")
    return found


def _told(carried: Carried) -> list[str]:
    parcel, release = carried.parcel, carried.release
    if carried.unchanged and release is not None:
        return [f"{parcel.place}：与使用中的第 {release.number} 版相同，没有变化"]
    if release is not None:
        head = f"{parcel.place}：已发布 {release.title} 第 {release.number} 版"
    else:
        head = f"{parcel.place}：可以发布（只检查，没有发布）"
    proof = carried.proof
    lines = [f"{head}（试走 {proof.states} 种情形，{proof.ends} 种结束）"]
    lines += [f"  {change.story}" for change in carried.changes]
    lines += ["  这是第一版"] if not carried.before else []
    lines += [f"  提醒 {one}" for one in proof.findings if not one.forbids_running][:20]
    return lines
