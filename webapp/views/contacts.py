"""How I am told: WeChat to bind, the mobile number for text messages, mail to refuse (N01)."""

from __future__ import annotations

import secrets
from typing import Any
from urllib.parse import urlencode

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    session,
    url_for,
)

from webapp.access import logged_in
from webapp.current import actor, address, db, moment
from webapp.errors import CaseError
from webapp.models import Contact
from webapp.services.accounts.codes import CodeExpired, NotAMobile, SentJustNow, WrongCode
from webapp.services.accounts.contacts import (
    addresses_of,
    bind_wechat,
    refuse_mail,
    send_mobile_code,
    set_mobile,
    unbind_wechat,
)
from webapp.services.accounts.wechat_binding import WechatNotConnected, openid_behind
from webapp.services.notices.channels import NotSent
from webapp.services.notices.outbox import masked

bp = Blueprint("contacts", __name__, url_prefix="/account/contacts")
STATE = "wechat_state"


@bp.get("")
@logged_in
def show() -> str:
    """By which ways this person hears of news."""
    return contacts_page()


def contacts_page(errors: dict[str, str] | None = None, asked: str = "") -> str:
    contact = db().get(Contact, actor().person_id)
    ways = addresses_of(db(), [actor().person_id]).get(actor().person_id, {})
    return render_template(
        "account/contacts.html",
        sms=masked(ways["sms"]) if "sms" in ways else "",
        mail=masked(ways["mail"]) if "mail" in ways else "",
        no_mail=bool(contact and contact.no_mail_since),
        bound=bool(contact and contact.openid),
        connected=bool(current_app.config["QIANYUE"].outside.wechat_appid),
        errors=errors or {},
        asked=asked or request.form.get("mobile", ""),
    )


@bp.get("/wechat")
@logged_in
def wechat() -> Any:
    """Go to WeChat, which says who this is and sends them back."""
    outside = current_app.config["QIANYUE"].outside
    if not outside.wechat_appid:
        raise WechatNotConnected
    session[STATE] = secrets.token_urlsafe(16)
    asked = {
        "appid": outside.wechat_appid,
        "redirect_uri": url_for("contacts.wechat_back", _external=True),
        "response_type": "code",
        "scope": "snsapi_base",
        "state": session[STATE],
    }
    entry = f"{outside.wechat_entry}/connect/oauth2/authorize?{urlencode(asked)}"
    return redirect(f"{entry}#wechat_redirect", 303)


@bp.get("/wechat/back")
@logged_in
def wechat_back() -> Any:
    """Back from WeChat, with a code that stands for the open id."""
    expected, state = session.pop(STATE, ""), request.args.get("state", "")
    if not expected or not secrets.compare_digest(expected.encode(), state.encode()):
        raise WechatNotConnected("这个链接不是从本页打开的，没有绑定。")
    openid = openid_behind(current_app.config["QIANYUE"].outside, request.args.get("code", ""))
    bind_wechat(db(), actor(), openid, moment(), address())
    db().commit()
    flash("已绑定微信，有新消息会在微信里告诉您", "good")
    return redirect(url_for("contacts.show"), 303)


@bp.post("/wechat/unbind")
@logged_in
def unbind() -> Any:
    """No more messages by WeChat."""
    unbind_wechat(db(), actor(), moment(), address())
    db().commit()
    flash("已解绑微信", "good")
    return redirect(url_for("contacts.show"), 303)


@bp.post("/mail")
@logged_in
def mail() -> Any:
    """Refuse mail, or have it again."""
    refused = request.form.get("mail") == "off"
    refuse_mail(db(), actor(), refused, moment())
    db().commit()
    flash("不再发邮件给您" if refused else "有新消息会发邮件给您", "good")
    return redirect(url_for("contacts.show"), 303)


@bp.post("/mobile/code")
@logged_in
def mobile_code() -> Any:
    """Send a code to the new number."""
    mobile = request.form.get("mobile", "")
    send_mobile_code(db(), actor(), mobile, moment(), address())
    db().commit()
    flash("验证码已发送，5 分钟内有效", "good")
    return contacts_page(asked=mobile)


@bp.post("/mobile")
@logged_in
def mobile() -> Any:
    """Have text messages sent to a number that a code has proved."""
    given = request.form.get("mobile", ""), request.form.get("code", "")
    set_mobile(db(), actor(), *given, moment(), address())
    db().commit()
    flash("已改为用这个手机号接收短信", "good")
    return redirect(url_for("contacts.show"), 303)


@bp.errorhandler(NotAMobile)
@bp.errorhandler(SentJustNow)
def refuse_mobile(error: CaseError) -> Any:
    return contacts_page({"mobile": f"{error.story}{error.way_out}"}), error.status


@bp.errorhandler(WrongCode)
@bp.errorhandler(CodeExpired)
def refuse_code(error: CaseError) -> Any:
    return contacts_page({"code": error.story}), error.status


@bp.errorhandler(NotSent)
def refuse_wechat(error: NotSent) -> Any:
    """WeChat did not say who it was."""
    flash("微信没有确认您的身份，请在微信里再试一次", "bad")
    return redirect(url_for("contacts.show"), 303)
