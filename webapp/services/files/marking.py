"""Writes across a picture or PDF whom it is shown to and what for, so that a copy can be traced.

The stored file stays as it is; only what is shown carries the mark (A13).
"""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

PDF = "application/pdf"
LONGEST = 60
LONGEST_SIDE = 2_000  # enough to read a letter on the screen
INK = (120, 120, 120, 110)


def marked(content: bytes, content_type: str, text: str) -> bytes:
    """The same file with `text` across it."""
    from pdf.glyphs import load_face  # late: fonts are only read where something is marked

    face = load_face("serif")
    text = "".join(char for char in text if face is not None and face.has(char))[:LONGEST]
    if content_type == PDF:
        from pdf.stamps import watermark  # late: the renderer's libraries are heavy

        return watermark(content, text)
    return marked_picture(content, text)


def marked_picture(content: bytes, text: str) -> bytes:
    """A picture with the text in slanted rows over all of it."""
    from pdf.glyphs import load_face

    picture = Image.open(io.BytesIO(content))
    kind = picture.format or "JPEG"
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    base = picture.convert("RGBA")
    face = load_face("serif")
    size = max(14, min(base.size) // 18)
    font = ImageFont.truetype(str(face.path), size) if face else ImageFont.load_default(size)
    side = int((base.width**2 + base.height**2) ** 0.5) + size
    layer = Image.new("RGBA", (side, side), (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    step = int(pen.textlength(text, font=font)) + 3 * size
    for row, top in enumerate(range(0, side, size * 4)):
        for left in range(-step + row % 2 * step // 2, side, step):
            pen.text((left, top), text, font=font, fill=INK)
    turned = layer.rotate(30)
    corner = ((side - base.width) // 2, (side - base.height) // 2)
    base.alpha_composite(turned.crop((*corner, corner[0] + base.width, corner[1] + base.height)))
    out = io.BytesIO()
    base.convert("RGB").save(out, kind, quality=85)
    return out.getvalue()
