"""Every name prints with its own characters, or is refused by name."""

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from pdf import glyphs
from pdf.agreement import render_agreement
from pdf.errors import RenderFailed
from pdf.fits import check
from pdf.unicode_map import to_unicode_map

RARE_IN_THE_TABLE = "𬱖𬭎𫗧𬀩𬘘𬸚𫍯𬣙"  # 通用规范汉字表, above U+FFFF
RARE_BEYOND = "\U00020003"


@pytest.fixture
def without_system_fonts(monkeypatch):
    monkeypatch.setattr(glyphs, "RARE_FOLDERS", (glyphs.FOLDER,))
    glyphs.load_face.cache_clear()
    yield
    glyphs.load_face.cache_clear()


@pytest.fixture
def with_rare_font(monkeypatch, tmp_path):
    """A stand-in for Hanazono Mincho: U+20003 drawn as 一."""
    font = TTFont(glyphs.FOLDER / "QianyueKai-Regular.ttf")
    for table in font["cmap"].tables:
        if table.format == 12:
            table.cmap[ord(RARE_BEYOND)] = table.cmap[ord("一")]
    # ReportLab knows fonts by this name and would take the other one.
    font["name"].setName("HanaMinB", 6, 3, 1, 0x409)
    font.save(tmp_path / "HanaMinB.ttf")
    monkeypatch.setattr(glyphs, "RARE_FOLDERS", (glyphs.FOLDER, tmp_path))
    glyphs.load_face.cache_clear()
    yield tmp_path
    glyphs.load_face.cache_clear()


def gb2312_hanzi():
    rows = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return [text for text in (row.decode("gb2312", "ignore") for row in rows) if text]


def test_every_character_of_gb_2312_has_a_glyph(without_system_fonts):
    hanzi = gb2312_hanzi()

    assert len(hanzi) == 6763
    assert glyphs.missing_glyphs("".join(hanzi)) == []


def test_rare_characters_of_names_can_be_searched(values, text_of):
    values["graduate"]["name"] = RARE_IN_THE_TABLE
    values["employer"]["contact_name"] = "\U0002cb4e"

    text = text_of(render_agreement(values).content)

    assert RARE_IN_THE_TABLE in text
    assert "\U0002cb4e" in text


def test_a_character_no_font_has_is_refused_by_name(values, without_system_fonts):
    values["graduate"]["name"] = f"林{RARE_BEYOND}"

    (message,) = check(values)

    assert f"“{RARE_BEYOND}”（U+20003）" in message
    assert "姓名" in message


def test_a_rare_font_is_loaded_for_the_document_that_needs_it(values, drawn, with_rare_font):
    values["graduate"]["name"] = f"林{RARE_BEYOND}"

    rendered = render_agreement(values)

    assert b"HanaMin" not in drawn.content
    assert glyphs.fonts_for([values["graduate"]["name"]])[0].path.parent == with_rare_font
    assert rendered.pages == 2


def test_the_rare_character_can_be_searched_as_well(values, text_of, with_rare_font):
    values["graduate"]["name"] = f"林{RARE_BEYOND}"

    assert f"林{RARE_BEYOND}" in text_of(render_agreement(values).content)


def test_a_font_that_vanished_stops_the_document(values, with_rare_font):
    values["graduate"]["name"] = f"林{RARE_BEYOND}"
    assert check(values) == []
    Path(with_rare_font / "HanaMinB.ttf").unlink()

    with pytest.raises(RenderFailed):
        render_agreement(values)


def test_missing_characters_are_told_once_and_in_order(without_system_fonts):
    assert glyphs.missing_glyphs("ก林ข晓ก\n") == ["ก", "ข"]


def test_the_character_map_speaks_utf_16():
    written = to_unicode_map("F+0", [0x4E00, 0x2CB4E])

    assert "<00> <4E00>" in written
    assert "<01> <D872DF4E>" in written


@pytest.mark.parametrize("path", sorted(glyphs.FOLDER.glob("*.ttf")), ids=lambda p: p.name)
def test_a_font_stays_small_and_carries_no_reserved_name(path):
    names = {str(name) for name in TTFont(path)["name"].names if name.nameID in (1, 3, 4, 6)}

    assert path.stat().st_size < 6_000_000
    assert names
    assert not [name for name in names if "LXGW" in name or "霞鹜" in name]
