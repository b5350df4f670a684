"""What `export-diagrams` and `publish` share: the session of one call, and the school it is about."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import select
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.orm import Session

from ..config import load_config
from ..database import make_engine, make_sessions
from ..models import School


@contextmanager
def opened() -> Iterator[Session]:
    """A session on the configured database; what is not committed is undone."""
    engine = make_engine(load_config().database_url)
    try:
        with make_sessions(engine)() as session:
            yield session
    except (OperationalError, ProgrammingError) as error:
        raise click.ClickException(f"数据库不可用，先运行 qianyue init：{error.orig}") from error
    finally:
        engine.dispose()


def find_schools(session: Session, code: str | None) -> list[School]:
    """The school with this code, or every school."""
    wanted = select(School).order_by(School.code)
    found = list(session.scalars(wanted.where(School.code == code) if code else wanted))
    if code and not found:
        raise click.UsageError(f"没有代码是 {code} 的学校")
    return found
