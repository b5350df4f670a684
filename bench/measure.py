"""Runs the contestants side by side, in turns, and takes medians.

Contestants take turns step by step on one database, so that a slow moment of the machine hits all
of them; only ratios are worth reading.
"""

from __future__ import annotations

import gc
import platform
import random
import sqlite3
import sys
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from itertools import cycle
from statistics import median
from typing import Any

from sqlalchemy import Engine, text

from .bare import Bare
from .ours import Ours
from .plain import Plain

LAPS = (1, 10, 100, 500)


@dataclass
class Result:
    """Median milliseconds of one step, by contestant and laps already gone. None: it cannot."""

    dialect: str
    bare: float
    ours: dict[int, float]
    plain: dict[int, float | None]
    state_bytes: int
    plain_bytes: dict[int, int | None]
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def step_over_bare(self) -> float:
        return self.ours[1] / self.bare

    @property
    def plain_over_ours(self) -> float:
        return (self.plain[1] or float("nan")) / self.ours[1]

    @property
    def last_over_first(self) -> float:
        return self.ours[max(self.ours)] / self.ours[1]


def measure(
    engine: Engine, laps: tuple[int, ...], rounds: int, steps: int, told: Callable[[str], None]
) -> Result:
    """Race on `engine`, whose schema is up to date: `rounds` turns of `steps` steps each.

    Cases go round `laps` times before they are measured; every turn opens new ones for the short
    laps, and each is moved one lap on, so that lap 1 stays lap 1. Who follows whom is drawn anew
    for every step: whoever comes after a heavy one finds the processor's caches cold.
    """
    ours = Ours(engine)
    plain = Plain(ours)
    bare = Bare(engine, ours)
    times: dict[tuple[str, int], list[float]] = {}
    order = random.Random(1)
    kept: dict[tuple[str, int], Racer] = {}
    for turn in range(rounds):
        told(f"{engine.dialect.name}: turn {turn + 1} of {rounds}")
        racers = prepare(ours, plain, bare, laps, steps, kept)
        for step in range(steps):
            for key in order.sample(list(racers), len(racers)):
                if step % pace(key) == 0:
                    times.setdefault(key, []).append(racers[key]())
    medians = {key: median(found) * 1000 for key, found in times.items()}
    first = ours.prepare(laps[0])
    return Result(
        engine.dialect.name,
        medians["bare", 0],
        {lap: medians["ours", lap] for lap in laps},
        {lap: medians.get(("plain", lap)) for lap in laps},
        ours.state_bytes(first),
        {lap: plain_bytes(plain, lap) if ("plain", lap) in kept else None for lap in laps},
        versions(engine),
    )


Racer = Callable[[], float]


def pace(key: tuple[str, int]) -> int:
    """Plain SpiffWorkflow after many laps is slow: an eighth of the steps is enough of it."""
    return 8 if key[0] == "plain" and key[1] >= 100 else 1


def prepare(
    ours: Ours,
    plain: Plain,
    bare: Bare,
    laps: tuple[int, ...],
    steps: int,
    kept: dict[tuple[str, int], Racer],
) -> dict[tuple[str, int], Racer]:
    """Every contestant at every number of laps, as a function that times one step in seconds.

    Each step is preceded by the same small query outside the measured time (a page looks its task
    up), so that all start from an equally cold connection. `kept` holds what long laps keep from
    turn to turn: one lap more is nothing to them.
    """
    cases = max(1, steps // 2)
    look = partial(ours.next_task, ours.prepare(1))
    prepared = [bare.prepare() for _ in range(cases)]
    racers: dict[tuple[str, int], Racer] = {
        ("bare", 0): alternating(
            [partial(timed, look, partial(bare.step, one)) for one in prepared]
        )
    }
    for lap in laps:
        if lap < LONG or ("ours", lap) not in kept:
            few = cases if lap < LONG else 1
            kept["ours", lap] = alternating(
                [partial(our_step, ours, ours.prepare(lap)) for _ in range(few)]
            )
            racer = plain_racer(plain, lap, few, look)
            if racer:
                kept["plain", lap] = racer
    return racers | kept


LONG = 100  # laps from which one more makes no difference


def plain_racer(plain: Plain, lap: int, few: int, look: Callable[[], Any]) -> Racer | None:
    """Plain SpiffWorkflow after `lap` laps; None where its depth ends."""
    try:
        cases = [plain.prepare(lap) for _ in range(few)]
    except RecursionError:
        return None
    steps = [partial(plain.step, case) for case in cases]
    return alternating([partial(timed, look, step) for step in steps])


def alternating(racers: list[Racer]) -> Racer:
    """The racers in turn."""
    ring = cycle(racers)
    return lambda: next(ring)()


def our_step(ours: Ours, case: uuid.UUID) -> float:
    task = ours.next_task(case)
    return timed(nothing, partial(ours.answer, task))


def timed(before: Callable[[], Any], act: Callable[[], Any]) -> float:
    """Seconds that `act` takes; what happens before is not measured."""
    before()
    gc.disable()
    try:
        start = time.perf_counter()
        act()
        return time.perf_counter() - start
    finally:
        gc.enable()


def nothing() -> None:
    """There is nothing to do beforehand."""


def plain_bytes(plain: Plain, lap: int) -> int:
    return plain.state_bytes(plain.prepare(lap))


def versions(engine: Engine) -> dict[str, str]:
    """What ran, for the report."""
    with engine.connect() as connection:
        server = (
            sqlite3.sqlite_version
            if engine.dialect.name == "sqlite"
            else str(connection.scalar(text("SHOW server_version")))
        )
    names = ("qianyue", "SpiffWorkflow", "SQLAlchemy", "psycopg", "orjson")
    return {
        "python": sys.version.split()[0],
        "machine": f"{platform.machine()}, {platform.system()} {platform.release()}",
        engine.dialect.name: server,
        **{name: version(name) for name in names},
    }
