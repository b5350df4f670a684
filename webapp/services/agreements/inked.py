"""Turns what somebody drew or photographed into a signature: black on white, trimmed, small.

Every picture is decoded and written anew, so nothing but dots is kept (see `uploads`).
"""

from __future__ import annotations

import base64
import binascii
import io

from PIL import Image, ImageChops, ImageFilter, ImageOps

from ...errors import CaseError
from ..files.uploads import MAX_BYTES, UploadRefused, check

WIDTH, HEIGHT = 600, 240  # what is kept at most; printed nine millimetres high
START = "data:image/png;base64,"
LARGEST_DRAWN = 1_000_000
INK = 96  # how much darker than its paper a dot must be to count as ink
LEAST_DOTS, LEAST_WIDTH, LEAST_HEIGHT = 60, 24, 12
MOST_INK = 0.5  # of the trimmed picture: more is no signature on paper


class SignatureRefused(CaseError):
    """No signature can be read from this; the way out says how to make one."""

    status = 422
    title = "没有读到签名"
    way_out = "在框里写大一些，或在白纸上签名后拍照上传。"


def read_drawn(text: str) -> bytes:
    """The bytes of a picture that a page sends as text. Raises SignatureRefused."""
    body = text.removeprefix(START)
    if body == text or len(text) > LARGEST_DRAWN:
        raise SignatureRefused("手写的签名没有传完整。", "重新写一次，再保存。")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as error:
        raise SignatureRefused("手写的签名没有传完整。", "重新写一次，再保存。") from error


def as_text(picture: bytes) -> str:
    """The picture as an address that a page can show."""
    return START + base64.b64encode(picture).decode()


def to_signature(content: bytes) -> bytes:
    """The signature in a drawing, photo or scan as a small PNG. Raises SignatureRefused."""
    ink = trimmed(ink_of(opened(content)))
    ink.thumbnail((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    out = io.BytesIO()
    ImageOps.invert(ink).save(out, "PNG", optimize=True)
    return out.getvalue()


def as_checked(content: bytes) -> bytes:
    """What `to_signature` gave, come back from a page: written anew, and nothing larger than it was."""
    picture = ImageOps.grayscale(opened(content))
    if picture.width > WIDTH or picture.height > HEIGHT:
        raise SignatureRefused("手写的签名没有传完整。", "重新写一次，再保存。")
    trimmed(ImageOps.invert(picture))
    out = io.BytesIO()
    picture.save(out, "PNG", optimize=True)
    return out.getvalue()


def opened(content: bytes) -> Image.Image:
    try:
        checked = check(content[: MAX_BYTES + 1])
    except UploadRefused as refused:
        raise SignatureRefused(refused.story, "换一张 JPG 或 PNG 照片，或直接手写。") from refused
    if not checked.content_type.startswith("image/"):
        raise SignatureRefused("签名要用照片，不能用 PDF。", "在白纸上签名后拍照上传，或直接手写。")
    return Image.open(io.BytesIO(checked.content))


def ink_of(picture: Image.Image) -> Image.Image:
    """How much ink is on each dot: 0 is paper. What is drawn knows it; of a photo the paper is taken away."""
    picture.thumbnail((1600, 1600))
    if picture.mode in ("RGBA", "LA") and any(picture.getchannel("A").histogram()[:255]):
        return picture.getchannel("A")
    grey = ImageOps.grayscale(picture)
    paper = grey.filter(ImageFilter.MaxFilter(9)).filter(
        ImageFilter.GaussianBlur(max(grey.size) / 25)
    )
    ink = ImageChops.subtract(paper, grey)
    darkest = max(value for value, dots in enumerate(ink.histogram()) if dots)
    if darkest < INK / 2:
        raise SignatureRefused("照片上看不出签名。")
    stretched = ink.point([min(255, int(value * 255 / darkest)) for value in range(256)])
    return stretched.point([0 if value < INK else value for value in range(256)])


def trimmed(ink: Image.Image) -> Image.Image:
    """The part with ink on it, with a little room around. Raises SignatureRefused."""
    dark = ink.point([255 if value >= INK else 0 for value in range(256)])
    box = dark.getbbox()
    dots = dark.histogram()[255]
    if box is None or dots < LEAST_DOTS:
        raise SignatureRefused("还没有签名。")
    width, height = box[2] - box[0], box[3] - box[1]
    if width < LEAST_WIDTH or height < LEAST_HEIGHT:
        raise SignatureRefused("签名太小，印出来看不清。")
    if dots > MOST_INK * width * height:
        raise SignatureRefused("照片上看不出签名。")
    room = 6
    return ink.crop(
        (
            max(0, box[0] - room),
            max(0, box[1] - room),
            min(ink.width, box[2] + room),
            min(ink.height, box[3] + room),
        )
    )
