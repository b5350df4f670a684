"""Opens an .xlsx in a process of its own, because a damaged one can abort the reader outright.

Run as a program: the workbook on stdin, its cells as JSON on stdout. A count in the file decides
how much memory the reader asks for at once, and where that fails the whole process ends, so it
must not be the server. It knows nothing of the rest and imports nothing of it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import io
import subprocess
import sys
from typing import Any

import orjson

MEMORY = 3_000_000_000
SECONDS = 120
UNREADABLE = 3


class Unreadable(Exception):
    """The reader gave up, was stopped, or crashed."""


def read_cells(data: bytes) -> list[dict[str, Any]]:
    """The sheets: name, hidden, rows of text, numbers and truth values, merged areas.

    Dates come as ISO text. Raises Unreadable.
    """
    try:
        done = subprocess.run(
            [sys.executable, "-I", __file__],
            input=data,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=SECONDS,
            check=True,
        )
        sheets: list[dict[str, Any]] = orjson.loads(done.stdout)
    except (subprocess.SubprocessError, OSError, orjson.JSONDecodeError) as error:
        raise Unreadable from error
    return sheets


def main() -> int:
    _limit()
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
        sheets = [
            {
                "name": meta.name,
                "hidden": meta.visible != calamine.SheetVisibleEnum.Visible,
                **_content(book.get_sheet_by_name(meta.name)),
            }
            for meta in book.sheets_metadata
            if meta.typ == calamine.SheetTypeEnum.WorkSheet
        ]
    except (calamine.CalamineError, OSError, ValueError):
        return UNREADABLE
    sys.stdout.buffer.write(orjson.dumps(sheets))
    return 0


def _content(sheet: Any) -> dict[str, Any]:
    rows = [
        [value if type(value) in (str, float, int, bool) else _spoken(value) for value in row]
        for row in sheet.to_python(skip_empty_area=False)
    ]
    return {"rows": rows, "merged": sheet.merged_cell_ranges or []}


def _spoken(value: Any) -> str:
    if isinstance(value, dt.datetime):
        midnight = value.time() == dt.time(0)
        return value.date().isoformat() if midnight else value.isoformat(" ")
    return value.isoformat() if isinstance(value, dt.date | dt.time) else str(value)


def _limit() -> None:
    with contextlib.suppress(ImportError):  # not on Windows
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    sys.exit(main())
