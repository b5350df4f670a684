"""`qianyue import` and `qianyue doctor` as somebody at a terminal sees them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from webapp.commands.doctor import command as doctor
from webapp.commands.import_ import command as take_in
from webapp.models import Graduate


@pytest.fixture
def terminal(monkeypatch, tmp_path, database_url, school):
    """Run a command against the test's database."""
    monkeypatch.setenv("QIANYUE_INSTANCE", str(tmp_path / "instance"))
    monkeypatch.setenv("DATABASE_URL", database_url)
    return lambda command, *words: CliRunner().invoke(command, [str(word) for word in words])


@pytest.fixture
def file(tmp_path, register, row) -> Path:
    path = tmp_path / "生源.xlsx"
    path.write_bytes(register(row(1), row(2)))
    return path


def count(session) -> int:
    return session.scalar(select(func.count()).select_from(Graduate)) or 0


def test_a_good_file_is_taken_in_and_its_codes_are_kept_from_others(
    session, terminal, file, tmp_path
):
    result = terminal(take_in, "graduates", file, "--school", "10999")

    assert result.exit_code == 0, result.output
    assert "已导入：2 行，新增 2" in result.output
    assert count(session) == 2
    (secrets,) = (tmp_path / "instance" / "secrets").iterdir()
    assert secrets.stat().st_mode & 0o777 == 0o600
    lines = secrets.read_text("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("1099900000000001,林知夏,计算机学院,00000000001,")
    assert lines[1].rsplit(",", 1)[1] not in result.output


def test_a_dry_run_leaves_nothing_behind(session, terminal, file, tmp_path):
    result = terminal(take_in, "graduates", file, "--school", "10999", "--dry-run")

    assert result.exit_code == 0
    assert "试运行" in result.output
    assert count(session) == 0
    assert not (tmp_path / "instance" / "secrets").exists()


def test_findings_end_with_status_one(session, terminal, tmp_path, register, row):
    path = tmp_path / "坏.xlsx"
    path.write_bytes(register(row(1, 手机号码="1"), row(2, 姓名="")))

    result = terminal(take_in, "graduates", path, "--school", "10999", "--json")

    told = json.loads(result.stdout)
    assert result.exit_code == 1
    assert [error["row"] for error in told["errors"]] == [2, 3]
    assert not told["accepted"]
    assert count(session) == 0


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken"])
def test_unusable_files_end_with_status_two(terminal, tmp_path, content: bytes):
    path = tmp_path / "坏.xlsx"
    path.write_bytes(content)

    assert terminal(take_in, "graduates", path, "--school", "10999").exit_code == 2


def test_a_missing_file_ends_with_status_two(terminal):
    result = terminal(take_in, "graduates", "没有.xlsx", "--school", "10999")

    assert result.exit_code == 2
    assert "打不开文件" in result.output


def test_an_unknown_school_ends_with_status_two(terminal, file):
    result = terminal(take_in, "graduates", file, "--school", "99999")

    assert result.exit_code == 2
    assert "没有代码是 99999 的学校" in result.output


def test_the_doctor_finds_a_migrated_database_well(terminal, tmp_path):
    (tmp_path / "instance").mkdir()

    result = terminal(doctor)

    assert result.exit_code == 0, result.output
    assert "数据库结构是最新的" in result.output


def test_the_doctor_finds_keys_that_others_may_read(terminal, tmp_path):
    (tmp_path / "instance").mkdir()
    key = tmp_path / "instance" / "verification.key"
    key.write_text("secret")
    key.chmod(0o644)

    result = terminal(doctor, "--json")

    assert result.exit_code == 1
    assert [one["text"] for one in json.loads(result.stdout) if one["state"] == "bad"] == [
        "verification.key 别人也能读"
    ]


def test_the_doctor_says_which_channels_are_connected(terminal, tmp_path, monkeypatch):
    (tmp_path / "instance").mkdir()
    monkeypatch.setenv("QIANYUE_SMS_URL", "https://sms.example/send")
    monkeypatch.setenv("QIANYUE_SMS_KEY", "secret")

    result = terminal(doctor)

    assert "短信已接通" in result.output
    assert "微信没有接通，写入outbox.log" in result.output
    assert "secret" not in result.output


def test_the_doctor_finds_a_setting_that_no_page_would_have_saved(
    terminal, tmp_path, session, school
):
    (tmp_path / "instance").mkdir()
    school.settings = {**school.settings, "number_pattern": "{serial}", "reply_day": 3}
    session.commit()

    result = terminal(doctor)

    assert result.exit_code == 1
    assert "协议书编号规则里要有" in result.output
    assert "设置 reply_day 没有登记，不起作用" in result.output


def test_the_doctor_misses_a_database(monkeypatch, tmp_path):
    monkeypatch.setenv("QIANYUE_INSTANCE", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path / 'none.db'}")

    result = CliRunner().invoke(doctor)

    assert result.exit_code == 1
    assert "先运行 qianyue init" in result.output
    assert not (tmp_path / "none.db").exists()
