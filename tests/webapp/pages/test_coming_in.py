"""Binding, recovering and outside identities, on their pages."""

from __future__ import annotations

import dataclasses
import sys
import types

import pytest
from sqlalchemy import select

from webapp.models import Binding, Delivery, Person
from webapp.services.accounts.identity_providers import providers
from webapp.services.accounts.secret_codes import secret_of

ID_NO = "11010519491231002X"
NEW = "何当共剪西窗烛却话巴山"


@pytest.fixture
def newcomer(session, cast):
    cast.graduate.id_no = ID_NO
    person = session.get_one(Person, cast.lin.person_id)
    person.password_hash, person.must_change_password = "", True
    session.commit()
    return {
        "school": cast.school.code,
        "name": "林知夏",
        "student_no": cast.graduate.student_no,
        "id_no": ID_NO,
    }


@pytest.mark.requirement("A01", "A03")
def test_a_newcomer_binds_sets_a_password_and_is_in(visit, newcomer, clock):
    browser = visit(None)
    assert "绑定毕业生记录" in browser.get("/login?door=graduate").text

    bound = browser.post("/bind", data=newcomer)
    inside = browser.get("/home")
    clock.move(minutes=1)
    browser.post("/account/password", data={"new": NEW, "again": NEW})

    assert bound.location == "/account/password"
    assert inside.location == "/account/password"
    assert browser.get("/home").status_code == 200


@pytest.mark.requirement("A01")
def test_a_refusal_keeps_what_was_typed_but_not_the_identity_number(visit, newcomer):
    answer = visit(None).post("/bind", data={**newcomer, "name": "林知霞"})

    assert answer.status_code == 422
    assert "四项要与学校的登记完全一致" in answer.text
    assert "林知霞" in answer.text
    assert ID_NO not in answer.text


def test_what_is_missing_is_named(visit, newcomer):
    answer = visit(None).post("/bind", data={**newcomer, "school": "", "id_no": " "})

    assert answer.status_code == 422
    assert "请选择学校" in answer.text
    assert "请填写身份证号" in answer.text


@pytest.mark.requirement("A02")
def test_the_office_releases_on_the_graduates_page(visit, cast, session):
    wu = visit(cast.wu)
    lin = visit(cast.lin)
    address = f"/graduates/{cast.graduate.id}"
    assert "解除绑定" in wu.get(address).text
    assert "解除绑定</button>" not in visit(cast.rao).get(address).text

    wu.post(f"{address}/release")

    assert "账号还没有绑定" in wu.get(address).text
    assert lin.get("/home").location.startswith("/login")


@pytest.mark.requirement("A07")
def test_a_password_is_recovered_on_two_pages(visit, cast, session):
    login = session.get_one(Person, cast.hengxin.person_id).login
    browser = visit(None)
    ask = {"login": login, "mobile": "13800000001"}

    known = browser.post("/recover", data=ask).text
    unknown = browser.post("/recover", data={**ask, "login": "nobody"}).text
    session.rollback()
    code = secret_of(session.scalars(select(Delivery)).one().id, "code")
    bad = browser.post("/recover/password", data={**ask, "code": code, "new": NEW, "again": "x"})
    done = browser.post("/recover/password", data={**ask, "code": code, "new": NEW, "again": NEW})
    inside = browser.post("/login", data={"door": "employer", "login": login, "password": NEW})

    assert known.replace(login, "nobody") == unknown
    assert bad.status_code == 422
    assert "两次输入的新密码不一样" in bad.text
    assert done.location == "/login"
    assert inside.location == "/"


class StandIn:
    """A provider of the tests: it vouches for whoever comes back with a name."""

    key, label = "campus", "校园账号"

    def address(self, state, back):
        return f"https://id.example/?state={state}&back={back}"

    def subject(self, query, back):
        return query.get("who")


@pytest.fixture
def connected(app, monkeypatch):
    module = types.ModuleType("campus_identity")
    module.provider = StandIn
    monkeypatch.setitem(sys.modules, "campus_identity", module)
    config = dataclasses.replace(app.config["QIANYUE"], identity="campus_identity:provider")
    app.config["QIANYUE"] = config
    yield
    providers.cache_clear()


def come_back(browser, who):
    away = browser.get("/login/with/campus").location
    state = away.split("state=")[1].split("&")[0]
    return browser.get(f"/login/back/campus?state={state}&who={who}")


@pytest.mark.requirement("A04")
def test_an_outside_identity_is_bound_once_and_then_opens_the_account(
    visit, cast, session, connected
):
    first = come_back(visit(None), "lin-1")
    bound = come_back(visit(cast.lin), "lin-1")
    session.rollback()
    browser = visit(None)
    again = come_back(browser, "lin-1")

    assert first.location == "/login"
    assert bound.location == "/account"
    assert session.scalars(select(Binding.provider)).one() == "campus"
    assert again.location == "/"
    assert browser.get("/home").status_code == 200
    assert "用校园账号登录" in visit(None).get("/login?door=graduate").text


@pytest.mark.requirement("A04")
def test_nobody_comes_back_without_having_left(visit, connected):
    assert visit(None).get("/login/back/campus?state=x&who=lin-1").status_code == 400
    assert come_back(visit(None), "").location == "/login"
    assert visit(None).get("/login/with/nobody").status_code == 404


def test_a_place_that_cannot_be_loaded_stops_the_start():
    with pytest.raises(SystemExit, match="no_such_module"):
        providers("no_such_module:provider")
