"""Pictures of signatures, as pages and phones send them."""

from __future__ import annotations

import io
import math

from PIL import Image, ImageDraw


def drawn(turns: int = 5, size: tuple[int, int] = (1000, 400)) -> bytes:
    """A stroke on a clear canvas, as a page sends it."""
    picture = Image.new("RGBA", size, (0, 0, 0, 0))
    points = [(120 + i * 7, 200 + 110 * math.sin(i / turns)) for i in range(100)]
    ImageDraw.Draw(picture).line(points, fill=(16, 16, 16, 255), width=9, joint="curve")
    return as_bytes(picture, "PNG")


def photographed() -> bytes:
    """A stroke on paper in uneven light, as a phone sends it."""
    shade = Image.linear_gradient("L").resize((900, 700)).point(lambda value: 140 + value // 3)
    picture = Image.merge("RGB", (shade, shade, shade.point(lambda value: value - 12)))
    points = [(150 + i * 6, 350 + 90 * math.sin(i / 7)) for i in range(100)]
    ImageDraw.Draw(picture).line(points, fill=(40, 40, 90), width=8, joint="curve")
    return as_bytes(picture, "JPEG")


def blank() -> bytes:
    return as_bytes(Image.new("RGBA", (1000, 400), (0, 0, 0, 0)), "PNG")


def speck() -> bytes:
    picture = Image.new("RGBA", (1000, 400), (0, 0, 0, 0))
    ImageDraw.Draw(picture).ellipse((500, 200, 511, 211), fill=(0, 0, 0, 255))
    return as_bytes(picture, "PNG")


def paper() -> bytes:
    return as_bytes(Image.new("RGB", (800, 600), (230, 228, 220)), "JPEG")


def as_bytes(picture: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()
