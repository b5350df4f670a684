"""`qianyue demo`: the demo school in an empty database, and with --serve the website on it."""

from __future__ import annotations

import logging
import os

import click

from ..config import load_config
from ..database import make_engine, make_sessions, upgrade


@click.command(help="准备演示学校（再运行一次不会重复），可随后启动网站")
@click.option("--serve", "serving", is_flag=True, help="准备好后启动网站，可切换身份、拨动时钟")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址")
@click.option("--port", default=8000, show_default=True, help="监听的端口")
@click.option("--fresh", is_flag=True, help="删去原来的演示数据，重新准备")
def command(serving: bool, host: str, port: int, fresh: bool) -> None:
    from ..demo import CAST, PASSWORD, RefusedDemo, prepare_demo
    from ..demo.setup import clear_demo, require_demo_or_empty

    logging.basicConfig(level=logging.WARNING)
    os.environ.setdefault("QIANYUE_URL", f"http://{host}:{port}")  # what QR codes lead to
    config = load_config()
    engine = make_engine(config.database_url)
    sessions = make_sessions(engine)
    try:
        require_demo_or_empty(engine)
        if fresh:
            clear_demo(engine)
        upgrade(config.database_url)
        click.echo("正在准备演示学校……")
        prepared = prepare_demo(sessions, config.instance / "demo")
    except RefusedDemo as refused:
        raise click.ClickException(str(refused)) from refused
    finally:
        engine.dispose()

    state = "已准备好" if prepared.made else "已经在了，没有改动"
    click.echo(f"演示学校{state}：{prepared.graduates} 名毕业生，{prepared.cases} 件签约事项")
    click.echo(f"可试导入的表格：{prepared.folder}")
    click.echo(f"登录名如下，密码都是 {PASSWORD}")
    for member in CAST:
        click.echo(f"  {member.label}：{member.login}")
    if serving:
        from .serve import serve

        serve(host, port, demo=True)
