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
