"""Runs the contestants side by side, in turns, and takes medians.

Turns alternate within one run on one database, so that a slow moment of the machine hits all of
them; only ratios are worth reading.
"""

from __future__ import annotations

import gc
import platform
import sqlite3
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from itertools import cycle, islice
from statistics import median
from typing import Any

from sqlalchemy import Engine, text

from .bare import Bare
from .ours import Ours
from .plain import Plain

LAPS = (1, 10, 100, 500)
ANSWERS = {
    "outcome": "returned",
    "reason": "请补充材料。" * 40,
    "note": "已电话联系单位核实。" * 20,
}


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

    Cases go round `laps` times before they are measured; each turn opens fresh ones for the short
    laps, so that lap 1 stays near lap 1.
    """
    ours, plain = Ours(engine), Plain(engine)
    bare = Bare(engine, ours)
    racers = prepare(ours, plain, bare, laps, told)
    times: dict[tuple[str, int], list[float]] = {key: [] for key in racers}
    for turn in range(rounds):
        told(f"{engine.dialect.name}: turn {turn + 1} of {rounds}")
        for key, racer in racers.items():
            times[key].extend(racer(steps))
    medians = {key: median(found) * 1000 for key, found in times.items()}
    first = ours.prepare(laps[0], ANSWERS)
    return Result(
        engine.dialect.name,
        medians["bare", 0],
        {lap: medians["ours", lap] for lap in laps},
        {lap: medians.get(("plain", lap)) for lap in laps},
        ours.state_bytes(first),
        {lap: plain_bytes(plain, lap) if ("plain", lap) in racers else None for lap in laps},
        versions(engine),
    )


Racer = Callable[[int], list[float]]


def prepare(
    ours: Ours, plain: Plain, bare: Bare, laps: tuple[int, ...], told: Callable[[str], None]
) -> dict[tuple[str, int], Racer]:
    """Every contestant at every number of laps, as a function that runs and times some steps."""
    prepared = bare.prepare(ANSWERS)
    racers: dict[tuple[str, int], Racer] = {
        ("bare", 0): lambda steps: timed(steps, nothing, lambda _: bare.step(prepared))
    }
    for lap in laps:
        told(f"preparing cases of {lap} laps")
        racers["ours", lap] = our_racer(ours, lap)
        racer = plain_racer(plain, lap)
        if racer:
            racers["plain", lap] = racer
    return racers


def our_racer(ours: Ours, lap: int) -> Racer:
    """Steps on cases of about `lap` laps; finding the open task is the page's work, not the step's."""
    cases = [ours.prepare(lap, ANSWERS) for _ in range(1 if lap >= 100 else 8)]

    def run(steps: int) -> list[float]:
        found = []
        for case in islice(cycle(cases), steps):
            find, answer = partial(ours.next_task, case), partial(ours.answer, answers=ANSWERS)
            found += timed(1, find, answer)
        return found

    return run


def plain_racer(plain: Plain, lap: int) -> Racer | None:
    """The same for plain SpiffWorkflow; None where its depth ends (RecursionError)."""
    try:
        cases = [plain.prepare(lap, ANSWERS) for _ in range(1 if lap >= 100 else 8)]
    except RecursionError:
        return None

    def run(steps: int) -> list[float]:
        few = steps if lap < 100 else max(4, steps // 8)
        found = []
        for case in islice(cycle(cases), few):
            found += timed(1, nothing, lambda _: plain.step(case, ANSWERS))  # noqa: B023
        return found

    return run


def nothing() -> None:
    """There is nothing to find beforehand."""


def timed(steps: int, before: Callable[[], Any], act: Callable[[Any], None]) -> list[float]:
    """Seconds of each of `steps` acts; what `before` gives is not measured."""
    found = []
    gc.disable()
    try:
        for _ in range(steps):
            given = before()
            start = time.perf_counter()
            act(given)
            found.append(time.perf_counter() - start)
    finally:
        gc.enable()
    return found


def plain_bytes(plain: Plain, lap: int) -> int:
    return plain.state_bytes(plain.prepare(lap, ANSWERS))


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
