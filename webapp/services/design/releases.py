"""Publishes diagrams: checked, frozen with what they call and their forms, numbered.

A running case keeps the release it began with; a new release only changes what starts next.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

import forms
from processes import library
from processes.diagram import Diagram, read_diagram
from processes.engine import Executable, load_executable

from ...database import begin_write
from ...errors import NoRelease, ReleaseRefused
from ...models import Release, School, new_id

# What a school gets that has not chosen; its setting `offered` names families with their variants.
OFFERED: dict[str, list[str]] = {
    "online_signing": ["employer_invitation"],
    "offline_signing": ["school_application"],
    "paper_registration": ["signed_agreement"],
    "other_destination": ["registration"],
    "destination_void": ["self_service"],
    "rescission": ["online_two_party", "offline_material"],
    "base_data": ["correction"],
    "employer_certification": ["authorisation_letter", "change_manager", "recover_account"],
}


# A publication waits this many seconds for a busy machine; the check itself gets two of the processor.
PATIENCE = 30.0
# What this process has checked: the verdict follows from the content, and many schools share it.
SOUND: set[str] = set()
FINGERPRINTS: dict[uuid.UUID, str] = {}  # content hashes of releases that cases here run on


def publish(
    session: Session,
    school_id: uuid.UUID,
    family: str,
    variant: str,
    diagram: bytes,
    called: Mapping[str, bytes],
    definitions: Mapping[str, dict[str, Any]],
    *,
    now: datetime,
    author_id: uuid.UUID | None = None,
    note: str = "",
    title: str = "",
    scenarios: str = "",
) -> Release:
    """Freeze a diagram as the release in force. The same content again is no new release.

    `called` maps process ids to diagrams, `definitions` form keys to form definitions as
    dictionaries; `scenarios` is the TOML that plays it. Raises ReleaseRefused with every finding when the diagram has errors.
    """
    fingerprint = content_hash(diagram, called, definitions)
    begin_write(session)
    session.scalars(select(School.id).where(School.id == school_id).with_for_update()).one()
    current = in_force(session, school_id, family, variant)
    if current and current.content_hash == fingerprint:
        return current

    if fingerprint not in SOUND:
        require_sound(diagram, f"{family}/{variant}", called, definitions)
        SOUND.add(fingerprint)
    last = session.scalar(
        select(func.max(Release.number)).where(
            Release.school_id == school_id, Release.family == family, Release.variant == variant
        )
    )
    if current:
        session.execute(update(Release).where(Release.id == current.id).values(in_force=False))
    release = Release(
        id=new_id(),
        school_id=school_id,
        family=family,
        variant=variant,
        number=(last or 0) + 1,
        title=title or read_diagram(diagram).name or variant,
        content_hash=fingerprint,
        diagram=diagram,
        called={process: data.decode() for process, data in sorted(called.items())},
        forms=dict(sorted(definitions.items())),
        scenarios=scenarios,
        note=note,
        author_id=author_id,
        published_at=now,
    )
    session.add(release)
    session.flush()
    return release


def publish_packaged(session: Session, school_id: uuid.UUID, now: datetime) -> list[Release]:
    """Publish every diagram that comes with the system and that this school offers."""
    offered = session.get_one(School, school_id).settings.get("offered", OFFERED)
    return [
        publish_variant(session, school_id, found.family, found.variant, now)
        for found in library.find_diagram_files()
        if found.variant in offered.get(found.family, [])
    ]


def publish_variant(
    session: Session,
    school_id: uuid.UUID,
    family: str,
    variant: str,
    now: datetime,
    author_id: uuid.UUID | None = None,
) -> Release:
    """Publish one diagram that comes with the system, with what it calls. Raises ReleaseRefused."""
    found = library.find_diagram(family, variant)
    diagram, called = library.load_family(family, variant)
    return publish(
        session,
        school_id,
        family,
        variant,
        diagram.xml,
        {process: child.xml for process, child in called.items()},
        definitions_for([diagram, *called.values()]),
        now=now,
        author_id=author_id,
        note="随系统提供",
        title=diagram.name,
        scenarios=found.scenarios.read_text("utf-8") if found.scenarios else "",
    )


def withdraw(session: Session, school_id: uuid.UUID, family: str, variant: str) -> None:
    """Let no new case begin on this variant; running cases keep the release they began with."""
    session.execute(
        update(Release)
        .where(
            Release.school_id == school_id,
            Release.family == family,
            Release.variant == variant,
            Release.in_force,
        )
        .values(in_force=False)
    )


def definitions_for(diagrams: list[Diagram]) -> dict[str, dict[str, Any]]:
    """The form definitions that these diagrams name, with shared groups already filled in."""
    keys = {element.form for diagram in diagrams for element in diagram.elements.values()}
    return {key: forms.definitions.get(key).as_dict() for key in sorted(filter(None, keys))}


def in_force(
    session: Session, school_id: uuid.UUID, family: str, variant: str | None = None
) -> Release | None:
    """The release that new cases of this family run on."""
    wanted = select(Release).where(
        Release.school_id == school_id, Release.family == family, Release.in_force
    )
    if variant:
        wanted = wanted.where(Release.variant == variant)
    return session.scalars(wanted.order_by(Release.variant).limit(1)).first()


def require_in_force(
    session: Session, school_id: uuid.UUID, family: str, variant: str | None = None
) -> Release:
    """The same; raises NoRelease where the school has not opened it."""
    release = in_force(session, school_id, family, variant)
    if release is None:
        raise NoRelease
    return release


def executable_for(
    session: Session, release_id: uuid.UUID, fingerprint: str | None = None
) -> Executable:
    """What the engine runs, parsed once per content and kept. A release never changes its hash."""
    fingerprint = fingerprint or FINGERPRINTS.get(release_id)
    if fingerprint is None:
        wanted = select(Release.content_hash).where(Release.id == release_id)
        fingerprint = FINGERPRINTS[release_id] = session.scalars(wanted).one()
    return load_executable(fingerprint, lambda: diagrams_of(session, release_id))


def diagrams_of(session: Session, release_id: uuid.UUID) -> tuple[Diagram, dict[str, Diagram]]:
    """The frozen diagram of a release and those it calls."""
    row = session.execute(
        select(Release.diagram, Release.called).where(Release.id == release_id)
    ).one()
    called = {process: read_diagram(text.encode()) for process, text in row.called.items()}
    return read_diagram(row.diagram), called


def content_hash(
    diagram: bytes, called: Mapping[str, bytes], definitions: Mapping[str, dict[str, Any]]
) -> str:
    """One fingerprint over everything that a case will run on."""
    digest = hashlib.sha256(hashlib.sha256(diagram).digest())
    for process in sorted(called):
        digest.update(process.encode() + b"\0" + hashlib.sha256(called[process]).digest())
    digest.update(orjson.dumps(dict(definitions), option=orjson.OPT_SORT_KEYS))
    return digest.hexdigest()


def require_sound(
    diagram: bytes,
    source: str,
    called: Mapping[str, bytes],
    definitions: Mapping[str, dict[str, Any]],
) -> None:
    """Check in a process of its own, which a hostile diagram may exhaust without harm."""
    from processes.sandbox import check_in_process  # late: only publishing needs it

    parsed = {key: forms.definitions.parse_definition(d, key=key) for key, d in definitions.items()}
    known = forms.facts(parsed)
    result = check_in_process(diagram, source, called=called, forms=known, patience=PATIENCE)
    if result.status:
        raise ReleaseRefused(result.findings)
