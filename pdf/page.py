"""Fills the agreement's template: values in, HTML out.

The template asks for each value with `fill(path, width, height)` in millimetres,
so the place a value has is written once, beside its table cell. Every text is
escaped; only what this module builds is HTML.
"""

import base64
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from pdf import glyphs, places
from pdf.pictures import size_on_paper
from pdf.qr import LONGEST_URL, qr_png
from pdf.values import AgreementValues, label_of, read_values

TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class LaidOut:
    """The page as HTML, what does not fit, and the system fonts it needs."""

    html: str
    faults: tuple[str, ...]
    rare_fonts: tuple[glyphs.Face, ...]


def lay_out(given: "Mapping[str, Any] | AgreementValues") -> LaidOut:
    """Fill the template; faults are collected, not raised (see pdf.fits.check).

    Raises DocumentRefused where the values are not even text.
    """
    values = read_values(given)
    filler = Filler(values)
    rare = glyphs.fonts_for(text for _path, text in values.texts())
    html = template_named("agreement.html").render(
        values=values,
        fill=filler.fill,
        write=filler.write,
        signed=filler.signed,
        fonts=font_faces(rare),
        qr=_picture(values.verify_url),
        code=values.verify_url.rpartition("/")[2],  # for those who type it in
    )
    faults = dict.fromkeys(
        [*unprintable(values.texts()), *_long_address(values), *filler.faults]
    )  # each once
    return LaidOut(html, tuple(faults), tuple(rare))


class Filler:
    """Sets each value into its place and remembers what does not fit."""

    def __init__(self, values: Any) -> None:
        self.values = values
        self.faults: list[str] = []

    def fill(
        self,
        path: str,
        width: float,
        height: float,
        text: str | None = None,
        face: str = "kai",
        largest: float = places.LARGEST,
        smallest: float = places.SMALLEST,
        ending: str = "",
    ) -> Markup:
        """The value at `path` (or `text`) as a block that fits width × height millimetres."""
        said = self._at(path) if text is None else text
        place = places.Place(path, label_of(path), width, height, face, largest, smallest)
        found = places.fit(said + ending, place)
        if not found.fits:
            self.faults.append(places.story(said, place, ending))
        style = f"font-size:{found.size}pt;line-height:{found.size * places.LEADING:.2f}pt"
        return Markup('<div style="{}">{}</div>').format(style, set_text(said + ending, face))

    def write(self, path: str, most: int, face: str = "kai") -> Markup:
        """The value at `path` inside a sentence, at most `most` characters."""
        said = self._at(path)
        if len(said) > most:
            self.faults.append(f"“{label_of(path)}”共 {len(said)} 字，最多 {most} 字，请缩短")
        return set_text(said, face)

    def signed(self, who: str) -> Markup:
        """The handwritten signature of one side; nothing where there is none."""
        picture = self.values.signatures.get(who, "")
        if not picture:
            return Markup("")
        width, height = size_on_paper(picture)
        return Markup(
            '<img src="data:image/png;base64,{}" style="width:{}mm;height:{}mm"/>'
        ).format(picture, width, height)

    def _at(self, path: str) -> str:
        found: Any = self.values
        for name in path.split("."):
            found = getattr(found, name)
        return str(found)


def set_text(text: str, face: str) -> Markup:
    """Escaped text, each character in a font that has it."""
    lines = []
    for line in text.split("\n"):
        parts = [
            Markup('<span class="{}">{}</span>').format(font, part)
            for font, part in glyphs.runs(line, face)
        ]
        lines.append(Markup("").join(parts))
    return Markup("<br/>").join(lines)


def unprintable(texts: Iterable[tuple[str, str]]) -> list[str]:
    """A line for each value with a character that no font has."""
    found = []
    for path, text in texts:
        missing = glyphs.missing_glyphs(text)
        if missing:
            named = "、".join(f"“{char}”（U+{ord(char):04X}）" for char in missing)
            found.append(f"“{label_of(path)}”中的{named}没有可用的打印字体，请联系学校处理")
    return found


def _long_address(values: AgreementValues) -> list[str]:
    if len(values.verify_url.encode()) <= LONGEST_URL:
        return []
    return [f"“查验网址”超过 {LONGEST_URL} 个字符，二维码会印得过密，请改用短域名"]


def _picture(url: str) -> str:
    """The code as an address the template can show; empty without one."""
    if not url or len(url.encode()) > LONGEST_URL:
        return ""
    return "data:image/png;base64," + base64.b64encode(qr_png(url)).decode()


def font_faces(rare: Iterable[glyphs.Face]) -> Markup:
    """The fonts of a page, for its style sheet."""
    own = [glyphs.load_face(key) for key in ("serif", "kai", "bold")]
    faces = [face for face in (*own, *rare) if face is not None]
    rules = ['@font-face {{ font-family: "{}"; src: url("{}"); }}'.format] * len(faces)
    return Markup("\n").join(
        Markup(rule(face.key, escape(str(face.path))))
        for rule, face in zip(rules, faces, strict=True)
    )


@lru_cache(maxsize=4)
def template_named(name: str) -> Any:
    """A template of this package, in which a value that is not there stops the drawing."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined
    )
    return environment.get_template(name)
