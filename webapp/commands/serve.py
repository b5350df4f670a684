"""`qianyue serve`: the website, with the sweep in a thread of its own so that one command suffices."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType

import click

from ..config import load_config

log = logging.getLogger(__name__)


@click.command(help="启动网站（默认只监听本机），并在内部处理到期事项")
@click.option("--host", default="127.0.0.1", show_default=True, help="监听的地址")
@click.option("--port", default=8000, show_default=True, help="监听的端口")
@click.option("--demo", is_flag=True, help="演示：页面上可以切换身份、拨动时钟")
@click.option("--threads", default=8, show_default=True, help="同时处理几个请求")
@click.option("--pause", default=5.0, show_default=True, help="两次处理到期事项之间等几秒")
def command(host: str, port: int, demo: bool, threads: int, pause: float) -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    serve(host, port, demo, threads, pause)


def leave(_number: int, _frame: FrameType | None) -> None:
    """A request to end is an orderly end: the sweep finishes what it does."""
    raise SystemExit(0)


def serve(host: str, port: int, demo: bool = False, threads: int = 8, pause: float = 5.0) -> None:
    """Serve until stopped; the sweep runs beside it and ends with it."""
    from waitress import create_server

    from ..app import create_app
    from .worker import run_until

    config = load_config()
    app = create_app(config, demo=demo)
    stop = threading.Event()
    sweeper = threading.Thread(
        target=run_until, args=(app.extensions["sessions"], stop, pause), name="sweep", daemon=True
    )
    try:
        server = create_server(
            app,
            host=host,
            port=port,
            threads=threads,
            ident=None,
            clear_untrusted_proxy_headers=not config.proxies,
        )
    except OSError as refused:
        raise click.ClickException(
            f"{host}:{port} 不能监听（{refused.strerror}）。换一个端口再试，如 --port {port + 1}"
        ) from refused
    signal.signal(signal.SIGTERM, leave)
    sweeper.start()
    click.echo(f"签约已启动：http://{host}:{port}" + ("（演示）" if demo else ""))
    try:
        server.run()
    finally:
        stop.set()
        sweeper.join(timeout=pause)
