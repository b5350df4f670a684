"""`qianyue worker`: deadlines, documents and notices, until told to stop."""

from __future__ import annotations

import logging
import signal
import threading
from types import FrameType

import click
from sqlalchemy.orm import Session, sessionmaker

from ..clock import utc_now
from ..config import load_config
from ..database import check_database, make_engine, make_sessions
from ..services.cases.sweep import SweepReport, run_sweep

log = logging.getLogger(__name__)

PAUSE = 5.0


@click.command(help="处理到期事项、生成协议书、发送通知，直到收到停止信号")
@click.option("--once", is_flag=True, help="处理完现在到期的就退出")
@click.option("--pause", default=PAUSE, show_default=True, help="两次之间等几秒")
def command(once: bool, pause: float) -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    engine = make_engine(load_config().database_url)
    stop = threading.Event()

    def stopped(_number: int, _frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, stopped)
    signal.signal(signal.SIGINT, stopped)
    log.info("开始处理到期事项")
    for message in check_database(engine):
        log.warning(message)
    run_until(make_sessions(engine), stop, pause, once)
    engine.dispose()


def run_until(
    sessions: sessionmaker[Session], stop: threading.Event, pause: float, once: bool = False
) -> None:
    """Sweep again and again; a sweep that fails is logged and tried again after the pause.

    Long work goes on without a pause, piece by piece, with whatever else is due in between. The web server runs the same function in a thread when it has no worker beside it.
    """
    while not stop.is_set():
        try:
            report = sweep_now(sessions)
            say(report)
        except Exception:
            log.exception("the sweep failed")
            report = SweepReport()
        if report.jobs_unfinished:
            continue
        if once:
            return
        stop.wait(pause)


def sweep_now(sessions: sessionmaker[Session]) -> SweepReport:
    """One sweep at this moment of the (perhaps moved) clock."""
    with sessions() as session:
        now = utc_now(session)
    return run_sweep(sessions, now)


def say(report: SweepReport) -> None:
    if report.total:
        log.info(
            "到期 %s 件，未成 %s 件；任务 %s 件，未成 %s 件；通知 %s 条，未成 %s 条",
            report.woken,
            report.failed,
            report.jobs_done,
            report.jobs_failed,
            report.notices_sent,
            report.notices_failed,
        )
