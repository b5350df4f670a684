"""A process killed in the middle of a step leaves nothing behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest
from sqlalchemy import func, select

from webapp.models import Case, Claim, History, Task

KILLED_BEFORE_COMMIT = """
import os, signal, sys, uuid
from datetime import datetime
from webapp.database import make_engine, make_sessions
from webapp.services.cases import cases
from webapp.services.accounts.actors import actors_of

url, person, task, now, when = sys.argv[1:]
session = make_sessions(make_engine(url))()
(actor,) = actors_of(session, uuid.UUID(person))
if when == "before the batch":
    import webapp.services.cases.steps as steps
    steps.take_over = lambda *a: os.kill(os.getpid(), signal.SIGKILL)
cases.submit_task(
    session, actor, uuid.UUID(task), {"outcome": "accept"}, [], datetime.fromisoformat(now)
)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize("when", ["before the batch", "before the commit"])
def test_a_killed_step_never_happened(story, session, cast, database_url, when):
    case, answer = story.invite()
    tables = (Claim, History, Task)
    before = [session.scalar(select(func.count()).select_from(table)) for table in tables]
    session.commit()

    killed = subprocess.run(
        [
            *(sys.executable, "-c", KILLED_BEFORE_COMMIT, database_url),
            *(cast.lin.person_id.hex, answer.id.hex, story.monday.isoformat(), when),
        ],
        env=dict(os.environ),
        capture_output=True,
        timeout=300,
    )

    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    after = [session.scalar(select(func.count()).select_from(table)) for table in tables]
    assert after == before
    kept = session.get(Case, case.id, populate_existing=True)
    assert (kept.status, kept.version) == ("waiting_answer", case.version + 1)
    assert story.accept(cast.lin, answer).status == "waiting_college"
