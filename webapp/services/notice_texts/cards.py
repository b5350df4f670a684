"""What is said about signing by a graduate's QR card."""

from __future__ import annotations

from . import WITH_SMS

NAMES = {"card_signed": "单位扫码确认签约", "card_employed": "已就业，扫码不能签约"}
CHANNELS = {"card_signed": WITH_SMS}
TEXTS = {
    (
        "card_signed",
        "graduate",
    ): "{employer}扫您的二维码名片，填写了签约信息。请在 7 天内核对，确认或拒绝。",
    (
        "card_employed",
        "graduate",
    ): "{employer}扫您的二维码名片，但您已有签约或毕业去向，没有签成。要改签，须先解约，或请就业处设为待就业。",
}
