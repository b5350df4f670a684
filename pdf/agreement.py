"""Draws 毕业生就业协议书: values in, two pages of PDF out.

Pure: the same values give the same bytes, no file but our fonts is read and no
address is called. Drawing belongs in a process of its own (pdf.worker); only
tests and the worker call render_agreement() directly.
"""

from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import Any

from reportlab import rl_config
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy

from pdf import glyphs, lines, unicode_map
from pdf.errors import DocumentRefused, RenderFailed
from pdf.page import LaidOut, lay_out
from pdf.rendered import Rendered
from pdf.stamps import watermark_draft
from pdf.values import AgreementValues, read_values

PAGES = 2
LARGEST_FONT = 40_000_000  # bytes; Hanazono Mincho B has 31 MB
ALL_FONTS = 120_000_000


def render_agreement(given: "AgreementValues | Mapping[str, Any]") -> Rendered:
    """Draw the agreement.

    Raises DocumentRefused with one Chinese line for each value that cannot be
    printed, and RenderFailed where the result is not two pages.
    """
    values = read_values(given)
    laid_out = lay_out(values)
    if laid_out.faults:
        raise DocumentRefused(laid_out.faults)

    rendered = Rendered.of(draw(laid_out, title_of(values)))
    if rendered.pages != PAGES:
        raise RenderFailed(
            f"协议书应为 {PAGES} 页，实际排成 {rendered.pages} 页，请联系管理员检查模板"
        )
    return Rendered.of(watermark_draft(rendered.content)) if values.draft else rendered


def title_of(values: AgreementValues) -> str:
    """What the document is called, in its heading and in a reader's window."""
    return f"{values.school.name} {values.cohort} 届毕业生就业协议书"


def draw(laid_out: LaidOut, title: str) -> bytes:
    """The bytes of a page that was laid out; any warning stops it."""
    prepare()
    out = BytesIO()
    result = pisa.CreatePDF(
        laid_out.html,
        dest=out,
        encoding="utf-8",
        context_meta={"title": title},
        resource_policy=_policy(laid_out.rare_fonts),
    )
    if result.err or result.warn:  # a font that did not load would print boxes
        failed = RenderFailed("文书排版出错，请联系管理员检查模板和字体")
        failed.add_note(repr(result.log)[:2000])
        raise failed
    return out.getvalue()


def prepare() -> None:
    """Chinese lines, searchable rare characters, the same bytes every time."""
    rl_config.invariant = 1
    rl_config.useA85 = 0
    lines.install()
    unicode_map.install()


def _policy(rare_fonts: tuple[glyphs.Face, ...]) -> ResourceAccessPolicy:
    """Our fonts may be read, nothing else on this machine or any other."""
    roots: tuple[Path, ...] = tuple(face.path.parent for face in rare_fonts)
    return ResourceAccessPolicy.server(
        glyphs.FOLDER,
        extra_roots=roots,
        allow_remote=False,
        max_resource_bytes=LARGEST_FONT,
        max_local_bytes=LARGEST_FONT,
        max_total_bytes=ALL_FONTS,
    )
