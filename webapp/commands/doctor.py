"""`qianyue doctor`: whether this machine and its database can carry the system, in plain words."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import click
import orjson
from sqlalchemy import Engine, func, inspect, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError

from ..config import Config, load_config
from ..database import UnusableDatabase, check_database, make_engine

OLDEST_PYTHON = (3, 11)
GOOD, BAD, NOTE = "good", "bad", "note"
SIGNS = {GOOD: "好", BAD: "要处理", NOTE: "留意"}
FONTS = Path(__file__).resolve().parents[2] / "pdf" / "fonts"


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: how it stands, in words, and what to do."""

    state: str
    text: str
    way_out: str = ""


@click.command(help="检查本机环境与数据库。退出码：0 正常，1 有要处理的")
@click.option("--json", "as_json", is_flag=True, help="输出 JSON，供程序读取")
def command(as_json: bool) -> None:
    findings = list(examine(load_config()))
    if as_json:
        click.echo(orjson.dumps(findings, option=orjson.OPT_INDENT_2).decode())
    else:
        for finding in findings:
            click.echo(
                f"[{SIGNS[finding.state]}] {finding.text}"
                + (f"。{finding.way_out}" if finding.way_out else "")
            )
    raise SystemExit(int(any(finding.state == BAD for finding in findings)))


def examine(config: Config) -> Iterator[Finding]:
    """Everything that can be looked at without changing anything."""
    yield from _python()
    yield from _instance(config)
    yield from _database(config)
    yield from _channels(config)
    yield from _fonts()
    yield from _programs()


def _python() -> Iterator[Finding]:
    version = ".".join(map(str, sys.version_info[:3]))
    if sys.version_info[:2] < OLDEST_PYTHON:
        yield Finding(BAD, f"Python {version}", "需要 3.11 或更新")
    else:
        yield Finding(GOOD, f"Python {version}")
    try:
        yield Finding(GOOD, f"签约 {metadata.version('qianyue')}")
    except metadata.PackageNotFoundError:
        yield Finding(NOTE, "没有作为软件包安装", "在项目目录运行 pip install -e .")


def _instance(config: Config) -> Iterator[Finding]:
    folder = config.instance
    if not folder.is_dir():
        yield Finding(BAD, f"没有安装目录 {folder}", "先运行 qianyue init")
        return
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding(BAD, f"安装目录 {folder} 不能写", "改正目录的所有者或权限")
        return
    yield Finding(GOOD, f"安装目录 {folder} 可以写")
    free = shutil.disk_usage(folder).free
    if free < 1_000_000_000:
        yield Finding(NOTE, f"磁盘只剩 {free // 1_000_000} MB", "清理磁盘，或换一个目录")
    for path in sorted((*folder.glob("*.key"), *folder.glob("secrets/*"))):
        if _read_by_others(path):
            yield Finding(BAD, f"{path.name} 别人也能读", f"运行 chmod 600 {path}")
        elif path.suffix == ".key":
            yield Finding(GOOD, f"密钥 {path.name} 只有所有者能读")
        else:
            yield Finding(NOTE, f"激活码 {path.name} 还在", "分发后请删去")


def _read_by_others(path: Path) -> bool:
    return bool(stat.S_IMODE(path.stat().st_mode) & 0o077)


def _database(config: Config) -> Iterator[Finding]:
    address = make_url(config.database_url).render_as_string(hide_password=True)
    url = make_url(config.database_url)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").is_file():
        yield Finding(BAD, f"没有数据库 {address}", "先运行 qianyue init")
        return
    if url.get_backend_name() == "sqlite" and _read_by_others(path := Path(url.database or "")):
        yield Finding(NOTE, f"数据库 {path.name} 别人也能读", f"运行 chmod 600 {path}")
    engine = make_engine(config.database_url)
    try:
        yield from _connected(engine, address)
    except UnusableDatabase as problem:
        yield Finding(BAD, str(problem))
    except SQLAlchemyError as error:
        told = str(error).splitlines()[0]
        yield Finding(BAD, f"连不上数据库 {address}：{told}", "检查 DATABASE_URL 和数据库是否启动")
    finally:
        engine.dispose()


def _connected(engine: Engine, address: str) -> Iterator[Finding]:
    with engine.connect() as connection:
        if engine.dialect.name == "sqlite":
            yield from _sqlite(connection)
        else:
            version = connection.scalar(text("SHOW server_version"))
            yield Finding(GOOD, f"PostgreSQL {version}，{address}")
    yield from (Finding(NOTE, message) for message in check_database(engine))
    migrated = _migrated(engine)
    yield migrated
    if migrated.state == GOOD:
        with engine.connect() as connection:
            yield from _schools(connection)


def _sqlite(connection) -> Iterator[Finding]:  # type: ignore[no-untyped-def]
    version = connection.scalar(text("SELECT sqlite_version()"))
    yield Finding(GOOD, f"SQLite {version}")
    for name, wanted in (("journal_mode", "wal"), ("synchronous", "2"), ("foreign_keys", "1")):
        found = str(connection.scalar(text(f"PRAGMA {name}")))
        if found != wanted:
            yield Finding(BAD, f"SQLite 的 {name} 是 {found}，应为 {wanted}")
    broken = connection.scalar(text("PRAGMA quick_check"))
    if broken != "ok":
        yield Finding(BAD, f"数据库文件有损坏：{broken}", "从备份恢复")


def _migrated(engine: Engine) -> Finding:
    from alembic.config import Config as Alembic
    from alembic.script import ScriptDirectory

    alembic = Alembic()
    alembic.set_main_option("script_location", str(Path(__file__).parents[1] / "migrations"))
    latest = ScriptDirectory.from_config(alembic).get_current_head()
    current = None
    if inspect(engine).has_table("alembic_version"):
        with engine.connect() as connection:
            current = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if current == latest:
        return Finding(GOOD, f"数据库结构是最新的（{current}）")
    return Finding(BAD, f"数据库结构是 {current or '空的'}，应为 {latest}", "运行 qianyue init")


def _channels(config: Config) -> Iterator[Finding]:
    """Which ways out of the house are connected."""
    from ..services.notices.channels import channels_of
    from ..services.notices.texts import CHANNEL_NAMES

    needed = {
        "mail": "QIANYUE_SMTP_URL",
        "sms": "QIANYUE_SMS_URL",
        "wechat": "QIANYUE_WECHAT_APPID",
    }
    where = "控制台" if config.channel == "console" else "outbox.log"
    for key, channel in channels_of(config).items():
        name = CHANNEL_NAMES[key]
        if channel.is_connected:
            yield Finding(GOOD, f"{name}已接通")
        else:
            way_out = f"要接通，设置 {needed[key]}（见 docs/operating.md）"
            yield Finding(NOTE, f"{name}没有接通，写入{where}", way_out)


def _schools(connection) -> Iterator[Finding]:  # type: ignore[no-untyped-def]
    """Settings that no page would have saved, and messages that did not leave."""
    from ..models import Delivery, School
    from ..services.schools.settings import registry

    for name, settings in connection.execute(select(School.name, School.settings)):
        for key, value in settings.items():
            known = registry().get(key)
            if known is None:
                yield Finding(NOTE, f"{name}的设置 {key} 没有登记，不起作用", "核对名称，或删去")
            elif known.kind != "table" and (complaint := known.check(value)):
                yield Finding(BAD, f"{name}：{complaint}", "在“设置”里改正")
    stuck = Delivery.state.in_(("failed", "unsure"))
    count = connection.scalar(select(func.count()).select_from(Delivery).where(stuck))
    if count:
        yield Finding(NOTE, f"有 {count} 条消息没有发成", "在“设置 → 发件箱”里查看")


def _fonts() -> Iterator[Finding]:
    fonts = sorted(path.name for path in FONTS.glob("*.[ot]tf"))
    if fonts:
        yield Finding(GOOD, f"协议书字体：{'、'.join(fonts)}")
    else:
        yield Finding(BAD, f"没有协议书字体（{FONTS}）", "重新取得完整的安装文件")


def _programs() -> Iterator[Finding]:
    """Programs that only tests and pictures need."""
    for names, purpose in (
        (("chromium", "google-chrome"), "浏览器测试"),
        (("pdftoppm",), "看 PDF 的样子"),
    ):
        found = next((name for name in names if shutil.which(name)), "")
        state = f"有 {found}" if found else f"没有 {names[0]}"
        yield Finding(GOOD if found else NOTE, f"{state}（只用于{purpose}）")
