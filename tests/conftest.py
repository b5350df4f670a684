"""For every test: where temporary files lie, and which modules come first.

Files lie in memory where there is room, so that no store waits for a disk. What takes long begins
first, so that no process works alone at the end; the first browser story makes the demo school, so
the next ones come after what needs a process for just as long.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

FIRST = (
    "browser/test_pages_of_parties",
    "webapp/demo",
    "processes/layout",
    "browser",
    "processes/tokengame",
    "webapp/services",
    "webapp/pages/test_permissions",
)
TESTS = Path(__file__).parent
MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3


def pytest_configure() -> None:
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    items.sort(key=turn)


def turn(item: pytest.Item) -> int:
    """The place of a test's module in FIRST, behind them where it has none."""
    path = item.path
    name = path.relative_to(TESTS).as_posix() if path.is_relative_to(TESTS) else ""
    return next((at for at, first in enumerate(FIRST) if name.startswith(first)), len(FIRST))
