"""`qianyue serve` says what is wrong when it cannot listen."""

from __future__ import annotations

import socket

import pytest
from click.testing import CliRunner

from webapp.commands.serve import command
from webapp.database import upgrade


@pytest.fixture
def taken_port():
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        holder.listen()
        yield holder.getsockname()[1]


def test_a_port_in_use_is_told_with_another_one_to_try(tmp_path, monkeypatch, taken_port):
    url = f"sqlite:///{tmp_path / 'qianyue.db'}"
    upgrade(url)
    monkeypatch.setenv("DATABASE_URL", url)

    result = CliRunner().invoke(command, ["--port", str(taken_port)])

    assert result.exit_code == 1
    assert f"--port {taken_port + 1}" in result.output
