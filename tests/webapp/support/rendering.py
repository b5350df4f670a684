"""An agreement's document without its rendering, which takes long and is tested elsewhere."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.models import Agreement, Blob, Document, new_id


def store_document(session: Session, agreement: Agreement, content: bytes, now: datetime) -> None:
    """Keep `content` as what the agreement was rendered to, and commit."""
    sha256 = hashlib.sha256(content).hexdigest()
    session.add(Blob(sha256=sha256, size=len(content), content=content))
    session.flush()
    session.add(
        Document(
            id=new_id(), school_id=agreement.school_id, agreement_id=agreement.id, sha256=sha256,
            pages=2, rendered_at=now,
        )
    )  # fmt: skip
    session.commit()
