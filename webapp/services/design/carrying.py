"""Releases as folders that git can keep: written as they are frozen, read and published again.

<school>/<family>/<variant>/release.toml     what it is, by whom, why, and its hash
                           /diagram.bpmn     the diagram, byte for byte
                           /called/<process>.bpmn
                           /forms/<key>.json
                           /scenarios.toml
"""

from __future__ import annotations

import io
import json
import tomllib
import uuid
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

import forms
from forms.definitions import DefinitionError
from processes.compare import Change
from processes.diagram import UnreadableDiagram, read_diagram
from processes.explore.proving import Proof
from processes.safe_xml import MAX_BYTES

from ...errors import CaseError, ReleaseRefused
from ...models import Draft, Person, Release, School
from .. import audit
from . import releases
from .checking import parts_of
from .drafts import require_name
from .publishing import (
    DifferencesNotConfirmed,
    SecondPersonNeeded,
    changes_of,
    needs_second,
    prove_draft,
    release_in_force,
)

MANIFEST, DIAGRAM, CALLED, FORMS, SCENARIOS = (
    *("release.toml", "diagram.bpmn", "called"),
    *("forms", "scenarios.toml"),
)


NOT_HERE = (
    "本校发布流程须两人办理，命令行不能代替，没有发布。",
    "请在网页的“导入流程图”里导入成草稿，提请发布，由另一位管理员同意。",
)


class NotAParcel(CaseError):
    """A folder or file that cannot be published as it lies there."""

    status = 422
    title = "这里的内容不能发布"
    way_out = "请用 qianyue export-diagrams 写出的文件夹，或写明 --family 和 --variant。"


@dataclass(frozen=True)
class Parcel:
    """What a folder holds of one variant; nothing of it is stored yet."""

    place: str
    family: str
    variant: str
    title: str
    diagram: bytes
    called: dict[str, str] = field(default_factory=dict)
    forms: dict[str, Any] = field(default_factory=dict)
    scenarios: str = ""


@dataclass(frozen=True)
class Carried:
    """What became of a parcel. `release` is what is in force now, None where nothing was published.

    `changes` is the difference to what was in force before, `before` its number (0: none).
    """

    parcel: Parcel
    release: Release | None
    changes: list[Change]
    proof: Proof
    before: int
    unchanged: bool = False


# -- writing -------------------------------------------------------------------------------------


def write_releases(session: Session, school: School, folder: Path) -> list[tuple[Release, Path]]:
    """Write every release in force of a school; returns each with its folder. Raises OSError."""
    wanted = select(Release).where(Release.school_id == school.id, Release.in_force)
    found = session.scalars(wanted.order_by(Release.family, Release.variant))
    return [(one, _write(session, school, one, folder)) for one in found]


def zip_release(session: Session, release: Release) -> bytes:
    """One release as `write_releases` would write its folder, in a zip file."""
    school = session.get_one(School, release.school_id)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in _files(session, school, release).items():
            file.writestr(f"{release.family}/{release.variant}/{name}", content)
    return packed.getvalue()


def _files(session: Session, school: School, release: Release) -> dict[str, bytes]:
    files = {DIAGRAM: release.diagram, MANIFEST: _manifest(session, school, release).encode()}
    for process, text in sorted(release.called.items()):
        files[f"{CALLED}/{quote(process, safe='')}.bpmn"] = text.encode()
    for key, definition in sorted(release.forms.items()):
        text = json.dumps(definition, ensure_ascii=False, indent=2)
        files[f"{FORMS}/{key}.json"] = f"{text}\n".encode()
    if release.scenarios:
        files[SCENARIOS] = release.scenarios.encode()
    for name in files:
        if name.startswith("/") or ".." in name.split("/"):
            raise NotAParcel(f"{name} 不能用作文件名，没有写出。")
    return files


def _write(session: Session, school: School, release: Release, folder: Path) -> Path:
    place = folder / school.code / release.family / release.variant
    files = _files(session, school, release)
    for name, content in files.items():
        target = place / name
        if not target.resolve().is_relative_to(place.resolve()):
            raise NotAParcel(f"{name} 不能用作文件名，没有写出。")
        target.parent.mkdir(parents=True, exist_ok=True)
        if not target.exists() or target.read_bytes() != content:
            target.write_bytes(content)
    _forget(place, set(files))
    return place


def _forget(place: Path, kept: set[str]) -> None:
    """Take away what an earlier release of this variant had and this one has not."""
    for found in [*place.glob(f"{CALLED}/*.bpmn"), *place.glob(f"{FORMS}/**/*.json")]:
        if found.relative_to(place).as_posix() not in kept:
            found.unlink()
    if SCENARIOS not in kept:
        (place / SCENARIOS).unlink(missing_ok=True)


def _manifest(session: Session, school: School, release: Release) -> str:
    author = session.get(Person, release.author_id) if release.author_id else None
    values = {
        "school": school.code,
        "family": release.family,
        "variant": release.variant,
        "number": release.number,
        "title": release.title,
        "content_hash": release.content_hash,
        "author": author.name if author else "",
        "published_at": release.published_at.isoformat(),
        "note": release.note,
    }
    # texts and numbers read the same in JSON and TOML, but for one control character
    lines = (f"{k} = {json.dumps(v, ensure_ascii=False)}\n" for k, v in values.items())
    return "".join(lines).replace("\x7f", "\\u007f")


# -- reading -------------------------------------------------------------------------------------


def find_parcels(place: Path) -> list[Path]:
    """The folders of releases at or beneath a place, in a stable order."""
    return sorted(found.parent for found in place.rglob(MANIFEST))


def read_folder(place: Path) -> Parcel:
    """What `write_releases` wrote. Raises NotAParcel, UnreadableDiagram and OSError."""
    manifest = _toml(place / MANIFEST)
    family, variant = str(manifest.get("family", "")), str(manifest.get("variant", ""))
    title = str(manifest.get("title", ""))
    return _parcel(place / DIAGRAM, place, family, variant, title, place / SCENARIOS)


def read_file(file: Path, family: str, variant: str) -> Parcel:
    """A diagram with the forms, called diagrams and scenarios that lie beside it.

    Raises NotAParcel, UnreadableDiagram and OSError.
    """
    return _parcel(file, file.parent, family, variant, "", file.with_suffix(".toml"))


def _parcel(
    file: Path, place: Path, family: str, variant: str, title: str, scenarios: Path
) -> Parcel:
    data = _bytes(file)
    diagram = read_diagram(data, str(file))
    called = {}
    for other in sorted((place / CALLED).glob("*.bpmn")):
        called[read_diagram(_bytes(other), str(other)).process] = _text(other)
    own = {}
    for folder in (place / FORMS, file.with_suffix(".forms")):
        for form in sorted(folder.rglob("*.json")):
            key = form.relative_to(folder).with_suffix("").as_posix()
            own[key] = _form(form, key)
    text = _text(scenarios) if scenarios.exists() else ""
    return Parcel(str(place), family, variant, title or diagram.name, data, called, own, text)


def _bytes(file: Path) -> bytes:
    with file.open("rb") as opened:
        return opened.read(MAX_BYTES + 1)


def _text(file: Path) -> str:
    try:
        return file.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise NotAParcel(f"{file.name} 不是 UTF-8 编码。") from error


def _toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(file))
    except tomllib.TOMLDecodeError as error:
        raise NotAParcel(f"{file} 不是合格的 TOML（{error}）。") from error


def _form(file: Path, key: str) -> dict[str, Any]:
    try:
        raw = json.loads(_text(file))
        forms.definitions.parse_definition(raw, key=key)
    except ValueError as error:
        told = error.findings[0] if isinstance(error, DefinitionError) else "不是合格的 JSON"
        raise NotAParcel(f"表单 {file.name}：{told}。") from error
    return dict(raw)


# -- publishing ----------------------------------------------------------------------------------


def publish_parcel(
    session: Session,
    school: School,
    parcel: Parcel,
    *,
    note: str,
    now: datetime,
    author_id: uuid.UUID | None = None,
    confirmed: bool = False,
    dry_run: bool = False,
) -> Carried:
    """Prove what a folder holds and make it the release in force. The caller commits.

    The same content again is no new release. Raises BadVariant, ReleaseRefused with what forbids
    it, DifferencesNotConfirmed when scenarios differ and `confirmed` is not set, and
    SecondPersonNeeded where the school wants a second person's consent.
    """
    require_name(parcel.family, parcel.variant)
    draft = as_draft(school, parcel, now)
    current = release_in_force(session, draft)
    called, definitions = parts_of(draft)
    fingerprint = releases.content_hash(draft.diagram, called, definitions)
    before = current.number if current else 0
    if current is not None and current.content_hash == fingerprint:
        return Carried(parcel, current, [], Proof(0, ()), before, unchanged=True)
    proof = prove_draft(draft)
    changes = changes_of(draft, current)
    if proof.status:
        raise ReleaseRefused([one for one in proof.findings if one.forbids_running])
    if proof.differing and not confirmed:
        raise DifferencesNotConfirmed(f"有场景不再按预期走：{'、'.join(proof.differing)}。")
    if dry_run:
        return Carried(parcel, None, changes, proof, before)
    if needs_second(session, school.id):
        raise SecondPersonNeeded(*NOT_HERE)
    release = releases.publish(
        session,
        school.id,
        parcel.family,
        parcel.variant,
        parcel.diagram,
        called,
        definitions,
        now=now,
        author_id=author_id,
        note=note,
        title=parcel.title,
        scenarios=proof.scenarios,
    )
    about = f"{release.title} 第 {release.number} 版"
    audit.record(
        session, "release_published", now, person_id=author_id, school_id=school.id, about=about
    )
    return Carried(parcel, release, changes, proof, before)


def as_draft(school: School, parcel: Parcel, now: datetime) -> Draft:
    """The parcel as a draft that is stored nowhere, so it is proven and compared like one."""
    return Draft(
        school_id=school.id,
        family=parcel.family,
        variant=parcel.variant,
        title=parcel.title,
        diagram=parcel.diagram,
        called=parcel.called,
        forms=parcel.forms,
        scenarios=parcel.scenarios,
        changed_at=now,
    )


def unreadable(error: UnreadableDiagram) -> Iterator[str]:
    """Why a diagram cannot be read, as lines."""
    for finding in error.findings:
        yield f"{finding.message}{finding.way_out}"
