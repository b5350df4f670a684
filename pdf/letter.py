"""Draws 帐号认证申请公函 (网络签约授权书): values in, one page of PDF out, to be signed and sealed.

Pure, as the agreement is: the same values give the same bytes.
"""

from collections.abc import Mapping
from typing import Any

from pdf import glyphs
from pdf.agreement import draw
from pdf.errors import DocumentRefused, RenderFailed
from pdf.page import Filler, LaidOut, font_faces, template_named, unprintable
from pdf.rendered import Rendered
from pdf.values import read_letter

TITLE = "帐号认证申请公函"


def render_letter(given: Mapping[str, Any]) -> Rendered:
    """Draw the letter.

    Raises DocumentRefused with one Chinese line for each value that cannot be printed, and
    RenderFailed where the result is not one page.
    """
    laid_out = lay_out_letter(given)
    if laid_out.faults:
        raise DocumentRefused(laid_out.faults)
    rendered = Rendered.of(draw(laid_out, TITLE))
    if rendered.pages != 1:
        raise RenderFailed(f"公函应为 1 页，实际排成 {rendered.pages} 页，请联系管理员检查模板")
    return rendered


def lay_out_letter(given: Mapping[str, Any]) -> LaidOut:
    """The page as HTML; what does not fit is collected."""
    values = read_letter(given)
    filler = Filler(values)
    rare = glyphs.fonts_for(text for _path, text in values.texts())
    html = template_named("letter.html").render(
        values=values, fill=filler.fill, write=filler.write, fonts=font_faces(rare)
    )
    faults = dict.fromkeys([*unprintable(values.texts()), *filler.faults])
    return LaidOut(html, tuple(faults), tuple(rare))
