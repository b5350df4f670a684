"""Marks on copies: which copy this is, or that it is a draft.

A stamp is laid over a copy's pages. The original's bytes are never changed, so
its hash (and a seal, should it carry one) stay true.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from io import BytesIO

import pypdf
from reportlab.lib.colors import Color
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from pdf import glyphs, unicode_map
from pdf.errors import DocumentRefused, RenderFailed

FONT = "qianyue-stamp"
LONGEST_LABEL = 60  # characters
LABEL_SIZE = 8
DRAFT = "未审核 · 草稿"


def stamp_copy(content: bytes, label: str) -> bytes:
    """A copy with a label such as “用人单位留存 · 第 2 次打印” at the foot of each page."""
    face = glyphs.load_face("serif")
    drawable = face is not None and all(map(face.has, label))
    if not drawable or len(label) > LONGEST_LABEL:
        raise DocumentRefused([f"打印标记“{label[:LONGEST_LABEL]}”过长或含有不能打印的字符"])

    def draw(canvas: Canvas, width: float, _height: float) -> None:
        canvas.setFont(FONT, LABEL_SIZE)
        canvas.setFillColor(Color(0.25, 0.25, 0.25))
        canvas.drawRightString(width - 14 * mm, 9.7 * mm, label)

    return _overlay(content, draw)


def join_copies(contents: Sequence[bytes]) -> bytes:
    """Several documents one after the other in a single file, for one trip to the printer.

    Each begins on a sheet of its own when printed double-sided.
    """
    writer = pypdf.PdfWriter()
    for content in contents:
        writer.append(pypdf.PdfReader(BytesIO(content)), import_outline=False)
        if len(writer.pages) % 2:
            writer.add_blank_page()
    writer.compress_identical_objects()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def watermark_draft(content: bytes) -> bytes:
    """A copy that says across each page that nobody has reviewed it yet."""

    def draw(canvas: Canvas, width: float, height: float) -> None:
        canvas.setFont(FONT, 48)
        canvas.setFillColor(Color(0.6, 0.6, 0.6, alpha=0.28))
        canvas.translate(width / 2, height / 2)
        canvas.rotate(45)
        canvas.drawCentredString(0, 60 * mm, DRAFT)
        canvas.drawCentredString(0, -60 * mm, DRAFT)

    return _overlay(content, draw)


def watermark(content: bytes, text: str) -> bytes:
    """A copy with a sentence across each page in slanted rows: whom it was shown to, and what for."""
    face = glyphs.load_face("serif")
    if face is None or not all(map(face.has, text)) or len(text) > LONGEST_LABEL:
        raise DocumentRefused([f"水印“{text[:LONGEST_LABEL]}”过长或含有不能打印的字符"])

    def draw(canvas: Canvas, width: float, height: float) -> None:
        canvas.setFont(FONT, 16)
        canvas.setFillColor(Color(0.5, 0.5, 0.5, alpha=0.4))
        canvas.translate(width / 2, height / 2)
        canvas.rotate(30)
        for row in range(-4, 5):
            canvas.drawCentredString(0, row * 36 * mm, text)

    return _overlay(content, draw)


def _overlay(content: bytes, draw: Callable[[Canvas, float, float], None]) -> bytes:
    """Each page with `draw`'s marks above it; sizes in points."""
    writer = pypdf.PdfWriter(clone_from=pypdf.PdfReader(BytesIO(content)))
    box = writer.pages[0].mediabox
    mark = _mark(float(box.width), float(box.height), draw)
    for page in writer.pages:
        page.merge_page(mark)
        page.compress_content_streams()
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def _mark(
    width: float, height: float, draw: Callable[[Canvas, float, float], None]
) -> pypdf.PageObject:
    _register_font()
    out = BytesIO()
    canvas = Canvas(out, pagesize=(width, height), invariant=1)
    draw(canvas, width, height)
    canvas.save()
    return pypdf.PdfReader(BytesIO(out.getvalue())).pages[0]


@lru_cache(maxsize=1)
def _register_font() -> None:
    face = glyphs.load_face("serif")
    if face is None:
        raise RenderFailed("缺少打印字体，请联系管理员")
    unicode_map.install()
    pdfmetrics.registerFont(TTFont(FONT, str(face.path)))
