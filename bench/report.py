"""Tells what was measured: ratios first, as one object for programs or a table for people."""

from __future__ import annotations

import os
from typing import Any

from .measure import Result

AIMS = {
    "sqlite_step_over_bare": "≤ 3",
    "postgresql_step_over_bare": "≤ 2",
    "plain_over_ours_sqlite": "≥ 6",
    "plain_over_ours_postgresql": "≥ 5",
    "lap500_over_lap1": "0.95–1.05",
    "state_bytes": "< 4096",
}


def ratios(results: dict[str, Result]) -> dict[str, float | int]:
    """The figures that `--json` promises."""
    sqlite, postgresql = results["sqlite"], results["postgresql"]
    return {
        "sqlite_step_over_bare": round(sqlite.step_over_bare, 2),
        "postgresql_step_over_bare": round(postgresql.step_over_bare, 2),
        "plain_over_ours_sqlite": round(sqlite.plain_over_ours, 2),
        "plain_over_ours_postgresql": round(postgresql.plain_over_ours, 2),
        "lap500_over_lap1": round(sqlite.last_over_first, 3),
        "state_bytes": sqlite.state_bytes,
    }


def as_object(results: dict[str, Result]) -> dict[str, Any]:
    """Ratios, the milliseconds behind them, and what ran."""
    versions: dict[str, str] = {"cores": str(os.cpu_count())}
    for result in results.values():
        versions |= result.versions
    return {
        **ratios(results),
        "milliseconds": {
            name: {
                "bare": round(result.bare, 3),
                "ours": {lap: round(value, 3) for lap, value in result.ours.items()},
                "plain": {
                    lap: None if value is None else round(value, 3)
                    for lap, value in result.plain.items()
                },
            }
            for name, result in results.items()
        },
        "plain_state_bytes": results["sqlite"].plain_bytes,
        "versions": versions,
    }


def as_table(results: dict[str, Result]) -> str:
    """The same for people."""
    lines = ["一步的开销（中位数，毫秒；同一次运行内并排测量，只看比值）", ""]
    lines.append(
        f"{'':12}{'圈数':>6}{'裸事务':>10}{'签约':>10}{'原版':>10}{'签约/裸':>10}{'原版/签约':>10}"
    )
    for name, result in results.items():
        for lap, ours in result.ours.items():
            plain = result.plain[lap]
            told = (
                (f"{plain:10.2f}", f"{plain / ours:10.1f}")
                if plain
                else (f"{'递归溢出':>6}", f"{'—':>10}")
            )
            lines.append(
                f"{name:12}{lap:8}{result.bare:13.3f}{ours:12.3f}{told[0]:>12}{ours / result.bare:12.2f}{told[1]}"
            )
    lines += ["", "比值与目标："]
    lines += [f"  {key:28}{value:>8}   目标 {AIMS[key]}" for key, value in ratios(results).items()]
    last = next(iter(results.values()))
    lines += ["", "  ".join(f"{key} {value}" for key, value in last.versions.items())]
    return "\n".join(lines)
