"""A moment, a cast and a short way to a form, for the tests of this folder."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from forms.compiler import CompiledForm, form_class
from forms.definitions import parse_definition

MONDAY = datetime(2026, 5, 18, 9, 30, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def monday() -> datetime:
    return MONDAY


@pytest.fixture
def form_of() -> Callable[..., CompiledForm]:
    """Compile components and fill the form: form_of(components, posted=…, values=…, options=…)."""

    def make(
        components: list[dict[str, Any]],
        posted: dict[str, Any] | None = None,
        values: dict[str, Any] | None = None,
        **context: Any,
    ) -> CompiledForm:
        definition = parse_definition({"title": "测试", "components": components}, groups={})
        return form_class(definition)(posted, values, {"now": MONDAY} | context)

    return make


@pytest.fixture
def register() -> dict[str, Any]:
    """Lin the graduate and Hengxin the employer, as the register knows them."""
    return {
        "graduate": {
            "name": "林知夏",
            "gender": "2",
            "nation": "01",
            "student_no": "20220101",
            "id_no": "340104200401010024",
            "education": "31",
            "major": "软件工程",
            "college": "计算机学院",
            "years": "4",
            "origin_region": "340104",
        },
        "employer": {
            "name": "恒信软件有限公司",
            "uscc": "91350100M000100Y43",
            "nature": "39",
            "industry": "I65",
            "region": "340104",
            "address": "示例大道 1 号",
            "contact_name": "周老师",
            "contact_mobile": "13800000002",
            "contact_email": "hr@hengxin.example",
        },
    }


@pytest.fixture
def invitation() -> dict[str, str]:
    """What Hengxin posts to invite Lin."""
    return {
        "employer_name": "恒信软件有限公司",
        "uscc": "91350100M000100Y43",
        "nature": "39",
        "industry": "I65",
        "region": "340104",
        "address": "示例大道 1 号",
        "contact_name": "周老师",
        "contact_mobile": "138 0000 0002",
        "contact_email": "hr@hengxin.example",
        "position_category": "13",
        "position_name": "后端开发工程师",
        "hukou": "EMPLOYER",
        "reply_by": "2026-05-23T18:00",
        "outcome": "send",
    }


UPLOADS = {f"u{number}": {"name": f"{number}.jpg"} for number in range(9)}
EMPLOYER = {
    "employer_name": "恒信软件有限公司",
    "uscc": "91350100M000100Y43",
    "nature": "39",
    "industry": "I65",
    "region": "340104",
    "address": "示例大道 1 号",
    "contact_name": "周老师",
    "contact_mobile": "13800000002",
    "contact_email": "hr@hengxin.example",
}
JOB = {"position_category": "13", "position_name": "后端开发工程师"}
ABROAD_WORK = {"abroad_employer": "某国际组织", "abroad_employer_country": "瑞士"}
HIRE = {"hire_from": "2026-07-01", "hire_to": "2027-06-30", "hire_salary": "5000"}
STUDY = {
    "study_school": "示例大学",
    "study_school_code": "10358",
    "study_major": "软件工程",
    "study_mode": "full",
    "study_proof_kind": "notice",
    "study_proof": ["u1"],
}
PROJECT = EMPLOYER | JOB | {"project_proof_kind": "hiring", "project_proof": ["u1"]}
COMPANY = {
    "startup_kind": "company",
    "company_name": "林知夏软件工作室",
    "company_uscc": "91350100M000100Y43",
    "startup_role": "legal",
    "company_proof_kind": "licence",
    "company_proof": ["u1"],
}
SHOP = {
    "startup_kind": "shop",
    "shop_address": "https://shop.example/lin",
    "startup_role": "legal",
    "shop_pictures": ["u1"],
    "shop_turnover": ["u2"],
}
INCUBATOR = {
    "startup_kind": "incubator",
    "incubator_name": "示例孵化器",
    "startup_role": "partner",
    "incubator_agreement": ["u1"],
}

# A whole filing for each type, as somebody posts it.
FILINGS: dict[str, dict[str, Any]] = {
    "10-1": EMPLOYER | JOB | {"reception_letter": ["u1"]},
    "10-2": EMPLOYER | JOB | {"soldier_agreement": ["u1"]},
    "10-3": EMPLOYER | JOB | {"residency_proof": ["u1"]},
    "10-4": ABROAD_WORK | JOB | {"organisation_proof": ["u1"]},
    "10-5": ABROAD_WORK | JOB | {"overseas_proof_kind": "visa", "overseas_proof": ["u1"]},
    "11": EMPLOYER
    | JOB
    | {"contract_from": "2026-07-01", "contract_cover": ["u1"], "contract_seal_page": ["u2"]},
    "12": EMPLOYER
    | JOB
    | HIRE
    | {"hire_proof_kind": "hired", "hire_proof": ["u1"], "hire_form": ["u2"]},
    "27": EMPLOYER | JOB | {"assistant_proof_kind": "other", "assistant_proof": ["u1"]},
    "46": {
        "enlist_region": "340104",
        "enlist_batch": "autumn",
        "conscript_notice_kind": "reserved",
        "conscript_notice": ["u1"],
    },
    **dict.fromkeys(["501", "502", "503", "511", "512"], PROJECT),
    **dict.fromkeys(["50", "519"], PROJECT | {"project_name": "城乡社区项目"}),
    "75": COMPANY,
    "76": {
        "occupation": "translator",
        "work_content": "为出版社翻译英文技术图书，每月约十万字，按字数结算稿酬。",
        "monthly_income": "6000",
        "freelance_form": ["u1"],
    },
    **dict.fromkeys(["801", "802", "803"], STUDY),
    "85": {
        "abroad_country": "英国",
        "abroad_school": "Example University",
        "abroad_school_chinese": "示例大学",
        "abroad_proof": ["u1"],
    },
    "DX": {"targeted_unit": "示例县第一中学", "targeted_region": "340104"},
    "70": {"waiting_kind": "701"},
    "71": {},
    "72": {"pause_kind": "722"},
}


@pytest.fixture
def filings() -> dict[str, dict[str, Any]]:
    """A whole filing for each type of destination, by code."""
    return FILINGS


@pytest.fixture
def startups() -> dict[str, dict[str, Any]]:
    """A whole filing for each kind of startup."""
    return {"company": COMPANY, "incubator": INCUBATOR, "shop": SHOP}


@pytest.fixture
def uploads() -> dict[str, dict[str, str]]:
    """The files that the filings name."""
    return UPLOADS


@pytest.fixture
def fill_destination() -> Callable[..., CompiledForm]:
    """Open the filing of a type: fill_destination(code, posted, **options)."""

    def make(code: str, posted: dict[str, Any] | None = None, **options: Any) -> CompiledForm:
        case = {"Choose_destination_type": {"code": code}}
        context = {"now": MONDAY, "case": case, "options": options, "uploads": UPLOADS}
        posted = None if posted is None else posted | {"outcome": "submit"}
        return form_class("destination/fill_destination")(posted, None, context)

    return make
