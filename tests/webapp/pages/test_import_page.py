"""The admin's import: each fault at its place, what became of the rows, and the codes once."""

from __future__ import annotations

import base64
import csv
import io
import re

import pytest
from sqlalchemy import select

from webapp.models import Audit, Graduate, Person
from webapp.services.accounts.identity import log_in

HEADERS = ["学号", "姓名", "性别代码", "学历代码", "培养方式代码", "所在院系", "专业", "毕业时间"]
LIN = ["2027000001", "林小满", "2", "31", "1", "计算机学院", "软件工程", "20270630"]
SHEN = ["2027000002", "沈以宁", "1", "31", "1", "计算机学院", "软件工程", "20270630"]


def sheet(*rows: list[str]) -> io.BytesIO:
    out = io.StringIO()
    csv.writer(out).writerows([HEADERS, *rows])
    return io.BytesIO(out.getvalue().encode("utf-8-sig"))


@pytest.fixture
def upload(visit, cast):
    client = visit(cast.ada)

    def post(*rows, **more):
        data = {"kind": "graduates", "file": (sheet(*rows), "名册.csv"), **more}
        return client.post("/admin/import", data=data)

    return post


def codes_in(page: str) -> list[dict[str, str]]:
    """The rows of the CSV that the page carries."""
    (encoded,) = re.findall(r'href="data:text/csv;charset=utf-8;base64,([^"]+)" download', page)
    return list(csv.DictReader(io.StringIO(base64.b64decode(encoded).decode("utf-8-sig"))))


def test_every_fault_stands_with_its_row_column_and_reason(upload, session):
    page = upload(LIN, [*SHEN[:2], "7", *SHEN[3:]], [*SHEN[:3], "99", *SHEN[4:]])

    assert page.status_code == 422
    assert '<td data-l="行" class="num">3</td><td data-l="列">性别代码</td>' in page.text
    assert re.search(
        r'"num">4</td><td data-l="列">学(号|历代码)</td><td data-l="原因">\S', page.text
    )
    assert "没有导入任何一行" in page.text
    session.rollback()
    assert session.scalars(select(Graduate).where(Graduate.name == "林小满")).all() == []


@pytest.mark.requirement("A03")
def test_the_codes_can_be_downloaded_once_and_are_kept_nowhere(upload, session, clock, cast):
    page = upload(LIN, SHEN).text
    codes = codes_in(page)

    assert [row["姓名"] for row in codes] == ["林小满", "沈以宁"]
    session.rollback()
    person = session.scalars(select(Person).where(Person.login == codes[0]["登录名"])).one()
    code = codes[0]["一次性激活码"]
    assert code not in person.password_hash
    assert log_in(session, person.login, code, "graduate", "test", clock.now)
    again = upload(LIN, SHEN).text
    assert "data:text/csv" not in again
    assert code not in again


def test_a_trial_run_gives_no_codes(upload):
    page = upload(LIN, dry_run="1").text

    assert "将新增" in page
    assert "data:text/csv" not in page


@pytest.mark.requirement("B01")
def test_what_was_created_changed_left_alone_and_must_be_confirmed_again_is_told(
    upload, session, clock
):
    upload(LIN, SHEN)
    session.rollback()
    for graduate in session.scalars(select(Graduate)):
        graduate.base_data_confirmed_at = clock.now
    session.commit()
    changed = [*LIN[:6], "人工智能", LIN[7]]

    page = upload(changed, SHEN, ["2027000003", "顾言", *SHEN[2:]]).text

    facts = dict(re.findall(r"<dt>([^<]+)</dt><dd>(\d+) 个</dd>", page))
    assert facts == {"新增": "1", "更新": "1", "无变化": "1"}
    assert "软件工程 → 人工智能" in page
    assert "要重新确认的（1）" in page
    assert "<p>2027000001</p>" in page


def test_an_import_is_recorded_with_its_counts(upload, session, cast):
    upload(LIN, SHEN)
    session.rollback()

    (row,) = session.scalars(select(Audit).where(Audit.act == "import"))
    assert row.about == "毕业生名册：新增 2，更新 0，无变化 0"
    assert (row.person_id, row.address) == (cast.ada.person_id, "127.0.0.1")
