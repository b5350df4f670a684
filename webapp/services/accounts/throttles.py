"""Slows down whoever guesses: after some free tries every further one waits longer.

A try is counted before it is judged, in a transaction of its own, so that neither many tries at
once nor a request that fails afterwards go uncounted. This is the one place that commits.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from ...database import begin_write
from ...errors import CaseError
from ...models import Throttle


class TooManyTries(CaseError):
    """Too many failed tries; `wait` says how long the next one has to."""

    status = 429
    title = "请稍后再试"

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        seconds = max(1, round(wait.total_seconds()))
        self.spoken = f"{seconds} 秒" if seconds < 120 else f"{(seconds + 59) // 60} 分钟"
        super().__init__(
            f"连续多次没有通过，请等 {self.spoken}再试。", "忘记密码的，请联系学校就业处重置。"
        )


@dataclass(frozen=True)
class Limit:
    """How many tries are free, and how the pauses grow after them."""

    free: int
    first_pause: timedelta
    longest_pause: timedelta
    forget_after: timedelta

    def pause(self, count: int) -> timedelta:
        """How long to wait after `count` tries."""
        if count < self.free:
            return timedelta()
        doubled = self.first_pause * (1 << min(count - self.free, 20))
        return min(doubled, self.longest_pause)


LOGIN = Limit(5, timedelta(seconds=5), timedelta(minutes=15), timedelta(hours=24))
# A whole campus may stand behind one address, so it is patient and its pauses stay short.
ADDRESS = Limit(60, timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1))


def count_try(session: Session, limits: dict[str, Limit], now: datetime) -> None:
    """Count one try under each key and commit. Raises TooManyTries while a pause lasts."""
    begin_write(session)
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    waits = []
    for key, limit in sorted(limits.items()):
        # One statement makes and locks the row: nobody can forgive it in between.
        made = insert(Throttle).values(key=key, since=now, count=0)
        locked = made.on_conflict_do_update(index_elements=[Throttle.key], set_={"key": key})
        since, count = session.execute(locked.returning(Throttle.since, Throttle.count)).one()
        gone = max(now - since, timedelta())
        count = 0 if gone > limit.forget_after else count
        waits.append(limit.pause(count) - gone)
        session.execute(
            update(Throttle).where(Throttle.key == key).values(since=now, count=count + 1)
        )
    longest = max(waits)
    if longest > timedelta():
        session.rollback()
        raise TooManyTries(longest)
    session.commit()


def forgive(session: Session, key: str) -> None:
    """Forget the tries under a key, after a success. The caller commits."""
    begin_write(session)
    session.execute(delete(Throttle).where(Throttle.key == key))


def take_back(session: Session, *keys: str) -> None:
    """Uncount the one try that succeeded, but not those of others. The caller commits.

    Keys are locked in the order of `count_try`, or two who succeed would wait for each other.
    """
    begin_write(session)
    for key in sorted(keys):
        session.execute(
            update(Throttle)
            .where(Throttle.key == key, Throttle.count > 0)
            .values(count=Throttle.count - 1)
        )
