"""`qianyue bench`: a step of ours beside plain SpiffWorkflow's and the bare transaction."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from sqlalchemy import Engine


@click.command()
@click.option("--quick", is_flag=True, help="一分钟之内：圈数 1 与 500，轮次较少")
@click.option("--json", "as_json", is_flag=True, help="输出一个 JSON 对象")
def command(quick: bool, as_json: bool) -> None:
    """并排测量完成一个任务的开销：签约、原版 SpiffWorkflow、裸事务；SQLite 与 PostgreSQL。"""
    from bench.measure import LAPS, measure
    from bench.report import as_object, as_table

    laps, rounds, steps = ((1, 500), 5, 40) if quick else (LAPS, 9, 80)
    results = {}
    for name, opened in (("sqlite", sqlite()), ("postgresql", postgresql())):
        with opened as engine:
            results[name] = measure(
                engine, laps, rounds, steps, lambda line: click.echo(line, err=True)
            )
    if as_json:
        click.echo(json.dumps(as_object(results), ensure_ascii=False, indent=2))
    else:
        click.echo(as_table(results))


@contextmanager
def sqlite() -> Iterator[Engine]:
    """A database file of this run alone, with synchronous=FULL as in production."""
    with tempfile.TemporaryDirectory(prefix="qianyue-bench-") as folder:
        yield from opened(f"sqlite:///{Path(folder) / 'bench.db'}")


@contextmanager
def postgresql() -> Iterator[Engine]:
    """A PostgreSQL of this run alone, with its defaults for durability."""
    from bench.cluster import start_cluster

    with start_cluster() as cluster:
        cluster.create_database("bench")
        yield from opened(cluster.url("bench"))


def opened(url: str) -> Iterator[Engine]:
    from webapp.database import make_engine, upgrade

    upgrade(url)
    engine = make_engine(url)
    yield engine
    engine.dispose()
