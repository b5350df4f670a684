"""A document is drawn in a process that ends in time, whatever happens."""

import os
import sys

import pytest

from pdf.errors import DocumentRefused, RenderFailed
from pdf.values import read_values
from pdf.worker import render, run_limited


def test_the_process_draws_the_same_bytes_as_we_do(values, drawn):
    assert render("agreement", values) == drawn


def test_values_already_read_are_taken_too(values, drawn):
    assert render("agreement", read_values(values)) == drawn


def test_a_stuck_process_is_killed_and_told(tmp_path):
    note = tmp_path / "pid"
    stuck = f"import os; open({str(note)!r}, 'w').write(str(os.getpid()))\nwhile True: pass"

    with pytest.raises(RenderFailed, match="超过 3 秒"):
        run_limited([sys.executable, "-c", stuck], b"", seconds=3)

    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


def test_a_slow_drawing_is_stopped(values):
    with pytest.raises(RenderFailed, match="已停止"):
        render("agreement", values, seconds=0.05)


def test_a_drawing_that_wants_too_much_memory_fails_alone(values):
    with pytest.raises(RenderFailed, match="内存"):
        render("agreement", values, megabytes=60)


def test_refusals_come_back_line_by_line(values):
    values["graduate"]["name"] = "名" * 200
    values["graduate"]["qq"] = "\x00"

    with pytest.raises(DocumentRefused) as refused:
        render("agreement", values)

    assert refused.value.messages == ("QQ含有不能打印的控制字符（U+0000），请删去后重填",)


def test_an_unknown_document_is_refused(values):
    with pytest.raises(RenderFailed, match="没有名为"):
        render("poster", values)


def test_the_process_does_not_inherit_our_secrets(monkeypatch):
    monkeypatch.setenv("QIANYUE_SECRET_KEY", "secret")
    show = "import os, sys; sys.stdout.write(' '.join(os.environ))"

    names = run_limited([sys.executable, "-c", show], b"", seconds=20).decode().split()

    assert "QIANYUE_SECRET_KEY" in os.environ
    assert "QIANYUE_SECRET_KEY" not in names
    assert "PYTHONPATH" in names
