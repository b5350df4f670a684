"""One-time codes and first passwords by text message; codes by mail, too, where a caller allows it.

    send_code(session, mobile, "guest:<id>", now, address=…, school_id=…)   # then commit
    check_code(session, mobile, "guest:<id>", typed, now)                   # then commit
    send_activation(session, person, now, mobile=…, what="重置密码")          # then commit

`purpose` binds a code to one use: its first word (PURPOSES) is what the message says, the rest
what it is good for. A new code ends the one before. Codes live five minutes and bear five tries.
The message goes out with the next round of the sweep, by the channel `sms` or `mail`.
"""

from __future__ import annotations

import hmac
import re
import uuid
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ...database import begin_write
from ...errors import CaseError
from ...models import Delivery, OneTimeCode, Person, new_id
from ..notices import outbox
from . import passwords
from .secret_codes import keyed, secret_of
from .throttles import Limit, TooManyTries, count_try

LIVES = timedelta(minutes=5)
TRIES = 5
MOBILE = re.compile(r"1[3-9]\d{9}")
MAIL = re.compile(r"[^\s@<>,;:\"]{1,64}@[^\s@<>,;:\"]+\.[^\s@<>,;:\"]+")
LONGEST_MAIL = 120
PURPOSES = {
    "guest": "打开签约链接",
    "recover": "找回密码",
    "contact": "确认手机号",
    "case": "核验表单里登记的手机号",
}
KEEP_IT = "不要告诉别人。"
# Where a colleague may be the one who fills in the form, the owner of the number decides.
WARNINGS = {"case": "同意登记的，可以告诉办理的人；不知情的，不要告诉任何人。"}
# One message a minute to a number, then ever fewer; a whole campus may stand behind one address.
TO_ONE_NUMBER = Limit(1, timedelta(minutes=1), timedelta(hours=1), timedelta(hours=24))
FROM_ONE_ADDRESS = Limit(30, timedelta(seconds=5), timedelta(minutes=5), timedelta(hours=1))


class NotAMobile(CaseError):
    """No text message can be sent there."""

    status = 422
    title = "手机号不对"
    story = "手机号要填 11 位数字，以 1 开头。"
    way_out = "核对后再发一次。"


class NotReachable(NotAMobile):
    """Neither a mobile nor a mail address."""

    title = "手机号或邮箱不对"
    story = "手机号要填 11 位数字，邮箱要写完整，如 name@example.com。"


class SentJustNow(TooManyTries):
    """Messages cost money and nerves, so the next one has to wait."""

    title = "请稍后再发"

    def __init__(self, wait: timedelta) -> None:
        super().__init__(wait)
        self.story = f"刚刚发过验证码，请等 {self.spoken}再发。"
        self.way_out = "先看看手机短信，也许已经收到。"


class WrongCode(CaseError):
    """Not the code that was sent."""

    status = 422
    title = "验证码不对"

    def __init__(self, left: int) -> None:
        self.left = left
        super().__init__(f"验证码不对，还可以试 {left} 次。", "核对短信里的 6 位数字。")


class CodeExpired(CaseError):
    """No code was sent, or it is over, used or tried too often."""

    status = 422
    title = "验证码已过期"
    story = "验证码已过期，重新发送一个。"
    way_out = "点“发送验证码”，用最新一条短信里的数字。"


def send_code(
    session: Session,
    mobile: str,
    purpose: str,
    now: datetime,
    *,
    address: str = "",
    school_id: uuid.UUID | None = None,
    person_id: uuid.UUID | None = None,
    by_mail: bool = False,
) -> None:
    """Have a new code sent to `mobile`, with `by_mail` also to a mail address; the caller commits.

    `address` is where the request comes from. Call it before the transaction writes anything: the
    try is counted and committed first. Raises NotAMobile or SentJustNow.
    """
    channel, mobile = way_of(mobile) if by_mail else ("sms", plain_mobile(mobile))
    limits = {f"code:{place_of(mobile, 'any')}": TO_ONE_NUMBER}
    if address:
        limits[f"code-from:{address}"[:160]] = FROM_ONE_ADDRESS
    count_message(session, limits, now)
    begin_write(session)
    place = place_of(mobile, purpose)
    end_codes(session, place, now)
    code_id = new_id(now)
    word = purpose.partition(":")[0]
    outbox.order(
        session,
        channel,
        mobile,
        f"验证码 {{secret}}，用于{PURPOSES[word]}，5 分钟内有效。{WARNINGS.get(word, KEEP_IT)}",
        now,
        subject="code",
        once_key=f"code:{code_id.hex}",
        school_id=school_id,
        person_id=person_id,
        secret="code",
        until=now + LIVES,
        id=code_id,
    )
    session.add(
        OneTimeCode(
            id=code_id,
            place=place,
            code_hash=hash_of(code_id, secret_of(code_id, "code")),
            expires_at=now + LIVES,
            tries=0,
        )
    )
    session.flush()


def count_message(session: Session, limits: dict[str, Limit], now: datetime) -> None:
    try:
        count_try(session, limits, now)
    except TooManyTries as early:
        raise SentJustNow(early.wait) from early


def check_code(session: Session, mobile: str, purpose: str, typed: str, now: datetime) -> None:
    """Take a code once. The try is counted and committed before it is judged; then the caller commits.

    Raises NotAMobile, WrongCode or CodeExpired.
    """
    place = place_of(way_of(mobile)[1], purpose)
    begin_write(session)
    code = session.scalars(
        select(OneTimeCode)
        .where(OneTimeCode.place == place, OneTimeCode.used_at.is_(None))
        .order_by(OneTimeCode.id.desc())
        .limit(1)
        .with_for_update()
    ).first()
    if code is None or code.expires_at <= now or code.tries >= TRIES:
        raise CodeExpired
    code.tries += 1
    left, code_id, kept = TRIES - code.tries, code.id, code.code_hash
    session.commit()
    if not hmac.compare_digest(kept, hash_of(code_id, "".join(typed.split()))):
        if not left:
            raise CodeExpired
        raise WrongCode(left)
    begin_write(session)
    used = session.execute(
        update(OneTimeCode)
        .where(OneTimeCode.id == code_id, OneTimeCode.used_at.is_(None))
        .values(used_at=now)
    )
    if not used.rowcount:  # type: ignore[attr-defined]
        raise CodeExpired


def send_activation(
    session: Session,
    person: Person,
    now: datetime,
    *,
    mobile: str,
    what: str,
    school_id: uuid.UUID | None = None,
    lives: timedelta = passwords.RESET_LIVES,
) -> None:
    """A one-time first password by text message in place of the one there is (A03, A06, A07).

    `what` begins the message, as in “账号已开通”. Running visits end. The caller checks the right to
    it, throttles and commits. Raises NotAMobile.
    """
    mobile = plain_mobile(mobile)
    delivery_id = new_id(now)
    person.password_hash = passwords.activation_hash(
        person.id, secret_of(delivery_id, "activation"), now, lives
    )
    person.must_change_password = True
    person.password_changed_at = now
    outbox.order(
        session,
        "sms",
        mobile,
        f"{what}。登录名 {person.login}，首次登录的激活码 {{secret}}，登录后请改成自己的密码。",
        now,
        subject="activation",
        once_key=f"activation:{delivery_id.hex}",
        school_id=school_id,
        person_id=person.id,
        secret="activation",
        until=now + lives,
        id=delivery_id,
    )


def latest_code(session: Session, now: datetime) -> tuple[str, str] | None:
    """The newest live code and its number, for the demonstration's bar alone."""
    row = session.execute(
        select(OneTimeCode.id, Delivery.address)
        .join(Delivery, Delivery.id == OneTimeCode.id)
        .where(OneTimeCode.used_at.is_(None), OneTimeCode.expires_at > now)
        .order_by(OneTimeCode.id.desc())
        .limit(1)
    ).first()
    return (secret_of(row.id, "code"), row.address) if row else None


def plain_mobile(typed: str) -> str:
    """Eleven digits, without the spaces and the country that people type. Raises NotAMobile."""
    digits = re.sub(r"[\s-]", "", typed).removeprefix("+86")
    if not MOBILE.fullmatch(digits) or not digits.isascii():
        raise NotAMobile
    return digits


def way_of(typed: str) -> tuple[str, str]:
    """The channel and the plain address of a mobile or a mail address. Raises NotReachable."""
    address = typed.strip().lower()
    if "@" not in address:
        try:
            return "sms", plain_mobile(address)
        except NotAMobile:
            raise NotReachable from None
    if len(address) > LONGEST_MAIL or not MAIL.fullmatch(address):
        raise NotReachable
    return "mail", address


def place_of(mobile: str, purpose: str) -> str:
    """Number and purpose in one word that tells neither."""
    return keyed(f"place:{mobile}:{purpose}").hex()


def hash_of(code_id: uuid.UUID, code: str) -> str:
    return keyed(f"hash:{code_id.hex}:{code}").hex()


def end_codes(session: Session, place: str, now: datetime) -> None:
    """Only the newest code of a number and purpose counts."""
    session.execute(
        update(OneTimeCode)
        .where(OneTimeCode.place == place, OneTimeCode.used_at.is_(None))
        .values(used_at=now)
    )
