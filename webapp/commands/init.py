"""`qianyue init`: bring the schema up to date and publish the packaged releases for every school."""

from __future__ import annotations

import logging

import click
from sqlalchemy import select

from ..clock import utc_now
from ..config import load_config
from ..database import UnusableDatabase, check_database, make_engine, make_sessions, upgrade
from ..errors import ReleaseRefused
from ..models import School
from ..services.design import releases

log = logging.getLogger(__name__)


@click.command(help="创建或更新数据库结构，并为每所学校发布随系统提供的流程")
def command() -> None:
    config = load_config()
    try:
        upgrade(config.database_url)
    except UnusableDatabase as problem:
        raise click.ClickException(str(problem)) from problem
    engine = make_engine(config.database_url)
    for message in check_database(engine):
        click.echo(message)
    click.echo("数据库结构已是最新")
    config.key("verification")

    failed = False
    sessions = make_sessions(engine)
    with sessions() as session:
        schools = list(session.scalars(select(School).order_by(School.code)))
    for school in schools:
        try:
            with sessions.begin() as session:
                published = releases.publish_packaged(session, school.id, utc_now(session))
        except ReleaseRefused as refused:
            failed = True
            click.echo(f"{school.name}：{refused.story}", err=True)
            continue
        for release in published:
            click.echo(f"{school.name}：{release.title} 第 {release.number} 版")
    engine.dispose()
    if failed:
        raise SystemExit(1)
