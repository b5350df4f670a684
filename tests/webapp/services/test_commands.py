"""`qianyue init` and `qianyue worker` on a real database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from webapp.cli import main
from webapp.commands.worker import run_until, sweep_now
from webapp.models import Case, Release
from webapp.services.cases.sweep import SweepReport
from webapp.services.design.releases import OFFERED


@pytest.fixture
def here(monkeypatch, database_url):
    """The installation that the commands serve."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    return database_url


def test_init_publishes_for_every_school_and_again_changes_nothing(here, session, cast):
    first = CliRunner().invoke(main, ["init"])
    second = CliRunner().invoke(main, ["init"])

    assert (first.exit_code, second.exit_code) == (0, 0), first.output
    assert "数据库结构已是最新" in first.output
    assert "青禾大学" in first.output
    found = session.scalars(select(Release)).all()
    offered = {(family, one) for family, each in OFFERED.items() for one in each}
    for school_id in (cast.school.id, cast.nils.school_id):
        own = [r for r in found if r.school_id == school_id]
        assert {(r.family, r.variant) for r in own} == offered
        assert [r.number for r in own] == [1] * len(offered)


def test_a_worker_sweeps_once_when_asked(here, story, session):
    case, _ = story.invite(reply_by=story.later(minutes=1))

    outcome = CliRunner().invoke(main, ["worker", "--once"])

    assert outcome.exit_code == 0, outcome.output
    session.rollback()
    assert session.get(Case, case.id, populate_existing=True).status == "lapsed"


def test_a_worker_does_long_work_to_its_end_without_a_pause(sessions, monkeypatch):
    left = [2, 1, 0]
    monkeypatch.setattr(
        "webapp.commands.worker.sweep_now", lambda _: SweepReport(jobs_unfinished=left.pop(0))
    )
    run_until(sessions, threading.Event(), pause=3600, once=True)

    assert left == []


def test_a_sweep_that_fails_is_tried_again(sessions, monkeypatch):
    stop, tries = threading.Event(), []

    def sweep(_sessions):
        tries.append(1)
        if len(tries) == 2:
            stop.set()
        raise RuntimeError("the database is away")

    monkeypatch.setattr("webapp.commands.worker.sweep_now", sweep)
    run_until(sessions, stop, pause=0)

    assert len(tries) == 2


def test_nothing_due_is_nothing_done(sessions, session, cast):
    assert sweep_now(sessions).total == 0


def test_a_worker_stops_when_told(here, instance_folder, session):
    worker = subprocess.Popen(
        [sys.executable, "-c", "from webapp.cli import main; main(['worker', '--pause', '60'])"],
        env={**os.environ, "DATABASE_URL": here, "PYTHONUNBUFFERED": "1"},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        said = worker.stderr.readline()
        worker.send_signal(signal.SIGTERM)
        code = worker.wait(20)
    finally:
        worker.kill()
        worker.stderr.close()

    assert "开始" in said
    assert code == 0
