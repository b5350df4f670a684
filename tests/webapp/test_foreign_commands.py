"""`qianyue import-diagram` and `qianyue foreign`: a verdict for every file, and the file stays."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from processes.diagram import read_diagram
from processes.importing import killable
from webapp.cli import main

DIALECTS = Path(__file__).parents[1] / "processes" / "importing" / "dialects"


def run(*arguments: object):
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def test_a_file_is_imported_beside_itself(tmp_path):
    source, target = DIALECTS / "camunda7.bpmn", tmp_path / "leave.bpmn"
    before = source.read_bytes()

    result = run("import-diagram", source, "-o", target)

    assert result.exit_code == 1  # something is left to do
    assert read_diagram(target.read_bytes()).elements["Apply"].form == "imported/apply"
    form = json.loads((tmp_path / "leave.forms" / "imported" / "apply.json").read_text("utf-8"))
    assert form["title"] == "填写申请"
    assert source.read_bytes() == before
    assert "Apply.leave_kind == 'sick'" in result.output


def test_the_file_itself_is_never_overwritten(tmp_path):
    file = tmp_path / "a.bpmn"
    file.write_bytes((DIALECTS / "plain.bpmn").read_bytes())

    result = run("import-diagram", file, "-o", file)

    assert result.exit_code == 2
    assert file.read_bytes() == (DIALECTS / "plain.bpmn").read_bytes()


def test_json_names_every_note_with_its_place():
    result = run("import-diagram", DIALECTS / "camunda7.bpmn", "--json")

    told = json.loads(result.output)
    note = next(note for note in told["notes"] if note["rule"] == "condition")
    assert (note["element"], note["line"], note["asks"]) == ("f3", 21, True)
    assert told["roles"][0]["key"] == "who:${starter}"


def test_roles_may_be_said_at_once(tmp_path):
    target = tmp_path / "out.bpmn"

    run(
        "import-diagram",
        DIALECTS / "flowable.bpmn20.xml",
        "-o",
        target,
        "--role",
        "who:manager=reviewer",
    )

    assert read_diagram(target.read_bytes()).elements["boss"].role == "reviewer"


@pytest.mark.parametrize("role", ["who:x=king", "office"])
def test_a_role_that_nobody_knows_is_a_wrong_call(role):
    result = run("import-diagram", DIALECTS / "plain.bpmn", "--role", role)

    assert result.exit_code == 2
    assert "--role" in result.output


def test_a_file_that_is_no_diagram_is_refused(tmp_path):
    (tmp_path / "a.bpmn").write_text("hello")

    assert run("import-diagram", tmp_path / "a.bpmn", "-o", tmp_path / "b.bpmn").exit_code == 2
    assert not (tmp_path / "b.bpmn").exists()
    assert run("import-diagram", tmp_path / "nothing.bpmn").exit_code == 2


@pytest.fixture
def folder(tmp_path):
    """A few files of other tools, one of them in a folder, and one that is no diagram."""
    (tmp_path / "inner").mkdir()
    for name in ("oryx.bpmn", "jbpm.bpmn2"):
        (tmp_path / "inner" / name).write_bytes((DIALECTS / name).read_bytes())
    (tmp_path / "broken.bpmn").write_text("<definitions")
    (tmp_path / "notes.txt").write_text("not for us")
    return tmp_path


def test_every_file_of_a_folder_gets_a_verdict(folder):
    result = run("foreign", folder)

    assert result.exit_code == 0
    assert "[3/3]" in result.output
    assert "broken.bpmn：不能导入" in result.output
    assert "共 3 个文件：可以运行 0，可以导入，有事项要处理 2，不能导入 1" in result.output


def test_a_manifest_is_compared(folder):
    manifest = folder / "expected.csv"
    manifest.write_text("file,expected\nbroken.bpmn,refused\noryx.bpmn,imports_with_warnings\n")

    assert run("foreign", folder, "--manifest", manifest).exit_code == 0

    manifest.write_text("file,expected\nbroken.bpmn,runs\ngone.bpmn,runs\n")
    result = run("foreign", folder, "--manifest", manifest, "--json")

    assert result.exit_code == 1
    summary = json.loads(result.stdout)["summary"]
    assert (summary["differing"], summary["not_found"]) == (1, ["gone.bpmn"])


def test_a_file_that_has_to_be_killed_fails_the_run(folder, monkeypatch):
    monkeypatch.setattr(killable, "WORKER", ("sleep", "60"))

    result = run("foreign", folder / "broken.bpmn", "--seconds", "0.1")

    assert result.exit_code == 1
    assert "超时" in result.output


@pytest.mark.parametrize("text", ["", "name\nx\n", "file,expected\na.bpmn,maybe\n"])
def test_a_manifest_that_cannot_be_read_is_said(folder, text):
    (folder / "m.csv").write_text(text)

    assert run("foreign", folder, "--manifest", folder / "m.csv").exit_code == 2


def test_a_folder_without_diagrams_is_said(tmp_path):
    assert run("foreign", tmp_path).exit_code == 2
