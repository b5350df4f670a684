"""Agrees codes with names: a code alone, a name alone, or both, which must mean the same.

Schemes collide: 学历 31 is 本科 for employment and 专科 in GB/T 4658. The employment scheme is
the one kept; a code or name of another scheme is refused with what it seems to be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache

from forms.code_tables import table

from .values import plain

# Names that sheets use for the code beside them, as cleaned by `_key`.
SYNONYMS: Mapping[str, Mapping[str, str]] = {
    "education_level": {
        "博士": "01", "博士生": "01", "博士研究生": "01", "博士研究生毕业": "01",
        "博士研究生结业": "03", "硕士": "11", "硕士生": "11", "硕士研究生": "11",
        "硕士研究生毕业": "11", "硕士研究生结业": "13", "第二学士学位": "25", "二学位": "25",
        "本科": "31", "本科生": "31", "大学本科": "31", "大学本科毕业": "31",
        "大学本科结业": "33", "专科": "41", "专科生": "41", "大专": "41", "高职": "41",
        "大学专科": "41", "大学专科毕业": "41", "大学专科结业": "43", "高职(专科)": "41",
    },
    "training_mode": {
        "委托培养": "4", "委培生": "4", "定向生": "2", "定向培养": "2", "非定向就业": "1",
        "定向就业": "2", "自费": "5", "统招": "1", "国家任务": "1", "在职人员": "3",
    },
    "political_status": {"党员": "01", "中国共产党党员": "01", "预备党员": "02", "团员": "03",
                         "中国共产主义青年团团员": "03", "中国共产党预备党员": "02",
                         "无党派民主人士": "12", "群众(普通公民)": "13"},
    "normal_student_type": {"公费师范生": "12", "免费师范生": "12", "师范生": "1", "非师范": "2"},
    "hardship_type": {"非困难": "0", "不困难": "0", "无": "0", "家庭经济困难": "2",
                      "残疾人": "4", "就业困难和家庭困难和残疾": "7"},
    "urban_rural": {"城市": "2", "乡村": "3", "非农业": "2", "农业": "3", "是": "2", "否": "3"},
    "employer_nature": {"高等学校": "21", "其他教学单位": "22", "国企": "31", "外资企业": "32",
                        "民营企业": "39", "私营企业": "39", "军队": "40"},
    "gender": {"男性": "1", "女性": "2"},
    "graduation_plan": {"春季方案": "spring", "夏季方案": "summer", "秋季方案": "autumn",
                        "春": "spring", "夏": "summer", "秋": "autumn"},
}  # fmt: skip
FOREIGN = {"education_level": ("education_anhui", "education_gbt4658")}
MUNICIPALITIES = ("11", "12", "31", "50")
NO_NAMES = ("", "无", "-", "/")


@dataclass(frozen=True)
class Resolved:
    """The code to keep, with a reason to refuse it or a doubt about it."""

    code: str = ""
    error: str = ""
    doubt: str = ""


@lru_cache(maxsize=20_000)
def resolve(scheme: str, code: str, name: str) -> Resolved:
    """What a code cell and a name cell of one scheme mean together; both may be blank."""
    code = plain(code)
    name = "" if name in NO_NAMES else name
    if scheme == "region":
        return _region(code, name)
    if name and not code and _full_code(scheme, plain(name)):
        code, name = plain(name), ""  # a code in the column of names, as some exports have it
    meant = _by_name(scheme).get(_key(name)) if name else ""
    if not code:
        if name and not meant:
            return Resolved(error=f"名称“{name}”不在代码表里")
        return Resolved(meant or "")
    full = _full_code(scheme, code)
    if not full:
        return Resolved(error=f"代码 {code} 不在代码表里{_foreign(scheme, code)}")
    own_name = table(scheme).name(full)
    doubt = f"代码 {code} 补成 {full}" if full != code else ""
    if name and not meant:
        return Resolved(full, doubt=f"名称“{name}”不认识，按代码 {full}（{own_name}）记录")
    if meant and meant != full:
        return Resolved(
            error=f"代码 {full} 是“{own_name}”，名称写的是“{name}”（{meant}），两者不符"
            + _foreign(scheme, code)
        )
    return Resolved(full, doubt=doubt)


def region_level(code: str) -> str:
    """`province`, `city` or `county`. What hangs directly under a province counts as a city."""
    if code.endswith("0000"):
        return "province"
    row = table("region").find(code)
    return "city" if row is not None and row.parent == code[:2] + "0000" else "county"


def origin(code: str, home: str) -> Resolved:
    """The rule of the place of origin (P18): county inside the school's province, city outside.

    `home` is any region code of the school's province, empty where the school gives none.
    A county of another province is kept as its city; municipalities have no cities.
    """
    level = region_level(code)
    if not home or code[:2] in ("71", "81", "82"):
        return Resolved(code)
    whole = not table("region").children(code)
    if code[:2] == home[:2]:
        if level == "county" or (level == "city" and whole):
            return Resolved(code)
        return Resolved(error=f"本省生源要填到县（区），现在是“{table('region').name(code)}”")
    if level == "province" and code[:2] not in MUNICIPALITIES:
        return Resolved(error=f"外省生源要填到地级市，现在是“{table('region').name(code)}”")
    row = table("region").find(code)
    if level == "county" and code[:2] not in MUNICIPALITIES and row and row.parent:
        parent = table("region").find(row.parent)
        if parent is not None and parent.selectable:
            return Resolved(parent.code, doubt="外省生源只到地级市，按地级市记录")
    return Resolved(code)


def _full_code(scheme: str, code: str) -> str:
    """The code as the table has it; 1 is 01 where the table's codes have two digits."""
    codes = table(scheme)
    if code in codes:
        return code
    return code.zfill(2) if code.isdigit() and code.zfill(2) in codes else ""


def _foreign(scheme: str, code: str) -> str:
    for other in FOREIGN.get(scheme, ()):
        row = table(other).find(code)
        if row is not None:
            return f"。{code} 在{table(other).title}里是“{row.name}”，请换成就业口径的代码"
    return ""


def _key(name: str) -> str:
    return re.sub(r"[\s·]", "", plain(name)).replace("（", "(").replace("）", ")")


@cache
def _by_name(scheme: str) -> dict[str, str]:
    names = {_key(name): code for name, code in SYNONYMS.get(scheme, {}).items()}
    for row in reversed(table(scheme).items):
        names[_key(row.name)] = row.code
        if scheme == "nation":
            names.setdefault(_key(row.name.removesuffix("族")), row.code)
    return names


def _region(code: str, name: str) -> Resolved:
    if not code:
        found = _regions_by_name().get(_key(name), ()) if name else ()
        if name and len(found) != 1:
            why = "不是现行的行政区划名称" if not found else "不止一处"
            return Resolved(error=f"地名“{name}”{why}，请填六位代码，或写全省市县")
        return Resolved(found[0] if found else "")
    row = table("region").find(code)
    if row is None:
        return Resolved(error=f"地区代码 {code} 不在现行的行政区划里")
    if not row.selectable:
        return Resolved(error=f"地区代码 {code}（{row.name}）不是实际的市县，请填到区县")
    whole = _key(table("region").path_name(code))
    if name and not (_key(name) in whole or _key(row.name) in _key(name)):
        return Resolved(error=f"代码 {code} 是“{whole}”，名称写的是“{name}”，两者不符")
    return Resolved(code)


@cache
def _regions_by_name() -> dict[str, tuple[str, ...]]:
    """Every way to write a place to its codes: 安徽省合肥市蜀山区, 合肥市蜀山区, 蜀山区."""
    names: dict[str, tuple[str, ...]] = {}
    for row in table("region").items:
        if not row.selectable:
            continue
        steps = [step.name for step in table("region").path(row.code)]
        real = [step.name for step in table("region").path(row.code) if step.selectable]
        ways = {"".join(s[at:]) for s in (steps, real) for at in range(len(s))}
        ways |= {real[0] + real[-1]}
        for way in ways:
            key = _key(way)
            if row.code not in names.get(key, ()):
                names[key] = (*names.get(key, ()), row.code)
    return names
