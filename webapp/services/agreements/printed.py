"""The values an agreement prints, every code already in Chinese."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ...errors import SHANGHAI
from ...models import College, Employer, Graduate, School
from ..schools.labels import code_name

# The parts of clauses that schools word differently, as the packaged template prints them.
PACKAGED_WORDING = {
    "graduation": "离校时未取得毕业资格",
    "contract_party": "双方",
    "copies": "3",
    "holders": "甲方、乙方、甲方培养学校各执 1 份",
}
TERMS = (
    *("trial_period", "report_place", "archive_unit"),
    *("archive_address", "archive_postcode", "supplement"),
)
AMOUNTS = {"trial_salary": "元/月", "salary": "元/月", "penalty": "元"}
CONSENT = {"employer": "同意录用", "graduate": "同意应约"}


def agreement_values(
    school: School,
    college: College,
    graduate: Graduate,
    employer: Employer | None,
    answers: dict[str, Any],
    opinions: dict[str, dict[str, str]],
) -> dict[str, Any]:
    """What `pdf.agreement` needs, but for number, version, date and the verification address."""
    return {
        "school": school_values(school, answers),
        "cohort": graduate.cohort,
        "graduate": graduate_values(graduate, college, answers),
        "employer": employer_values(employer, answers),
        "job": job_values(answers),
        "terms": terms_values(answers),
        "opinions": opinions,
        "wording": wording(school),
    }


def school_values(school: School, answers: dict[str, Any]) -> dict[str, str]:
    """The school's office: as the reviewer wrote it for this agreement (G21), else as it is set."""
    settings = school.settings
    return {
        "name": school.name,
        "code": school.code,
        "department": said(answers, "school_department") or settings.get("department", ""),
        "contact": said(answers, "school_contact_name") or settings.get("contact", ""),
        "address": said(answers, "school_address") or settings.get("address", ""),
        "phone": said(answers, "school_phone") or school.phone,
    }


def graduate_values(
    graduate: Graduate, college: College, answers: dict[str, Any]
) -> dict[str, str]:
    return {
        "name": graduate.name,
        "gender": code_name("gender", graduate.gender),
        "nation": code_name("nation", graduate.nation),
        "political_status": code_name("political_status", graduate.political_status),
        "student_no": graduate.student_no,
        "education": code_name("education_level", graduate.education),
        "training_mode": code_name("training_mode", graduate.training_mode),
        "major": graduate.major,
        "years": graduate.years,
        "mobile": said(answers, "mobile") or graduate.mobile,
        "qq": graduate.qq,
        "home_address": graduate.home_address,
        "college": college.name,
    }


def employer_values(employer: Employer | None, answers: dict[str, Any]) -> dict[str, str]:
    """The employer as it signed: its answers first, its account for what it left out."""

    def value(field: str, key: str = "") -> str:
        return said(answers, key or field) or (getattr(employer, field) if employer else "")

    return {
        "name": value("name", "employer_name"),
        "uscc": value("uscc"),
        "contact_name": value("contact_name"),
        "contact_phone": value("contact_mobile") or value("contact_phone"),
        "contact_email": value("contact_email"),
        "address": value("address"),
        "postcode": value("postcode"),
        "nature": code_name("employer_nature", value("nature")),
        "industry": code_name("industry", value("industry")),
    }


def job_values(answers: dict[str, Any]) -> dict[str, str]:
    return {
        "category": code_name("position_category", answers.get("position_category")),
        "name": said(answers, "position_name"),
        "place": said(answers, "work_place"),
    }


def terms_values(answers: dict[str, Any]) -> dict[str, str]:
    return {
        **{key: said(answers, key) for key in TERMS},
        **{key: money(said(answers, key), unit) for key, unit in AMOUNTS.items()},
        "report_by": spoken_day(said(answers, "report_by")),
        "hukou": code_name("hukou_acceptance", answers.get("hukou")),
    }


def wording(school: School) -> dict[str, str]:
    """The parts of the clauses that this school words in its own way."""
    own = school.settings.get("terms", {})
    return {key: str(own[key]) for key in PACKAGED_WORDING if own.get(key)}


def money(amount: str, unit: str) -> str:
    """9000.00 → 9,000 元/月; cents only where there are some."""
    try:
        value = Decimal(amount)
    except InvalidOperation:
        return amount
    return f"{value:,.2f}".removesuffix(".00") + f" {unit}"


def opinion(role: str, name: str, at: datetime) -> dict[str, str]:
    """What one side said by answering, as the signature block prints it."""
    return {"text": CONSENT[role], "signed_by": name, "signed_on": spoken_date(at)}


def in_own_words(
    opinions: dict[str, dict[str, str]], answers: dict[str, Any]
) -> dict[str, dict[str, str]]:
    """The opinions as the sides wrote them, where their forms ask for it (G04, G11)."""
    own = {role: said(answers, f"{role}_opinion") for role in ("graduate", "employer", "superior")}
    unsigned = {"signed_by": "", "signed_on": ""}
    spoken = {
        role: {**opinions.get(role, unsigned), "text": text} for role, text in own.items() if text
    }
    return {**opinions, **spoken}


def spoken_day(text: str) -> str:
    """2027-07-05 → 2027年7月5日; anything else stays."""
    try:
        day = date.fromisoformat(text[:10])
    except ValueError:
        return text
    return f"{day.year}年{day.month}月{day.day}日"


def spoken_date(moment: datetime) -> str:
    local = moment.astimezone(SHANGHAI)
    return f"{local.year}年{local.month}月{local.day}日"


def said(answers: dict[str, Any], key: str) -> str:
    """An answer as text; nothing for a field that was left out."""
    value = answers.get(key)
    return "" if value is None else str(value)
