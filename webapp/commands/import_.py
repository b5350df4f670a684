"""`qianyue import`: registers of graduates and lists of employers from a file, whole or not at all."""

from __future__ import annotations

import logging
from datetime import datetime
from pathlib import Path

import click
import orjson
from sqlalchemy import Engine, select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from ..clock import utc_now
from ..config import load_config
from ..database import make_engine, make_sessions
from ..models import School
from ..services.imports import ImportReport, import_employers, import_graduates, write_secrets

SHOWN = 200

file_argument = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
json_option = click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取")
dry_option = click.option("--dry-run", is_flag=True, help="只检查，不写入")


@click.group(help="从 xlsx 或 csv 导入毕业生或用人单位。有一处错误，就一行也不导入")
def command() -> None:
    logging.basicConfig(level=logging.WARNING)


@command.command(help="导入毕业生登记表（全国 74 列、2024 导出 35 列、学校 32 列，列的顺序不限）")
@file_argument
@click.option("--school", "code", required=True, help="学校代码，五位")
@click.option("--cohort", type=click.IntRange(1990, 2100), help="表里没有毕业时间时，是哪一届")
@click.option("--college", default="", help="表里没有院系时，新的毕业生归哪个学院")
@dry_option
@json_option
def graduates(
    file: Path, code: str, cohort: int | None, college: str, dry_run: bool, as_json: bool
) -> None:
    def take_in(session: Session, now: datetime) -> ImportReport:
        school = session.scalars(select(School).where(School.code == code)).first()
        if school is None:
            raise click.UsageError(f"没有代码是 {code} 的学校")
        return import_graduates(
            session, school, file, file.name, now, cohort=cohort, college=college, dry_run=dry_run
        )

    run(take_in, as_json)


@command.command(help="导入用人单位")
@file_argument
@dry_option
@json_option
def employers(file: Path, dry_run: bool, as_json: bool) -> None:
    run(
        lambda session, now: import_employers(session, file, file.name, now, dry_run=dry_run),
        as_json,
    )


def run(take_in, as_json: bool) -> None:  # type: ignore[no-untyped-def]
    """Import in one transaction, write the codes to hand out, tell what happened."""
    config = load_config()
    engine: Engine = make_engine(config.database_url)
    secrets: Path | None = None
    try:
        with make_sessions(engine)() as session:
            now = utc_now(session)
            report: ImportReport = take_in(session, now)
            if report.accepted and report.secrets:
                name = f"{report.kind}-{now:%Y%m%d-%H%M%S}-{report.secrets[0].login[-4:]}.csv"
                secrets = write_secrets(report.secrets, config.instance / "secrets" / name)
            if report.accepted and not report.dry_run:
                session.commit()
    except (OperationalError, ProgrammingError) as error:
        _forget(secrets)
        raise click.ClickException(f"数据库不可用，先运行 qianyue init：{error.orig}") from error
    except BaseException:
        _forget(secrets)
        raise
    finally:
        engine.dispose()
    click.echo(as_text(report, secrets) if not as_json else _as_json(report, secrets))
    raise SystemExit(report.exit_status)


def as_text(report: ImportReport, secrets: Path | None) -> str:
    lines = [report.summary]
    if report.layout:
        lines.append(f"表格：{report.layout}")
    for title, remarks in (("需要修改", report.errors), ("请留意", report.warnings)):
        if remarks:
            lines.append(f"{title}：")
            lines += [f"  {remark.text}" for remark in remarks[:SHOWN]]
        if len(remarks) > SHOWN:
            lines.append(f"  另有 {len(remarks) - SHOWN} 处，用 --json 查看全部")
    for change in report.updated[:SHOWN]:
        fields = "，".join(
            f"{name} {old or '空'} → {new}" for name, (old, new) in change.fields.items()
        )
        lines.append(f"  更新 {change.key} {change.name}：{fields}")
    if secrets:
        lines.append(f"一次性激活码（{len(report.secrets)} 个）写在 {secrets}，分发后请删去")
    return "\n".join(lines)


def _as_json(report: ImportReport, secrets: Path | None) -> str:
    told = report.as_dict() | {"secrets_file": str(secrets) if secrets else None}
    return orjson.dumps(told, option=orjson.OPT_INDENT_2).decode()


def _forget(secrets: Path | None) -> None:
    """Codes of accounts that were not made open nothing and only confuse."""
    if secrets is not None:
        secrets.unlink(missing_ok=True)
