"""Which test shows which requirement: read off the marks in the tests, without running one.

`python tests/trace.py` prints the table id → tests (`make trace`). The requirements themselves, in
our own words, are the tables of docs/requirements.md.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TESTS = Path(__file__).parent
TABLE = TESTS.parent / "docs" / "requirements.md"
ROW = re.compile(
    r"^\| (?P<id>[A-Z]\d{1,2}) \| (?P<what>[^|]*) \| (?P<reason>[^|]*)\|$", re.MULTILINE
)
SECTIONS = {
    "A": 24, "B": 10, "C": 11, "D": 5, "E": 10, "F": 35, "G": 31, "H": 14, "I": 9, "J": 19,
    "K": 7, "L": 6, "M": 10, "N": 7,
}  # fmt: skip
REQUIRED = [f"{letter}{n:02}" for letter, last in SECTIONS.items() for n in range(1, last + 1)]
INVARIANTS = [f"I{n}" for n in range(1, 11)]
# Rules of other platforms (P) and contradictions between the sources (K) may be marked, need not.
OPTIONAL = {f"P{n:02}" for n in range(1, 23)} | {f"K{n}" for n in range(1, 17)}


@dataclass(frozen=True)
class Row:
    """A line of the table: what must hold, and why no test shows it where none can."""

    id: str
    what: str
    reason: str


def rows() -> dict[str, Row]:
    """The requirements of docs/requirements.md by id."""
    found = [Row(*match.groups()) for match in ROW.finditer(TABLE.read_text(encoding="utf-8"))]
    return {row.id: Row(row.id, row.what.strip(), row.reason.strip()) for row in found}


def marked() -> dict[str, list[str]]:
    """Requirement id → tests that carry it, as `path::name`."""
    found: dict[str, list[str]] = {}
    for path in sorted(TESTS.rglob("test_*.py")):
        for id_, test in marks_in(path):
            found.setdefault(id_, []).append(test)
    return found


def marks_in(path: Path) -> Iterator[tuple[str, str]]:
    """The marks of one file: on functions, on classes, and on the module for all of it."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    place = path.relative_to(TESTS.parent).as_posix()
    whole: list[str] = []
    for node in tree.body:
        if isinstance(node, ast.Assign) and "pytestmark" in ast.unparse(node.targets[0]):
            whole += ids_in(node.value)
    for node, above in definitions(tree, whole):
        for id_ in [*above, *(i for mark in node.decorator_list for i in ids_in(mark))]:
            yield id_, f"{place}::{node.name}"


def definitions(
    tree: ast.Module | ast.ClassDef, above: list[str]
) -> Iterator[tuple[ast.FunctionDef, list[str]]]:
    """Every test function with the ids that its class and module give it."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            own = [i for mark in node.decorator_list for i in ids_in(mark)]
            yield from definitions(node, above + own)
        elif isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            yield node, above


def ids_in(tree: ast.AST) -> list[str]:
    """The ids within any `pytest.mark.requirement(…)` below a node."""
    return [
        str(argument.value)
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "pytest.mark.requirement"
        for argument in call.args
        if isinstance(argument, ast.Constant)
    ]


def main() -> int:
    """Print every requirement with its tests or its reason. Exit status 1 where one has neither."""
    table, tests = rows(), marked()
    bare = 0
    for id_ in [*REQUIRED, *INVARIANTS]:
        row = table.get(id_, Row(id_, "?", ""))
        print(f"{id_}  {row.what}")
        for test in sorted(set(tests.get(id_, []))):
            print(f"     {test}")
        if id_ not in tests:
            bare += not row.reason
            print(f"     {row.reason or 'NO TEST'}")
    print(f"{len(REQUIRED) + len(INVARIANTS)} requirements, {bare} without a test or a reason")
    return 1 if bare else 0


if __name__ == "__main__":
    sys.exit(main())
