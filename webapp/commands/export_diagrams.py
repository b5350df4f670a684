"""`qianyue export-diagrams`: writes the releases in force as folders that git can keep."""

from __future__ import annotations

from pathlib import Path

import click

from ..services.design.carrying import MANIFEST, find_parcels, write_releases
from .carrying import find_schools, opened


@click.command(
    help="把使用中的流程（图、表单、场景和说明）写成文件夹，便于放进 git；没有变化的文件不动。"
    "退出码：0 写好，1 写不进去"
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--school", "code", metavar="CODE", help="只写这一所学校（五位代码）；默认全部")
def command(folder: Path, code: str | None) -> None:
    written: set[Path] = set()
    with opened() as session:
        schools = find_schools(session, code)
        for school in schools:
            try:
                for release, place in write_releases(session, school, folder):
                    written.add(place)
                    click.echo(f"{place}：{release.title} 第 {release.number} 版")
            except OSError as error:
                raise click.ClickException(
                    f"写不进 {error.filename}。请检查路径和权限。"
                ) from error
        codes = [school.code for school in schools]
    for place in find_parcels(folder):
        if place not in written and any(folder / known in place.parents for known in codes):
            click.echo(f"{place}：已不在使用中，文件没有动。不需要时请删掉 {MANIFEST} 所在的文件夹")
