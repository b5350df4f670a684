"""What docs/architecture.md lists is what there is."""

from __future__ import annotations

import re
from pathlib import Path

from webapp.models import Base
from webapp.services.schools.settings import registry

HOUSE = Path(__file__).resolve().parents[2]
TEXT = (HOUSE / "docs" / "architecture.md").read_text()
READS = re.compile(r"(?:settings|chosen)\.get\(\s*\"(\w+)\"")


def part(title: str) -> str:
    return TEXT.split(f"## {title}\n")[1].split("\n## ")[0]


def named(text: str) -> set[str]:
    """The words in code marks in the first column of a table."""
    rows = [line.split("|")[1] for line in text.splitlines() if line.startswith("| `")]
    return {word for row in rows for word in re.findall(r"`([^`]+)`", row)}


def test_every_table_is_named():
    assert named(part("Tables")) == set(Base.metadata.tables)


def test_every_setting_that_is_read_is_named():
    read = {
        key for path in (HOUSE / "webapp").rglob("*.py") for key in READS.findall(path.read_text())
    }

    assert "print_quota" in read
    assert read <= named(part("What a school may set"))


def test_every_setting_is_registered_and_named():
    read = {
        key for path in (HOUSE / "webapp").rglob("*.py") for key in READS.findall(path.read_text())
    }

    assert read <= set(registry())
    assert set(registry()) <= named(part("What a school may set"))


def test_every_default_passes_its_own_check():
    simple = [setting for setting in registry().values() if setting.kind != "table"]

    assert [setting.key for setting in simple if setting.check(setting.default)] == []


def test_every_module_named_is_there():
    modules = named(part("Folders and who may import whom"))
    paths = {one for one in modules if one.endswith((".py", "/"))}

    assert "access.py" in paths
    assert [one for one in sorted(paths) if not (HOUSE / "webapp" / one).exists()] == []
