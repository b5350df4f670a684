"""What is said about signing by a graduate's QR card."""

from __future__ import annotations

from . import SMS, WITH_SMS

NAMES = {
    "card_signed": "单位扫码确认签约",
    "card_employed": "已就业，扫码不能签约",
    "card_not_signed": "扫码签约没有签成",
}
CHANNELS = {"card_signed": WITH_SMS, "card_not_signed": (SMS,)}
TEXTS = {
    (
        "card_signed",
        "graduate",
    ): "{employer}扫您的二维码名片，填写了签约信息。请在 7 天内核对，确认或拒绝。",
    (
        "card_employed",
        "graduate",
    ): "{employer}扫您的二维码名片，但您已有签约或毕业去向，没有签成。要改签，须先解约，或请就业处设为待就业。",
    (
        "card_not_signed",
        "guest",
    ): "您扫码填写的签约信息没有签成，对方是毕业生{graduate}。签约到此结束，具体情况请与毕业生联系。",
}
