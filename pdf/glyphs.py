"""Which font draws which character.

Filled values stand in Kai, form text in Serif; a character that one of them lacks
is drawn by the other, and a rare one by Hanazono Mincho where the system has it
(Debian: fonts-hanazono). What no font has is refused by name, never printed as a box.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path

from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent / "fonts"
RARE_FOLDERS = (
    FOLDER,
    Path("/usr/share/fonts/truetype/hanazono"),
    Path("/usr/share/fonts/hanazono"),
    Path("/usr/local/share/fonts"),
)
FILES = {
    "kai": "QianyueKai-Regular.ttf",
    "serif": "QianyueSerif-Regular.ttf",
    "bold": "QianyueSerif-Bold.ttf",
    "rare-b": "HanaMinB.ttf",
    "rare-a": "HanaMinA.ttf",
}
HANZI = ((0x3400, 0x9FFF), (0xF900, 0xFAFF), (0x20000, 0x3FFFF))
ALTERNATIVES = {
    "kai": ("kai", "serif", "rare-b", "rare-a"),
    "serif": ("serif", "kai", "rare-b", "rare-a"),
    "bold": ("bold", "serif", "kai", "rare-b", "rare-a"),
}


@dataclass(frozen=True)
class Face:
    """A font file and the width of each character it has, in parts of its size."""

    key: str
    path: Path
    widths: dict[str, float]

    def has(self, char: str) -> bool:
        """Whether this font draws the character."""
        return char in self.widths


def missing_glyphs(text: str) -> list[str]:
    """The characters of a text that cannot be printed, each once, in their order."""
    return [char for char in dict.fromkeys(text) if char != "\n" and not face_for(char, "kai")]


def runs(text: str, face: str) -> list[tuple[str, str]]:
    """The text as (font key, part) pairs; a character without font falls to `face`."""

    def key(char: str) -> str:
        found = face_for(char, face)
        return found.key if found else face

    return [(font, "".join(part)) for font, part in groupby(text, key)]


def width(char: str, face: str) -> float:
    """The width of a character in parts of the font size."""
    found = face_for(char, face)
    return found.widths[char] if found else 1.0


def fonts_for(texts: Iterable[str]) -> list[Face]:
    """The rare fonts that these texts need beside our own."""
    chars = {char for text in texts for char in text}
    found = (face_for(char, "kai") for char in sorted(chars))
    rare = {face.key: face for face in found if face and face.key.startswith("rare")}
    return [rare[key] for key in sorted(rare)]


def face_for(char: str, face: str) -> Face | None:
    """The first font that has the character, or None."""
    for key in ALTERNATIVES[face]:
        if key.startswith("rare") and not is_hanzi(char):
            continue
        candidate = load_face(key)
        if candidate and candidate.has(char):
            return candidate
    return None


def is_hanzi(char: str) -> bool:
    """Whether the character is an ideograph; the rare fonts are asked for nothing else."""
    return any(first <= ord(char) <= last for first, last in HANZI)


@cache
def load_face(key: str) -> Face | None:
    """A font by its key; None where the system does not have it."""
    path = next((f / FILES[key] for f in RARE_FOLDERS if (f / FILES[key]).is_file()), None)
    if path is None:
        return None
    with TTFont(path, lazy=True) as font:
        per_em = font["head"].unitsPerEm
        advances = font["hmtx"].metrics
        widths = {
            chr(code): advances[glyph][0] / per_em for code, glyph in font.getBestCmap().items()
        }
    return Face(key, path, widths)
