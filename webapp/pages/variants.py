"""What the page of a variant shows: all its releases, and what is known of each."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy.orm import Session

from webapp.errors import NotYours
from webapp.models import Draft, Release
from webapp.pages.administration import ReleaseLine, list_releases
from webapp.services.accounts.actors import Actor
from webapp.services.design.drafts import list_drafts
from webapp.services.design.judging import Verdict, judge, known_verdict
from webapp.services.schools.labels import family_label


@dataclass(frozen=True)
class JudgedLine:
    """A release with what its proof said, None where nobody has asked yet."""

    release: Release
    author: str
    running: int
    verdict: Verdict | None


@dataclass(frozen=True)
class VariantPage:
    """All releases of a variant, latest first."""

    family: str
    variant: str
    label: str
    lines: list[JudgedLine]
    draft: Draft | None

    @property
    def title(self) -> str:
        return self.lines[0].release.title

    @property
    def in_force(self) -> Release | None:
        return next((one.release for one in self.lines if one.release.in_force), None)


def variant_page(
    session: Session, actor: Actor, family: str, variant: str, asked: uuid.UUID | None = None
) -> VariantPage:
    """The releases of a variant of the own school; `asked` is one to prove now, which takes seconds.

    Raises NotYours where the school has none.
    """
    found = [
        one
        for one in list_releases(session, actor)
        if (one.release.family, one.release.variant) == (family, variant)
    ]
    if not found:
        raise NotYours
    drafts = (
        one for one in list_drafts(session, actor) if (one.family, one.variant) == (family, variant)
    )
    return VariantPage(
        family,
        variant,
        family_label(family),
        [judged(one, one.release.id == asked) for one in found],
        next(drafts, None),
    )


def judged(line: ReleaseLine, now: bool) -> JudgedLine:
    verdict = judge(line.release) if now else known_verdict(line.release)
    return JudgedLine(line.release, line.author, line.running, verdict)
