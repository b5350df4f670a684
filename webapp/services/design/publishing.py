"""From a draft to a release: proof, difference, impact, publication, and back again.

Nothing is published that was not proven as it is: the proof belongs to the revision of the draft.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

import forms
from forms.definitions import Definition
from processes.compare import Change, compare
from processes.diagram import read_diagram
from processes.explore.proving import Proof, prove_in_process

from ...database import begin_write
from ...errors import CaseError, NotYours, ReleaseRefused
from ...models import Case, Draft, Person, Release, School
from .. import audit
from ..accounts.actors import Actor
from ..schools.settings import registry
from . import releases
from .checking import called_by, forms_of, parts_of
from .drafts import DraftChanged, find_draft, hold

SECONDS, PATIENCE = 30.0, 90.0
APPROVAL = "publication_approval"
PROVEN: dict[str, Proof] = {}  # by content; what was proven once is proven
MOST_PROVEN = 200


class NoteNeeded(CaseError):
    """A release says why it was made."""

    status = 422
    title = "请写发布说明"
    story = "没有写发布说明，没有发布。"
    way_out = "用一两句话写这次改了什么、依据是什么，再发布。"


class DifferencesNotConfirmed(CaseError):
    """Scenarios go another way than before, and nobody said that this was meant."""

    status = 422
    title = "有走法与原来预期的不同"
    story = "有场景不再按原来的预期走，没有发布。"
    way_out = "看过列出的场景，是有意的改动就勾选确认，再发布。"


class SecondPersonNeeded(CaseError):
    """The school wants a second person to agree."""

    status = 403
    title = "发布要另一位管理员同意"
    story = "本校规定发布流程须两人办理，没有发布。"
    way_out = "在发布页提请发布，由另一位管理员同意。"


def prove_draft(draft: Draft) -> Proof:
    """Rules, scenarios and every way through the draft as it was saved last; seconds, not more."""
    called, definitions = parts_of(draft)
    fingerprint = releases.content_hash(draft.diagram, called, definitions) + draft.scenarios
    if fingerprint not in PROVEN:
        proof = prove_in_process(
            draft.diagram,
            f"{draft.family}/{draft.variant}",
            called=called_by(draft),
            forms=forms.facts(forms_of(draft)),
            scenarios=draft.scenarios,
            seconds=SECONDS,
            patience=PATIENCE,
        )
        if any(one.rule == "proof_stopped" for one in proof.findings):
            return proof  # the machine may have been busy: ask again next time
        while len(PROVEN) >= MOST_PROVEN:
            PROVEN.pop(next(iter(PROVEN)))
        PROVEN[fingerprint] = proof
    return PROVEN[fingerprint]


def release_in_force(session: Session, draft: Draft) -> Release | None:
    """What the draft would replace."""
    return releases.in_force(session, draft.school_id, draft.family, draft.variant)


def changes_of(draft: Draft, current: Release | None) -> list[Change]:
    """The difference to the release in force, of the diagram, what it calls, and the forms."""
    if current is None:
        return []
    called, definitions = parts_of(draft)
    return changes_between(current, draft.diagram, called, definitions)


def changes_of_releases(older: Release, newer: Release) -> list[Change]:
    """The difference from one release to another."""
    called = {process: text.encode() for process, text in newer.called.items()}
    return changes_between(older, newer.diagram, called, newer.forms)


def changes_between(
    older: Release,
    diagram: bytes,
    called: Mapping[str, bytes],
    definitions: Mapping[str, dict[str, Any]],
) -> list[Change]:
    changes = compare(
        read_diagram(older.diagram),
        read_diagram(diagram),
        fields_by_form(older.forms),
        fields_by_form(definitions),
    )
    for process, data in called.items():
        before = older.called.get(process)
        if before is not None and before.encode() != data:
            changes += [
                Change(one.kind, "", f"调用的流程 {process}：{one.story}")
                for one in compare(read_diagram(before.encode()), read_diagram(data))
            ]
    return changes


def fields_by_form(definitions: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The forms as `processes.compare` takes them."""
    parsed = {
        key: forms.definitions.parse_definition(raw, key=key) for key, raw in definitions.items()
    }
    return {key: fields_of(one) for key, one in parsed.items()}


def fields_of(definition: Definition) -> dict[str, Any]:
    return {
        key: {
            "label": component.label or key,
            "required": component.required is True,
            "values": {one.value: one.label for one in component.own_choices} or None,
        }
        for key, component in definition.fields.items()
    }


def count_running(session: Session, draft: Draft) -> int:
    wanted = select(func.count()).where(
        Case.school_id == draft.school_id,
        Case.family == draft.family,
        Case.variant == draft.variant,
        Case.ended_at.is_(None),
    )
    return session.scalar(wanted) or 0


def needs_second(session: Session, school_id: uuid.UUID | None) -> bool:
    """Whether this school publishes only with a second person's consent (`approving`)."""
    settings = session.get_one(School, school_id).settings
    return bool(registry()[APPROVAL].value_in(settings))


def publish_draft(
    session: Session,
    actor: Actor,
    draft_id: uuid.UUID,
    *,
    revision: int,
    note: str,
    confirmed: bool,
    now: datetime,
    address: str = "",
) -> Release:
    """Freeze the draft as the release in force; the draft is gone then. The caller commits.

    Raises SecondPersonNeeded where the school wants one to agree, NoteNeeded, DraftChanged when
    another revision stands, ReleaseRefused with what forbids it, DifferencesNotConfirmed when
    scenarios differ and `confirmed` is not set.
    """
    find_draft(session, actor, draft_id)
    if needs_second(session, actor.school_id):
        raise SecondPersonNeeded
    draft, proof = ready(
        session, actor, draft_id, revision=revision, note=note, confirmed=confirmed
    )
    return freeze(session, actor, draft, proof, note, actor.person_id, now, address)


def ready(
    session: Session,
    actor: Actor,
    draft_id: uuid.UUID,
    *,
    revision: int,
    note: str,
    confirmed: bool,
) -> tuple[Draft, Proof]:
    """The draft, held until the commit, with its proof: nothing stands in the way of publishing.

    Raises what `publish_draft` raises.
    """
    if not note.strip():
        raise NoteNeeded
    proof = prove_draft(find_draft(session, actor, draft_id))
    begin_write(session)
    draft = hold(session, actor, draft_id)
    if draft.revision != revision:
        raise changed_meanwhile(session, draft)
    if proof.status:
        raise ReleaseRefused([one for one in proof.findings if one.forbids_running])
    if proof.differing and not confirmed:
        raise DifferencesNotConfirmed
    return draft, proof


def freeze(
    session: Session,
    actor: Actor,
    draft: Draft,
    proof: Proof,
    note: str,
    author_id: uuid.UUID,
    now: datetime,
    address: str,
) -> Release:
    """The draft as the release in force; the draft is gone then."""
    called, definitions = parts_of(draft)
    release = releases.publish(
        session,
        draft.school_id,
        draft.family,
        draft.variant,
        draft.diagram,
        called,
        definitions,
        now=now,
        author_id=author_id,
        note=note.strip(),
        title=draft.title,
        scenarios=proof.scenarios,
    )
    session.delete(draft)
    record(session, "release_published", actor, release, now, address)
    session.flush()
    return release


def changed_meanwhile(session: Session, draft: Draft) -> DraftChanged:
    who = session.get_one(Person, draft.changed_by_id).name
    return DraftChanged(who, draft.changed_at, draft.revision)


def return_to(
    session: Session, actor: Actor, release_id: uuid.UUID, now: datetime, address: str = ""
) -> Release:
    """Put a former release in force again, as it was frozen. The caller commits.

    Cases that began meanwhile stay on what they began with. Raises NotYours for another school's.
    """
    begin_write(session)
    wanted = select(Release).where(Release.id == release_id, Release.school_id == actor.school_id)
    release = session.scalars(wanted.with_for_update()).one_or_none()
    if release is None:
        raise NotYours
    if not release.in_force:
        releases.withdraw(session, release.school_id, release.family, release.variant)
        session.execute(update(Release).where(Release.id == release.id).values(in_force=True))
        record(session, "release_returned", actor, release, now, address)
    session.flush()
    session.refresh(release)
    return release


def record(
    session: Session, act: str, actor: Actor, release: Release, now: datetime, address: str
) -> None:
    audit.record(
        session,
        act,
        now,
        by=actor,
        school_id=actor.school_id,
        about=f"{release.title} 第 {release.number} 版",
        address=address,
    )
