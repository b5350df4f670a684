"""Bytes by their SHA-256: stored once, and dropped when nothing refers to them any more."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, delete, select
from sqlalchemy.orm import Session

from ...database import insert_for
from ...models import Base, Blob


def keep(session: Session, sha256: str, content: bytes) -> None:
    """Store the bytes, or hold those that are there until the caller's reference is written.

    Whoever drops the last reference just now is waited for; the bytes are then stored anew.
    """
    values = {"sha256": sha256, "size": len(content), "content": content}
    held = (
        select(Blob.sha256).where(Blob.sha256 == sha256).with_for_update(read=True, key_share=True)
    )
    while session.scalar(held) is None:
        session.execute(insert_for(session, Blob.__table__).values(values).on_conflict_do_nothing())


def drop_unreferenced(session: Session, sha256: str) -> None:
    """Delete the bytes unless some row still names them; the caller has dropped its own reference.

    The row is locked first, so a reference that is being written is seen by the DELETE.
    """
    session.scalar(select(Blob.sha256).where(Blob.sha256 == sha256).with_for_update())
    named = [select(column).where(column == sha256).exists() for column in references()]
    session.execute(delete(Blob).where(Blob.sha256 == sha256, *[~one for one in named]))


def references() -> list[Column[Any]]:
    """Every column that refers to stored bytes, so a later table cannot be forgotten here."""
    return [
        key.parent
        for table in Base.metadata.tables.values()
        for key in table.foreign_keys
        if key.column.table is Blob.__table__
    ]
