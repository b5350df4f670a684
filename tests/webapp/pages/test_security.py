"""What every answer satisfies: headers, cookies, CSRF, own error pages."""

from __future__ import annotations

import io
import logging

import pytest

from webapp.app import create_app, needs_secure_cookies
from webapp.config import Config
from webapp.models import Case, Person, Task
from webapp.services.cases.drafts import mark_of


@pytest.mark.parametrize("address", ["/login", "/nothing-here", "/static/app.css", "/verify"])
def test_every_answer_forbids_inline_script_framing_and_guessing_types(visit, cast, address):
    headers = visit(None).get(address).headers

    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe-inline" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_pages_hold_no_inline_style_or_script(visit, cast, story):
    case, task = story.invite()
    addresses = ["/home", f"/tasks/{task.id}", f"/cases/{case.id}", "/account", "/notices"]
    client = visit(cast.lin)

    for address in addresses:
        page = client.get(address).text
        assert " style=" not in page, address
        assert " onclick=" not in page, address
        assert "<script>" not in page, address


def test_a_post_without_its_token_is_refused_and_gives_the_typed_values_back(
    app, visit, cast, story
):
    _, task = story.invite()
    app.config["WTF_CSRF_ENABLED"] = True

    answer = visit(cast.lin).post(
        f"/tasks/{task.id}/answer", data={"outcome": "refuse", "reason": "想了很久"}
    )

    assert answer.status_code == 400
    assert "页面放得太久了" in answer.text
    assert "想了很久" in answer.text


def test_the_cookie_cannot_be_read_by_scripts_or_sent_by_other_sites(visit, cast):
    cookie = visit(None).get("/login").headers.get("Set-Cookie", "")

    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_draft_saved_in_the_background_leaves_the_message_of_a_submission(visit, cast, story):
    """Its answer may come last and must not put back the cookie as it was before."""
    _, task = story.invite()
    client = visit(cast.lin)
    assert "Set-Cookie" in client.get("/home").headers, "pages prolong the visit"

    saved = client.post(
        f"/tasks/{task.id}/draft", data={"_mark": mark_of(None), "reason": "还在写"}
    )
    static = client.get("/static/app.css")

    assert saved.is_json
    assert "Set-Cookie" not in saved.headers
    assert "Set-Cookie" not in static.headers


@pytest.mark.parametrize(
    ("url", "demo", "secure"),
    [
        ("https://qianyue.example", False, True),
        ("http://qianyue.example", False, True),
        ("http://127.0.0.1:8000", False, False),
        ("http://qianyue.example", True, False),
    ],
)
def test_plain_http_is_for_this_machine_and_the_demo(tmp_path, url, demo, secure):
    config = Config(instance=tmp_path, database_url="sqlite://", public_url=url, channel="file")

    assert needs_secure_cookies(config, demo) is secure


@pytest.mark.parametrize("address", ["/login", "/verify", "/invitations/new"])
def test_asking_for_the_head_of_a_page_is_reading(visit, cast, address):
    assert visit(cast.hengxin).head(address).status_code == 200


def test_asking_for_the_head_of_a_task_answers_nothing(visit, cast, session, story):
    case, task = story.invite()

    answer = visit(cast.lin).head(f"/tasks/{task.id}/answer?outcome=accept")

    session.rollback()
    assert answer.status_code == 200
    assert session.get_one(Task, task.id).draft is None
    assert session.get_one(Case, case.id).status == "waiting_answer"


def test_a_forged_visit_is_nobody(visit, cast):
    client = visit(cast.lin)
    with client.session_transaction() as cookie:
        cookie["_user_id"] = "not:a:visit"

    assert client.get("/home").location.startswith("/login")


def test_a_new_password_ends_older_visits(visit, cast, session, clock):
    older = visit(cast.lin)
    session.get_one(Person, cast.lin.person_id).password_changed_at = clock.now
    session.commit()

    assert older.get("/home").location.startswith("/login")


def test_what_breaks_has_a_number_and_keeps_the_typed_values(
    app, visit, cast, story, monkeypatch, caplog
):
    _, task = story.invite()

    def break_down(*args):
        raise ZeroDivisionError

    monkeypatch.setattr("webapp.views.tasks.submit_task", break_down)

    with caplog.at_level(logging.ERROR):
        answer = visit(cast.lin).post(
            f"/tasks/{task.id}/answer",
            data={"outcome": "refuse", "reason": "写了一段话", "do": "confirm"},
        )

    assert answer.status_code == 500
    assert "系统出了问题，这次没有提交" in answer.text
    assert "写了一段话" in answer.text
    number = answer.text.split("<strong>E-")[1].split("<")[0]
    assert f"E-{number}" in caplog.text


def test_a_file_that_is_too_large_has_its_own_page(visit, cast, app):
    app.config["MAX_CONTENT_LENGTH"] = 1000

    answer = visit(cast.ada).post(
        "/admin/import", data={"kind": "graduates", "file": (io.BytesIO(b"x" * 2000), "a.xlsx")}
    )

    assert answer.status_code == 413
    assert "文件太大" in answer.text


def test_the_demo_bar_exists_in_demo_mode_only(visit, cast, sessions, clock):
    plain = visit(None)
    shown = create_app(sessions=sessions, demo=True, WTF_CSRF_ENABLED=False).test_client()

    assert plain.post("/demo/role", data={"login": "x"}).status_code == 404
    assert "演示" in shown.get("/login").text
    assert "演示" not in plain.get("/login").text
