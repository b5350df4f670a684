"""Runs a command of `qianyue` where Flask and SQLAlchemy cannot be imported."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
BLOCKER = """
import importlib.abc
import sys


class Blocker(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"flask", "flask_sqlalchemy", "sqlalchemy"}:
            raise ImportError(f"{name} is not there")
        return None


sys.meta_path.insert(0, Blocker())
"""


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    status: int
    out: str
    err: str


def run_bare(folder: Path, *arguments: str, given: bytes = b"") -> Answer:
    """Run `qianyue` with these arguments in a folder, without Flask and SQLAlchemy."""
    blocker = folder / "blocker"
    blocker.mkdir(exist_ok=True)
    (blocker / "sitecustomize.py").write_text(BLOCKER)
    done = subprocess.run(
        [sys.executable, "-m", "webapp.cli", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": f"{blocker}{os.pathsep}{ROOT}", "PYTHONUTF8": "1"},
        input=given,
        capture_output=True,
        timeout=300,
        check=False,
    )
    return Answer(done.returncode, done.stdout.decode(), done.stderr.decode())
