"""Makes the font files beside this script: smaller, under their own names.

A full Chinese font has 10 to 20 MB; an agreement needs the characters of
通用规范汉字表, GB 2312 and some symbols. Run it again when a source font or the
list of characters changes:

    python pdf/fonts/make_fonts.py --serif NotoSerifSC_400Regular.ttf \\
        --serif-bold NotoSerifSC_700Bold.ttf --kai LXGWWenKai-Regular.ttf \\
        --characters hanzi_8105.txt

Noto Serif SC is the npm package @expo-google-fonts/noto-serif-sc, LXGW WenKai
the Debian package fonts-lxgw-wenkai. “LXGW” and “霞鹜” are reserved names of the
OFL, so what is cut from it is called Qianyue Kai.
"""

import argparse
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FOLDER = Path(__file__).parent
LARGEST_FILE = 6_000_000
SYMBOLS = "·•①②③④⑤⑥⑦⑧⑨⑩□■☐☑☒✓✔√×○●◎△▲▼◆◇★☆￥¥℃‰№…—“”‘’"
UNUSED_TABLES = ("GSUB", "GPOS", "GDEF", "vhea", "vmtx", "VORG", "BASE", "DSIG", "STAT")
KEPT_NAMES = (0, 1, 2, 3, 4, 5, 6, 13, 14)


def gb2312() -> set[str]:
    """The characters that GB 2312 can write."""
    found = set()
    for high in range(0xA1, 0xF8):
        for low in range(0xA1, 0xFF):
            try:
                found.add(bytes([high, low]).decode("gb2312"))
            except UnicodeDecodeError:
                continue
    return found


def wanted_characters(list_file: Path) -> set[str]:
    """The listed characters, GB 2312, Latin letters and symbols; no control characters."""
    listed = {char for char in list_file.read_text(encoding="utf-8") if ord(char) > 0x2FFF}
    ranges = [(0x20, 0x7F), (0xA0, 0x180), (0x2010, 0x2028), (0x2030, 0x205F)]
    ranges += [(0x3000, 0x3040), (0xFF01, 0xFF5F), (0xFFE0, 0xFFE7)]
    plain = {chr(code) for first, last in ranges for code in range(first, last)}
    return listed | gb2312() | plain | set(SYMBOLS)


def cut(source: Path, target: Path, characters: set[str], family: str, style: str) -> None:
    """Write the part of `source` that draws `characters`, named `family`."""
    options = subset.Options()
    options.layout_features = []
    options.hinting = False
    options.notdef_outline = True
    options.glyph_names = False
    options.name_IDs = list(KEPT_NAMES)
    options.drop_tables += list(UNUSED_TABLES)
    font = subset.load_font(str(source), options, lazy=True)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=[ord(char) for char in characters])
    subsetter.subset(font)

    rename(font, family, style)
    font["head"].modified = font["head"].created  # the same sources make the same file
    font.recalcTimestamp = False
    font.save(target)
    report(target, characters)


def rename(font: TTFont, family: str, style: str) -> None:
    """Replace every name a reader sees; copyright and licence stay as they are."""
    table = font["name"]
    table.names = [n for n in table.names if n.nameID in (0, 5, 13, 14) and n.platformID == 3]
    file_name = f"{family.replace(' ', '')}-{style}"
    for number, text in ((1, family), (2, style), (3, file_name), (4, f"{family} {style}")):
        table.setName(text, number, 3, 1, 0x409)
    table.setName(file_name, 6, 3, 1, 0x409)


def report(target: Path, characters: set[str]) -> None:
    """Say what the file holds; stop where it is larger than a release allows."""
    has = set(TTFont(target, lazy=True).getBestCmap())
    missing = sorted(char for char in characters if char >= "一" and ord(char) not in has)
    size = target.stat().st_size
    print(f"{target.name}: {size // 1000} KB, {len(has)} characters, missing {''.join(missing)}")
    if size > LARGEST_FILE:
        raise SystemExit(f"{target.name} is larger than {LARGEST_FILE // 1000} KB")


def main() -> None:
    """Read the four paths and make the three files."""
    parser = argparse.ArgumentParser(description="Make the fonts that agreements are printed with")
    for name in ("serif", "serif-bold", "kai", "characters"):
        parser.add_argument(f"--{name}", type=Path, required=True)
    given = parser.parse_args()

    characters = wanted_characters(given.characters)
    serif = "Qianyue Serif"
    cut(given.serif, FOLDER / "QianyueSerif-Regular.ttf", characters, serif, "Regular")
    cut(given.serif_bold, FOLDER / "QianyueSerif-Bold.ttf", characters, serif, "Bold")
    cut(given.kai, FOLDER / "QianyueKai-Regular.ttf", characters, "Qianyue Kai", "Regular")


if __name__ == "__main__":
    main()
