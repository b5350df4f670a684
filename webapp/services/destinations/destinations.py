"""Other destinations (毕业去向): who may register which type, and what a registration is called.

A graduate trained for one employer registers that one destination and no other (M04); the forms
offer by the same rule that the operator enforces.
"""

from __future__ import annotations

import re
import uuid
from calendar import monthrange
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any, Protocol, cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from forms import code_tables, definitions

from ...models import Destination, Graduate
from ..signing.leaving import LEAVING_DAY

TRAINED_FOR_AN_EMPLOYER = ("2", "4")  # 定向, 委培 (B10, P02)
SUPPLEMENT = "DX"
TYPE_STEP, DATA_STEP = "Choose_destination_type", "Fill_destination"
TYPE_FORM = "destination/choose_type"
# Where the graduate goes, by the first of these that was answered.
PLACES = (
    *("employer_name", "abroad_employer", "company_name", "incubator_name", "shop_address"),
    *("study_school", "abroad_school_chinese", "targeted_unit", "project_name"),
)
MONEY = re.compile(r"\d{1,6}(\.\d{1,2})?")
MONTHS_HIRED = 6  # 其他录用形式就业 lasts at least so long after leaving school (F27)


class OfDestination(Protocol):
    """A case as far as it tells which destination it is about."""

    @property
    def facts(self) -> dict[str, Any]: ...

    @property
    def variables(self) -> dict[str, Any]: ...


def offered_types(graduate: Graduate, settings: Mapping[str, Any]) -> dict[str, bool]:
    """The options of the form that lists the types: any of them, the supplement, or both."""
    targeted = graduate.training_mode in TRAINED_FOR_AN_EMPLOYER
    free = not targeted or bool(settings.get("directed_may_sign_online"))
    return {"any_destination": free, "targeted_destination": targeted}


def may_register(graduate: Graduate, settings: Mapping[str, Any], code: str) -> bool:
    """Whether this graduate may register this type. Agreements (10) have ways of their own."""
    offered = offered_types(graduate, settings)
    if code not in labels():
        return False
    return offered["targeted_destination" if code == SUPPLEMENT else "any_destination"]


@cache
def labels() -> dict[str, str]:
    """The types that may be registered, in the words of their form."""
    field = definitions.get(TYPE_FORM).fields["code"]
    return {choice.value: choice.label for choice in field.choices}


def label(code: str) -> str:
    """A type in the words of the sources; one that nobody chooses, by its table."""
    return labels().get(code) or code_tables.table("destination_type").name(code)


def place_of(answers: Mapping[str, Any]) -> str:
    """The employer, the university or the project."""
    return next((str(answers[key]) for key in PLACES if answers.get(key)), "")


def spoken(code: str, answers: Mapping[str, Any]) -> str:
    """`升学：考研 · 江南大学`: how lists and headings call a destination."""
    return " · ".join(filter(None, (label(code), place_of(answers))))


def name_of(case: OfDestination) -> str:
    """What the case's destination is called; empty where it has none, or none was chosen yet."""
    fixed = case.facts.get("case", {}).get("destination_name")
    if fixed:
        return str(fixed)
    type_step = case.variables.get(TYPE_STEP) or {}
    code = type_step.get("code")
    return spoken(str(code), case.variables.get(DATA_STEP) or {}) if code else ""


def facts_of(destination: Destination) -> dict[str, str]:
    """What a case about a destination in force fixes at its start."""
    name = spoken(destination.code, destination.snapshot)
    return {
        "destination": destination.code,
        "destination_id": destination.id.hex,
        "destination_name": name,
    }


def destination_as_shown(
    session: Session, school_id: uuid.UUID, facts: Mapping[str, Any]
) -> dict[str, Any]:
    """The destination a case is about, as forms read it (`register.destination`); else nothing."""
    wanted = facts.get("case", {}).get("destination_id")
    if not wanted:
        return {}
    found = session.scalars(
        select(Destination).where(
            Destination.school_id == school_id, Destination.id == uuid.UUID(wanted)
        )
    ).one()
    return {
        "code": found.code,
        "label": label(found.code),
        "place": place_of(found.snapshot),
        "written_at": found.written_at.isoformat(),
    }


def minimum_wage(settings: Mapping[str, Any], region: str) -> str:
    """The monthly minimum wage where the work is, by the school's table; empty where it has none.

    The table names regions at any level; the nearest above `region` counts, and where no region
    is known, the school's own.
    """
    wages = wages_in(settings.get("minimum_wages") or [])
    for place in (region, str(settings.get("region") or "")):
        for step in reversed(code_tables.table("region").path(place)):
            if step.code in wages:
                return wages[step.code]
    return ""


def wages_in(lines: Sequence[str]) -> dict[str, str]:
    """The wages by region code; a line that is none binds nobody."""
    pairs = (line.split() for line in lines if not wage_fault(line))
    return dict(cast("tuple[str, str]", tuple(pair)) for pair in pairs)


def wage_fault(line: str) -> str:
    """What is wrong with a line of the table, or nothing."""
    words = line.split()
    if len(words) != 2 or words[0] not in code_tables.table("region"):
        return f"“{line}”要写成：地区代码、空格、金额，如 340100 2060"
    return "" if MONEY.fullmatch(words[1]) else f"“{line}”的金额要写成数字，如 2060"


def hire_until(settings: Mapping[str, Any], cohort: int) -> str:
    """The day until which another hire lasts at the least: six months after leaving school."""
    month, day = map(int, str(settings.get("leaving_day") or LEAVING_DAY).split("-"))
    years, month = divmod(month - 1 + MONTHS_HIRED, 12)
    year, month = cohort + years, month + 1
    return date(year, month, min(day, monthrange(year, month)[1])).isoformat()
