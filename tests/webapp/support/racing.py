"""Runs acts at the same moment, each in a thread with a connection of its own."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy.orm import Session, sessionmaker


def race(sessions: sessionmaker[Session], acts: Sequence[Callable[[Session], Any]]) -> list[Any]:
    """What each act returned, or the exception it raised, after all began together.

    Every act has already opened its connection when the barrier lifts, and commits by itself.
    """
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[Session], Any]) -> None:
        with sessions() as session:
            session.connection()
            session.rollback()
            barrier.wait(30)
            try:
                results[place] = act(session)
                session.commit()
            except Exception as error:
                session.rollback()
                results[place] = error

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results
