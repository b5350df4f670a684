"""签约须知 and 违约说明: what a graduate must read before signing, and which version was read (G02).

A version is a fingerprint of both texts as they stand on the page. Its full text is kept among the
blobs once somebody has agreed to it, so that it can be read years later.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from ...database import insert_for
from ...models import Blob
from ..schools.settings import value_of

SHOWN = 12  # of the fingerprint: enough to tell versions apart, short enough to compare by eye


@dataclass(frozen=True)
class SigningNotice:
    """Both texts of a school, a paragraph a line."""

    signing: str
    breach: str

    @property
    def whole(self) -> bytes:
        return f"签约须知\n{self.signing}\n\n违约说明\n{self.breach}\n".encode()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.whole).hexdigest()

    @property
    def version(self) -> str:
        return self.sha256[:SHOWN]

    def as_dict(self) -> dict[str, str]:
        """As forms read it."""
        return {"signing": self.signing, "breach": self.breach, "version": self.version}


def notice_of(settings: Mapping[str, Any]) -> SigningNotice:
    """The texts of a school, or the packaged ones."""
    return SigningNotice(
        "\n".join(value_of(settings, "signing_notice")),
        "\n".join(value_of(settings, "breach_notice")),
    )


def keep(session: Session, notice: SigningNotice) -> None:
    """Keep the text behind a version; twice is once."""
    session.execute(
        insert_for(session, Blob.__table__)
        .values(sha256=notice.sha256, size=len(notice.whole), content=notice.whole)
        .on_conflict_do_nothing()
    )
