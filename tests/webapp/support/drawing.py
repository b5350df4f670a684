"""Draws documents in the test's own process, where a story needs many of them.

The drawing is the same; only the second process and its limits fall away, whose start takes
longer than the drawing. Those are shown by the tests of the worker and of single documents.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import pytest

from pdf import worker


@contextmanager
def drawn_here() -> Iterator[None]:
    def draw(_command: Sequence[str], sent: bytes, _seconds: float) -> bytes:
        order = json.loads(sent)
        return worker._draw(order["kind"], order["values"])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(worker, "run_limited", draw)
        yield
