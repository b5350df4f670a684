"""Releases go to folders and come back the same; what is not proven is not published."""

from __future__ import annotations

import tomllib

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from processes.diagram import UnreadableDiagram
from webapp.cli import main
from webapp.errors import ReleaseRefused
from webapp.models import Audit, Release
from webapp.services.design import releases
from webapp.services.design.carrying import (
    NotAParcel,
    find_parcels,
    publish_parcel,
    read_file,
    read_folder,
    write_releases,
)
from webapp.services.design.publishing import SecondPersonNeeded

FAMILY, VARIANT = "rescission", "online_two_party"


@pytest.fixture
def release(session, cast, monday) -> Release:
    found = releases.publish_variant(
        session, cast.school.id, FAMILY, VARIANT, monday, cast.ada.person_id
    )
    session.commit()
    return found


@pytest.fixture
def folder(session, cast, release, tmp_path):
    """The release as a folder."""
    ((_, place),) = write_releases(session, cast.school, tmp_path)
    return place


@pytest.fixture
def terminal(monkeypatch, tmp_path, database_url):
    """Run the command line against the test's database."""
    monkeypatch.setenv("QIANYUE_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("DATABASE_URL", database_url)
    return lambda *words: CliRunner().invoke(main, [str(word) for word in words])


def edit(place, name: str, old: str, new: str) -> None:
    file = place / name
    text = file.read_text("utf-8")
    assert old in text
    file.write_text(text.replace(old, new), "utf-8")


def test_a_release_is_written_whole_with_its_hash_author_and_note(folder, release, cast):
    told = tomllib.loads((folder / "release.toml").read_text("utf-8"))

    assert folder.parts[-3:] == (cast.school.code, FAMILY, VARIANT)
    assert (folder / "diagram.bpmn").read_bytes() == release.diagram
    assert {file.stem for file in (folder / "called").iterdir()} == set(release.called)
    assert len(list((folder / "forms").rglob("*.json"))) == len(release.forms) > 0
    assert (told["content_hash"], told["number"]) == (release.content_hash, 1)
    assert (told["author"], told["note"]) == ("安达", "随系统提供")


def test_what_was_written_reads_back_to_the_same_hash(session, cast, folder, release, monday):
    carried = publish_parcel(session, cast.school, read_folder(folder), note="x", now=monday)

    assert carried.unchanged
    assert carried.release.id == release.id


def test_another_school_gets_the_same_release_from_the_folder(
    session, cast, folder, release, monday
):
    other = cast.make.school("北山大学", "10003")

    carried = publish_parcel(session, other, read_folder(folder), note="照搬", now=monday)

    assert carried.release.content_hash == release.content_hash
    assert (carried.release.number, carried.release.note, carried.before) == (1, "照搬", 0)
    assert carried.release.scenarios == release.scenarios


def test_a_change_made_in_git_becomes_the_next_release_and_is_told(
    session, cast, folder, release, monday
):
    name = f'name="{release.title}"'
    edit(folder, "diagram.bpmn", name, 'name="双方解约"')

    parcel = read_folder(folder)
    tried = publish_parcel(session, cast.school, parcel, note="x", now=monday, dry_run=True)
    carried = publish_parcel(session, cast.school, parcel, note="x", now=monday)

    assert tried.release is None
    assert (carried.release.number, carried.before) == (2, 1)
    assert carried.changes == tried.changes != []
    assert session.scalars(select(Audit.act)).all().count("release_published") == 1


def test_a_school_that_wants_two_people_is_not_gone_around(session, cast, folder, release, monday):
    cast.school.settings = {**cast.school.settings, "publication_approval": True}
    session.commit()
    edit(folder, "diagram.bpmn", f'name="{release.title}"', 'name="双方解约"')
    parcel = read_folder(folder)

    with pytest.raises(SecondPersonNeeded):
        publish_parcel(session, cast.school, parcel, note="x", now=monday)

    session.rollback()
    tried = publish_parcel(session, cast.school, parcel, note="x", now=monday, dry_run=True)
    assert tried.changes
    assert session.scalars(select(Release.number)).all() == [1]


def test_an_unsound_diagram_is_refused(session, cast, folder, monday):
    edit(folder, "diagram.bpmn", "<bpmn:endEvent", "<bpmn:complexGateway/><bpmn:endEvent")

    with pytest.raises((ReleaseRefused, UnreadableDiagram)):
        publish_parcel(session, cast.school, read_folder(folder), note="x", now=monday)


def test_files_of_a_former_release_go_others_stay(session, cast, folder, tmp_path):
    (folder / "forms" / "old.json").write_text("{}")
    (folder / "README.md").write_text("ours")
    stamps = {file: file.stat().st_mtime_ns for file in folder.rglob("*") if file.is_file()}

    write_releases(session, cast.school, tmp_path)

    assert not (folder / "forms" / "old.json").exists()
    assert (folder / "README.md").exists()
    assert all(file.stat().st_mtime_ns == at for file, at in stamps.items() if file.exists())


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("release.toml", b"family = "),
        ("release.toml", b"\xff"),
        ("forms/new.json", b"[]"),
        ("forms/new.json", b'{"title": "x"}'),
        ("scenarios.toml", b"\xff"),
    ],
)
def test_a_folder_that_somebody_broke_is_told(folder, name, content):
    (folder / name).write_bytes(content)

    with pytest.raises(NotAParcel) as refusal:
        read_folder(folder)

    assert refusal.value.story


def test_a_single_file_takes_what_lies_beside_it(folder, release):
    parcel = read_file(folder / "diagram.bpmn", FAMILY, VARIANT)

    assert parcel.diagram == release.diagram
    assert set(parcel.forms) == set(release.forms)
    assert set(parcel.called) == set(release.called)


def test_export_and_publish_at_a_terminal(terminal, session, cast, release, tmp_path):
    out = tmp_path / "git"

    written = terminal("export-diagrams", out, "--school", cast.school.code)
    again = terminal("publish", out, "--school", cast.school.code, "--note", "试")

    assert written.exit_code == 0, written.output
    (place,) = find_parcels(out)
    assert "没有变化" in again.output
    edit(place, "diagram.bpmn", f'name="{release.title}"', 'name="双方解约"')

    published = terminal("publish", place, "--school", cast.school.code, "--note", "改名")

    assert published.exit_code == 0, published.output
    assert "第 2 版" in published.output
    session.rollback()
    numbers = session.scalars(select(Release.number).where(Release.in_force)).all()
    assert numbers == [2]


@pytest.mark.parametrize(
    "words",
    [
        ("--school", "00000", "--note", "x"),
        ("--school", "CODE", "--note", " "),
        ("--school", "CODE", "--note", "x", "--author", "nobody-at-all"),
    ],
)
def test_a_wrong_call_says_what_is_wrong(terminal, cast, folder, words):
    words = [cast.school.code if word == "CODE" else word for word in words]

    result = terminal("publish", folder, *words)

    assert result.exit_code == 2
    assert "没有" in result.output or "不能" in result.output


def test_a_refused_folder_ends_with_status_one_and_names_the_fault(terminal, cast, folder):
    edit(folder, "release.toml", f'variant = "{VARIANT}"', 'variant = "Bad Name"')

    result = terminal("publish", folder, "--school", cast.school.code, "--note", "x")

    assert result.exit_code == 1
    assert "短名" in result.output
