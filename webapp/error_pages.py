"""Every error finds its page here: what happened, what was kept, and the way out.

A stranger and somebody who mistyped an address read the same page, so that nobody learns what exists.
"""

from __future__ import annotations

import logging
import secrets
from functools import lru_cache
from typing import Any

from flask import Flask, g, render_template, request
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from webapp import current
from webapp.errors import CaseError, NotYours

log = logging.getLogger(__name__)
SECRET_FIELDS = {"csrf_token", "password", "old", "new", "again"}
STORIES: dict[int, tuple[str, list[str], str]] = {
    403: (
        "这个页面不归您的身份使用",
        ["您登录的身份不能打开这里。"],
        "换过账号的，请确认右上角是您本人。",
    ),
    404: (
        "没有找到这个页面",
        ["链接可能不完整，或者这件事不在您名下。"],
        "从短信或微信打开的，请再点一次原来的链接。换过账号的，请确认右上角是您本人。",
    ),
    405: ("这个地址不能这样打开", ["请从页面上的按钮进入。"], ""),
    413: (
        "文件太大",
        ["一次上传的文件合计超过了上限，没有保存。"],
        "请换小一点的照片，或分几次上传。",
    ),
    429: ("试得太频繁", ["为了安全，这里暂时停用。"], "请过几分钟再试。"),
}
STALE = ("页面放得太久了", ["为了安全，这次没有提交。"], "请返回上一页，刷新后再提交一次。")
BROKEN = "系统出了问题，这次没有提交"


def register(app: Flask) -> None:
    """Give the known errors their pages, and everything else the page with a number to report."""
    app.register_error_handler(CaseError, tell_case_error)
    app.register_error_handler(CSRFError, tell_stale_page)
    app.register_error_handler(HTTPException, tell_http_error)
    app.register_error_handler(Exception, tell_breakdown)


def tell_case_error(error: CaseError) -> tuple[str, int]:
    if isinstance(error, NotYours):
        return tell(404, *STORIES[404])
    return tell(error.status, error.title, [error.story], error.way_out or "", error_link(error))


def tell_stale_page(error: CSRFError) -> tuple[str, int]:
    return tell(400, *STALE)


def tell_http_error(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400:
        return error
    if status == 413:
        g.typed = []  # what is too large cannot be read, not even to show it
    story = STORIES.get(status) or (
        "请求没有被理解",
        ["内容可能不完整，没有提交。"],
        "请返回上一页再试。",
    )
    return tell(status, *story)


def tell_breakdown(error: Exception) -> tuple[str, int]:
    """Log what broke under a number the person can report; undo what was not committed."""
    number = f"E-{secrets.token_hex(2)}-{secrets.token_hex(2)}".upper()
    # The rule, not the path: a path may hold a guest's token.
    log.exception("%s: %s %s broke", number, request.method, request.url_rule, exc_info=error)
    current.db().rollback()
    kept = ["您填的内容没有提交，可以从下面复制。"] if typed_values() else ["没有保存任何改动。"]
    way_out = "请过几分钟再试。如果因此错过期限，请告诉就业处，并报下面的编号。"
    return tell(500, BROKEN, kept, way_out, None, number)


def tell(
    status: int,
    title: str,
    story: list[str],
    way_out: str,
    link: tuple[str, str] | None = None,
    number: str = "",
) -> tuple[str, int]:
    page = render_template(
        "errors/story.html",
        title=title,
        story=story,
        way_out=way_out,
        link=link,
        number=number,
        typed=typed_values(),
    )
    return page, status


def error_link(error: CaseError) -> tuple[str, str] | None:
    """Where the error leads: its own page, else the case as it stands now, where one is named."""
    own: tuple[str, str] | None = getattr(error, "link", None)
    if own:
        return own
    here = (request.view_args or {}).get("case_id") if error.status != 404 else None
    case_id = getattr(error, "case_id", None) or here
    return (f"/cases/{case_id}", "查看现在的进度") if case_id else None


def typed_values() -> list[dict[str, str]]:
    """What the person typed, labelled; secrets and buttons stay out."""
    if request.method != "POST":
        return []
    if "typed" in g:
        return list(g.typed)
    labels = field_labels()
    return [
        {"label": labels[name], "text": "，".join(values)}
        for name, values in request.form.lists()
        if name not in SECRET_FIELDS and name in labels and any(values)
    ]


@lru_cache(maxsize=1)
def field_labels() -> dict[str, str]:
    """The Chinese label of every field key of every form, for values whose form is not at hand."""
    from forms.definitions import load_definitions

    labels: dict[str, str] = {}
    definitions = load_definitions()
    for definition in definitions.values() if isinstance(definitions, dict) else definitions:
        collect_labels(definition.as_dict(), labels)
    return labels


def collect_labels(part: Any, labels: dict[str, str]) -> None:
    if isinstance(part, dict):
        if isinstance(part.get("key"), str) and isinstance(part.get("label"), str):
            labels.setdefault(part["key"], part["label"])
        for value in part.values():
            collect_labels(value, labels)
    elif isinstance(part, list | tuple):
        for value in part:
            collect_labels(value, labels)
