"""The employment office as pages and agreements name it."""

from __future__ import annotations

import re
from typing import Any

from forms import code_tables

from . import Setting

GROUP, PLACE = "学校信息", 10
PHONE = re.compile(r"[0-9()+\- ]{5,20}")


def provinces() -> dict[str, str]:
    """What the school's province may be, by code."""
    found = {
        row.code: f"{row.name}（{row.code}）" for row in code_tables.table("region").children()
    }
    return {"": "（未选择）", **found}


def named_place(code: Any) -> str:
    """A place in words; older settings may name a city."""
    return f"{code_tables.table('region').path_name(code)}（{code}）" if code else "（未选择）"


def check_phone(text: Any) -> str:
    return "" if not text or PHONE.fullmatch(text) else "电话只写数字、空格和短横线"


SETTINGS = (
    Setting("department", "text", "就业部门", "印在协议书上。", "", high=40, optional=True),
    Setting("contact", "text", "联系人", "印在协议书上。", "", high=20, optional=True),
    Setting("address", "text", "地址", "协议书寄送地址。", "", high=100, optional=True),
    Setting(
        "phone",
        "text",
        "电话",
        "学校登记的电话空着时，显示在每页底部。",
        "",
        high=20,
        optional=True,
        check=check_phone,
    ),
    Setting(
        "region",
        "choice",
        "学校所在省",
        "生源地在本省的要写到县，外省的写到市。不选的，导入时不检查。",
        "",
        choices=provinces(),
        tell=named_place,
    ),
)
