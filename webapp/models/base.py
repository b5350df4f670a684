"""What every table shares: ids that sort by time, moments in UTC, JSON as text."""

from __future__ import annotations

import threading
import uuid
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, ClassVar

import orjson
import uuid_utils
import uuid_utils.compat
from sqlalchemy import DateTime, MetaData, String, Text, TypeDecorator, Uuid
from sqlalchemy.orm import DeclarativeBase, mapped_column

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


def new_id(at: datetime | None = None) -> uuid.UUID:
    """A UUID of version 7: unique everywhere, and later rows sort after earlier ones.

    With `at`, it sorts by that moment: lists that page by id then follow the clock that was passed
    in, also where demonstrations and tests move it.
    """
    if at is None:
        return uuid_utils.compat.uuid7()
    nanoseconds = (at - BEGINNING) // MICROSECOND * 1000
    return _after_the_last(uuid_utils.uuid7(nanoseconds=nanoseconds).int)


BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MILLISECOND_AT = 80  # the bit where the moment of a UUID of version 7 begins
_last = 0
_one_at_a_time = threading.Lock()


def _after_the_last(fresh: int) -> uuid.UUID:
    """Of two ids made for one millisecond here, the later one sorts later: the last one plus one."""
    global _last
    with _one_at_a_time:
        same_moment = fresh >> MILLISECOND_AT == _last >> MILLISECOND_AT
        _last = made = _last + 1 if same_moment else fresh
    return uuid.UUID(int=made)


class Moment(TypeDecorator[datetime]):
    """An aware moment, kept in UTC. SQLite has no zones, so it gets naive UTC and gives UTC back."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a moment needs a time zone: {value!r}")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class JsonText(TypeDecorator[Any]):
    """JSON kept as text, so the order of keys survives (PostgreSQL's jsonb reorders them)."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: str | None, dialect: Any) -> Any:
        return None if value is None else orjson.loads(value)


Id = Annotated[uuid.UUID, mapped_column(Uuid, primary_key=True, default=new_id)]
Key = Annotated[uuid.UUID, mapped_column(Uuid)]
Word = Annotated[str, mapped_column(String(64))]
Line = Annotated[str, mapped_column(String(200))]
Hash = Annotated[str, mapped_column(String(64))]


class Base(DeclarativeBase):
    """The one registry of tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar = {
        datetime: Moment,
        dict[str, Any]: JsonText,
        list[str]: JsonText,
        uuid.UUID: Uuid,
    }
