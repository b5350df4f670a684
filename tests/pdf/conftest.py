"""Lin and Hengxin's agreement, drawn once, and ways to look at a page as a reader would."""

import html
import re
import shutil
import subprocess
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pypdf
import pytest
from PIL import Image

from pdf.agreement import render_agreement
from pdf.rendered import Rendered

AGREEMENT: dict[str, Any] = {
    "school": {
        "name": "江淮工程大学",
        "code": "10363",
        "department": "毕业生就业指导中心",
        "contact": "吴敏",
        "address": "安徽省芜湖市鸠江区北京中路 8 号",
        "phone": "0553-2871411",
    },
    "cohort": 2027,
    "number": "20271036331000001237",
    "version": 1,
    "graduate": {
        "name": "林晓",
        "gender": "女",
        "nation": "汉族",
        "political_status": "中共预备党员",
        "student_no": "3230701107",
        "education": "本科毕业",
        "training_mode": "非定向",
        "major": "计算机科学与技术",
        "years": "4",
        "mobile": "13900000001",
        "qq": "415088449",
        "home_address": "安徽省合肥市瑶海区和平路街道长江东路 88 号",
        "college": "计算机与信息学院",
    },
    "employer": {
        "name": "安徽恒信信息技术有限公司",
        "uscc": "91340200MA2N000000",
        "contact_name": "何清",
        "contact_phone": "0551-62345678",
        "contact_email": "hr@hengxin.example",
        "address": "安徽省合肥市高新区望江西路 800 号创新产业园 C1 栋 12 层",
        "postcode": "230088",
        "nature": "其他企业",
        "industry": "信息传输、软件和信息技术服务业",
    },
    "job": {"category": "工程技术人员", "name": "软件开发工程师", "place": "安徽省合肥市蜀山区"},
    "terms": {
        "trial_period": "6 个月",
        "trial_salary": "每月 6500 元",
        "salary": "每月 8000 元",
        "penalty": "人民币 5000 元",
        "report_place": "安徽省合肥市高新区望江西路 800 号人力资源部",
        "report_by": "2027 年 7 月 15 日前",
        "hukou": "解决",
        "archive_unit": "合肥市人才服务中心",
        "archive_address": "合肥市包河区滨湖大道 678 号",
        "archive_postcode": "230601",
        "supplement": "1. 乙方为甲方提供单人宿舍，住满两年后按市场价的 50% 收取租金。\n"
        "2. 乙方按国家规定为甲方缴纳“五险一金”；公积金比例为 12%。\n"
        "3. 甲方考取研究生的，应在 2027 年 4 月 30 日前书面通知乙方，双方互不追究违约责任。",
    },
    "opinions": {
        "graduate": {"text": "同意", "signed_by": "林晓", "signed_on": "2027 年 3 月 2 日"},
        "employer": {"text": "同意录用", "signed_by": "何清", "signed_on": "2027 年 3 月 1 日"},
    },
    "verify_url": "https://jiuye.example.edu.cn/v/20271036331000001237.q8Jx0rVn2KfWc1uYb7LmTg",
    "issued_on": "2027 年 3 月 3 日",
    "draft": False,
}


@dataclass(frozen=True)
class Word:
    """A word on a page, in points from the upper left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float
    text: str

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


@pytest.fixture
def values() -> dict[str, Any]:
    return deepcopy(AGREEMENT)


@pytest.fixture(scope="session")
def drawn() -> Rendered:
    return render_agreement(deepcopy(AGREEMENT))


@pytest.fixture(scope="session")
def text_of() -> Callable[[bytes], str]:
    """The document's text without any white space, in the order it was drawn."""

    def read(content: bytes) -> str:
        pages = pypdf.PdfReader(BytesIO(content)).pages
        return re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))

    return read


@pytest.fixture(scope="session")
def words_of() -> Callable[[bytes], list[Word]]:
    def read(content: bytes) -> list[Word]:
        found: list[Word] = []
        pages = _poppler("pdftotext", content, "-bbox", "-", "-").decode().split("<page ")[1:]
        number = r'="([\d.-]+)"'
        pattern = f"<word xMin{number} yMin{number} xMax{number} yMax{number}>(.*?)</word>"
        for page, body in enumerate(pages, start=1):
            for *box, text in re.findall(pattern, body):
                found.append(Word(page, *map(float, box), html.unescape(text)))
        return found

    return read


@pytest.fixture(scope="session")
def pictures_of() -> Callable[..., list[Image.Image]]:
    """Every page as a picture, as a printer would draw it."""

    def draw(content: bytes, dpi: int) -> list[Image.Image]:
        stream = _poppler("pdftoppm", content, "-r", str(dpi), "-gray", "-")
        pages, rest = [], stream
        while rest:
            head = re.match(rb"P5\s+(\d+)\s+(\d+)\s+255\s", rest)
            assert head, "pdftoppm gave something that is not a picture"
            size = head.end() + int(head[1]) * int(head[2])
            pages.append(Image.open(BytesIO(rest[:size])).convert("L"))
            rest = rest[size:]
        return pages

    return draw


def _poppler(tool: str, content: bytes, *arguments: str) -> bytes:
    path = shutil.which(tool)
    if path is None:
        pytest.fail(f"{tool} is needed to look at drawn pages: install poppler-utils")
    options, streams = [a for a in arguments if a != "-"], [a for a in arguments if a == "-"]
    done = subprocess.run(
        [path, *options, *streams], input=content, capture_output=True, check=True, timeout=300
    )
    return done.stdout
